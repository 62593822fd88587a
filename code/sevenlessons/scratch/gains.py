r"""How wide a weight should start: its fans, and the gain of what follows.

A layer adds up `fan_in` products. If inputs and weights are independent, and
the weights centered,

.. math::
    \operatorname{Var}(y) = \text{fan\_in} \cdot \operatorname{Var}(w)
    \cdot \operatorname{E}[x^2],

so a weight of variance ``1 / fan_in`` keeps the size of a signal, and
``2 / fan_in`` makes up for a ReLU, which removes half of it.
"""

from __future__ import annotations

import math

from torch import Tensor

__all__ = ["calculate_gain", "fans", "kaiming_std", "xavier_std"]


def fans(weight: Tensor) -> tuple[int, int]:
    """Return how many numbers meet in one output, and come from one input.

    Parameters
    ----------
    weight
        Of a linear layer, shape ``(out, in)``, or of a convolution,
        ``(out, in, *kernel)``, where each place of the kernel counts.

    Raises
    ------
    ValueError
        If it has fewer than two axes.

    Examples
    --------
    >>> import torch
    >>> fans(torch.empty(50, 784)), fans(torch.empty(8, 3, 5, 5))
    ((784, 50), (75, 200))

    """
    if weight.ndim < 2:
        raise ValueError(
            "expected a weight of shape (out, in) or (out, in, *kernel), got "
            f"{tuple(weight.shape)}; a bias has no fan, start it at zero"
        )
    places = math.prod(weight.shape[2:])
    return weight.shape[1] * places, weight.shape[0] * places


def calculate_gain(nonlinearity: str, param: float | None = None) -> float:
    """Return the factor that makes up for what an activation takes away.

    Parameters
    ----------
    nonlinearity
        ``"linear"``, ``"sigmoid"``, ``"tanh"``, ``"relu"``,
        ``"leaky_relu"`` or ``"selu"``.
    param
        Slope of a leaky ReLU below zero; 0.01 when None.

    Raises
    ------
    ValueError
        If the name is another.

    Notes
    -----
    The numbers are torch's. Those of the ReLU family follow from the mean
    square of what they let through; 5/3 for tanh was found by trying.

    Examples
    --------
    >>> round(calculate_gain("relu"), 4), calculate_gain("linear")
    (1.4142, 1.0)

    """
    slope = 0.01 if param is None else param
    gains = {
        "linear": 1.0,
        "sigmoid": 1.0,
        "tanh": 5 / 3,
        "relu": math.sqrt(2),
        "leaky_relu": math.sqrt(2 / (1 + slope**2)),
        "selu": 3 / 4,
    }
    if nonlinearity not in gains:
        raise ValueError(
            f"nonlinearity must be one of {', '.join(gains)}, got "
            f"{nonlinearity!r}; measure the gain of another activation"
        )
    return gains[nonlinearity]


def xavier_std(weight: Tensor, gain: float = 1.0) -> float:
    r"""Return :math:`\text{gain} \sqrt{2 / (\text{fan\_in + fan\_out})}`.

    A compromise: ``1 / fan_in`` keeps the size of what goes forward,
    ``1 / fan_out`` that of the gradients on their way back.

    Examples
    --------
    >>> import torch
    >>> xavier_std(torch.empty(3, 5))
    0.5

    """
    return gain * math.sqrt(2 / max(sum(fans(weight)), 1))


def kaiming_std(
    weight: Tensor,
    a: float = 0.0,
    mode: str = "fan_in",
    nonlinearity: str = "leaky_relu",
) -> float:
    r"""Return :math:`\text{gain} / \sqrt{\text{fan}}`.

    Parameters
    ----------
    weight
        A weight, for its shape.
    a
        Slope of the leaky ReLU below zero; 0 is a plain ReLU.
    mode
        ``"fan_in"`` keeps the signal, ``"fan_out"`` the gradient.
    nonlinearity
        What follows the layer, see `calculate_gain`.

    Raises
    ------
    ValueError
        If `mode` is neither of the two.

    Examples
    --------
    >>> import torch
    >>> kaiming_std(torch.empty(3, 8))
    0.5

    """
    if mode not in ("fan_in", "fan_out"):
        raise ValueError(f"mode must be 'fan_in' or 'fan_out', got {mode!r}")
    fan = max(fans(weight)[mode == "fan_out"], 1)  # empty weights have 0
    return calculate_gain(nonlinearity, a) / math.sqrt(fan)
