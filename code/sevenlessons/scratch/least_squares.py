"""What a walk down a squared error must find, without walking.

`least_squares` is the lowest point, `largest_stable_lr` the learning rate
above which no walk arrives there.
"""

import torch
from torch import Tensor

__all__ = ["largest_stable_lr", "least_squares"]


def least_squares(inputs: Tensor, target: Tensor) -> Tensor:
    r"""Return the weights with the smallest mean squared error.

    There the gradient is zero: :math:`X^\top X\, w = X^\top y`.

    Parameters
    ----------
    inputs
        Shape ``(N, P)``.
    target
        Shape ``(N,)``.

    Returns
    -------
    Tensor
        Shape ``(P,)``.

    Raises
    ------
    ValueError
        If several weights are equally good: a column can be made of others.

    Notes
    -----
    The same as `torch.linalg.lstsq`, which is exacter where columns are
    almost alike.

    Examples
    --------
    >>> inputs = torch.tensor([[0.0, 1.0], [1.0, 1.0], [2.0, 1.0]])
    >>> weights = least_squares(inputs, torch.tensor([1.0, 3.0, 5.0]))
    >>> [round(w, 3) for w in weights.tolist()]
    [2.0, 1.0]

    """
    rank = int(torch.linalg.matrix_rank(inputs))
    if rank < inputs.shape[1]:
        raise ValueError(
            f"the {inputs.shape[1]} columns of the inputs carry only {rank} "
            "different directions, so the best weights are not unique; drop "
            "a column or add rows"
        )
    return torch.linalg.solve(inputs.T @ inputs, inputs.T @ target)


def largest_stable_lr(inputs: Tensor) -> float:
    r"""Return the learning rate above which gradient descent flies off.

    The gradient of the mean squared error grows by
    :math:`H = \frac{2}{N} X^\top X` a unit of distance. A step multiplies
    the distance to the lowest point by :math:`1 - \eta\lambda` along the
    direction with the curvature :math:`\lambda`. That stays inside
    :math:`(-1, 1)` for :math:`\eta < 2 / \lambda_\max`.

    Parameters
    ----------
    inputs
        Shape ``(N, P)``.

    Returns
    -------
    float
        ``2 / largest curvature``.

    Raises
    ------
    ValueError
        If all inputs are zero: then no rate is too large.

    Examples
    --------
    >>> largest_stable_lr(torch.tensor([[1.0, 0.0], [0.0, 2.0]]))
    0.5

    """
    curvature = 2 * inputs.T @ inputs / len(inputs)
    largest = torch.linalg.eigvalsh(curvature)[-1].item()
    if largest <= 0:
        raise ValueError(
            "all inputs are 0, so the loss is flat and has no largest rate; "
            "pass the inputs of your data"
        )
    return 2 / largest
