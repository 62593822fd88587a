r"""What every norm learns: a scale :math:`\gamma` and a shift :math:`\beta`.

Batch, layer, instance and group norm differ in what they take the mean
over. What comes after is the same: :math:`\gamma \hat x + \beta`.
"""

from __future__ import annotations

from collections.abc import Sequence

from torch import Tensor

__all__ = ["scale_and_shift"]


def scale_and_shift(
    y: Tensor,
    weight: Tensor | None,
    bias: Tensor | None,
    shape: Sequence[int],
    after: int = 0,
) -> Tensor:
    """Return `y` times the scale plus the shift.

    Parameters
    ----------
    y
        What was normalized.
    weight, bias
        Scale and shift; None for 1 and 0.
    shape
        Which shape they must have: some axes of `y`.
    after
        How many axes of `y` come after those.

    Raises
    ------
    ValueError
        If one has another shape. Broadcasting would take it silently.

    Examples
    --------
    >>> import torch
    >>> y = torch.ones(1, 2, 2)  # 2 channels of 2 places
    >>> scale_and_shift(y, torch.tensor([2.0, 3.0]), None, (2,), after=1)
    tensor([[[2., 2.],
             [3., 3.]]])

    """
    shape = tuple(shape)
    for name, numbers in (("scale", weight), ("shift", bias)):
        if numbers is not None and numbers.shape != shape:
            raise ValueError(
                f"expected a {name} of shape {shape}, one number for each "
                f"feature or channel, got {tuple(numbers.shape)}"
            )
    ones = (1,) * after
    if weight is not None:
        y = y * weight.reshape(*shape, *ones)
    return y if bias is None else y + bias.reshape(*shape, *ones)
