"""Average precision: how well scores rank the photos that have a label.

It needs no threshold. Sort the photos by their score. Going down the list,
each photo that has the label is worth the precision up to there: the share of
photos so far that have it. Average precision is the mean of these.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor

from .shapes import check_same_shape

__all__ = ["average_precision", "mean_average_precision"]


def average_precision(scores: Tensor, target: Tensor) -> Tensor:
    """Return the average precision of each label.

    Rows with equal scores come all at once, so their order does not matter.

    Parameters
    ----------
    scores
        Higher means more likely; shape ``(N, K)``, or ``(N,)`` for a label.
        Probabilities and what was there before the sigmoid do alike.
    target
        Zeros and ones in the shape of `scores`.

    Returns
    -------
    Tensor
        float64, shape ``(K,)``, or one number for a single label; nan for a
        label that no row has.

    Notes
    -----
    Equal to scikit-learn's ``average_precision_score``, which returns 0 for
    a label that no row has.

    Examples
    --------
    >>> scores = torch.tensor([0.9, 0.8, 0.3])
    >>> average_precision(scores, torch.tensor([1, 0, 1]))  # (1/1 + 2/3) / 2
    tensor(0.8333, dtype=torch.float64)

    """
    check_same_shape(scores, target)
    if scores.ndim not in (1, 2) or len(scores) == 0:
        raise ValueError(
            "expected scores of shape (N, K) or (N,) with at least one row, "
            f"got {tuple(scores.shape)}"
        )
    if scores.isnan().any():
        raise ValueError("scores hold nan, which has no place in a ranking")
    if scores.ndim == 1:
        return _one_label(scores, target)
    columns = zip(scores.T, target.T, strict=True)
    return torch.stack([_one_label(*column) for column in columns])


def mean_average_precision(scores: Tensor, target: Tensor) -> float:
    """Return the mean of `average_precision` over the labels that occur.

    Examples
    --------
    >>> scores = torch.tensor([[0.9, 0.1], [0.8, 0.7], [0.3, 0.2]])
    >>> target = torch.tensor([[1, 0], [0, 1], [1, 0]])
    >>> round(mean_average_precision(scores, target), 4)  # 5/6 and 1
    0.9167

    """
    mean = average_precision(scores, target).nanmean().item()
    if math.isnan(mean):
        raise ValueError("no row has any label; there is nothing to rank")
    return mean


def _one_label(scores: Tensor, target: Tensor) -> Tensor:
    order = scores.argsort(descending=True)
    ranked, there = scores[order], (target[order] > 0.5).double()
    found = there.cumsum(0)
    seen = torch.arange(1, len(ranked) + 1, device=ranked.device)
    # Rows of equal score: look only after the last of them.
    last = torch.ones_like(there, dtype=torch.bool)
    last[:-1] = ranked[1:] != ranked[:-1]
    precision = (found / seen)[last]
    recalled = found[last].diff(prepend=found.new_zeros(1))
    return (precision * recalled).sum() / found[-1]
