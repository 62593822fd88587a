"""Wasserstein GAN: a training step that updates two networks.

First the critic, on real and made samples, then the generator as any other
model. `wasserstein_losses` has the formulas and the three ways to keep the
critic's slope small.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.training.callbacks import Callback
from sevenlessons.training.learner import Batch, Learner

from .wasserstein_losses import (
    clip_weights,
    critic_loss,
    generator_loss,
    gradient_penalty,
)

__all__ = ["WGANLearner"]


class WGANLearner(Learner):
    """Train a generator against a critic on real samples.

    Parameters
    ----------
    generator, critic
        ``generator(noise)`` makes samples; ``critic(samples)`` scores them.
    train_loader
        Iterable of pairs ``(noise, real)``, as many of both.
    generator_optimizer, critic_optimizer
        One for the parameters of each network.
    clip
        Cut the critic's weights to ``[-clip, clip]`` after each update.
    penalty
        Weight of `gradient_penalty` in the critic's loss, 0 for none.
    critic_steps
        Updates of the critic for each update of the generator: the generator
        moves on every batch whose number is a multiple of it.
    callbacks, device
        As in `Learner`; ``learner.loss`` is the generator's last one.

    Attributes
    ----------
    estimates
        Mean real score less mean made score, one a batch.

    Notes
    -----
    Arjovsky et al. (2017), arXiv:1701.07875. Noise is drawn anew for the
    generator's own update only if the loader gives new noise a batch.

    """

    def __init__(
        self,
        generator: nn.Module,
        critic: nn.Module,
        train_loader: Iterable[Batch],
        generator_optimizer: torch.optim.Optimizer,
        critic_optimizer: torch.optim.Optimizer,
        *,
        clip: float | None = None,
        penalty: float = 0.0,
        critic_steps: int = 1,
        callbacks: Sequence[Callback] = (),
        device: torch.device | str = "cpu",
    ) -> None:
        if clip is not None and not clip > 0:
            raise ValueError(f"clip must be above 0 or None, got {clip}")
        if not penalty >= 0:
            raise ValueError(f"penalty must not be below 0, got {penalty}")
        if critic_steps < 1:
            raise ValueError(
                f"critic_steps must be at least 1, got {critic_steps}"
            )
        super().__init__(
            generator,
            train_loader,
            None,
            self._loss,
            generator_optimizer,
            callbacks=callbacks,
            device=device,
        )
        self.critic = critic.to(device)
        self.critic_optimizer = critic_optimizer
        self.clip, self.penalty = clip, penalty
        self.critic_steps = critic_steps
        self.estimates: list[Tensor] = []
        self.loss = torch.zeros((), device=self.device)

    def _loss(self, made: Tensor, real: Tensor) -> Tensor:
        return generator_loss(self.critic(made))

    def training_step(self) -> None:
        """Update the critic, then the generator as any other model."""
        self._update_critic()
        if len(self.estimates) % self.critic_steps == 0:
            learning = [p for p in self.critic.parameters() if p.requires_grad]
            try:
                for parameter in learning:  # their gradients are not needed
                    parameter.requires_grad_(False)
                super().training_step()
            finally:
                for parameter in learning:
                    parameter.requires_grad_(True)

    def _update_critic(self) -> None:
        noise, real = self.batch
        with torch.no_grad():
            made = self.model(noise)
        loss = critic_loss(self.critic(real), self.critic(made))
        self.estimates.append(-loss.detach())
        if self.penalty:
            loss = loss + self.penalty * gradient_penalty(
                self.critic, real, made
            )
        self.critic_optimizer.zero_grad()
        loss.backward()
        self.critic_optimizer.step()
        if self.clip is not None:
            clip_weights(self.critic, self.clip)

    def state_dict(self) -> dict[str, Any]:
        """Return what steps change, the critic's part too."""
        return super().state_dict() | {
            "critic": self.critic.state_dict(),
            "critic_optimizer": self.critic_optimizer.state_dict(),
        }

    def load_state_dict(self, state: Mapping[str, Any]) -> None:
        """Take back what `state_dict` returned."""
        super().load_state_dict(state)
        self.critic.load_state_dict(state["critic"])
        self.critic_optimizer.load_state_dict(state["critic_optimizer"])
