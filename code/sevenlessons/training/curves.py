"""Curves: how a number goes from the first training step to the last.

Each function returns a curve, which is called as ``curve(step, num_steps)``
with `step` counted from 0, and gives the number for that step. A curve knows
nothing of optimizers; `schedules` applies one to the learning rate.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Sequence

__all__ = [
    "combined",
    "constant",
    "cosine",
    "cosine_between",
    "cosine_restarts",
    "exponential",
    "linear",
    "triangular",
]

Curve = Callable[[int, int], float]


def constant(value: float) -> Curve:
    """Return the curve that stays at `value`.

    Examples
    --------
    >>> constant(0.1)(7, 10)
    0.1

    """
    _check(value=value)
    return lambda step, num_steps: value


def linear(start: float, end: float) -> Curve:
    """Return the straight line from `start` to `end`.

    Examples
    --------
    >>> [linear(1.0, 0.0)(step, 3) for step in range(3)]
    [1.0, 0.5, 0.0]

    """
    _check(start=start, end=end)
    return lambda step, n: start + (end - start) * _position(step, n)


def cosine(start: float, end: float) -> Curve:
    """Return the half cosine from `start` to `end`: flat at both ends.

    Examples
    --------
    >>> [round(cosine(1.0, 0.0)(step, 5), 3) for step in range(5)]
    [1.0, 0.854, 0.5, 0.146, 0.0]

    """
    _check(start=start, end=end)
    return lambda step, n: cosine_between(start, end, _position(step, n))


def cosine_between(start: float, end: float, position: float) -> float:
    """Return the half cosine from `start` at 0 to `end` at 1.

    Examples
    --------
    >>> round(cosine_between(1.0, 0.0, 0.25), 3)
    0.854

    """
    return end + (start - end) / 2 * (1 + math.cos(math.pi * position))


def exponential(start: float, end: float) -> Curve:
    """Return the curve from `start` to `end` in equal factors; both > 0.

    Examples
    --------
    >>> [round(exponential(1e-3, 1e-1)(s, 3), 6) for s in range(3)]
    [0.001, 0.01, 0.1]

    """
    _check(start=start, end=end)
    if start == 0 or end == 0:
        raise ValueError(
            f"start and end must be above 0, got {start} and {end}; equal "
            "factors never reach 0"
        )
    return lambda step, n: start * (end / start) ** _position(step, n)


def triangular(low: float, high: float, step_size: int) -> Curve:
    """Return the curve that climbs to `high` and falls to `low` in turns.

    Parameters
    ----------
    low, high
        Where each climb starts and ends.
    step_size
        Steps of one climb, and of one fall, at least 1.

    Notes
    -----
    Smith (2017), arXiv:1506.01186: cyclical learning rates. The same as
    `torch.optim.lr_scheduler.CyclicLR`.

    Examples
    --------
    >>> [triangular(0.0, 1.0, 2)(step, 6) for step in range(6)]
    [0.0, 0.5, 1.0, 0.5, 0.0, 0.5]

    """
    _check(low=low, high=high)
    _check_steps(step_size=step_size)

    def curve(step: int, num_steps: int) -> float:
        within = step % (2 * step_size)
        height = 1 - abs(within / step_size - 1)
        return low + (high - low) * height

    return curve


def cosine_restarts(
    high: float, low: float, first: int, factor: int = 1
) -> Curve:
    """Return cosines from `high` to `low` that start over and over.

    Parameters
    ----------
    high, low
        Where each cycle starts, and what it falls towards.
    first
        Steps of the first cycle, at least 1.
    factor
        Each cycle is this many times as long as the last, at least 1.

    Notes
    -----
    Loshchilov and Hutter (2017), arXiv:1608.03983: SGDR. The same as
    `torch.optim.lr_scheduler.CosineAnnealingWarmRestarts`.

    Examples
    --------
    >>> curve = cosine_restarts(1.0, 0.0, first=2, factor=2)
    >>> [round(curve(step, 6), 2) for step in range(6)]
    [1.0, 0.5, 1.0, 0.85, 0.5, 0.15]

    """
    _check(high=high, low=low)
    _check_steps(first=first, factor=factor)

    def curve(step: int, num_steps: int) -> float:
        length = first
        while step >= length:
            step -= length
            length *= factor
        return cosine_between(high, low, step / length)

    return curve


def combined(parts: Sequence[tuple[float, Curve]]) -> Curve:
    """Return several curves, one after the other.

    Parameters
    ----------
    parts
        Pairs of a share of the steps, in ``(0, 1]``, and a curve. The shares
        add up to 1.

    Examples
    --------
    >>> curve = combined([(0.5, constant(1.0)), (0.5, linear(1.0, 0.0))])
    >>> [curve(step, 6) for step in range(6)]
    [1.0, 1.0, 1.0, 1.0, 0.5, 0.0]

    """
    shares = [share for share, _ in parts]
    if not shares or min(shares) <= 0 or abs(sum(shares) - 1) > 1e-9:
        raise ValueError(
            f"shares must be above 0 and add up to 1, got {shares}"
        )

    def curve(step: int, num_steps: int) -> float:
        done, begin, end = parts[0][0], 0, round(parts[0][0] * num_steps)
        part = parts[0][1]
        for share, following in parts[1:]:
            if step < end:
                break
            done += share
            begin, end = end, round(done * num_steps)
            part = following
        return part(step - begin, end - begin)

    return curve


def _position(step: int, num_steps: int) -> float:
    """Return where `step` lies: 0 at the first, 1 at the last."""
    return min(step / (num_steps - 1), 1.0) if num_steps > 1 else 0.0


def _check(**values: float) -> None:
    for name, value in values.items():
        if not (math.isfinite(value) and value >= 0):
            raise ValueError(
                f"{name} must be a finite number of at least 0, got {value}"
            )


def _check_steps(**values: int) -> None:
    for name, value in values.items():
        if isinstance(value, bool) or not isinstance(value, int) or value < 1:
            raise ValueError(
                f"{name} must be a whole number of at least 1, got {value!r}"
            )
