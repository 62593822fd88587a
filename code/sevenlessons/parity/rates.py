r"""Schedules of the learning rate beside torch's, step by step.

They are numbers of Python, which are float64: there is no other precision to
compare in.
"""

from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

import numpy as np
import torch
from torch import Tensor
from torch.optim import lr_scheduler

from sevenlessons.training import curves
from sevenlessons.training.rates import spread_lr
from sevenlessons.training.schedules import one_cycle

from .pieces import Pair, Piece

__all__ = ["rate_pieces"]

_STEPS = 40
# draws a low and a high rate; returns our curve and torch's scheduler
_Both = Callable[
    [float, float], tuple[curves.Curve, Callable[[Any], Any], float]
]


def rate_pieces() -> tuple[Piece, ...]:
    """Return the schedules, and the rates of layer groups.

    Examples
    --------
    >>> from sevenlessons.parity.rates import rate_pieces
    >>> rate_pieces()[0].reference
    'torch.optim.lr_scheduler.OneCycleLR'

    """
    half = r"b + \tfrac{a - b}{2}\,(1 + \cos \pi t)"
    factors = r"a\,(b / a)^t"
    rows: list[tuple[str, str, str, Any]] = [
        ("half a cosine", "CosineAnnealingLR", half, _cosine),
        ("straight line", "LinearLR", r"a + (b - a)\,t", _linear),
        ("equal factors", "ExponentialLR", factors, _exponential),
        (
            "triangles",
            "CyclicLR",
            r"a + (b - a)\,(1 - |t \bmod 2 - 1|)",
            _triangular,
        ),
        (
            "cosines with restarts",
            "CosineAnnealingWarmRestarts",
            half + r",\; t \leftarrow 0",
            _restarts,
        ),
    ]
    pieces = [
        _piece(name, "curves", scheduler, formula, partial(_compare, both))
        for name, scheduler, formula, both in rows
    ]
    cycle = _piece(
        "one cycle",
        "schedules",
        "OneCycleLR",
        half + r"\text{: up, then down}",
        _one_cycle,
    )
    groups = Piece(
        "rates of layer groups",
        "training/rates",
        "numpy.geomspace",
        r"a\,(b / a)^{i / (n - 1)}",
        "lesson1/finetune",
        _groups,
        (torch.float64,),
    )
    return (cycle, *pieces, groups)


def _piece(
    name: str, module: str, scheduler: str, formula: str, compare: Any
) -> Piece:
    return Piece(
        name,
        f"training/{module}",
        f"torch.optim.lr_scheduler.{scheduler}",
        formula,
        "lesson3/learning_rates",
        compare,
        (torch.float64,),
    )


def _ends(seed: int) -> tuple[float, float]:
    """Return a low and a high rate."""
    drawn = torch.rand(2, generator=torch.Generator().manual_seed(seed))
    return 1e-3 * (1 + drawn[0].item()), 0.1 * (1 + drawn[1].item())


def _numbers(values: list[float]) -> Tensor:
    return torch.tensor(values, dtype=torch.float64)


def _walk(start: float, scheduled: Callable[[Any], Any]) -> Iterator[Any]:
    """Yield the parameter group of torch's optimizer before each step."""
    weight = torch.zeros(1, requires_grad=True)
    optimizer = torch.optim.SGD([weight], lr=start, momentum=0.9)
    scheduler = scheduled(optimizer)
    for _ in range(_STEPS):
        yield optimizer.param_groups[0]
        optimizer.step()
        if scheduler.last_epoch < _STEPS - 1:
            scheduler.step()


def _compare(both: _Both, dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    curve, scheduled, start = both(*_ends(seed))
    ours = [curve(step, _STEPS) for step in range(_STEPS)]
    theirs = [group["lr"] for group in _walk(start, scheduled)]
    yield Pair("rates", _numbers(ours), _numbers(theirs))


def _cosine(low: float, high: float) -> Any:
    return (
        curves.cosine(high, low),
        lambda o: lr_scheduler.CosineAnnealingLR(o, _STEPS - 1, eta_min=low),
        high,
    )


def _linear(low: float, high: float) -> Any:
    return (
        curves.linear(high, low),
        lambda o: lr_scheduler.LinearLR(
            o, 1.0, low / high, total_iters=_STEPS - 1
        ),
        high,
    )


def _exponential(low: float, high: float) -> Any:
    factor = (low / high) ** (1 / (_STEPS - 1))
    return (
        curves.exponential(high, low),
        lambda o: lr_scheduler.ExponentialLR(o, factor),
        high,
    )


def _triangular(low: float, high: float) -> Any:
    return (
        curves.triangular(low, high, 6),
        lambda o: lr_scheduler.CyclicLR(
            o, low, high, step_size_up=6, cycle_momentum=False
        ),
        low,
    )


def _restarts(low: float, high: float) -> Any:
    return (
        curves.cosine_restarts(high, low, 5, 2),
        lambda o: lr_scheduler.CosineAnnealingWarmRestarts(
            o, 5, 2, eta_min=low
        ),
        high,
    )


def _one_cycle(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    _, top = _ends(seed)
    for shape, strategy in (("cosine", "cos"), ("linear", "linear")):
        cycle = one_cycle(top, momentum=(0.95, 0.85), shape=shape)

        def scheduled(o: Any, strategy: Any = strategy) -> Any:
            return lr_scheduler.OneCycleLR(
                o,
                top,
                total_steps=_STEPS,
                pct_start=0.25,
                anneal_strategy=strategy,
            )

        theirs = [(g["lr"], g["momentum"]) for g in _walk(top / 25, scheduled)]
        momentum = cycle.momentum
        for name, curve, place in (
            ("rates", cycle.lrs[0], 0),
            ("momentum", momentum, 1),
        ):
            if curve is not None:
                yield Pair(
                    f"{shape}: {name}",
                    _numbers([curve(i, _STEPS) for i in range(_STEPS)]),
                    _numbers([row[place] for row in theirs]),
                )


def _groups(dtype: torch.dtype, seed: int) -> Iterator[Pair]:
    low, high = _ends(seed)
    for count in (1, 3, 12):
        theirs = np.geomspace(low, high, count) if count > 1 else [high]
        yield Pair(
            f"{count} groups",
            _numbers(spread_lr(low, high, count)),
            _numbers(list(theirs)),
        )
