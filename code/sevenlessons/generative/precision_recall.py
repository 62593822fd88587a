"""Precision and recall of made pictures: do they look real, is all there.

One distance cannot tell a generator that makes one perfect shoe from one that
makes everything, blurred. Two shares can. Each real row is given a ball that
reaches its k-th nearest real neighbor. *Precision* is the share of made rows
inside one of these balls; *recall* is the share of real rows inside a ball of
the made ones.
"""

from __future__ import annotations

from typing import NamedTuple

import torch
from torch import Tensor

from .feature_checks import check_two_sets

__all__ = ["PrecisionRecall", "inside_balls", "precision_recall"]

_ROWS = 1024  # at a time: distances of all to all need much memory


class PrecisionRecall(NamedTuple):
    """Two shares, each in [0, 1].

    Parameters
    ----------
    precision
        Of the made rows, how many lie where real ones are.
    recall
        Of the real rows, how many lie where made ones are.

    """

    precision: float
    recall: float


def inside_balls(rows: Tensor, centers: Tensor, *, k: int = 3) -> Tensor:
    """Tell which rows lie in a ball around one of the centers.

    Parameters
    ----------
    rows
        Shape ``(N, D)``.
    centers
        Shape ``(M, D)``; the ball around each reaches its `k`-th nearest
        other center.
    k
        From 1 to M - 1. A larger one makes larger balls.

    Returns
    -------
    Tensor
        Bool, shape ``(N,)``.

    Raises
    ------
    ValueError
        If `k` is outside, or the rows cannot be compared.

    Examples
    --------
    >>> centers = torch.tensor([[0.0], [1.0], [2.0]])
    >>> rows = torch.tensor([[2.5], [9.0]])
    >>> inside_balls(rows, centers, k=1).tolist()
    [True, False]

    """
    if k < 1:
        raise ValueError(f"k must be at least 1, got {k}")
    check_two_sets(centers, rows, at_least=1)
    if len(centers) <= k:
        raise ValueError(
            f"k = {k} needs at least {k + 1} centers, got {len(centers)}"
        )
    rows, centers = rows.double(), centers.double()
    radii = torch.cat(
        [
            # the nearest of all is the center itself
            _apart(part, centers).kthvalue(k + 1, dim=1).values
            for part in centers.split(_ROWS)
        ]
    )
    return torch.cat(
        [
            (_apart(part, centers) <= radii).any(dim=1)
            for part in rows.split(_ROWS)
        ]
    )


def precision_recall(
    real: Tensor, made: Tensor, *, k: int = 3
) -> PrecisionRecall:
    """Return how many made rows look real, and how many real ones are met.

    Parameters
    ----------
    real, made
        Features, shapes ``(N, D)`` and ``(M, D)``. Take as many of both, and
        say how many: more rows make smaller balls.
    k
        As in `inside_balls`.

    Raises
    ------
    ValueError
        As `inside_balls` does.

    Notes
    -----
    Kynkäänniemi et al. (2019), arXiv:1904.06991.

    Examples
    --------
    A generator that makes one half of what there is:

    >>> real = torch.tensor([[0.0], [1.0], [8.0], [9.0]])
    >>> made = torch.tensor([[0.2], [0.9]])
    >>> precision_recall(real, made, k=1)
    PrecisionRecall(precision=1.0, recall=0.5)

    """
    return PrecisionRecall(
        inside_balls(made, real, k=k).double().mean().item(),
        inside_balls(real, made, k=k).double().mean().item(),
    )


def _apart(rows: Tensor, others: Tensor) -> Tensor:
    """Return all distances, exactly: no shortcut that rounds small ones."""
    mode = "donot_use_mm_for_euclid_dist"
    return torch.cdist(rows, others, compute_mode=mode)
