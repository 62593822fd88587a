"""Two penalties on what a recurrent network says: size and change.

Activation regularization (AR) keeps the outputs small, its temporal form
(TAR) keeps them from jumping between two steps. Both are added to the loss
that is stepped on, not to the one that validation reports.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from torch import Tensor, nn

from sevenlessons.training.callbacks import Callback

from .awd_lstm import AWDLSTM

if TYPE_CHECKING:
    from torch.utils.hooks import RemovableHandle

    from sevenlessons.training.learner import Learner

__all__ = ["ActivationRegularization", "activation_penalty", "change_penalty"]


def activation_penalty(outputs: Tensor) -> Tensor:
    """Return the mean square of outputs: AR without its factor.

    Examples
    --------
    >>> import torch
    >>> activation_penalty(torch.tensor([[[1.0], [3.0]]]))
    tensor(5.)

    """
    return outputs.float().square().mean()


def change_penalty(outputs: Tensor) -> Tensor:
    """Return the mean square change from step to step: TAR, no factor.

    Parameters
    ----------
    outputs
        Shape ``(N, T, E)``; with a single step nothing can change.

    Examples
    --------
    >>> import torch
    >>> change_penalty(torch.tensor([[[1.0], [3.0], [4.0]]]))
    tensor(2.5000)

    """
    if outputs.shape[1] < 2:
        return outputs.new_zeros(())
    return outputs.float().diff(dim=1).square().mean()


class ActivationRegularization(Callback):
    """Add ``alpha`` times AR and ``beta`` times TAR to the loss.

    AR sees the outputs after their dropout, TAR those before it, where a
    mask does not hide a jump.

    Parameters
    ----------
    alpha, beta
        Factors, not negative; 0 leaves a penalty out.

    Raises
    ------
    ValueError
        At the beginning of a fit, if the model holds no `AWDLSTM`.

    Examples
    --------
    >>> ActivationRegularization(alpha=2, beta=1).alpha
    2

    """

    shapes_step = True

    def __init__(self, alpha: float = 2.0, beta: float = 1.0) -> None:
        if alpha < 0 or beta < 0:
            raise ValueError(
                f"alpha and beta must not be negative, got {alpha} and {beta}"
            )
        self.alpha, self.beta = alpha, beta
        self._dropped: Tensor | None = None
        self._raw: Tensor | None = None
        self._handles: list[RemovableHandle] = []

    def on_fit_begin(self, learner: Learner) -> None:
        encoder = next(
            (m for m in learner.model.modules() if isinstance(m, AWDLSTM)),
            None,
        )
        if encoder is None:
            raise ValueError(
                "expected a model with an AWDLSTM inside, got "
                f"{type(learner.model).__name__}"
            )
        last = encoder.layers[-1]
        self._handles = [
            encoder.register_forward_hook(self._see_dropped),
            last.register_forward_hook(self._see_raw),
        ]

    def on_loss(self, learner: Learner) -> None:
        if self._dropped is not None and self.alpha:
            learner.loss = learner.loss + self.alpha * activation_penalty(
                self._dropped
            )
        if self._raw is not None and self.beta:
            learner.loss = learner.loss + self.beta * change_penalty(self._raw)
        self._dropped = self._raw = None

    def on_fit_end(self, learner: Learner) -> None:
        for handle in self._handles:
            handle.remove()
        self._handles = []
        self._dropped = self._raw = None

    def _see_dropped(self, module: nn.Module, given: Any, out: Tensor) -> None:
        if module.training:
            self._dropped = out

    def _see_raw(self, module: nn.Module, given: Any, out: Any) -> None:
        if module.training:
            self._raw = out[0]
