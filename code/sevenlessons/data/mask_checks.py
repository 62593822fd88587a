"""Look at all masks before a training: sizes and class numbers.

A fault in the last file should not be found after an hour.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial

import numpy as np
from torch import Tensor

from .imagefiles import ImageError, open_header, orientation
from .images import MAX_PIXELS
from .mask_items import resize_mask
from .mask_pairs import MaskPair
from .masks import Color, read_mask

__all__ = ["check_masks", "count_each", "count_values"]


def count_values(
    pairs: Sequence[MaskPair], *, colors: Mapping[Color, int] | None = None
) -> Counter[int]:
    """Return how many pixels of all masks hold each value.

    Every mask is read, and its size compared with its picture's.

    Parameters
    ----------
    pairs
        From `pair_masks`.
    colors
        As in `read_mask`.

    Raises
    ------
    ImageError
        If a mask is none, a picture cannot be opened, or their sizes differ.

    Examples
    --------
    >>> count_values([])
    Counter()

    """
    total: Counter[int] = Counter()
    for counts, _ in count_each(pairs, colors=colors):
        total.update(counts)
    return total


def count_each(
    pairs: Sequence[MaskPair],
    *,
    colors: Mapping[Color, int] | None = None,
    size: tuple[int, int] | None = None,
) -> list[tuple[Counter[int], Counter[int]]]:
    """Count the values of each mask, as it is and brought to `size`.

    Thin marks may vanish in a smaller size.

    Parameters
    ----------
    pairs, colors
        As in `count_values`.
    size
        New height and width; None leaves the masks as they are.

    Returns
    -------
    list of tuple
        For each mask both counts.

    Examples
    --------
    >>> count_each([])
    []

    """
    look = partial(_look, colors=colors, size=size)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(look, pairs))


def check_masks(
    pairs: Sequence[MaskPair],
    num_classes: int,
    *,
    void: int | None = None,
    colors: Mapping[Color, int] | None = None,
    counts: Sequence[Counter[int]] | None = None,
) -> Counter[int]:
    """Refuse masks with class numbers that no class has.

    Parameters
    ----------
    pairs, colors
        As in `count_values`.
    num_classes
        Numbers run from 0 to one less.
    void
        One more number that is allowed: "nobody knows".
    counts
        The values of each mask, if they were counted already.

    Returns
    -------
    Counter
        As `count_values`.

    Raises
    ------
    ImageError
        As `count_values`.
    ValueError
        If a number is out of range; it names the first files.

    Examples
    --------
    >>> check_masks([], 2)
    Counter()

    """
    total: Counter[int] = Counter()
    wrong: list[str] = []
    if counts is None:
        counts = [whole for whole, _ in count_each(pairs, colors=colors)]
    for pair, found in zip(pairs, counts, strict=True):
        total.update(found)
        outside = sorted(
            n for n in found if not 0 <= n < num_classes and n != void
        )
        if outside:
            numbers = ", ".join(str(n) for n in outside[:5])
            wrong.append(f"{pair.mask.name} ({numbers})")
    if wrong:
        raise ValueError(
            f"{len(wrong)} of {len(pairs)} masks hold class numbers outside "
            f"0 to {num_classes - 1}: {', '.join(wrong[:3])}; add the "
            "missing names to the list of classes, or say which number is "
            "void"
        )
    return total


def _look(
    pair: MaskPair,
    colors: Mapping[Color, int] | None,
    size: tuple[int, int] | None,
) -> tuple[Counter[int], Counter[int]]:
    """Return the values of one mask, after comparing sizes."""
    with open_header(pair.image, str(pair.image), MAX_PIXELS) as image:
        if orientation(image) != 1:
            raise ImageError(
                f"{pair.image} asks to be turned when it is shown (EXIF), so "
                "its mask may lie on it or not; save it upright"
            )
        sides = image.size
    mask = read_mask(pair.mask, colors=colors)
    pair.check_sizes(sides, (mask.shape[1], mask.shape[0]))
    counts = _count(mask)
    if size is None or mask.shape == size:
        return counts, counts
    return counts, _count(resize_mask(mask, size))


def _count(mask: Tensor) -> Counter[int]:
    if 0 <= mask.min() <= mask.max() < 65536:  # no need to sort all
        found = mask.flatten().bincount()
        (there,) = found.nonzero(as_tuple=True)
        return Counter({int(n): int(found[n]) for n in there})
    values, counts = np.unique(mask.numpy(), return_counts=True)
    return Counter(dict(zip(values.tolist(), counts.tolist(), strict=True)))
