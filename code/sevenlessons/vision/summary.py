"""A model, layer by layer: shapes, parameters, multiplications.

Convolution and dense layers spend nearly all of a vision model's time on one
thing: multiply a weight by an input and add the product to a sum. Such
*multiply-adds* can be counted from the shapes alone.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from math import prod
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.training.hooks import hooked

from .modes import evaluating

__all__ = ["LayerSummary", "Summary", "summarize"]

_Convolution = nn.modules.conv._ConvNd  # of one, two and three axes
_Transposed = nn.modules.conv._ConvTransposeNd


@dataclass(frozen=True)
class LayerSummary:
    """One layer of a model.

    Attributes
    ----------
    name
        As in `torch.nn.Module.named_modules`; ``"(model)"`` for the model
        itself, if it holds parameters or is a single layer.
    kind
        Its class.
    shape
        What came out, the first time it ran; None if it did not run or gave
        no tensor.
    parameters, trainable
        How many numbers it holds itself, and how many of them a gradient
        may change. Parameters shared with an earlier layer count there.
    multiply_adds
        For all its runs and the whole batch. Of other layers than
        convolutions and linear ones it is 0.

    """

    name: str
    kind: str
    shape: tuple[int, ...] | None
    parameters: int
    trainable: int
    multiply_adds: int


@dataclass(frozen=True)
class Summary:
    """All layers of a model, and their sums.

    Attributes
    ----------
    layers
        In the order in which the model names them.

    """

    layers: tuple[LayerSummary, ...]

    @property
    def parameters(self) -> int:
        """How many numbers the model holds, each counted once."""
        return sum(layer.parameters for layer in self.layers)

    @property
    def trainable(self) -> int:
        """How many of them a gradient may change."""
        return sum(layer.trainable for layer in self.layers)

    @property
    def multiply_adds(self) -> int:
        """How many multiplications, each with an addition, the batch took."""
        return sum(layer.multiply_adds for layer in self.layers)


def summarize(model: nn.Module, *inputs: Tensor) -> Summary:
    """Run a model once and tell what each layer holds and does.

    Parameters
    ----------
    model
        Runs in eval mode, without gradients; afterwards it is as it was.
    inputs
        What it is called with, such as one picture ``(1, 3, H, W)``.

    Returns
    -------
    Summary
        One row for each layer that has no layers inside, or that holds
        parameters itself.

    Raises
    ------
    ValueError
        If there is no input, or a parameter has no shape yet after the run.

    Notes
    -----
    Convolutions are counted with their border: products with the zeros of
    padding are computed too. Biases, norms, activations and pooling are not
    counted, and neither are products outside of layers, as in attention.
    `torch.utils.flop_counter.FlopCounterMode` counts twice as much: a
    multiplication and an addition are two operations to it.

    Examples
    --------
    >>> model = nn.Sequential(nn.Conv2d(3, 8, 3), nn.ReLU())
    >>> told = summarize(model, torch.zeros(1, 3, 6, 6))
    >>> told.layers[0].shape, told.parameters  # 8 * (3 * 9 + 1)
    ((1, 8, 4, 4), 224)
    >>> told.multiply_adds  # 16 places, 8 kernels, 27 numbers each
    3456

    """
    if not inputs:
        raise ValueError(
            "expected what the model is called with, got no input; pass a "
            "picture, such as torch.zeros(1, 3, 224, 224)"
        )
    shapes: dict[nn.Module, tuple[int, ...]] = {}
    products: dict[nn.Module, int] = {}

    def seen(name: str, layer: nn.Module, answer: Any) -> None:
        if isinstance(answer, Tensor):
            shapes.setdefault(layer, tuple(answer.shape))
            count = products.get(layer, 0) + _multiply_adds(layer, answer)
            products[layer] = count

    listed = _listed(model)
    with hooked(listed, seen), evaluating(model), torch.no_grad():
        model(*inputs)
    counted: set[int] = set()
    return Summary(
        tuple(
            _row(name, m, shapes.get(m), products.get(m, 0), counted)
            for name, m in listed.items()
        )
    )


def _listed(model: nn.Module) -> dict[str, nn.Module]:
    """Return the layers that get a row, each once."""
    return {
        name or "(model)": module
        for name, module in model.named_modules()
        if not any(True for _ in module.children())
        or any(True for _ in module.parameters(recurse=False))
    }


def _row(
    name: str,
    layer: nn.Module,
    shape: tuple[int, ...] | None,
    products: int,
    counted: set[int],
) -> LayerSummary:
    own = [p for p in layer.parameters(recurse=False) if id(p) not in counted]
    counted.update(map(id, own))
    for parameter in own:
        if isinstance(parameter, nn.UninitializedParameter):
            raise ValueError(
                f"expected parameters with a shape, got one of {name} that "
                "has none, since it did not run; run the model on an input "
                "that reaches it first"
            )
    return LayerSummary(
        name,
        type(layer).__name__,
        shape,
        sum(p.numel() for p in own),
        sum(p.numel() for p in own if p.requires_grad),
        products,
    )


def _multiply_adds(layer: nn.Module, answer: Tensor) -> int:
    for kind, count in _COUNTS.items():
        if isinstance(layer, kind):
            return count(layer, answer)
    return 0


def _of_transposed(layer: Any, answer: Tensor) -> int:
    # every number that comes in is multiplied by all kernels of its group
    axes = len(layer.kernel_size)
    sizes = answer.shape[-axes:]
    given = [
        (n + 2 * p - d * (k - 1) - 1 - more) // s + 1
        for n, k, s, p, d, more in zip(
            sizes,
            layer.kernel_size,
            layer.stride,
            layer.padding,
            layer.dilation,
            layer.output_padding,
            strict=True,
        )
    ]
    batch = answer.numel() // (layer.out_channels * prod(sizes))
    return batch * layer.in_channels * prod(given) * _each(layer)


def _of_convolution(layer: Any, answer: Tensor) -> int:
    # every number that comes out is a sum over one kernel
    return answer.numel() * _each(layer)


def _of_linear(layer: Any, answer: Tensor) -> int:
    return answer.numel() * int(layer.in_features)


def _each(layer: Any) -> int:
    return prod(layer.weight.shape[1:])


# the first that fits counts: a transposed convolution is a convolution too
_COUNTS: dict[type, Callable[[Any, Tensor], int]] = {
    _Transposed: _of_transposed,
    _Convolution: _of_convolution,
    nn.Linear: _of_linear,
}
