"""What the judges of made pictures refuse, and in which words."""

from __future__ import annotations

import torch
from torch import Tensor

__all__ = ["check_two_sets"]


def check_two_sets(real: Tensor, made: Tensor, *, at_least: int) -> None:
    """Refuse what cannot be compared as two sets of feature rows.

    Parameters
    ----------
    real, made
        Features, shapes ``(N, D)`` and ``(M, D)``.
    at_least
        Rows that each must have.

    Raises
    ------
    ValueError
        If one is no table, has too few rows, numbers that are not finite, or
        other columns than the other.

    Examples
    --------
    >>> check_two_sets(torch.rand(4, 2), torch.rand(3, 2), at_least=3)

    """
    for name, rows in (("real", real), ("made", made)):
        if rows.ndim != 2:
            raise ValueError(
                f"expected {name} features of shape (N, D), got "
                f"{tuple(rows.shape)}; flatten(1) makes rows of pictures"
            )
        if len(rows) < at_least:
            raise ValueError(
                f"expected at least {at_least} {name} rows, got {len(rows)}"
            )
        if not bool(torch.isfinite(rows).all()):
            raise ValueError(
                f"the {name} features hold numbers that are not finite: has "
                "the training of the network diverged?"
            )
    if real.shape[1] != made.shape[1]:
        raise ValueError(
            f"expected features of one network, got {real.shape[1]} columns "
            f"for real and {made.shape[1]} for made"
        )
