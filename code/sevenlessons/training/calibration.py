"""Calibration: what was said with 0.7 should happen in 70 % of the cases.

Rows are sorted into ranges of their predicted probability. In each range the
mean prediction is held against the share that came true.
"""

from __future__ import annotations

from dataclasses import dataclass

import numpy as np
import torch
from torch import Tensor

from .shapes import check_same_shape, check_zeros_and_ones

__all__ = ["Calibration", "calibration"]


@dataclass(frozen=True)
class Calibration:
    """What was said and what came true, range by range.

    Attributes
    ----------
    predicted, happened
        Mean probability and share of yes in each range that has rows,
        shape ``(B,)``, float64.
    counts
        Rows in each of them, shape ``(B,)``.

    """

    predicted: Tensor
    happened: Tensor
    counts: Tensor

    @property
    def error(self) -> float:
        """How far off the ranges are in the mean, weighted by their rows."""
        weights = self.counts / self.counts.sum()
        gaps = (self.predicted - self.happened).abs()
        return float((weights * gaps).sum())


def calibration(
    probabilities: Tensor, target: Tensor, *, bins: int = 10
) -> Calibration:
    """Return how well probabilities are calibrated, in equal ranges.

    Parameters
    ----------
    probabilities
        Of yes, in ``[0, 1]``, shape ``(N,)``.
    target
        Ones for yes and zeros for no, shape ``(N,)``.
    bins
        How many ranges of equal width; a probability on the border of two
        belongs to the lower one, 0 to the first.

    Raises
    ------
    ValueError
        If shapes differ, a number is out of range, or a target is neither 0
        nor 1.

    Notes
    -----
    `predicted` and `happened` are equal to what scikit-learn's
    ``calibration_curve`` returns.

    Examples
    --------
    >>> said = torch.tensor([0.1, 0.3, 0.8, 0.8])
    >>> found = calibration(said, torch.tensor([0, 1, 1, 1]), bins=2)
    >>> found.happened.tolist(), found.counts.tolist()
    ([0.5, 1.0], [2, 2])

    """
    check_same_shape(probabilities, target)
    if probabilities.ndim != 1 or not len(probabilities):
        raise ValueError(
            "expected probabilities of shape (N,) with at least one row, got "
            f"{tuple(probabilities.shape)}"
        )
    if bins < 1:
        raise ValueError(f"bins must be at least 1, got {bins}")
    said = probabilities.double()
    if not bool(((said >= 0) & (said <= 1)).all()):
        raise ValueError(
            "probabilities must be in [0, 1], got "
            f"{said.min().item():.3g} to {said.max().item():.3g}; use "
            "softmax or sigmoid on scores"
        )
    check_zeros_and_ones(target)
    edges = torch.from_numpy(np.linspace(0, 1, bins + 1)[1:-1])
    edges = edges.to(said.device)
    place = torch.bucketize(said, edges)
    counts = torch.bincount(place, minlength=bins)
    sums = torch.zeros(2, bins, dtype=torch.float64, device=said.device)
    sums[0].index_add_(0, place, said)
    sums[1].index_add_(0, place, (target > 0.5).double())
    some = counts > 0
    means = sums[:, some] / counts[some]
    return Calibration(means[0], means[1], counts[some])
