r"""Two losses for the engine of `autograd`: for numbers and for classes.

Both are written with the engine's own operations, so it differentiates them
without being told how.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .autograd import Node

__all__ = ["mean_squared_error", "softmax_cross_entropy"]


def mean_squared_error(predicted: Node, target: Tensor) -> Node:
    r"""Return :math:`\frac{1}{N} \sum_i (\hat y_i - y_i)^2`.

    Parameters
    ----------
    predicted
        What the network says, any shape.
    target
        What is right, in the same shape.

    Returns
    -------
    Node
        One number. Equal to `torch.nn.functional.mse_loss`.

    Raises
    ------
    ValueError
        If the shapes differ: broadcasting would compare each with each.

    Examples
    --------
    >>> says = Node([[1.0], [5.0]], requires_grad=True)
    >>> loss = mean_squared_error(says, torch.tensor([[1.0], [3.0]]))
    >>> loss.backward()
    >>> loss.value, says.grad.flatten()
    (tensor(2.), tensor([0., 2.]))

    """
    if predicted.shape != target.shape or not target.numel():
        raise ValueError(
            "expected predictions and target of one shape, not empty, got "
            f"{tuple(predicted.shape)} and {tuple(target.shape)}; reshape "
            "the target"
        )
    return ((predicted - target) ** 2).mean()


def softmax_cross_entropy(scores: Node, target: Tensor) -> Node:
    r"""Return the mean of :math:`-\ln p_y`, with :math:`p` from softmax.

    The largest score of a row is taken from all of it first. That changes no
    probability, and no exponential is too large. In

    .. math::
        -\ln p_y = \ln \sum_k e^{z_k} - z_y

    the sum then holds a 1, so its logarithm is finite for any scores.

    Parameters
    ----------
    scores
        One row an example, one column a class: shape ``(N, K)``.
    target
        Class numbers in ``[0, K)``, shape ``(N,)``.

    Returns
    -------
    Node
        One number, in nats. Equal to `torch.nn.functional.cross_entropy`.

    Raises
    ------
    ValueError
        If shapes do not fit, there is no example, or a class is out of range.

    Examples
    --------
    >>> z = Node([[0.0, 0.0], [1e4, -1e4]], requires_grad=True)
    >>> loss = softmax_cross_entropy(z, torch.tensor([0, 0]))
    >>> loss.backward()
    >>> loss.value, z.grad[0]
    (tensor(0.3466), tensor([-0.2500,  0.2500]))

    """
    if scores.value.ndim != 2 or target.shape != scores.shape[:1]:
        raise ValueError(
            "expected scores of shape (N, K) and class numbers of shape (N,), "
            f"got {tuple(scores.shape)} and {tuple(target.shape)}"
        )
    num_rows, num_classes = scores.shape
    if target.is_floating_point() or not num_rows:
        raise ValueError(
            "expected at least one class number, whole, got "
            f"{num_rows} of {target.dtype}; call .long()"
        )
    if target.min() < 0 or target.max() >= num_classes:
        raise ValueError(
            f"expected class numbers from 0 to {num_classes - 1}, got "
            f"{target.min()} to {target.max()}; number the classes from 0"
        )
    z = scores - scores.value.amax(dim=1, keepdim=True)  # (N, K)
    log_sum = z.exp().sum(dim=1).log()  # (N,)
    right = z[torch.arange(num_rows, device=target.device), target]  # (N,)
    return (log_sum - right).mean()
