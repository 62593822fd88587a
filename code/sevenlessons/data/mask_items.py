"""Pictures with their masks, opened one by one, in one size."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import torch
from PIL import Image
from torch import Tensor
from torch.nn.functional import interpolate
from torch.utils.data import Dataset

from .images import read_image
from .mask_pairs import MaskPair
from .masks import Color, read_mask

__all__ = ["MaskItems", "resize_mask"]


def resize_mask(mask: Tensor, size: tuple[int, int]) -> Tensor:
    """Return a mask in another size, each pixel the nearest of the old.

    Parameters
    ----------
    mask
        Whole numbers, shape ``(H, W)``.
    size
        New height and width.

    Examples
    --------
    >>> resize_mask(torch.tensor([[1, 3]]), (1, 4))
    tensor([[1, 1, 3, 3]])

    """
    planes = mask[None, None].double()  # exact up to 2**53
    return interpolate(planes, size, mode="nearest-exact")[0, 0].to(mask.dtype)


class MaskItems(Dataset[tuple[Tensor, Tensor]]):
    """Pairs as tensors: the picture smoothed to its size, the mask not.

    An item is a picture, uint8 of shape ``(3, H, W)``, and its mask, int64
    of shape ``(H, W)``. `item_loader` makes batches of items; `stacked`
    gives all at once, which a `TensorLoader` serves with augmentation:
    ``TensorLoader(*items.stacked(), paired=Paired(..., kind="mask"))``.

    Parameters
    ----------
    pairs
        From `pair_masks` or `open_layout`.
    size
        Height and width; None keeps each picture as it is.
    colors
        As in `read_mask`.
    values
        Value in the file to class number, where the files count otherwise,
        such as 255 for class 1.

    Raises
    ------
    ValueError
        If there is no pair, or the size is none.

    Examples
    --------
    >>> from pathlib import Path
    >>> pair = MaskPair("a", Path("images/a.jpg"), Path("labels/a.png"))
    >>> len(MaskItems([pair], (64, 64)))
    1

    """

    def __init__(
        self,
        pairs: Sequence[MaskPair],
        size: tuple[int, int] | None = None,
        *,
        colors: Mapping[Color, int] | None = None,
        values: Mapping[int, int] | None = None,
    ) -> None:
        if len(pairs) == 0:
            raise ValueError("there is no pair of picture and mask to read")
        if size is not None and (len(size) != 2 or min(size) < 1):
            raise ValueError(
                f"size must be height and width in pixels, got {size}"
            )
        self.pairs = list(pairs)
        self.size = size
        self.colors = colors
        self.values = values

    def __len__(self) -> int:
        return len(self.pairs)

    def __getitem__(self, place: int) -> tuple[Tensor, Tensor]:
        pair = self.pairs[place]
        picture = read_image(pair.image)
        mask = read_mask(pair.mask, colors=self.colors)
        pair.check_sizes(picture.size, (mask.shape[1], mask.shape[0]))
        as_read = mask
        for value, number in (self.values or {}).items():
            mask = torch.where(as_read == value, number, mask)
        if self.size is not None and mask.shape != self.size:
            height, width = self.size
            picture = picture.resize(
                (width, height), Image.Resampling.BILINEAR
            )
            mask = resize_mask(mask, self.size)
        return torch.from_numpy(np.array(picture)).permute(2, 0, 1), mask

    def resized(self, size: tuple[int, int]) -> MaskItems:
        """Return the same pairs in another size."""
        return MaskItems(
            self.pairs, size, colors=self.colors, values=self.values
        )

    def stacked(self) -> tuple[Tensor, Tensor]:
        """Return all pictures and all masks, read once, both as bytes.

        A class number that is no byte makes the masks int64.
        """
        if self.size is None:
            raise ValueError(
                "pictures of several sizes make no batch; give a size, such "
                "as items.resized((256, 256))"
            )
        height, width = self.size
        images = torch.empty((len(self), 3, height, width), dtype=torch.uint8)
        masks = torch.empty((len(self), height, width), dtype=torch.uint8)
        with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
            for i, (image, mask) in enumerate(
                pool.map(self.__getitem__, range(len(self)))
            ):
                narrow = masks.dtype == torch.uint8
                if narrow and not 0 <= mask.min() <= mask.max() <= 255:
                    masks = masks.long()
                images[i], masks[i] = image, mask
        return images, masks
