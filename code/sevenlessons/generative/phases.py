"""While one network learns, the other one stands still, wholly.

Two networks in one chain: the loss of the one flows through the other. To
stand still means more than to have no optimizer step. No gradient must pile
up in the parameters, batch norms must not follow the data, and spectral
norms must not turn their vectors.
"""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager

from torch import nn

__all__ = ["only_learning"]


@contextmanager
def only_learning(active: nn.Module, resting: nn.Module) -> Iterator[None]:
    """Let `active` learn and keep every number in `resting` as it is.

    Inside, the parameters of `resting` take no gradient and its layers are
    in eval mode, so that their buffers keep still; gradients still flow
    *through* it. Afterwards all is as it was, also after an error.

    Parameters
    ----------
    active
        The network whose turn it is; put into training mode, except for the
        parts of it that were in eval mode while the whole was not.
    resting
        The other one. It may share no parameter with `active`.

    Examples
    --------
    >>> import torch
    >>> generator, critic = nn.Linear(2, 2), nn.Linear(2, 1)
    >>> with only_learning(generator, critic):
    ...     critic(generator(torch.ones(1, 2))).sum().backward()
    >>> generator.weight.grad is None, critic.weight.grad is None
    (False, True)
    >>> critic.weight.requires_grad, critic.training
    (True, True)

    """
    shared = {id(p) for p in active.parameters()} & {
        id(p) for p in resting.parameters()
    }
    if shared:
        raise ValueError(
            f"the two networks share {len(shared)} parameters, so that one "
            "cannot stand still while the other learns; give each its own"
        )
    wanted = [(p, p.requires_grad) for p in resting.parameters()]
    modes = [
        (module, module.training)
        for network in (active, resting)
        for module in network.modules()
    ]
    try:
        if not active.training:
            active.train()
        resting.eval().requires_grad_(requires_grad=False)
        yield
    finally:
        for parameter, wants in wanted:
            parameter.requires_grad_(wants)
        for module, training in modes:
            module.training = training
