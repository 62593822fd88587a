"""The interval of a mean or a median when samples come in groups.

Two crops of one photo, or photos of one piece of sky, are not two pieces of
evidence. What was split by groups is drawn anew by groups too.
"""

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

__all__ = ["grouped_bootstrap"]


def grouped_bootstrap(
    values: Tensor,
    groups: Sequence[Any],
    *,
    statistic: str = "mean",
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float]:
    """Return the percentile bootstrap interval that draws whole groups.

    Draw as many groups as there are, with replacement, each with all its
    values; take the mean or the median of what was drawn; do so `resamples`
    times; cut off the outer shares on both sides.

    Parameters
    ----------
    values
        Shape (N,) or (N, M): a number a sample, or several.
    groups
        The group of each sample, of length N.
    statistic
        ``"mean"`` or ``"median"`` of all values drawn (the lower one of two
        in the middle, as `torch.median`).
    confidence
        In ``(0, 1)``.
    resamples
        How often to draw, at least 100.
    seed
        Of the draws; the same seed gives the same interval.

    Returns
    -------
    tuple of float
        Low and high end.

    Raises
    ------
    ValueError
        If lengths differ, a value is not finite, or a setting is out of
        range.

    Examples
    --------
    >>> from sevenlessons.page.grouped import grouped_bootstrap
    >>> values = torch.tensor([0.0, 0.0, 1.0, 1.0])
    >>> grouped_bootstrap(values, ["a", "a", "b", "b"])
    (0.0, 1.0)

    """
    samples = torch.as_tensor(values, dtype=torch.float64)
    if len(samples) != len(groups) or not samples.numel():
        raise ValueError(
            f"expected a group for each sample and at least one, got "
            f"{len(samples)} samples and {len(groups)} groups"
        )
    if not bool(samples.isfinite().all()):
        raise ValueError("expected finite values only, got inf or nan")
    if statistic not in ("mean", "median"):
        raise ValueError(
            f"statistic must be 'mean' or 'median', got {statistic!r}"
        )
    if not 0 < confidence < 1:
        raise ValueError(f"confidence must be in (0, 1), got {confidence}")
    if resamples < 100:
        raise ValueError(f"resamples must be at least 100, got {resamples}")
    numbers = {name: i for i, name in enumerate(dict.fromkeys(groups))}
    member = torch.tensor([numbers[name] for name in groups])
    picks = torch.randint(
        len(numbers),
        (resamples, len(numbers)),
        generator=torch.Generator().manual_seed(seed),
    )
    times = torch.zeros(resamples, len(numbers), dtype=torch.float64)
    times.scatter_add_(1, picks, torch.ones_like(times))
    each = samples.reshape(len(samples), -1)
    weights = times[:, member]  # how often each sample was drawn
    found = (_mean if statistic == "mean" else _median)(each, weights)
    tail = (1 - confidence) / 2
    cuts = torch.tensor([tail, 1 - tail], dtype=torch.float64)
    low, high = torch.quantile(found, cuts).tolist()
    return low, high


def _mean(each: Tensor, weights: Tensor) -> Tensor:
    """Return the weighted mean of (N, M) for each row of weights (R, N)."""
    return weights @ each.mean(1) / weights.sum(1)


def _median(each: Tensor, weights: Tensor) -> Tensor:
    """Return the lower weighted median of (N, M) for each row of weights."""
    order = each.flatten().argsort()
    reached = weights[:, order // each.shape[1]].cumsum(1)
    middle = reached[:, -1:] / 2
    return each.flatten()[order[(reached < middle).sum(1)]]
