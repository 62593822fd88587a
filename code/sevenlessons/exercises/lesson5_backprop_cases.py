"""What the backprop checks plant and measure: a flaw, and a bend."""

from collections.abc import Callable

import torch
from torch import Tensor, nn

__all__ = ["bend_without_tanh", "flawed_layers"]

_TwoWay = tuple[Callable[[Tensor], Tensor], Callable[[Tensor, Tensor], Tensor]]


def flawed_layers(
    wrong: int, kind: str, generator: torch.Generator
) -> list[_TwoWay]:
    """Return five layers, linear and tanh; one backward has a mistake.

    Parameters
    ----------
    wrong
        The place of the mistake, from 0.
    kind
        ``"sign"``: all signs turned; ``"one"``: that of the last column;
        ``"scale"``: twice as much.
    generator
        Draws the weights.

    Examples
    --------
    >>> layers = flawed_layers(1, "scale", torch.Generator())
    >>> forward, backward = layers[1]
    >>> x = torch.zeros(1, 4, dtype=torch.float64)
    >>> backward(torch.ones_like(x), x)  # of tanh; right would be ones
    tensor([[2., 2., 2., 2.]], dtype=torch.float64)

    """
    layers: list[_TwoWay] = []
    for place in range(5):
        bad = kind if place == wrong else ""
        if place % 2:
            layers.append((torch.tanh, _tanh_backward(bad)))
        else:
            weight = torch.randn(
                4, 4, generator=generator, dtype=torch.float64
            )
            layers.append(_linear_layer(weight / 2, bad))
    return layers


def bend_without_tanh(network: nn.Module, x: Tensor) -> float:
    """Return how far from a straight line it is once tanh does nothing.

    Parameters
    ----------
    network
        From ``(N, 1)`` to ``(N, 1)``; it is left as it is.
    x
        Where to look, shape ``(N, 1)``.

    Returns
    -------
    float
        The largest distance from the best straight line, as a share of the
        largest number that comes out, if that is above 1. A network of
        nothing but linear layers and `torch.nn.Tanh` has next to none.

    Examples
    --------
    >>> x = torch.linspace(-1, 1, 9)[:, None]
    >>> bend_without_tanh(nn.Sequential(nn.Linear(1, 1), nn.Tanh()), x) < 1e-5
    True
    >>> bend_without_tanh(nn.Sequential(nn.Tanh(), nn.ReLU()), x) > 0.1
    True

    """
    hooks = [
        module.register_forward_hook(lambda module, given, gave: given[0])
        for module in network.modules()
        if isinstance(module, nn.Tanh)
    ]
    try:
        with torch.no_grad():
            y = network(x).double()
    finally:
        for hook in hooks:
            hook.remove()
    line = torch.cat([x, torch.ones_like(x)], dim=1).double()
    off = y - line @ torch.linalg.lstsq(line, y).solution
    return float(off.abs().max() / y.abs().max().clamp(min=1))


def _spoiled(right: Tensor, bad: str) -> Tensor:
    if bad == "scale":
        return 2 * right
    if bad == "one":
        right = right.clone()
        right[..., -1] *= -1
        return right
    return -right if bad == "sign" else right


def _tanh_backward(bad: str) -> Callable[[Tensor, Tensor], Tensor]:
    def backward(grad: Tensor, x: Tensor) -> Tensor:
        return _spoiled(grad * (1 - x.tanh() ** 2), bad)

    return backward


def _linear_layer(weight: Tensor, bad: str) -> _TwoWay:
    def forward(x: Tensor) -> Tensor:
        return x @ weight.T

    def backward(grad: Tensor, x: Tensor) -> Tensor:
        return _spoiled(grad @ weight, bad)

    return forward, backward
