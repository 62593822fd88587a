"""Cutout: hide a square of the picture, so that no one clue suffices.

The middle of the square may be any pixel, so a part of it may lie outside
the picture. `random_boxes` and `box_mask` are the two halves of it; whoever
wants to paste something else into the box needs both.
"""

from __future__ import annotations

import torch
from torch import Generator, Tensor

from .transforms import Transform

__all__ = ["Cutout", "box_mask", "random_boxes"]


def random_boxes(
    count: int,
    height: int,
    width: int,
    share: float | Tensor,
    generator: Generator,
) -> Tensor:
    """Return `count` boxes with random middles, cut off at the border.

    Parameters
    ----------
    count
        How many boxes.
    height, width
        Of the picture, in pixels.
    share
        Height and width of a whole box as a share of the picture's, in
        [0, 1]; one for all, or one a box, shape (N,).
    generator
        Draws the pixel in the middle of each box, all as likely.

    Returns
    -------
    Tensor
        Shape (N, 4), int64: top, left, bottom and right, in pixels; bottom
        and right are the first row and column after the box.

    Examples
    --------
    >>> box = random_boxes(1, 8, 6, 0.5, Generator().manual_seed(0))[0]
    >>> bool(box[2] - box[0] <= 4), bool(box[3] - box[1] <= 3)
    (True, True)

    """
    shares = torch.as_tensor(share, dtype=torch.float64).expand(count)
    if count and not (shares.min() >= 0 and shares.max() <= 1):
        raise ValueError(
            f"share must be in [0, 1], got {share}; 1 is as large as the "
            "picture"
        )
    sides = torch.tensor([height, width])
    whole = (shares[:, None] * sides).round().long()
    middle = (torch.rand(count, 2, generator=generator) * sides).long()
    start = middle - whole // 2
    return torch.cat(
        [start.clamp(min=0), torch.minimum(start + whole, sides)], dim=1
    )


def box_mask(boxes: Tensor, height: int, width: int) -> Tensor:
    """Return which pixels lie in the box, shape (N, 1, H, W).

    Parameters
    ----------
    boxes
        Shape (N, 4): top, left, bottom, right.
    height, width
        Of the picture, in pixels.

    Examples
    --------
    >>> box_mask(torch.tensor([[0, 1, 1, 3]]), 2, 3)[0, 0].int()
    tensor([[0, 1, 1],
            [0, 0, 0]], dtype=torch.int32)

    """
    if boxes.ndim != 2 or boxes.shape[1] != 4:
        raise ValueError(
            f"expected boxes of shape (N, 4), got {tuple(boxes.shape)}; one "
            f"row holds top, left, bottom and right"
        )
    top, left, bottom, right = (edge[:, None, None] for edge in boxes.T)
    y = torch.arange(height, device=boxes.device)[:, None]
    x = torch.arange(width, device=boxes.device)
    inside = (top <= y) & (y < bottom) & (left <= x) & (x < right)
    return inside[:, None]


class Cutout(Transform):
    """Hide a square with a random middle in each picture.

    Parameters
    ----------
    share
        Height and width of the square as a share of the picture's, in
        [0, 1]; at the border a part of the square is outside.
    fill
        What hides it, from 0 (black) to 1 (white).

    Notes
    -----
    DeVries and Taylor (2017), arXiv:1708.04552. There the square is filled
    with the mean of the data.

    Examples
    --------
    >>> images = torch.full((1, 3, 4, 4), 100, dtype=torch.uint8)
    >>> sorted(set(Cutout(0.5)(images).flatten().tolist()))
    [0, 100]

    """

    def __init__(
        self, share: float = 0.5, *, fill: float = 0.0, seed: int = 0
    ) -> None:
        super().__init__(seed)
        for name, value in (("share", share), ("fill", fill)):
            if not 0 <= value <= 1:
                raise ValueError(f"{name} must be in [0, 1], got {value}")
        self.share = share
        self.fill = fill

    def apply(self, images: Tensor, generator: Generator) -> Tensor:
        count, _, height, width = images.shape
        boxes = random_boxes(count, height, width, self.share, generator)
        hidden = box_mask(boxes.to(images.device), height, width)
        is_float = images.is_floating_point()
        fill = self.fill if is_float else round(self.fill * 255)
        return images.masked_fill(hidden, fill)
