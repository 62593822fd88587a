r"""A linear layer, and its three gradients by the chain rule.

Forward, :math:`y = x W^\top + b`, with one example a row. Backward, from
:math:`G`, the gradient of the loss by :math:`y`:

.. math::
    \frac{\partial L}{\partial x} = G W, \quad
    \frac{\partial L}{\partial W} = G^\top x, \quad
    \frac{\partial L}{\partial b} = \sum_n G_n .

`linear_forward` and `linear_backward` are plain functions; `Linear` is a
module that torch differentiates, laid out as `torch.nn.Linear`.
"""

from __future__ import annotations

import math

import torch
from torch import Tensor, nn

__all__ = ["Linear", "linear_backward", "linear_forward"]


def linear_forward(
    x: Tensor, weight: Tensor, bias: Tensor | None = None
) -> Tensor:
    """Return ``x @ weight.T + bias``.

    Parameters
    ----------
    x
        Shape ``(..., in)``.
    weight
        Shape ``(out, in)``: a row for each number that comes out.
    bias
        Shape ``(out,)``, or None.

    Returns
    -------
    Tensor
        Shape ``(..., out)``. Equal to `torch.nn.functional.linear`.

    Raises
    ------
    ValueError
        If shapes do not fit.

    Examples
    --------
    >>> x = torch.tensor([[1.0, 2.0]])
    >>> linear_forward(x, torch.tensor([[3.0, 4.0]]), torch.tensor([0.5]))
    tensor([[11.5000]])

    """
    _check(x, weight, bias)
    product = x @ weight.T  # (..., out)
    return product if bias is None else product + bias


def linear_backward(
    grad: Tensor, x: Tensor, weight: Tensor
) -> tuple[Tensor, Tensor, Tensor]:
    """Return the gradients of a linear layer's input, weight and bias.

    Parameters
    ----------
    grad
        Gradient of the loss by what the layer gave, shape ``(..., out)``.
    x, weight
        What `linear_forward` was called with.

    Returns
    -------
    tuple of Tensor
        In the shapes ``(..., in)``, ``(out, in)`` and ``(out,)``.

    Raises
    ------
    ValueError
        If shapes do not fit.

    Examples
    --------
    >>> x, weight = torch.tensor([[1.0, 2.0]]), torch.tensor([[3.0, 4.0]])
    >>> linear_backward(torch.ones(1, 1), x, weight)
    (tensor([[3., 4.]]), tensor([[1., 2.]]), tensor([1.]))

    """
    _check(x, weight, None)
    if grad.shape != (*x.shape[:-1], len(weight)):
        raise ValueError(
            "expected a gradient in the shape of what the layer gave, "
            f"{(*x.shape[:-1], len(weight))}, got {tuple(grad.shape)}"
        )
    rows = grad.reshape(-1, grad.shape[-1])  # (N, out)
    inputs = x.reshape(-1, x.shape[-1])  # (N, in)
    return grad @ weight, rows.T @ inputs, rows.sum(dim=0)


class Linear(nn.Module):
    """A linear layer with torch's layout and torch's start.

    As in torch, the start is drawn from torch's global generator, which
    `torch.manual_seed` seeds.

    Parameters
    ----------
    in_features, out_features
        Numbers of each example that go in and come out.
    bias
        Whether a number is added to each that comes out.

    Attributes
    ----------
    weight : Parameter
        Shape ``(out_features, in_features)``, drawn evenly between plus and
        minus one over the root of `in_features`.
    bias : Parameter or None
        Shape ``(out_features,)``, drawn from the same range.

    Raises
    ------
    ValueError
        If a number of features is below 1.

    Examples
    --------
    >>> layer = Linear(3, 2)
    >>> layer(torch.zeros(5, 3)).shape
    torch.Size([5, 2])

    """

    def __init__(
        self, in_features: int, out_features: int, bias: bool = True
    ) -> None:
        super().__init__()
        if in_features < 1 or out_features < 1:
            raise ValueError(
                "in_features and out_features must be 1 or more, got "
                f"{in_features} and {out_features}"
            )
        bound = 1 / math.sqrt(in_features)

        def drawn(*shape: int) -> nn.Parameter:
            return nn.Parameter(torch.empty(shape).uniform_(-bound, bound))

        self.weight = drawn(out_features, in_features)
        self.bias = drawn(out_features) if bias else None

    def forward(self, x: Tensor) -> Tensor:
        """Return ``x @ weight.T + bias``."""
        return linear_forward(x, self.weight, self.bias)


def _check(x: Tensor, weight: Tensor, bias: Tensor | None) -> None:
    if weight.ndim != 2 or x.ndim < 1 or x.shape[-1] != weight.shape[1]:
        raise ValueError(
            "expected x of shape (..., in) and weight of shape (out, in), got "
            f"{tuple(x.shape)} and {tuple(weight.shape)}; the last axis of x "
            "must be as long as a row of weight"
        )
    if bias is not None and bias.shape != weight.shape[:1]:
        raise ValueError(
            f"expected a bias of shape {tuple(weight.shape[:1])}, one number "
            f"a row of weight, got {tuple(bias.shape)}"
        )
