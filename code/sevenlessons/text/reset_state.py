"""Forget the state where one text ends and another begins.

A model that carries its state between batches also carries it from the end
of training into validation, and from one epoch into the next, unless someone
tells it not to. Its score then depends on what it happened to read before.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import nn

from sevenlessons.training.callbacks import Callback

if TYPE_CHECKING:
    from torch.utils.hooks import RemovableHandle

    from sevenlessons.training.learner import Learner

__all__ = ["ResetState"]


class ResetState(Callback):
    """Call ``model.reset()`` at each epoch and between training and judging.

    Raises
    ------
    TypeError
        At the beginning of a fit, if the model has no method ``reset``.

    Notes
    -----
    Training and evaluation differ in their mode, so the state is forgotten
    at the first batch that comes in another mode than the last one, and at
    the beginning of every epoch. `Learner.evaluate` on its own, after the
    fit, is not seen: there call ``model.reset()`` yourself.

    Examples
    --------
    >>> ResetState().shapes_step
    True

    """

    shapes_step = True

    def __init__(self) -> None:
        self._handle: RemovableHandle | None = None
        self._mode: bool | None = None

    def on_fit_begin(self, learner: Learner) -> None:
        if not callable(getattr(learner.model, "reset", None)):
            raise TypeError(
                "ResetState needs a model with a method reset(), got "
                f"{type(learner.model).__name__}; write one that forgets "
                "the state, or leave the callback out"
            )
        self._mode = None
        self._handle = learner.model.register_forward_pre_hook(self._see)

    def on_epoch_begin(self, learner: Learner) -> None:
        self._mode = None

    def on_fit_end(self, learner: Learner) -> None:
        if self._handle is not None:
            self._handle.remove()
            self._handle = None
        learner.model.reset()  # type: ignore[operator]

    def _see(self, model: nn.Module, inputs: Any) -> None:
        if model.training != self._mode:
            model.reset()  # type: ignore[operator]
            self._mode = model.training
