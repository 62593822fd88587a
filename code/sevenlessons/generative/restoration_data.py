"""Pairs of a spoiled and a good photo of the sky, in three parts.

No object is in two parts: photos of one `group` show common sky and stay
together. All 555 photos are used; the network does not need their classes.
"""

from dataclasses import dataclass
from pathlib import Path
from typing import NamedTuple

import pandas as pd
import torch
from torch import Tensor

from sevenlessons.data import deepsky
from sevenlessons.data.splits import group_split

from .spoil import Spoiling, enlarge, spoil

__all__ = ["Pairs", "RestorationParts", "load_pairs", "make_pairs"]


@dataclass(frozen=True)
class Pairs:
    """Spoiled pictures beside the good ones.

    Parameters
    ----------
    small
        As spoiled, uint8, shape ``(N, 3, h, w)``.
    spoiled
        The same, enlarged bicubically to the size of `clean`, uint8: what a
        network gets, and the first rival to beat.
    clean
        The good pictures, uint8, shape ``(N, 3, H, W)``.
    table
        One row a picture: file, group, credit, link.

    Examples
    --------
    >>> clean = torch.zeros(2, 3, 8, 8, dtype=torch.uint8)
    >>> table = pd.DataFrame({"group": ["a", "b"]})
    >>> pairs = make_pairs(clean, table)
    >>> len(pairs), pairs.small.shape, pairs.spoiled.shape
    (2, torch.Size([2, 3, 4, 4]), torch.Size([2, 3, 8, 8]))

    """

    small: Tensor
    spoiled: Tensor
    clean: Tensor
    table: pd.DataFrame

    def __len__(self) -> int:
        return len(self.clean)

    def tiles(self, size: int) -> "Pairs":
        """Return the pairs cut into squares of `size` pixels, all of them.

        All tiles of one photo stand one after the other; each has the
        photo's row of the table.
        """
        height, width = self.clean.shape[2:]
        scale = height // self.small.shape[2]
        if size < 1 or height % size or width % size or size % scale:
            raise ValueError(
                f"tiles of {size} px do not fill pictures of {height} x "
                f"{width} px that were shrunk by {scale}; choose a divisor "
                f"of both sides that is a multiple of {scale}"
            )
        count = (height // size) * (width // size)
        repeated = self.table.loc[self.table.index.repeat(count)]
        return Pairs(
            _tiles(self.small, size // scale),
            _tiles(self.spoiled, size),
            _tiles(self.clean, size),
            repeated.reset_index(drop=True),
        )


class RestorationParts(NamedTuple):
    """Pairs to learn from, to choose by, and to judge by once."""

    train: Pairs
    valid: Pairs
    test: Pairs


def make_pairs(
    clean: Tensor, table: pd.DataFrame, how: Spoiling | None = None
) -> Pairs:
    """Return pairs made of good pictures.

    Parameters
    ----------
    clean
        uint8, shape ``(N, 3, H, W)``.
    table
        One row a picture.
    how
        How to spoil them.

    Examples
    --------
    >>> clean = torch.zeros(1, 3, 8, 8, dtype=torch.uint8)
    >>> make_pairs(clean, pd.DataFrame({"group": ["a"]})).small.shape
    torch.Size([1, 3, 4, 4])

    """
    if len(clean) != len(table):
        raise ValueError(
            f"expected one row of the table for each picture, got "
            f"{len(table)} rows and {len(clean)} pictures"
        )
    how = Spoiling() if how is None else how
    small = spoil(clean, how)
    table = table.reset_index(drop=True)
    return Pairs(small, enlarge(small, how.scale), clean, table)


def load_pairs(
    size: int = 128,
    how: Spoiling | None = None,
    *,
    seed: int = 0,
    folder: Path | None = None,
) -> RestorationParts:
    """Return pairs of the deep-sky photos for training, choosing, judging.

    A fifth of the photos is for judging, an eighth of the rest for choosing.

    Parameters
    ----------
    size
        Height and width of the good pictures, in pixels.
    how
        How to spoil them; its own seed decides noise and quality.
    seed
        Decides which groups go where.
    folder
        Where the photos are; fetched when None.

    Examples
    --------
    >>> parts = load_pairs()  # doctest: +SKIP
    >>> [len(part) for part in parts]  # doctest: +SKIP
    [388, 56, 111]

    """
    table = deepsky.load_labels(folder)[["file", "group", "credit", "link"]]
    rest, test = group_split(table, "group", valid=0.2, seed=seed)
    train, valid = group_split(rest, "group", valid=0.125, seed=seed)
    images = deepsky.load_images(table["file"], size, folder=folder)
    parts = [
        make_pairs(images[torch.tensor(rows.index.to_numpy())], rows, how)
        for rows in (train, valid, test)
    ]
    return RestorationParts(*parts)


def _tiles(images: Tensor, size: int) -> Tensor:
    """Return (N * k, 3, size, size) from (N, 3, H, W)."""
    cut = images.unfold(2, size, size).unfold(3, size, size)
    cut = cut.permute(0, 2, 3, 1, 4, 5)
    return cut.reshape(-1, images.shape[1], size, size).contiguous()
