"""A workbook of a network that looks at one picture, cell by cell.

Two convolutions with ReLU, max pooling, and a dense layer: every number
between the picture and the answer is a formula. Change a pixel, or a number
of a kernel, and see what follows.
"""

from typing import Any

import numpy as np

from .convolution_sheets import convolution_sheet, dense_sheet, pooling_sheet
from .sheets import Sheet
from .workbook import workbook

__all__ = ["convolution_workbook", "picture_sheets"]

Layer = tuple[Any, Any]


def picture_sheets(
    picture: Any,
    first: Layer,
    second: Layer,
    dense: Layer,
) -> list[Sheet]:
    """Return the sheets: picture, two convolutions, pooling, dense layer.

    Parameters
    ----------
    picture
        Gray values, shape ``(H, W)``.
    first, second
        Weight and bias of a convolution as in `torch.nn.Conv2d` without
        padding: ``(F, 1, k, k)`` and ``(F,)``, then ``(G, F, k, k)`` and
        ``(G,)``. ReLU follows each.
    dense
        Weight ``(K, G * h * w)`` and bias ``(K,)`` as in `torch.nn.Linear`,
        after a max pooling of 2 by 2 and `torch.nn.Flatten`.

    Returns
    -------
    list of Sheet
        The answer is in cell B3 of the last sheet.

    Raises
    ------
    ValueError
        If shapes do not fit together or a number is not finite.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> from sevenlessons.page.convolution_workbook import picture_sheets
    >>> layers = nn.Conv2d(1, 2, 3), nn.Conv2d(2, 2, 3), nn.Linear(2, 10)
    >>> parts = [(part.weight, part.bias) for part in layers]
    >>> sheets = picture_sheets(torch.zeros(6, 6), *parts)
    >>> [sheet.title for sheet in sheets]
    ['picture', 'convolution 1', 'convolution 2', 'max pooling', 'dense']

    """
    maps = _array(picture)[None]
    if maps.ndim != 3 or not np.isfinite(maps).all():
        raise ValueError(
            "picture must have shape (H, W) and finite numbers, got shape "
            f"{maps.shape[1:]}"
        )
    sheet = Sheet("picture", {c: 5.0 for c in range(1, maps.shape[2] + 1)})
    sheet.put(1, 1, "The picture: 0 is paper, 1 is ink.", style="head")
    sheet.put(2, 1, "Blue numbers are yours: change a pixel.")
    for (row, column), number in np.ndenumerate(maps[0]):
        sheet.put(row + 4, column + 1, float(number), style="input")
    sheets = [sheet]
    sources = ["picture"]  # where each map stands, and its first cell
    corners = [(4, 1)]
    for title, layer in (("convolution 1", first), ("convolution 2", second)):
        weight, bias = _layer(title, layer, maps.shape, 4)
        made, maps, corners = convolution_sheet(
            title, sources, corners, maps, weight, bias
        )
        sheets.append(made)
        sources = [title] * len(maps)
    made, maps, corners = pooling_sheet("max pooling", sources, corners, maps)
    sheets.append(made)
    weight, bias = _layer("dense", dense, maps.shape, 2)
    sheets.append(
        dense_sheet("dense", "max pooling", corners, maps, weight, bias)
    )
    return sheets


def convolution_workbook(
    picture: Any, first: Layer, second: Layer, dense: Layer
) -> bytes:
    """Return convolution.xlsx: the file of `picture_sheets`.

    Parameters
    ----------
    picture, first, second, dense
        As in `picture_sheets`.

    Examples
    --------
    >>> import torch
    >>> from torch import nn
    >>> from sevenlessons.page.convolution_workbook import (
    ...     convolution_workbook,
    ... )
    >>> layers = nn.Conv2d(1, 2, 3), nn.Conv2d(2, 2, 3), nn.Linear(2, 10)
    >>> parts = [(part.weight, part.bias) for part in layers]
    >>> convolution_workbook(torch.zeros(6, 6), *parts)[:2]
    b'PK'

    """
    return workbook(picture_sheets(picture, first, second, dense))


def _array(numbers: Any) -> np.ndarray:
    """Return an array of a tensor or anything NumPy reads."""
    if hasattr(numbers, "detach"):
        numbers = numbers.detach().cpu()
    return np.asarray(numbers, dtype=float)


def _layer(
    title: str, layer: Layer, maps: tuple[int, ...], axes: int
) -> tuple[np.ndarray, np.ndarray]:
    """Return weight and bias, if they fit the maps that come in."""
    weight, bias = map(_array, layer)
    channels, height, width = maps
    if axes == 2:
        wanted = weight.ndim == 2 and weight.shape[1] == height * width * (
            channels
        )
        words = f"(K, {channels * height * width})"
    else:
        wanted = (
            weight.ndim == 4
            and weight.shape[1] == channels
            and weight.shape[2] <= height
            and weight.shape[3] <= width
        )
        words = f"(F, {channels}, k, k), k at most {min(height, width)}"
    if not wanted or bias.shape != weight.shape[:1]:
        raise ValueError(
            f"{title}: expected a weight of shape {words} and a bias for "
            f"each of its rows, got {weight.shape} and {bias.shape}"
        )
    if not np.isfinite(weight).all() or not np.isfinite(bias).all():
        raise ValueError(
            f"{title}: weight and bias must be finite, and some numbers are "
            "not; train the network again with a smaller rate"
        )
    return weight, bias
