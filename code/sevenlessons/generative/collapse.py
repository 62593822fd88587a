"""Mode collapse: a generator that has found one answer for everything."""

from __future__ import annotations

import torch
from torch import Tensor

from .feature_checks import check_two_sets

__all__ = ["spread_ratio", "twin_share"]


def spread_ratio(real: Tensor, made: Tensor) -> float:
    """Return how widely made rows are spread, as a share of the real ones.

    The spread is the root of the mean squared distance of the rows to their
    mean. Near 0 all made pictures are one picture; 1 is as wide as reality.

    Parameters
    ----------
    real, made
        Features or flattened pictures, shapes ``(N, D)`` and ``(M, D)``.

    Examples
    --------
    >>> real = torch.tensor([[0.0, 0.0], [4.0, 0.0]])
    >>> spread_ratio(real, real / 4 + 9)
    0.25

    """
    check_two_sets(real, made, at_least=2)
    wide, narrow = (
        (rows.double() - rows.double().mean(0)).square().sum(1).mean().sqrt()
        for rows in (real, made)
    )
    if wide == 0:
        raise ValueError(
            "expected real rows that differ, got one row many times: there "
            "is no spread to compare with"
        )
    return float(narrow / wide)


def twin_share(real: Tensor, made: Tensor, *, share: float = 0.25) -> float:
    """Return the share of made rows that have a twin among the made ones.

    A twin is nearer than `share` of the usual distance of a real row to its
    nearest real neighbor (their median). A generator that knows several
    answers, but only several, has a wide spread and many twins.

    Examples
    --------
    >>> real = torch.tensor([[0.0], [1.0], [2.0], [3.0]])
    >>> twin_share(real, torch.tensor([[0.0], [0.1], [5.0], [9.0]]))
    0.5

    """
    check_two_sets(real, made, at_least=2)
    if not 0 < share < 1:
        raise ValueError(f"share must lie between 0 and 1, got {share}")
    usual = _nearest(real).median()
    return float((_nearest(made) < share * usual).double().mean())


def _nearest(rows: Tensor) -> Tensor:
    """Return the distance of each row to the nearest other one."""
    rows = rows.double()
    apart = torch.cdist(
        rows, rows, compute_mode="donot_use_mm_for_euclid_dist"
    )
    return apart.fill_diagonal_(torch.inf).amin(1)
