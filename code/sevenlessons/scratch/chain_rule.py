r"""Gradients on paper: ReLU, mean squared error, cross-entropy.

Each function says what the chain rule gives for one step of a network. All
of them are plain tensors in, a plain tensor out; nothing is tracked. The
linear layer has its own module, `linear`; `layered` puts them together.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .class_numbers import class_numbers

__all__ = ["cross_entropy_backward", "mse_backward", "relu_backward"]


def relu_backward(grad: Tensor, x: Tensor) -> Tensor:
    """Return the gradient that a ReLU hands on: all where x is above 0.

    Parameters
    ----------
    grad
        Gradient of the loss by what the ReLU gave.
    x
        What went in, in the same shape. At 0 the slope is 0, as in torch.

    Raises
    ------
    ValueError
        If the shapes differ.

    Examples
    --------
    >>> relu_backward(torch.ones(3), torch.tensor([-1.0, 0.0, 2.0]))
    tensor([0., 0., 1.])

    """
    _same_shape(grad, x)
    return torch.where(x > 0, grad, 0)


def mse_backward(predicted: Tensor, target: Tensor) -> Tensor:
    r"""Return the gradient of the mean squared error by the predictions.

    :math:`2 (\hat y - y) / N`, where N counts all numbers.

    Parameters
    ----------
    predicted, target
        Of the same shape.

    Raises
    ------
    ValueError
        If the shapes differ or are empty.

    Examples
    --------
    >>> mse_backward(torch.tensor([1.0, 5.0]), torch.tensor([1.0, 3.0]))
    tensor([0., 2.])

    """
    _same_shape(predicted, target)
    return 2 * (predicted - target) / predicted.numel()


def cross_entropy_backward(scores: Tensor, target: Tensor) -> Tensor:
    r"""Return the gradient of the mean cross-entropy by the scores.

    :math:`(p - y) / N`, where :math:`p` is the softmax of the scores and
    :math:`y` is 1 for the right class and 0 for all others. Softmax and
    logarithm undo each other, so nothing is left to vanish. It is
    `cross_entropy.cross_entropy_gradient` for class numbers alone, with the
    softmax in view.

    Parameters
    ----------
    scores
        Shape ``(N, K)``, of any size: the largest is subtracted first.
    target
        Class numbers in ``[0, K)``, shape ``(N,)``.

    Raises
    ------
    TypeError
        If the class numbers are not whole.
    ValueError
        If shapes do not fit, there is no row, or a number is out of range.

    Examples
    --------
    >>> cross_entropy_backward(torch.zeros(1, 4), torch.tensor([2]))
    tensor([[ 0.2500,  0.2500, -0.7500,  0.2500]])

    """
    # refuses what would be a mask, or count from the end
    target = class_numbers(scores, target)
    shifted = (scores - scores.amax(dim=1, keepdim=True)).exp()  # (N, K)
    grad = shifted / shifted.sum(dim=1, keepdim=True)  # p
    grad[torch.arange(len(scores)), target] -= 1  # p - y
    return grad / len(scores)


def _same_shape(one: Tensor, two: Tensor) -> None:
    if one.shape != two.shape or not one.numel():
        raise ValueError(
            "expected two tensors of one shape, not empty, got "
            f"{tuple(one.shape)} and {tuple(two.shape)}"
        )
