"""What critic and generator of a Wasserstein GAN minimize.

The critic scores samples. If its slope is nowhere above 1, then the mean
score of the real samples less that of the made ones is never more than the
Wasserstein distance of the two heaps, and the best critic reaches it. Three
ways keep the slope small: cut the weights (`clip_weights`), ask for slope 1
between the heaps (`gradient_penalty`), or divide each layer by its largest
stretch (`limit_slope`).
"""

from __future__ import annotations

import torch
from torch import Tensor, nn
from torch.nn.utils.parametrizations import spectral_norm

__all__ = [
    "clip_weights",
    "critic_loss",
    "generator_loss",
    "gradient_penalty",
    "limit_slope",
]


def critic_loss(real_scores: Tensor, made_scores: Tensor) -> Tensor:
    """Return mean score of the made less that of the real samples.

    Minus this is the critic's estimate of the distance.

    Examples
    --------
    >>> critic_loss(torch.tensor([3.0, 5.0]), torch.tensor([1.0]))
    tensor(-3.)

    """
    return made_scores.mean() - real_scores.mean()


def generator_loss(made_scores: Tensor) -> Tensor:
    """Return minus the mean score of the made samples.

    Examples
    --------
    >>> generator_loss(torch.tensor([1.0, 2.0]))
    tensor(-1.5000)

    """
    return -made_scores.mean()


def clip_weights(critic: nn.Module, limit: float) -> None:
    """Cut all parameters of `critic` to ``[-limit, limit]``, in place.

    Examples
    --------
    >>> critic = nn.Linear(1, 1)
    >>> clip_weights(critic, 0.01)
    >>> bool(critic.weight.abs() <= 0.01)
    True

    """
    if not limit > 0:
        raise ValueError(f"limit must be above 0, got {limit}")
    with torch.no_grad():
        for parameter in critic.parameters():
            parameter.clamp_(-limit, limit)


def gradient_penalty(
    critic: nn.Module,
    real: Tensor,
    made: Tensor,
    *,
    one_sided: bool = False,
    generator: torch.Generator | None = None,
) -> Tensor:
    """Return how far the critic's slope between the heaps is from 1.

    Each real sample is joined to a made one by a straight line, and a point
    is drawn on it. The penalty is the mean of ``(slope - 1) ** 2`` there.

    Parameters
    ----------
    critic
        Scores samples one by one: no batch norm.
    real, made
        As many of both, of the same shape.
    one_sided
        Whether a slope below 1 is free. Otherwise a critic that starts with
        the wrong sign has to climb a wall: on the way it is flat.
    generator
        Where the points come from; torch's own if None.

    Notes
    -----
    Gulrajani et al. (2017), arXiv:1704.00028.

    Examples
    --------
    A line of slope 3 is 2 too steep everywhere:

    >>> critic = nn.Linear(1, 1)
    >>> _ = nn.init.constant_(critic.weight, 3.0)
    >>> penalty = gradient_penalty(critic, torch.ones(4, 1), torch.zeros(4, 1))
    >>> penalty.item()
    4.0

    """
    if real.shape != made.shape:
        raise ValueError(
            "expected as many real as made samples of the same shape, got "
            f"{tuple(real.shape)} and {tuple(made.shape)}"
        )
    shares = torch.rand(
        (len(real),) + (1,) * (real.dim() - 1),
        generator=generator,
        dtype=real.dtype,
        device=real.device,
    )
    points = (shares * real + (1 - shares) * made).detach().requires_grad_()
    (gradient,) = torch.autograd.grad(
        critic(points).sum(), points, create_graph=True
    )
    above = gradient.flatten(1).norm(dim=1) - 1
    return (above.relu() if one_sided else above).square().mean()


def limit_slope(critic: nn.Module) -> nn.Module:
    """Give each linear and convolution layer a spectral norm; return it.

    The matrix of each layer then stretches by at most about 1. For a
    convolution the matrix is its weight laid flat, so the layer itself may
    stretch somewhat more: the estimate has another scale then.

    Examples
    --------
    >>> critic = limit_slope(nn.Sequential(nn.Linear(2, 2), nn.ReLU()))
    >>> hasattr(critic[0], "parametrizations")
    True

    """
    for layer in list(critic.modules()):
        if isinstance(layer, (nn.Linear, nn.Conv2d)):
            spectral_norm(layer)
    return critic
