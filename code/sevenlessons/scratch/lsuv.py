r"""LSUV: measure what comes out of each layer, and divide by it.

Formulas such as Kaiming's assume things about inputs and activations.
*Layer-sequential unit variance* asks the network instead (Mishkin and Matas,
2016). It starts each layer with directions at right angles to each other,
sends a batch through, and goes from the first layer to the last:

.. math::
    W \leftarrow W / \operatorname{std}(y),

until the layer's output :math:`y` has the standard deviation 1. Only then
comes the next layer, since its input has changed.
"""

from __future__ import annotations

from typing import cast

import torch
from torch import Generator, Tensor, nn

__all__ = ["layer_outputs", "lsuv_"]

_KINDS = (
    nn.Linear,
    nn.Conv1d,
    nn.Conv2d,
    nn.Conv3d,
    nn.ConvTranspose1d,
    nn.ConvTranspose2d,
    nn.ConvTranspose3d,
)


@torch.no_grad()
def layer_outputs(model: nn.Module, inputs: Tensor) -> dict[str, Tensor]:
    """Return what each linear layer and convolution puts out.

    Parameters
    ----------
    model
        Evaluated as it is, in its present mode.
    inputs
        A batch.

    Returns
    -------
    dict of str to Tensor
        Name to output, in the order in which the layers are called; of a
        layer that is called more than once the first output.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(4, 3), nn.ReLU(), nn.Linear(3, 2))
    >>> outputs = layer_outputs(model, torch.ones(5, 4))
    >>> {name: tuple(y.shape) for name, y in outputs.items()}
    {'0': (5, 3), '2': (5, 2)}

    """
    found: dict[str, Tensor] = {}
    hooks = [
        layer.register_forward_hook(
            lambda _, __, y, name=name: found.setdefault(name, y)
        )
        for name, layer in model.named_modules()
        if isinstance(layer, _KINDS)
    ]
    try:
        model(inputs)
    finally:
        for hook in hooks:
            hook.remove()
    return found


@torch.no_grad()
def lsuv_(
    model: nn.Module,
    inputs: Tensor,
    *,
    tolerance: float = 0.02,
    max_tries: int = 10,
    orthogonal: bool = True,
    generator: Generator | None = None,
) -> dict[str, float]:
    """Start a model so that each layer's output has the deviation 1.

    Linear layers and convolutions are changed in place: the weight is scaled,
    the bias set to zero. The model is measured in eval mode, so that dropout
    does not disturb and running statistics stay; then its mode is restored.

    Parameters
    ----------
    model
        Any module that is called with one batch.
    inputs
        A batch of real rows, as the model will see them.
    tolerance
        How far from 1 the deviation may stay.
    max_tries
        How often a layer is measured again, at least 1. One division is
        enough for a layer without bias; more help where a layer is shared.
    orthogonal
        Whether to begin with weights at right angles, as the paper does;
        False keeps the directions that the weights have.
    generator
        Where these are drawn from.

    Returns
    -------
    dict of str to float
        Name of each layer to the deviation reached, in order.

    Raises
    ------
    ValueError
        If the model has no such layer, or an output does not vary: its
        input is constant or the layers before it are dead.

    Examples
    --------
    >>> model = nn.Sequential(nn.Linear(9, 8), nn.ReLU(), nn.Linear(8, 2))
    >>> draw = torch.Generator().manual_seed(0)
    >>> reached = lsuv_(
    ...     model, torch.randn(50, 9, generator=draw), generator=draw
    ... )
    >>> {name: round(std, 2) for name, std in reached.items()}
    {'0': 1.0, '2': 1.0}

    """
    if max_tries < 1 or not tolerance > 0:
        raise ValueError(
            "expected max_tries of at least 1 and a tolerance above 0, got "
            f"{max_tries} and {tolerance}"
        )
    modes = {module: module.training for module in model.modules()}
    model.eval()
    try:
        names = list(layer_outputs(model, inputs))
        if not names:
            raise ValueError(
                "the model calls no linear layer and no convolution, so "
                f"there is nothing to start: {type(model).__name__}"
            )
        for name in names:
            layer = cast(nn.Linear, model.get_submodule(name))
            if orthogonal:
                nn.init.orthogonal_(layer.weight, generator=generator)
            if layer.bias is not None:
                nn.init.zeros_(layer.bias)
        return {
            name: _scale(model, inputs, name, tolerance, max_tries)
            for name in names
        }
    finally:
        for module, training in modes.items():
            module.training = training


def _scale(
    model: nn.Module,
    inputs: Tensor,
    name: str,
    tolerance: float,
    max_tries: int,
) -> float:
    """Divide one layer's weight by the deviation until that is 1."""
    weight = cast(Tensor, model.get_submodule(name).weight)
    std = layer_outputs(model, inputs)[name].std().item()
    for _ in range(max_tries):
        if abs(std - 1) <= tolerance:
            break
        if not 0 < std < float("inf"):
            raise ValueError(
                f"the output of layer {name!r} has the standard deviation "
                f"{std:g}; expected one above 0: give a batch of several "
                "different rows, and weights that are finite and not zero"
            )
        weight /= std
        std = layer_outputs(model, inputs)[name].std().item()
    return std
