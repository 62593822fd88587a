"""Stop when the loss is no number any more, and say what to look at."""

from __future__ import annotations

import math
from typing import TYPE_CHECKING

import torch
from torch import Tensor

from .callbacks import Callback

if TYPE_CHECKING:
    from .learner import Learner

__all__ = ["StopOnNaN"]


class StopOnNaN(Callback):
    """Raise when the loss is NaN or infinite, before it reaches the weights.

    The message says whether the inputs, the target, the weights or the last
    gradient hold NaN or inf, and what to try.

    Parameters
    ----------
    every
        Look at the loss of every so many batches, at least 1. None: every
        batch on a CPU; on a GPU, which would have to wait each time, every
        50th and the mean over the epoch.

    Raises
    ------
    FloatingPointError
        During the fit, at the first loss seen that is not finite.

    Examples
    --------
    >>> model = torch.nn.Linear(1, 1)
    >>> bad = (torch.tensor([[1.0], [torch.nan]]), torch.ones(2, 1))
    >>> from sevenlessons.training.learner import Learner
    >>> learner = Learner(
    ...     model,
    ...     [bad],
    ...     None,
    ...     torch.nn.functional.mse_loss,
    ...     torch.optim.SGD(model.parameters(), lr=0.1),
    ...     callbacks=[StopOnNaN()],
    ... )
    >>> learner.fit(epochs=1)  # doctest: +ELLIPSIS
    Traceback (most recent call last):
    FloatingPointError: the loss is nan at epoch 0, batch 0 (lr 0.1)...

    """

    def __init__(self, every: int | None = None) -> None:
        if every is not None:
            if isinstance(every, bool) or not isinstance(every, int):
                raise TypeError(f"every must be a whole number, got {every!r}")
            if every < 1:
                raise ValueError(f"every must be at least 1, got {every}")
        self.every = every
        self._period = 1
        self._batch = 0

    def on_fit_begin(self, learner: Learner) -> None:
        self._period = self.every or (
            1 if learner.device.type == "cpu" else 50
        )

    def on_epoch_begin(self, learner: Learner) -> None:
        self._batch = -1

    def on_loss(self, learner: Learner) -> None:
        self._batch += 1
        if self._batch % self._period:
            return
        loss = learner.loss.item()
        if not math.isfinite(loss):
            self._fail(learner, loss, learner.epoch)

    def on_epoch_end(self, learner: Learner) -> None:
        loss = learner.history.epochs[-1]["train_loss"]
        if not math.isfinite(loss):
            self._fail(learner, loss, learner.epoch - 1)

    def _fail(self, learner: Learner, loss: float, epoch: int) -> None:
        rates = {group["lr"]: None for group in learner.optimizer.param_groups}
        lr = ", ".join(f"{float(rate):.3g}" for rate in rates)
        late = ""
        if self._period > 1:
            late = (
                f"; only every {self._period}th loss is looked at, so it may "
                "have begun earlier: StopOnNaN(every=1) finds the batch"
            )
        raise FloatingPointError(
            f"the loss is {loss} at epoch {epoch}, batch {self._batch} "
            f"(lr {lr}); {_cause(learner)}{late}"
        )


@torch.no_grad()
def _cause(learner: Learner) -> str:
    """Return where NaN or inf are found first, and the remedy."""
    *inputs, target = learner.batch
    named = [(f"input {i}", x) for i, x in enumerate(inputs)]
    for name, tensor in [*named, ("the target", target)]:
        if found := _count(tensor):
            return (
                f"{name} of the batch has {found}; look at the data: fill or "
                "drop missing values, and divide by no zero"
            )
    weights = list(learner.model.named_parameters())
    for name, weight in weights:
        if found := _count(weight):
            return (
                f"the weights {name} have {found}: an earlier step broke "
                f"them; {_gradients(weights)}; try a lower lr, clip gradients "
                "(GradientClipping), look for sqrt or log of 0 in the loss"
            )
    return (
        "inputs, target and weights are finite, so the forward pass or the "
        "loss overflowed: look for log or division by 0, exp of large "
        "numbers; scale inputs and targets, try a lower lr"
    )


def _gradients(weights: list[tuple[str, torch.nn.Parameter]]) -> str:
    for name, weight in weights:
        if weight.grad is not None and (found := _count(weight.grad)):
            return f"the last gradient of {name} has {found}"
    return "the last gradients are finite"


def _count(tensor: Tensor) -> str:
    """Return how many NaN and inf `tensor` has, in words; "" for none."""
    nans, infs = int(tensor.isnan().sum()), int(tensor.isinf().sum())
    if nans + infs == 0:
        return ""
    bad = ~tensor.isfinite()
    place = bad.nonzero()[0].tolist()
    return f"{nans} NaN and {infs} inf, the first at {place}"
