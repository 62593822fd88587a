"""Which pixels one number of a later layer depends on, asked by gradient.

`receptive_field` computes the same from the settings of the layers.
"""

from __future__ import annotations

import copy
from collections.abc import Sequence

import torch
from torch import Tensor, nn
from torch.nn import functional

from .modes import evaluating
from .receptive_field import looks_at_single_numbers, window_settings

__all__ = ["seen_pixels"]


def seen_pixels(
    model: nn.Module, size: Sequence[int], place: Sequence[int]
) -> Tensor:
    """Return which pixels one number depends on, by gradient.

    A copy of the model gets weights of one, its pooling takes sums, and what
    looks at single numbers is left out. So nothing cancels and nothing is
    cut off, and a pixel has a gradient if there is any way from it to the
    number.

    Parameters
    ----------
    model
        Maps pictures ``(N, C, H, W)`` to maps; it is not changed. Layers
        other than those of `receptive_field` stay as they are.
    size
        Channels, rows and columns of the picture.
    place
        Row and column of the number, in any channel of the answer.

    Returns
    -------
    Tensor
        True where a pixel is seen, shape ``(H, W)``.

    Raises
    ------
    ValueError
        If the sizes are not three and two numbers, or the model's answer
        has no such place.

    Examples
    --------
    >>> seen_pixels(nn.Conv2d(1, 1, 2, dilation=2), (1, 3, 4), (0, 1)).int()
    tensor([[0, 1, 0, 1],
            [0, 0, 0, 0],
            [0, 1, 0, 1]], dtype=torch.int32)

    """
    if len(size) != 3 or len(place) != 2:
        raise ValueError(
            "expected size as (channels, rows, columns) and place as (row, "
            f"column), got {tuple(size)} and {tuple(place)}"
        )
    with torch.inference_mode(False), torch.enable_grad():
        open_copy = _without_obstacles(model)
        picture = torch.ones(1, *size, dtype=torch.float64, requires_grad=True)
        with evaluating(open_copy):
            maps = open_copy(picture)
        row, column = place
        if maps.dim() != 4 or not (
            0 <= row < maps.shape[2] and 0 <= column < maps.shape[3]
        ):
            raise ValueError(
                f"expected maps (N, C, H, W) with a place {tuple(place)}, got "
                f"an answer of shape {tuple(maps.shape)}"
            )
        number = maps[0, :, row, column].sum()
        (by_pixel,) = torch.autograd.grad(number, picture)
    return by_pixel[0].sum(dim=0) > 0


class _SumOfWindow(nn.Module):
    """Add up each window of a pooling, channel by channel."""

    def __init__(self, pooling: nn.Module) -> None:
        super().__init__()
        self.settings = window_settings(pooling)

    def forward(self, x: Tensor) -> Tensor:
        window, stride, padding, gap = self.settings
        ones = x.new_ones(x.shape[1], 1, *window)
        return functional.conv2d(
            x, ones, None, stride, padding, gap, groups=x.shape[1]
        )


def _without_obstacles(model: nn.Module) -> nn.Module:
    made = nn.Sequential(copy.deepcopy(model)).cpu().double()
    for parent in list(made.modules()):
        # not named_children(): a layer that runs twice has two names
        for name, layer in list(parent._modules.items()):
            if layer is None:
                continue
            if isinstance(layer, (nn.MaxPool2d, nn.AvgPool2d)):
                setattr(parent, name, _SumOfWindow(layer))
            elif looks_at_single_numbers(layer):
                setattr(parent, name, nn.Identity())
    for parameter in made.parameters():
        # small enough that a deep stack does not overflow
        count = max(parameter[0].numel(), 1) if parameter.dim() else 1
        nn.init.constant_(parameter, 1 / count)
    return made
