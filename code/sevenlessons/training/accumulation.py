"""Gradient accumulation: the step of a large batch in little memory."""

from __future__ import annotations

from typing import Any

from .history import History
from .learner import Learner

__all__ = ["AccumulatingLearner"]


class AccumulatingLearner(Learner):
    """A `Learner` that makes one optimizer step for several batches.

    The gradients of `steps` batches add up, weighted by samples, to the
    gradient of one batch that holds them all, up to rounding. Batches that
    are left over at the end of an epoch make a step of their own.

    Batch normalisation still sees the small batches: its statistics are not
    those of the large one.

    Parameters
    ----------
    *args, **kwargs
        As for `Learner`.
    steps
        Batches for one optimizer step, at least 1.

    Notes
    -----
    ``on_backward_end`` runs once a step, with the whole gradient; the other
    hooks once a batch. A schedule's `num_steps` counts batches.

    Examples
    --------
    >>> import torch
    >>> model = torch.nn.Linear(1, 1)
    >>> batches = [(torch.ones(4, 1), torch.ones(4, 1))] * 5
    >>> learner = AccumulatingLearner(
    ...     model,
    ...     batches,
    ...     None,
    ...     torch.nn.functional.mse_loss,
    ...     torch.optim.SGD(model.parameters(), lr=0.1),
    ...     steps=2,
    ... )
    >>> len(learner.fit(epochs=1).steps)  # batches; the steps were 3
    5

    """

    def __init__(self, *args: Any, steps: int, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        if isinstance(steps, bool) or not isinstance(steps, int):
            raise TypeError(f"steps must be a whole number, got {steps!r}")
        if steps < 1:
            raise ValueError(f"steps must be at least 1, got {steps}")
        self.steps = steps
        self._batches = self._samples = 0  # whose gradients are in .grad

    def fit(self, epochs: int) -> History:
        """Train for `epochs` passes over the data; return the history."""
        self._batches = self._samples = 0  # an interrupted fit left some
        return super().fit(epochs)

    def training_step(self) -> None:
        """Run forward, loss, backward; after `steps` batches the step."""
        *inputs, target = self.batch
        self.loss = self.loss_fn(self.forward(*inputs), target)
        self.notify("on_loss")
        if self._batches == 0:
            self.optimizer.zero_grad()
        samples = len(target)
        (self.loss * samples).backward()  # the sum, no longer the mean
        self._batches += 1
        self._samples += samples
        if self._batches == self.steps:
            self._step()

    def finish_steps(self) -> None:
        """Make the step for the batches left over."""
        if self._batches > 0:
            self._step()

    def _step(self) -> None:
        for group in self.optimizer.param_groups:
            for parameter in group["params"]:
                if parameter.grad is not None:
                    parameter.grad /= self._samples
        self.notify("on_backward_end")
        self.optimizer.step()
        self._batches = self._samples = 0
