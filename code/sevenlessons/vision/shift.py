"""Pictures that are not quite where the network expects them.

`shift_images` moves all by the same whole pixels, to measure how much a
network minds. `Shift` moves each a little, to teach it not to mind.
"""

from __future__ import annotations

from collections.abc import Sequence

import torch
from torch import Generator, Tensor

from .transforms import Geometry, draw
from .warp import box_matrix

__all__ = ["Shift", "shift_images"]


class Shift(Geometry):
    """Move each picture a little, in any direction; the border is mirrored.

    Parameters
    ----------
    share
        Most it moves, as a share of height and width, in [0, 0.5].

    Examples
    --------
    >>> images = torch.zeros(2, 1, 28, 28, dtype=torch.uint8)
    >>> Shift(0.1)(images).shape
    torch.Size([2, 1, 28, 28])

    """

    def __init__(self, share: float = 0.1, *, seed: int = 0) -> None:
        super().__init__(seed)
        if not 0 <= share <= 0.5:
            raise ValueError(f"share must be in [0, 0.5], got {share}")
        self.share = share

    def matrices(self, shape: Sequence[int], generator: Generator) -> Tensor:
        most = 2 * self.share  # a picture is 2 wide: from -1 to 1
        place = draw(2 * shape[0], -most, most, generator).view(-1, 2)
        return box_matrix(place, torch.ones(shape[0], 2))


def shift_images(images: Tensor, down: int, right: int) -> Tensor:
    """Return pictures moved by whole pixels; what leaves the frame is lost.

    Parameters
    ----------
    images
        Shape ``(..., H, W)``; what comes in is 0, paper.
    down, right
        By how many pixels; negative is up and left.

    Examples
    --------
    >>> shift_images(torch.tensor([[1, 2], [3, 4]]), down=1, right=0)
    tensor([[0, 0],
            [1, 2]])

    """
    height, width = images.shape[-2:]
    moved = torch.zeros_like(images)
    if abs(down) >= height or abs(right) >= width:
        return moved
    moved[
        ...,
        max(0, down) : height + min(0, down),
        max(0, right) : width + min(0, right),
    ] = images[
        ...,
        max(0, -down) : height + min(0, -down),
        max(0, -right) : width + min(0, -right),
    ]
    return moved
