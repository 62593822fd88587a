r"""Layers that know both directions: a network without a graph.

Where layers stand in a row, no graph is needed. Each `forward` keeps what
its `backward` will ask for; `backward` takes the gradient of what came out,
notes those of its own weights in `gradients`, and returns that of what went
in. `LayeredNetwork` calls them in order, and back in reverse order.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Protocol

import torch
from torch import Tensor

from .chain_rule import cross_entropy_backward, relu_backward
from .class_numbers import class_numbers
from .linear import linear_backward, linear_forward

__all__ = ["LayeredNetwork", "LinearLayer", "ReLULayer", "TwoWayLayer"]


class TwoWayLayer(Protocol):
    """What a layer must have: both directions, weights and gradients.

    Examples
    --------
    >>> layer: TwoWayLayer = ReLULayer()
    >>> layer.forward(torch.tensor([-1.0, 1.0]))
    tensor([0., 1.])

    """

    parameters: list[Tensor]
    gradients: list[Tensor]

    def forward(self, x: Tensor) -> Tensor:
        """Return what comes out, and keep what `backward` needs."""

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient of what went in."""


class LinearLayer:
    """A linear layer: forward, and its three gradients.

    Parameters
    ----------
    weight
        Shape ``(out, in)``.
    bias
        Shape ``(out,)``.

    Examples
    --------
    >>> layer = LinearLayer(torch.tensor([[3.0, 4.0]]), torch.zeros(1))
    >>> layer.forward(torch.tensor([[1.0, 2.0]]))
    tensor([[11.]])
    >>> layer.backward(torch.ones(1, 1)), layer.gradients[0]
    (tensor([[3., 4.]]), tensor([[1., 2.]]))

    """

    def __init__(self, weight: Tensor, bias: Tensor) -> None:
        self.parameters = [weight, bias]
        self.gradients: list[Tensor] = []
        self._x: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x @ weight.T + bias``."""
        self._x = x
        return linear_forward(x, *self.parameters)

    def backward(self, grad: Tensor) -> Tensor:
        """Note the gradients of weight and bias; return that of x."""
        x = _kept(self._x, self)
        grad_x, *self.gradients = linear_backward(grad, x, self.parameters[0])
        return grad_x


class ReLULayer:
    """Zero for what is negative.

    Examples
    --------
    >>> layer = ReLULayer()
    >>> layer.forward(torch.tensor([-1.0, 2.0]))
    tensor([0., 2.])
    >>> layer.backward(torch.tensor([5.0, 5.0]))
    tensor([0., 5.])

    """

    def __init__(self) -> None:
        self.parameters: list[Tensor] = []
        self.gradients: list[Tensor] = []
        self._x: Tensor | None = None

    def forward(self, x: Tensor) -> Tensor:
        """Return the larger of x and 0."""
        self._x = x
        return x.clamp(min=0)

    def backward(self, grad: Tensor) -> Tensor:
        """Return the gradient where x was above 0, else 0."""
        return relu_backward(grad, _kept(self._x, self))


class LayeredNetwork:
    """Layers in a row with the cross-entropy at their end.

    Parameters
    ----------
    layers
        The first gets the examples, the last gives the scores.

    Raises
    ------
    ValueError
        If there is no layer.

    Examples
    --------
    >>> network = LayeredNetwork(
    ...     [LinearLayer(torch.zeros(2, 3), torch.zeros(2))]
    ... )
    >>> network.loss(torch.ones(4, 3), torch.tensor([0, 1, 0, 0]))
    tensor(0.6931)
    >>> network.backward()
    >>> network.gradients[1]
    tensor([-0.2500,  0.2500])

    """

    def __init__(self, layers: Sequence[TwoWayLayer]) -> None:
        if not layers:
            raise ValueError("a network needs at least one layer, got none")
        self.layers = list(layers)
        self._last: tuple[Tensor, Tensor] | None = None

    @property
    def parameters(self) -> list[Tensor]:
        """The weights of all layers, in order."""
        return [p for layer in self.layers for p in layer.parameters]

    @property
    def gradients(self) -> list[Tensor]:
        """Their gradients, in the same order."""
        return [g for layer in self.layers for g in layer.gradients]

    def forward(self, x: Tensor) -> Tensor:
        """Return the scores."""
        for layer in self.layers:
            x = layer.forward(x)
        return x

    def loss(self, x: Tensor, target: Tensor) -> Tensor:
        """Return the mean cross-entropy of scores and class numbers.

        Raises
        ------
        TypeError, ValueError
            If class numbers are not whole, or do not fit to the scores.

        """
        scores = self.forward(x)  # (N, K)
        target = class_numbers(scores, target)
        self._last = scores, target
        rows = torch.arange(len(target))
        return (scores.logsumexp(dim=1) - scores[rows, target]).mean()

    def backward(self) -> None:
        """Compute the gradients of the last `loss`, from back to front."""
        if self._last is None:
            raise RuntimeError(
                "expected a loss to go back from, got none; call loss() "
                "before backward()"
            )
        grad = cross_entropy_backward(*self._last)
        for layer in reversed(self.layers):
            grad = layer.backward(grad)
        self._last = None


def _kept(x: Tensor | None, layer: object) -> Tensor:
    if x is None:
        raise RuntimeError(
            f"{type(layer).__name__} has not seen an input yet; call "
            "forward() before backward()"
        )
    return x
