"""Frame a drawn digit as MNIST's makers framed theirs.

A network that learned framed digits expects framed digits. The rule, as
exact as the page's script needs it (`book/_static/demo_digit_frame.js`):

1. Cut out the rectangle of all pixels with at least 32 of 255 ink.
2. Scale it so that its longer side has 20 pixels, the other one rounded to
   the nearest whole number, at least 1; Pillow's bicubic filter.
3. Put it into a square of 28 by 28 pixels so that its center of mass is as
   near to the middle as whole pixels allow, and nothing is cut off.
"""

from __future__ import annotations

import math

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from sevenlessons.data.images import squeeze

__all__ = ["frame_digit"]

_SIDE, _BOX, _INK = 28, 20, 32


def _begin(center: float, length: int) -> int:
    """Return where a stretch with this center of mass begins."""
    start = math.floor(_SIDE / 2 - center + 0.5)
    return min(_SIDE - length, max(0, start))


def frame_digit(ink: Tensor) -> Tensor:
    """Return a drawing as a digit of MNIST: 20 pixels high, centered by mass.

    Parameters
    ----------
    ink
        uint8, shape ``(H, W)``, any size; 0 is paper, 255 is ink.

    Returns
    -------
    Tensor
        uint8, shape ``(28, 28)``.

    Raises
    ------
    ValueError
        If there is no ink, or `ink` is not one picture of bytes.

    Examples
    --------
    >>> ink = torch.zeros(100, 60, dtype=torch.uint8)
    >>> ink[10:90, 20:28] = 255  # a stroke of 80 by 8 pixels
    >>> digit = frame_digit(ink)
    >>> rows, columns = digit.nonzero().unbind(1)
    >>> rows.min().item(), rows.max().item(), columns.unique().tolist()
    (4, 23, [13, 14])

    """
    if ink.ndim != 2 or ink.dtype != torch.uint8:
        raise ValueError(
            "expected one drawing, uint8 of shape (H, W), got "
            f"{ink.dtype} of shape {tuple(ink.shape)}"
        )
    rows, columns = (ink >= _INK).nonzero(as_tuple=True)
    if len(rows) == 0:
        raise ValueError(
            f"there is no ink: no pixel has {_INK} or more of 255; 0 is "
            "paper and 255 is ink"
        )
    cut = ink[rows.min() : rows.max() + 1, columns.min() : columns.max() + 1]
    longer = max(cut.shape)
    height, width = (
        max(1, math.floor(_BOX * side / longer + 0.5)) for side in cut.shape
    )
    image = Image.fromarray(cut.contiguous().numpy())
    small = np.asarray(squeeze(image, height, width))
    mass = small.astype(np.int64)
    total = int(mass.sum())
    if total == 0:
        raise ValueError("the ink is too thin: nothing of it is left at 20 px")
    down = float((mass.sum(1) * (np.arange(height) + 0.5)).sum()) / total
    right = float((mass.sum(0) * (np.arange(width) + 0.5)).sum()) / total
    top, left = _begin(down, height), _begin(right, width)
    framed = torch.zeros(_SIDE, _SIDE, dtype=torch.uint8)
    framed[top : top + height, left : left + width] = torch.from_numpy(
        small.copy()
    )
    return framed
