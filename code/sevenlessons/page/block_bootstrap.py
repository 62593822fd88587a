r"""Two forecasts, one score each, and the interval of the difference.

The score is a root of a mean: of squared errors, or of squared errors in
shares of the target. Days of one shop are no independent evidence: a shop
that is being rebuilt is wrong for weeks. So whole blocks are drawn anew,
here shops, and both forecasts are scored on the same draw.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

import torch
from torch import Tensor

__all__ = ["root_mean_difference"]


def root_mean_difference(
    first: Tensor,
    second: Tensor,
    blocks: Sequence[Any] | Tensor,
    *,
    second_blocks: Sequence[Any] | Tensor | None = None,
    confidence: float = 0.95,
    resamples: int = 2000,
    seed: int = 0,
) -> tuple[float, float, float]:
    r"""Return how much larger the second root mean square is, and how surely.

    The difference is :math:`\sqrt{\text{mean}(b^2)} - \sqrt{\text{mean}(a^2)}`
    over all rows. For the interval draw as many blocks as there are, with
    replacement, each with all its rows. The rows of the two may be other
    ones, such as other days, as long as they are of the same blocks.

    Parameters
    ----------
    first, second
        Errors of two forecasts, shape (N,), or (N, M) for M runs each, whose
        scores are averaged. For the RMSPE give errors in shares of the
        target.
    blocks
        The block of each row, such as its shop; of length N, none missing.
    second_blocks
        Those of the second forecast, if its rows are other ones; None if
        both were made for the same rows.
    confidence
        In ``(0, 1)``.
    resamples
        How often to draw, at least 100.
    seed
        Of the draws; the same seed gives the same interval.

    Returns
    -------
    tuple of float
        The difference, below zero where the second forecast is better, and
        the low and the high end of its percentile bootstrap interval.

    Raises
    ------
    ValueError
        If lengths differ, an error is not finite, a block is missing, there
        are fewer than two blocks, the two have other blocks, or a setting is
        out of range.

    Examples
    --------
    >>> first = torch.tensor([0.3, -0.3, 0.3, -0.3])
    >>> shops = ["a", "a", "b", "b"]
    >>> found = root_mean_difference(first, first / 3, shops)
    >>> [round(value, 3) for value in found]
    [-0.2, -0.2, -0.2]

    """
    blocks = _names(blocks)
    others = blocks if second_blocks is None else _names(second_blocks)
    both = (blocks, others)
    squares = [
        _columns(errors, len(of_rows)) ** 2
        for errors, of_rows in zip((first, second), both, strict=True)
    ]
    names = list(dict.fromkeys(blocks))
    if len(names) < 2:
        raise ValueError(
            f"expected at least two blocks to draw from, got {len(names)}; "
            "one alone says nothing about others"
        )
    if strange := set(names) ^ set(both[1]):
        raise ValueError(
            "expected rows of each block in both forecasts, got "
            f"{next(iter(strange))!r} in one only; leave out its rows"
        )
    if not 0 < confidence < 1 or resamples < 100:
        raise ValueError(
            "expected a confidence in (0, 1) and at least 100 resamples, "
            f"got {confidence} and {resamples}"
        )
    number = {name: i for i, name in enumerate(names)}
    sides = []
    for each, of_rows in zip(squares, both, strict=True):
        place = torch.tensor([number[name] for name in of_rows])
        sums = each.new_zeros(len(names), each.shape[1])
        sizes = torch.bincount(place).double().unsqueeze(1)
        sides.append((sums.index_add(0, place, each), sizes))

    def score(times: Tensor) -> Tensor:
        """Return the difference for each row of how often blocks count."""
        one, two = (
            (times @ sums / (times @ sizes)).sqrt().mean(dim=1)
            for sums, sizes in sides
        )
        return two - one

    generator = torch.Generator().manual_seed(seed)
    drawn = torch.randint(
        len(names), (resamples, len(names)), generator=generator
    )
    times = torch.zeros(resamples, len(names), dtype=torch.float64)
    times.scatter_add_(1, drawn, torch.ones_like(times))
    tail = (1 - confidence) / 2
    cuts = torch.tensor([tail, 1 - tail], dtype=torch.float64)
    low, high = score(times).quantile(cuts).tolist()
    once = score(torch.ones(1, len(names), dtype=torch.float64))
    return once.item(), low, high


def _names(blocks: Sequence[Any] | Tensor) -> list[Any]:
    """Return the block of each row as names that compare equal."""
    if isinstance(blocks, Tensor):  # each number of it would be a name
        return list(blocks.tolist())
    names = list(blocks)
    missing = sum(name is None or bool(name != name) for name in names)
    if missing:
        raise ValueError(
            f"expected a block for each row, got {missing} rows without one; "
            "leave them out, or give them a block"
        )
    return names


def _columns(errors: Tensor, count: int) -> Tensor:
    """Return errors as (N, M) in double precision."""
    each = torch.as_tensor(errors, dtype=torch.float64)
    if each.ndim not in (1, 2) or len(each) != count or not each.numel():
        raise ValueError(
            f"expected errors of shape (N,) or (N, M) with a block for each "
            f"of the N rows, got {tuple(each.shape)} and {count} blocks"
        )
    if not bool(each.isfinite().all()):
        raise ValueError(
            "expected finite errors, got "
            f"{int((~each.isfinite()).sum())} that are not; leave out rows "
            "whose target is 0"
        )
    return each.reshape(count, -1)
