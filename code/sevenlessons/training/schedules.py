"""Schedules: learning rate and momentum, step by step.

A `Schedule` says which curve each parameter group's rate follows, and which
the momentum. `LRScheduler` is the callback that applies one. `one_cycle` is
the schedule that the lessons use.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from .callbacks import Callback
from .curves import Curve, cosine_between

if TYPE_CHECKING:
    import torch

    from .learner import Learner

__all__ = ["LRScheduler", "Schedule", "one_cycle"]


@dataclass(frozen=True)
class Schedule:
    """Curves for the rates and the momentum of an optimizer.

    Attributes
    ----------
    lrs
        One curve for each parameter group, or one for all of them.
    momentum
        Curve of the momentum (SGD) or of beta 1 (Adam); None leaves it.

    """

    lrs: tuple[Curve, ...]
    momentum: Curve | None = None

    def __post_init__(self) -> None:
        if not self.lrs:
            raise ValueError("lrs is empty; give at least one curve")


def one_cycle(
    max_lr: float | Sequence[float],
    *,
    pct_start: float = 0.25,
    div: float = 25.0,
    final_div: float = 1e4,
    momentum: tuple[float, float] | None = (0.95, 0.85),
    shape: str = "cosine",
) -> Schedule:
    """Return the cycle: rate up, then far down; momentum the other way.

    Parameters
    ----------
    max_lr
        Rate at the top, positive; a sequence gives one for each group.
    pct_start
        Share of the steps that go up, in ``(0, 1)``.
    div, final_div
        The rate starts at ``max_lr / div`` and ends at
        ``max_lr / (div * final_div)``.
    momentum
        Highest (at both ends) and lowest (at the top); None leaves it alone.
    shape
        ``"cosine"`` or ``"linear"``.

    Notes
    -----
    Smith (2018), arXiv:1803.09820. Equal to
    `torch.optim.lr_scheduler.OneCycleLR` at every step.

    Examples
    --------
    >>> cycle = one_cycle(0.1)
    >>> [round(cycle.lrs[0](step, 9), 4) for step in range(9)]
    [0.004, 0.0908, 0.097, 0.0843, 0.0643, 0.0413, 0.0201, 0.0053, 0.0]

    """
    tops = [max_lr] if isinstance(max_lr, int | float) else list(max_lr)
    if not tops or not all(top > 0 for top in tops):
        raise ValueError(f"max_lr must be positive, got {max_lr}")
    if not 0 < pct_start < 1:
        raise ValueError(f"pct_start must be in (0, 1), got {pct_start}")
    if div <= 0 or final_div <= 0:
        raise ValueError(
            f"div and final_div must be positive, got {div} and {final_div}"
        )
    if shape not in ("cosine", "linear"):
        raise ValueError(f"shape must be 'cosine' or 'linear', got {shape!r}")
    lrs = tuple(
        _up_and_down(top / div, top, top / div / final_div, pct_start, shape)
        for top in tops
    )
    if momentum is None:
        return Schedule(lrs)
    high, low = momentum
    if not 0 <= low <= high < 1:
        raise ValueError(
            "momentum must be (high, low) with 0 <= low <= high < 1, got "
            f"{momentum}"
        )
    return Schedule(lrs, _up_and_down(high, low, high, pct_start, shape))


def _up_and_down(
    start: float, middle: float, end: float, pct_start: float, shape: str
) -> Curve:
    def between(a: float, b: float, position: float) -> float:
        if shape == "cosine":
            return cosine_between(a, b, position)
        return a + (b - a) * position

    def curve(step: int, num_steps: int) -> float:
        top = pct_start * num_steps - 1  # torch's turning point, a fraction
        last = num_steps - 1
        if top > 0 and step <= top:
            return between(start, middle, step / top)
        return between(middle, end, (step - top) / (last - top))

    return curve


class LRScheduler(Callback):
    """Set rate and momentum before each step as a schedule says.

    After the fit the optimizer has the rates and momenta back that it had
    before: a later fit without a schedule does not start at the tiny rate
    where the last one ended.

    Parameters
    ----------
    schedule
        A `Schedule`, or one curve for the rates of all groups.
    num_steps
        Optimizer steps from the first to the last, at least 1: epochs times
        batches an epoch. Further steps stay at the last value.

    Raises
    ------
    ValueError
        At the beginning of a fit, if the number of curves is not the number
        of parameter groups, or the optimizer has no momentum to set.

    Examples
    --------
    >>> scheduler = LRScheduler(one_cycle(0.1), num_steps=100)

    """

    def __init__(self, schedule: Schedule | Curve, num_steps: int) -> None:
        if num_steps < 1:
            raise ValueError(f"num_steps must be at least 1, got {num_steps}")
        if not isinstance(schedule, Schedule):
            if not callable(schedule):
                raise TypeError(
                    "schedule must be a Schedule such as one_cycle(0.1) or a "
                    f"curve such as cosine(0.1, 0.0), got {schedule!r}"
                )
            schedule = Schedule((schedule,))
        self.schedule = schedule
        self.num_steps = num_steps
        self.step = 0
        self._before: list[dict[str, Any]] = []

    def on_fit_begin(self, learner: Learner) -> None:
        groups = learner.optimizer.param_groups
        curves = len(self.schedule.lrs)
        if curves not in (1, len(groups)):
            raise ValueError(
                f"the schedule has {curves} rates but the optimizer has "
                f"{len(groups)} parameter groups; give one rate a group, or "
                "one for all"
            )
        if self.schedule.momentum is not None:
            _momentum_key(learner.optimizer)
        self.step = 0
        names = ("lr", "momentum", "betas")
        self._before = [{n: g[n] for n in names if n in g} for g in groups]

    def on_batch_begin(self, learner: Learner) -> None:
        groups = learner.optimizer.param_groups
        place = (min(self.step, self.num_steps - 1), self.num_steps)
        lrs = [curve(*place) for curve in self.schedule.lrs]
        for group, lr in zip(groups, lrs * len(groups), strict=False):
            group["lr"] = lr
        if self.schedule.momentum is not None:
            self._set_momentum(learner, self.schedule.momentum(*place))
        self.step += 1

    def on_fit_end(self, learner: Learner) -> None:
        groups = learner.optimizer.param_groups
        for group, values in zip(groups, self._before, strict=False):
            group.update(values)

    def state_dict(self) -> dict[str, Any]:
        return {"step": self.step, "before": self._before}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.step, self._before = state["step"], state["before"]

    def _set_momentum(self, learner: Learner, value: float) -> None:
        key = _momentum_key(learner.optimizer)
        for group in learner.optimizer.param_groups:
            if key == "momentum":
                group[key] = value
            else:
                group[key] = (value, *group[key][1:])


def _momentum_key(optimizer: torch.optim.Optimizer) -> str:
    """Return the name of what plays the part of momentum."""
    for key in ("momentum", "betas"):
        if key in optimizer.defaults:
            return key
    raise ValueError(
        f"{type(optimizer).__name__} has neither momentum nor betas to "
        "schedule; use one_cycle(..., momentum=None)"
    )
