"""Signs in a curve: that it climbs, rises again, still falls, jumps about.

Each function takes plain numbers, one a batch or one an epoch, where lower
is better, and returns what can be seen in them. What it means for the
training is the business of `diagnosis`.
"""

from __future__ import annotations

import math
import statistics
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

__all__ = [
    "Rise",
    "chunk_means",
    "first_not_finite",
    "highest_level",
    "late_share",
    "level_noise",
    "rise_from_best",
    "swing",
]

_WIDTH = 3  # values that make a level: one outlier among them does no harm


@dataclass(frozen=True)
class Rise:
    """How far a curve has come up again from its best level.

    Attributes
    ----------
    best, place
        The lowest level, and its position.
    last
        The level at the end.
    noise
        How far single values lie from the level, after the best.

    Examples
    --------
    >>> rise = Rise(best=0.2, place=4, last=0.3, noise=0.01)
    >>> round(rise.amount, 3)
    0.1

    """

    best: float
    place: int
    last: float
    noise: float

    @property
    def amount(self) -> float:
        """The level at the end minus the best level."""
        return self.last - self.best


def first_not_finite(values: Sequence[float]) -> int | None:
    """Return the position of the first NaN or infinity, or None.

    Examples
    --------
    >>> first_not_finite([1.0, 2.0, float("inf")])
    2
    >>> first_not_finite([1.0]) is None
    True

    """
    places = (i for i, v in enumerate(values) if not math.isfinite(v))
    return next(places, None)


def highest_level(values: Sequence[float]) -> tuple[float, int]:
    """Return the highest mean of three neighbours, and their middle.

    The first value is left out: it stands for the start. Of less than four
    values, single ones count.

    Examples
    --------
    >>> highest_level([2.0, 3.0, 9.0, 6.0, 1.0])
    (6.0, 2)

    """
    width = _WIDTH if len(values) > _WIDTH else 1
    levels = {
        i + width // 2: statistics.fmean(values[i : i + width])
        for i in range(1, len(values) - width + 1)
    }
    place = max(levels, key=levels.__getitem__, default=0)
    return levels.get(place, values[0]), place


def chunk_means(values: Sequence[float], chunks: int = 9) -> list[float]:
    """Return the means of up to `chunks` equal pieces of `values`.

    Examples
    --------
    >>> chunk_means([1, 3, 5, 7], chunks=2)
    [2.0, 6.0]

    """
    count = min(chunks, len(values))
    cuts = [round(i * len(values) / count) for i in range(count + 1)]
    return [statistics.fmean(values[a:b]) for a, b in pairwise(cuts)]


def level_noise(values: Sequence[float]) -> float:
    """Return the spread of `values` around a smooth line through them.

    From second differences, so that neither a slope nor a slow bend counts
    as noise. Less than three values show none.

    Examples
    --------
    >>> level_noise([1.0, 2.0, 3.0, 4.0])
    0.0

    """
    bends = [
        abs(values[i] - 2 * values[i + 1] + values[i + 2])
        for i in range(len(values) - 2)
    ]
    if not bends:
        return 0.0
    # A second difference of noise s is normal with spread sqrt(6) s, and its
    # mean size is sqrt(2 / pi) of that. The mean also sees curves that
    # mostly stand still, where a median would say 0.
    return statistics.fmean(bends) * math.sqrt(math.pi / 2 / 6)


def rise_from_best(values: Sequence[float]) -> Rise:
    """Return how far the curve rose again from its lowest level.

    Levels are medians: of three values for the best, so one lucky epoch is
    no best, and of the last eighth (at least three) for the end.

    Parameters
    ----------
    values
        At least one, lower is better.

    Examples
    --------
    >>> rise = rise_from_best([5, 3, 2, 2, 2, 3, 4, 4, 4])
    >>> rise.best, rise.last, rise.place
    (2, 4, 2)

    """
    levels = [
        statistics.median(values[max(0, i - 1) : i + 2])
        for i in range(len(values))
    ]
    last = statistics.median(values[-max(_WIDTH, len(values) // 8) :])
    place = levels.index(min(levels))
    tail = values[place:] if len(values) - place >= _WIDTH else values
    return Rise(levels[place], place, last, level_noise(tail))


def late_share(values: Sequence[float]) -> float:
    """Return which share of the whole fall happened in the last third.

    A straight line gives a third, a curve that has settled gives 0, one that
    turned upwards less than 0. A curve that never fell gives 0.

    Examples
    --------
    >>> round(late_share([9, 8, 7, 6, 5, 4, 3, 2, 1, 0]), 2)
    0.33
    >>> late_share([9, 4, 2, 1, 1, 1, 1, 1, 1, 1])
    0.0

    """
    gaps = len(values) - 1
    fall = values[0] - values[-1]
    if gaps < 2 or fall <= 0:
        return 0.0
    return (values[gaps - max(1, round(gaps / 3))] - values[-1]) / fall


def swing(values: Sequence[float]) -> float:
    """Return the middle size of a jump up and down in the later half.

    As a log ratio: 0.7 says that it doubles and halves. Where a curve goes
    on in one direction, that is no jump.

    Examples
    --------
    >>> round(swing([1, 2, 1, 2, 1, 2, 1, 2]), 2)
    0.69
    >>> swing([8, 7, 6, 5, 4, 3, 2, 1])
    0.0

    """
    late = values[len(values) // 2 :]
    if len(late) < _WIDTH or min(late) <= 0:
        return 0.0
    logs = [math.log(b / a) for a, b in pairwise(late)]
    turns = [
        min(abs(a), abs(b)) if (a > 0) != (b > 0) else 0.0
        for a, b in pairwise(logs)
    ]
    return statistics.median(turns)
