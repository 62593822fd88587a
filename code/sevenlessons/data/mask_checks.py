"""Look at all masks before a training: sizes and class numbers.

A fault in the last file should not be found after an hour.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from .imagefiles import ImageError, open_header, orientation
from .images import MAX_PIXELS
from .mask_pairs import MaskPair
from .masks import Color, read_mask

__all__ = ["check_masks", "count_values"]


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
    for counts in _each(pairs, colors):
        total.update(counts)
    return total


def check_masks(
    pairs: Sequence[MaskPair],
    num_classes: int,
    *,
    void: int | None = None,
    colors: Mapping[Color, int] | None = None,
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
    for pair, counts in zip(pairs, _each(pairs, colors), strict=True):
        total.update(counts)
        outside = sorted(
            n for n in counts if not 0 <= n < num_classes and n != void
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


def _each(
    pairs: Sequence[MaskPair], colors: Mapping[Color, int] | None
) -> list[Counter[int]]:
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        return list(pool.map(lambda pair: _look(pair, colors), pairs))


def _look(pair: MaskPair, colors: Mapping[Color, int] | None) -> Counter[int]:
    """Return the values of one mask, after comparing sizes."""
    with open_header(pair.image, str(pair.image), MAX_PIXELS) as image:
        if orientation(image) != 1:
            raise ImageError(
                f"{pair.image} asks to be turned when it is shown (EXIF), so "
                "its mask may lie on it or not; save it upright"
            )
        width, height = image.size
    mask = read_mask(pair.mask, colors=colors)
    if mask.shape != (height, width):
        raise ImageError(
            f"{pair.image.name} has {width} x {height} pixels, but its mask "
            f"{pair.mask.name} has {mask.shape[1]} x {mask.shape[0]}; a mask "
            "must have the size of its picture"
        )
    values, counts = np.unique(mask.numpy(), return_counts=True)
    pairs = zip(values.tolist(), counts.tolist(), strict=True)
    return Counter(dict(pairs))
