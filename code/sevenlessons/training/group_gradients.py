"""The gradient that reaches each layer group, without a step.

How long is it, and does it point the same way twice? `group_gradients`
measures on a batch and leaves the model as it was.
"""

from __future__ import annotations

from collections.abc import Callable

import torch
from torch import Tensor, nn

from .freezing import layer_groups

__all__ = ["group_gradients"]


def group_gradients(
    model: nn.Module,
    inputs: Tensor,
    target: Tensor,
    loss_fn: Callable[[Tensor, Tensor], Tensor] = nn.functional.cross_entropy,
) -> list[Tensor | None]:
    """Return one long gradient a layer group; None for a frozen group.

    Parameters
    ----------
    model
        Has `layer_groups`, early to late. Run in the mode that it is in;
        its weights, gradients and buffers are as before afterwards.
    inputs, target
        One batch.
    loss_fn
        Returns a scalar.

    Returns
    -------
    list
        For each group the gradients of all its learning parameters, joined
        into one vector.

    Examples
    --------
    >>> class Small(nn.Sequential):
    ...     def layer_groups(self):
    ...         return list(self)
    >>> model = Small(nn.Linear(2, 3), nn.Linear(3, 2))
    >>> _ = model[0].requires_grad_(False)
    >>> found = group_gradients(model, torch.eye(2), torch.tensor([0, 1]))
    >>> found[0] is None, found[1].shape
    (True, torch.Size([8]))

    """
    groups = layer_groups(model)  # type: ignore[arg-type]
    learning = [
        [p for p in group.parameters() if p.requires_grad] for group in groups
    ]
    wanted = [p for group in learning for p in group]
    if not wanted:
        raise ValueError(
            "no parameter of the model learns: all groups are frozen; "
            "unfreeze at least one"
        )
    buffers = [(b, b.clone()) for b in model.buffers()]
    loss = loss_fn(model(inputs), target)
    found = iter(torch.autograd.grad(loss, wanted))
    joined = [
        torch.cat([next(found).flatten() for _ in group]) if group else None
        for group in learning
    ]
    with torch.no_grad():
        for buffer, before in buffers:
            buffer.copy_(before)
    return joined
