"""Callbacks: code that runs at named moments of the training loop.

`Callback` lists every moment as a method that does nothing. A callback
overrides the ones it needs. `Learner` calls them in the order of its
`callbacks` list. Read `learner` first.
"""

from __future__ import annotations

import copy
from typing import TYPE_CHECKING, Any

from torch import nn

from .monitor import Monitor

if TYPE_CHECKING:
    from .learner import Learner

__all__ = ["Callback", "EarlyStopping", "GradientClipping"]


class Callback:
    """Base class: every hook, in the order in which `Learner.fit` calls it.

    Attributes
    ----------
    shapes_step
        Set it to True in a callback that belongs to the training step itself
        (clipping, mixup, frozen batch norm): `lr_find` then runs it too.

    Examples
    --------
    >>> class CountBatches(Callback):
    ...     def on_fit_begin(self, learner):
    ...         self.count = 0
    ...
    ...     def on_batch_end(self, learner):
    ...         self.count += 1

    """

    shapes_step: bool = False

    def on_fit_begin(self, learner: Learner) -> None:
        """Run once, before the first epoch."""

    def on_epoch_begin(self, learner: Learner) -> None:
        """Run before the training batches, with the model in train mode."""

    def on_batch_begin(self, learner: Learner) -> None:
        """Run before the forward pass; may replace `learner.batch`."""

    def on_loss(self, learner: Learner) -> None:
        """Run after the loss, before backward; may replace `learner.loss`."""

    def on_backward_end(self, learner: Learner) -> None:
        """Run after backward, before the step; may change gradients."""

    def on_batch_end(self, learner: Learner) -> None:
        """Run after the optimizer step; may call `learner.stop()`."""

    def on_epoch_end(self, learner: Learner) -> None:
        """Run after validation; `learner.history.epochs[-1]` is filled."""

    def on_fit_end(self, learner: Learner) -> None:
        """Run once, last, even when training raised: undo `on_fit_begin`."""

    # Only callbacks that remember something from epoch to epoch need these.

    def state_dict(self) -> dict[str, Any]:
        """Return what a checkpoint must keep: plain values and tensors."""
        return {}

    def load_state_dict(self, state: dict[str, Any]) -> None:
        """Take back what `state_dict` returned."""


class GradientClipping(Callback):
    """Rescale the gradients so that their global norm is at most `max_norm`.

    Parameters
    ----------
    max_norm
        Largest 2-norm over all parameters together, positive.

    Examples
    --------
    >>> GradientClipping(max_norm=0.5).max_norm
    0.5

    """

    shapes_step = True

    def __init__(self, max_norm: float = 1.0) -> None:
        if not max_norm > 0:
            raise ValueError(f"max_norm must be positive, got {max_norm}")
        self.max_norm = max_norm

    def on_backward_end(self, learner: Learner) -> None:
        nn.utils.clip_grad_norm_(learner.model.parameters(), self.max_norm)


class EarlyStopping(Callback):
    """Stop when `monitor` no longer improves; keep the best weights.

    Parameters
    ----------
    monitor
        A column of ``history.epochs``.
    patience
        Epochs without improvement that are waited for, at least 1.
    min_delta
        Smallest change for the better that counts, at least 0.
    lower_is_better
        Must be said for everything but a loss: nothing is guessed from a
        name.
    restore_best
        Load the weights of the best epoch at the end of the fit.

    Examples
    --------
    >>> stopping = EarlyStopping(
    ...     "valid_accuracy", patience=5, lower_is_better=False
    ... )

    """

    def __init__(
        self,
        monitor: str = "valid_loss",
        patience: int = 3,
        min_delta: float = 0.0,
        *,
        lower_is_better: bool | None = None,
        restore_best: bool = True,
    ) -> None:
        if patience < 1:
            raise ValueError(f"patience must be at least 1, got {patience}")
        self.monitor = Monitor(monitor, lower_is_better, min_delta)
        self.patience = patience
        self.restore_best = restore_best
        self.wait = 0
        self.best_weights: dict[str, Any] | None = None

    @property
    def best(self) -> float:
        """Best value so far; infinite before the first epoch."""
        return self.monitor.best

    def on_fit_begin(self, learner: Learner) -> None:
        self.monitor.reset()
        self.wait = 0
        self.best_weights = None
        self._keep_weights(learner)

    def on_epoch_end(self, learner: Learner) -> None:
        if self.monitor.improved(learner.history.epochs[-1]):
            self.wait = 0
            self._keep_weights(learner)
        else:
            self.wait += 1
        if self.wait >= self.patience:
            learner.stop()

    def on_fit_end(self, learner: Learner) -> None:
        if self.best_weights is not None:
            learner.model.load_state_dict(self.best_weights)

    def state_dict(self) -> dict[str, Any]:
        return {
            "best": self.monitor.best,
            "wait": self.wait,
            "best_weights": self.best_weights,
        }

    def load_state_dict(self, state: dict[str, Any]) -> None:
        self.monitor.best, self.wait = state["best"], state["wait"]
        self.best_weights = state["best_weights"]

    def _keep_weights(self, learner: Learner) -> None:
        if self.restore_best:
            self.best_weights = copy.deepcopy(learner.model.state_dict())
