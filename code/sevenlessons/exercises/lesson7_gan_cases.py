"""What the check of the generator's step plants, and the right step."""

import torch
from torch import Tensor, nn

from sevenlessons.generative.phases import only_learning
from sevenlessons.generative.restoration_gan import taken_for_real

__all__ = ["fooling_step", "same_gradient", "small_networks"]


def small_networks(seed: int) -> tuple[nn.Module, nn.Module]:
    """Return a generator, and a critic with buffers and a frozen bias.

    Examples
    --------
    >>> _, critic = small_networks(0)
    >>> [p.requires_grad for p in critic.parameters()].count(False)
    1

    """
    torch.manual_seed(seed)
    generator = nn.Sequential(nn.Linear(4, 6), nn.Tanh(), nn.Linear(6, 4))
    critic = nn.Sequential(
        nn.Linear(4, 5), nn.BatchNorm1d(5), nn.LeakyReLU(), nn.Linear(5, 1)
    )
    critic[1].running_mean = torch.randn(5) / 3
    critic[0].bias.requires_grad = False
    return generator, critic


def fooling_step(
    generator: nn.Module,
    critic: nn.Module,
    spoiled: Tensor,
    optimizer: torch.optim.Optimizer,
) -> float:
    """Take one step of the generator; return its loss.

    Examples
    --------
    >>> generator, critic = small_networks(0)
    >>> sgd = torch.optim.SGD(generator.parameters(), lr=0.1)
    >>> fooling_step(generator, critic, torch.ones(2, 4), sgd) > 0
    True

    """
    with only_learning(generator, critic):
        loss = taken_for_real(critic(generator(spoiled)))
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    return loss.item()


def same_gradient(one: Tensor | None, other: Tensor | None) -> bool:
    """Return whether both are missing or equal.

    Examples
    --------
    >>> same_gradient(None, torch.zeros(1)), same_gradient(None, None)
    (False, True)

    """
    if one is None or other is None:
        return one is other
    return torch.equal(one, other)
