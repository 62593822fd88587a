"""What a forward pass keeps for the way back, in bytes.

Most of the memory of a training is neither weights nor pictures: it is what
each layer has to remember until its gradient is asked for. Autograd tells of
every tensor that it keeps; we add up their bytes.
"""

from __future__ import annotations

from typing import Any

import torch
from torch import Tensor, nn

__all__ = ["saved_bytes"]


def saved_bytes(model: nn.Module, *inputs: Tensor) -> int:
    """Return how many bytes a forward pass keeps for the backward pass.

    Parameters
    ----------
    model
        Called once with `inputs`, in the mode in which it is. A batch norm
        in training mode remembers the batch.
    inputs
        At least one tensor.

    Returns
    -------
    int
        Memory that is shared counts once. What is there anyway does not
        count: parameters, buffers and the inputs.

    Raises
    ------
    ValueError
        If there is no input, or gradients are switched off.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(3, 5), nn.ReLU(), nn.Linear(5, 2))
    >>> saved_bytes(model, torch.zeros(4, 3))  # what ReLU gave: 4 * 5 floats
    80

    """
    if not inputs:
        raise ValueError(
            "expected what the model is called with, got no input; pass a "
            "batch, such as torch.zeros(32, 1, 28, 28)"
        )
    if not torch.is_grad_enabled():
        raise ValueError(
            "expected gradients to be on, got them switched off; nothing is "
            "kept then. Leave torch.no_grad() or inference_mode() first"
        )
    there = {_memory(t) for t in (*model.parameters(), *model.buffers())}
    there |= {_memory(tensor) for tensor in inputs}
    kept: dict[int, Tensor] = {}  # holds them, so no memory is used twice

    def keep(tensor: Tensor) -> Tensor:
        if _memory(tensor) not in there:
            kept[_memory(tensor)] = tensor
        return tensor

    def give(tensor: Any) -> Any:
        return tensor

    with torch.autograd.graph.saved_tensors_hooks(keep, give):
        answer = model(*inputs)
    total = sum(t.untyped_storage().nbytes() for t in kept.values())
    del answer
    return total


def _memory(tensor: Tensor) -> int:
    """Return where its numbers begin."""
    return tensor.untyped_storage().data_ptr()
