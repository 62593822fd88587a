r"""Two losses for the engine of `autograd`: for numbers and for classes.

Both are written with the engine's own operations, so it differentiates them
without being told how.
"""

from __future__ import annotations

import torch
from torch import Tensor

from .autograd import Node
from .class_numbers import class_numbers

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
    TypeError
        If the class numbers are not whole.
    ValueError
        If shapes do not fit, there is no example, or a class is out of range.

    Notes
    -----
    No line says what its gradient is. The engine finds :math:`(p - y) / N`
    by itself; `chain_rule.cross_entropy_backward` is the same on paper.

    Examples
    --------
    Knowing nothing of ten classes costs the logarithm of ten:

    >>> softmax_cross_entropy(Node([[0.0] * 10]), torch.tensor([3])).value
    tensor(2.3026)

    Scores may lie far apart:

    >>> z = Node([[0.0, 0.0], [1e4, -1e4]], requires_grad=True)
    >>> loss = softmax_cross_entropy(z, torch.tensor([0, 0]))
    >>> loss.backward()
    >>> loss.value, z.grad[0]
    (tensor(0.3466), tensor([-0.2500,  0.2500]))

    """
    target = class_numbers(scores.value, target)
    num_rows = len(target)
    z = scores - scores.value.amax(dim=1, keepdim=True)  # (N, K)
    log_sum = z.exp().sum(dim=1).log()  # (N,)
    right = z[torch.arange(num_rows, device=target.device), target]  # (N,)
    return (log_sum - right).mean()
