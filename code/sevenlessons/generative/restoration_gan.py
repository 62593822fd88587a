"""A restoration GAN: a generator that repairs, a critic that looks for it.

One training step belongs to one network. The critic's loss: be right about
the real and about the repaired pictures. The generator's loss: the repaired
picture must be taken for real, and must stay near the truth.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn
from torch.nn.functional import binary_cross_entropy_with_logits, l1_loss

from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Batch, Learner

from .phases import only_learning
from .switch import AdaptiveSwitch

__all__ = ["RestorationGANLearner", "critic_loss", "taken_for_real"]


def taken_for_real(scores: Tensor) -> Tensor:
    """Return the cross-entropy of scores that should all say "real".

    Examples
    --------
    >>> round(taken_for_real(torch.zeros(2, 1, 3, 3)).item(), 3)
    0.693

    """
    return binary_cross_entropy_with_logits(scores, torch.ones_like(scores))


def critic_loss(real: Tensor, made: Tensor) -> Tensor:
    """Return the mean cross-entropy over scores of both kinds.

    Parameters
    ----------
    real, made
        The critic's scores of real pictures and of made ones.

    Examples
    --------
    >>> right = critic_loss(torch.tensor([9.0]), torch.tensor([-9.0]))
    >>> right.item() < 0.001
    True

    """
    return (taken_for_real(real) + taken_for_real(-made)) / 2


class RestorationGANLearner(Learner):
    """Train a generator on pairs, with a critic as the second teacher.

    Parameters
    ----------
    generator
        ``generator(spoiled)`` repairs pictures.
    critic
        ``critic(pictures)`` scores them: high is real, low is made.
    train_loader, valid_loader
        Iterables of pairs ``(spoiled, clean)``.
    generator_optimizer, critic_optimizer
        One for the parameters of each network.
    switch
        Whose turn it is; each batch is one step of one network.
    pixel_weight
        Weight of the pixel loss; the critic's word has weight 1.
    pixel_loss
        Distance of the repaired picture to the clean one.
    callbacks, device
        As in `Learner`.

    Attributes
    ----------
    turns
        For each step its ``phase``, ``loss`` and, for the generator, its two
        parts ``fooling`` and ``pixels``.

    Notes
    -----
    Goodfellow et al. (2014), arXiv:1406.2661, with the loss for the
    generator that the authors recommend, and a pixel loss beside it as in
    Isola et al. (2017), arXiv:1611.07004. The train loss in `history` mixes
    the losses of two networks; read `turns` instead.

    """

    def __init__(
        self,
        generator: nn.Module,
        critic: nn.Module,
        train_loader: Iterable[Batch],
        valid_loader: Iterable[Batch] | None,
        generator_optimizer: torch.optim.Optimizer,
        critic_optimizer: torch.optim.Optimizer,
        *,
        switch: AdaptiveSwitch | None = None,
        pixel_weight: float = 50.0,
        pixel_loss: Callable[[Tensor, Tensor], Tensor] = l1_loss,
        callbacks: Sequence[Callback] = (),
        device: torch.device | str = "cpu",
    ) -> None:
        if pixel_weight < 0:
            raise ValueError(
                f"pixel_weight must be at least 0, got {pixel_weight}"
            )
        _check_apart(generator, generator_optimizer, critic, "generator")
        _check_apart(critic, critic_optimizer, generator, "critic")
        super().__init__(
            generator,
            train_loader,
            valid_loader,
            pixel_loss,
            generator_optimizer,
            callbacks=callbacks,
            device=device,
        )
        self.critic = critic.to(device)
        self.critic_optimizer = critic_optimizer
        self.switch = AdaptiveSwitch() if switch is None else switch
        self.pixel_weight = pixel_weight
        self.turns: list[dict[str, Any]] = []

    def training_step(self) -> None:
        """Let the network whose turn it is take one step."""
        phase = self.switch.phase
        if phase == "critic":
            with only_learning(self.critic, self.model):
                parts = self._step(self.critic_optimizer, *self._criticize())
        else:
            with only_learning(self.model, self.critic):
                parts = self._step(self.optimizer, *self._repair())
        self.turns.append({"phase": phase, "loss": self.loss.item(), **parts})
        self.switch.step(self.loss.item())

    def _criticize(self) -> tuple[Tensor, dict[str, float]]:
        spoiled, clean = self.batch
        with torch.no_grad():
            made = self.forward(spoiled)
        return critic_loss(self.critic(clean), self.critic(made)), {}

    def _repair(self) -> tuple[Tensor, dict[str, float]]:
        spoiled, clean = self.batch
        made = self.forward(spoiled)
        fooling = taken_for_real(self.critic(made))
        pixels = self.loss_fn(made, clean)
        return fooling + self.pixel_weight * pixels, {
            "fooling": fooling.item(),
            "pixels": pixels.item(),
        }

    def _step(
        self,
        optimizer: torch.optim.Optimizer,
        loss: Tensor,
        parts: dict[str, float],
    ) -> dict[str, float]:
        self.loss = loss
        self.notify("on_loss")
        optimizer.zero_grad()
        loss.backward()
        self.notify("on_backward_end")
        optimizer.step()
        return parts

    def state_dict(self) -> dict[str, Any]:
        """Return what steps change: two networks, two optimizers, a turn."""
        return super().state_dict() | {
            "critic": self.critic.state_dict(),
            "critic_optimizer": self.critic_optimizer.state_dict(),
            "switch": self.switch.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` returned."""
        super().load_state_dict(state)
        self.critic.load_state_dict(state["critic"])
        self.critic_optimizer.load_state_dict(state["critic_optimizer"])
        self.switch.load_state_dict(state["switch"])


def _check_apart(
    network: nn.Module,
    optimizer: torch.optim.Optimizer,
    other: nn.Module,
    name: str,
) -> None:
    """Refuse an optimizer that holds parameters of the other network."""
    held = {id(p) for g in optimizer.param_groups for p in g["params"]}
    if held & {id(p) for p in other.parameters()}:
        raise ValueError(
            f"the {name}'s optimizer holds parameters of the other network "
            f"too; build it on {name}.parameters() alone"
        )
    if held.isdisjoint(id(p) for p in network.parameters()):
        raise ValueError(
            f"the {name}'s optimizer holds none of its parameters; build it "
            f"on {name}.parameters()"
        )
