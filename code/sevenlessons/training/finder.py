"""The learning-rate finder: a short trial on a copy, the rate growing.

`lr_find` trains a copy of the learner with a rate that starts tiny and grows
by equal factors until the loss explodes. The learner itself, its random
state and the order of its next batches stay as they were, bit for bit.
"""

from __future__ import annotations

import copy
import math
from collections.abc import Sequence
from dataclasses import dataclass, field
from itertools import pairwise

from . import guards
from .callbacks import Callback
from .curves import Curve, constant, exponential
from .history import History
from .learner import Learner
from .randomness import get_random_state, set_random_state
from .schedules import LRScheduler, Schedule

__all__ = ["LRFinderResult", "lr_find"]

_SMOOTHING = 0.9  # weight of the past in the smoothed loss
_WARM_UP = 10  # before, the smoothed loss is a mean of too few


@dataclass(frozen=True)
class LRFinderResult:
    """Learning rates tried, the loss of each, and what they suggest.

    Attributes
    ----------
    lrs
        Rates of the last parameter group (the head), in equal factors.
    losses
        Loss of the batch at each rate.
    smoothed
        Running mean of the losses, corrected for its start.

    Examples
    --------
    >>> lrs = [10 ** (i / 10 - 5) for i in range(40)]
    >>> losses = [2 - 1 / (1 + math.exp(15 - i)) for i in range(40)]
    >>> result = LRFinderResult(lrs, losses)
    >>> result.steepest < result.lrs[-1]
    True

    """

    lrs: list[float]
    losses: list[float]
    smoothed: list[float] = field(init=False)

    def __post_init__(self) -> None:
        if len(self.lrs) != len(self.losses) or not self.lrs:
            raise ValueError(
                "lrs and losses must be given and have one length, got "
                f"{len(self.lrs)} and {len(self.losses)}"
            )
        object.__setattr__(self, "smoothed", _smooth(self.losses))

    @property
    def steepest(self) -> float:
        """The rate at which the smoothed loss falls fastest."""
        # The first values are means of a few noisy losses: no fall yet.
        curve = self.smoothed[self._first : self._lowest + 1]
        falls = [b - a for a, b in pairwise(curve)]
        steepest = falls.index(min(falls)) if falls else 0
        return self.lrs[self._first + steepest]

    @property
    def valley(self) -> float:
        """Two thirds down the longest fall: fast, and still stable."""
        fall = _longest_fall(self.smoothed[: self._lowest + 1])
        return self.lrs[fall[2 * (len(fall) - 1) // 3]]

    @property
    def minimum_tenth(self) -> float:
        """A tenth of the rate with the lowest smoothed loss."""
        return self.lrs[self._lowest] / 10

    @property
    def rise_tenth(self) -> float:
        """A tenth of the rate where the curve leaves its bottom for good.

        The bottom is all that lies within a tenth of the lowest smoothed
        loss. After unfreezing the curve is flat and then rises: the lowest
        point is an accident there, the rise is not.
        """
        limit = 1.1 * self.smoothed[self._lowest]
        bottom = [i for i, loss in enumerate(self.smoothed) if loss <= limit]
        return self.lrs[bottom[-1] if bottom else self._lowest] / 10

    @property
    def _first(self) -> int:
        return min(_WARM_UP, len(self.lrs) // 10)

    @property
    def _lowest(self) -> int:
        # A lucky first batch is no lowest point.
        curve = self.smoothed[self._first :]
        return self._first + curve.index(min(curve))


def lr_find(
    learner: Learner,
    *,
    start_lr: float = 1e-6,
    end_lr: float = 10.0,
    num_steps: int = 100,
    explosion: float = 4.0,
) -> LRFinderResult:
    """Train a copy of `learner` with a growing rate; change nothing.

    Parameters
    ----------
    learner
        Left as it was. Of its callbacks only those run that shape the step
        (``shapes_step``: clipping, mixup, frozen batch norm). If its
        parameter groups have different rates, their ratios are kept.
    start_lr, end_lr
        First and last rate, ``0 < start_lr < end_lr``; equal factors between
        steps.
    num_steps
        Batches at most, at least 2.
    explosion
        The trial ends when the loss is not finite or the smoothed loss is
        above this many times its lowest, which must be above 1.

    Raises
    ------
    ValueError
        If a setting is out of range, or the very first loss is not finite.

    Notes
    -----
    Smith (2017), arXiv:1506.01186.

    Examples
    --------
    >>> import torch
    >>> model = torch.nn.Linear(1, 1)
    >>> optimizer = torch.optim.SGD(model.parameters(), lr=0.1)
    >>> batch = (torch.ones(4, 1), torch.ones(4, 1))
    >>> loss_fn = torch.nn.functional.mse_loss
    >>> learner = Learner(model, [batch], None, loss_fn, optimizer)
    >>> result = lr_find(learner, num_steps=20)
    >>> len(result.lrs) <= 20, len(learner.history.steps)
    (True, 0)

    """
    if not 0 < start_lr < end_lr:
        raise ValueError(
            f"need 0 < start_lr < end_lr, got {start_lr} and {end_lr}"
        )
    if num_steps < 2:
        raise ValueError(f"num_steps must be at least 2, got {num_steps}")
    if not explosion > 1:
        raise ValueError(f"explosion must be above 1, got {explosion}")
    trial = _copy_of(learner)
    schedule = Schedule(_growing(learner, start_lr, end_lr))
    trial.callbacks = [
        LRScheduler(schedule, num_steps),
        *(c for c in trial.callbacks if c.shapes_step),
        _StopOnExplosion(num_steps, explosion),
    ]
    trial._hooks = guards.bind_hooks(trial.callbacks)
    state = get_random_state(learner.train_loader)
    try:
        steps = trial.fit(epochs=num_steps).steps
    finally:
        set_random_state(state, learner.train_loader)
    tried = [step for step in steps if math.isfinite(step["loss"])]
    if not tried:
        raise ValueError(
            f"the loss is {steps[0]['loss']} at the smallest rate already; "
            "look for nan or inf in the inputs, the target and the weights"
        )
    return LRFinderResult(
        [step["lr"] for step in tried], [step["loss"] for step in tried]
    )


class _StopOnExplosion(Callback):
    def __init__(self, num_steps: int, explosion: float) -> None:
        self.num_steps, self.explosion = num_steps, explosion
        self.losses: list[float] = []
        self.lowest = math.inf

    def on_batch_end(self, learner: Learner) -> None:
        self.losses.append(learner.loss.item())
        now = _smooth(self.losses)[-1]
        self.lowest = min(self.lowest, now)
        # A loss may be negative; then the distance to the first one counts.
        limit = self.lowest + (self.explosion - 1) * abs(self.lowest)
        exploded = not math.isfinite(now) or now > limit
        if exploded or len(self.losses) >= self.num_steps:
            learner.stop()


def _copy_of(learner: Learner) -> Learner:
    """Return a copy that shares the data, and callbacks that will not run."""
    idle = [c for c in learner.callbacks if not c.shapes_step]
    shared = [learner.train_loader, learner.valid_loader, *idle]
    trial = copy.deepcopy(learner, {id(part): part for part in shared})
    trial.valid_loader, trial.history = None, History()
    return trial


def _growing(
    learner: Learner, start_lr: float, end_lr: float
) -> tuple[Curve, ...]:
    """Return a curve a group; the last group goes from start to end."""
    rates = [group["lr"] for group in learner.optimizer.param_groups]
    ratios = [rate / rates[-1] if rates[-1] else 1.0 for rate in rates]
    return tuple(
        exponential(start_lr * r, end_lr * r) if r > 0 else constant(0.0)
        for r in ratios
    )


def _smooth(losses: Sequence[float]) -> list[float]:
    """Return the running mean, corrected as Adam corrects its own."""
    mean, smoothed = 0.0, []
    for count, loss in enumerate(losses, start=1):
        mean = _SMOOTHING * mean + (1 - _SMOOTHING) * loss
        smoothed.append(mean / (1 - _SMOOTHING**count))
    return smoothed


def _longest_fall(values: Sequence[float]) -> list[int]:
    """Return the places of the longest falling subsequence."""
    length, before = [1] * len(values), [-1] * len(values)
    for i, value in enumerate(values):
        for j in range(i):
            if values[j] > value and length[j] + 1 > length[i]:
                length[i], before[i] = length[j] + 1, j
    place = length.index(max(length))
    fall = []
    while place >= 0:
        fall.append(place)
        place = before[place]
    return fall[::-1]
