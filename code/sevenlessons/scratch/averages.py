r"""Moving averages: what was, fades; what is, counts most.

:math:`a_t = \beta a_{t-1} + (1 - \beta)\, x_t`, from :math:`a_0 = 0`. Written
out, the average after :math:`t` numbers gives the number :math:`k` steps back
the weight :math:`(1 - \beta)\, \beta^k`. The weights add up to
:math:`1 - \beta^t`, less than 1: the average is too small at first. Dividing
by that sum is the *bias correction*.
"""

import torch
from torch import Tensor

__all__ = ["average_weights", "moving_average"]


def average_weights(n: int, beta: float, *, corrected: bool = False) -> Tensor:
    r"""Return what each of `n` numbers counts in their moving average.

    Parameters
    ----------
    n
        How many numbers there are, at least 1.
    beta
        Share of the average that is kept in a step, in ``[0, 1)``.
    corrected
        Whether the weights add up to 1; if not, to :math:`1 - \beta^n`.

    Returns
    -------
    Tensor
        In double precision, the oldest first, shape ``(n,)``.

    Raises
    ------
    ValueError
        If `n` or `beta` is out of range.

    Examples
    --------
    >>> average_weights(3, 0.5)
    tensor([0.1250, 0.2500, 0.5000], dtype=torch.float64)
    >>> average_weights(3, 0.5, corrected=True).sum().item()
    1.0

    """
    if n < 1:
        raise ValueError(f"an average needs n of at least 1, got {n}")
    _check(beta)
    back = torch.arange(n - 1, -1, -1, dtype=torch.float64)
    weights = (1 - beta) * beta**back  # (n,); 0 ** 0 is 1
    return weights / (1 - beta**n) if corrected else weights


def moving_average(
    values: Tensor, beta: float, *, corrected: bool = False
) -> Tensor:
    """Return the average after each of the values.

    Parameters
    ----------
    values
        Numbers in their order along the first axis, shape ``(N, ...)``.
    beta
        Share of the average that is kept in a step, in ``[0, 1)``: about
        ``1 / (1 - beta)`` numbers are remembered.
    corrected
        Whether to divide by ``1 - beta**t`` after ``t`` values, so that the
        first average is the first value.

    Returns
    -------
    Tensor
        Of the same shape.

    Raises
    ------
    ValueError
        If `beta` is out of range.
    TypeError
        If the values are no floating-point numbers along an axis.

    Notes
    -----
    The averages of gradients in Kingma and Ba (2015), arXiv:1412.6980,
    section 3.

    Examples
    --------
    >>> values = torch.tensor([4.0, 4.0, 8.0])
    >>> moving_average(values, 0.5)
    tensor([2.0000, 3.0000, 5.5000])
    >>> moving_average(values, 0.5, corrected=True)
    tensor([4.0000, 4.0000, 6.2857])

    """
    _check(beta)
    if values.ndim == 0 or not values.is_floating_point():
        raise TypeError(
            "expected floating-point numbers along a first axis, got "
            f"{values.dtype} of shape {tuple(values.shape)}; convert with "
            "values.float(), and give a single number an axis by values[None]"
        )
    average = torch.zeros_like(values[:1]).sum(0)  # (...), also of no values
    averages = []
    for t, value in enumerate(values, 1):
        average = beta * average + (1 - beta) * value
        averages.append(average / (1 - beta**t) if corrected else average)
    return torch.stack(averages) if averages else torch.zeros_like(values)


def _check(beta: float) -> None:
    if not 0 <= beta < 1:
        raise ValueError(
            f"beta must lie in [0, 1), got {beta:g}; 0.9 keeps nine tenths"
        )
