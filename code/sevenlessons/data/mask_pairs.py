"""Which mask belongs to which picture, and whether they fit.

Pairs are matched by file name. What has no partner, or two, is an error
here, before any training: a missing mask that is passed over in silence
costs more than a message.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .imagefiles import ImageError, open_header, orientation
from .images import MAX_PIXELS, find_images
from .masks import Color, read_mask

__all__ = ["MaskPair", "check_masks", "count_values", "pair_masks"]

PathLike = str | os.PathLike[str]

SUFFIXES = ("", "_P", "_L", "_mask", "_label", "_labels", "_seg", "_gt")


@dataclass(frozen=True)
class MaskPair:
    """A picture and its mask.

    Parameters
    ----------
    name
        Path of the picture in its folder, without the ending.
    image, mask
        The files.
    split
        ``"train"``, ``"valid"``, ``"test"``, or empty if nobody said.

    Examples
    --------
    >>> MaskPair("a", Path("images/a.jpg"), Path("labels/a_P.png")).split
    ''

    """

    name: str
    image: Path
    mask: Path
    split: str = ""


def pair_masks(
    images: PathLike,
    masks: PathLike,
    *,
    suffix: str | None = None,
    split: str = "",
) -> list[MaskPair]:
    """Match the pictures of one folder with the masks of another, by name.

    ``images/a/7.jpg`` belongs to ``masks/a/7.png``. The names of masks may
    all have one of the usual endings more, such as ``7_P.png``.

    Parameters
    ----------
    images, masks
        Two folders, searched with all that is in them.
    suffix
        What names of masks have more; None finds out.
    split
        Given to every pair.

    Returns
    -------
    list of MaskPair
        In the order of their names.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If a folder is missing, or a file.
    ValueError
        If a folder holds no picture, two files have one name, or a partner
        is missing.

    Examples
    --------
    >>> pair_masks("no/images", "no/masks")
    Traceback (most recent call last):
    FileNotFoundError: no such folder: no/images

    """
    images, masks = Path(images), Path(masks)
    if images.resolve() == masks.resolve():
        raise ValueError(
            f"pictures and masks are the same folder, {images}; give two"
        )
    pictures, answers = _by_name(images), _by_name(masks)
    ending = _suffix(pictures, answers) if suffix is None else suffix
    wanted = {name: f"{name}{ending}" for name in pictures}
    lonely = [name for name in pictures if wanted[name] not in answers]
    left = sorted(answers.keys() - set(wanted.values()))
    faults = [
        f"{len(names)} of {of} {what} without a partner, such as "
        f"{', '.join(str(files[n].name) for n in names[:3])}"
        for names, of, what, files in (
            (lonely, len(pictures), "pictures", pictures),
            (left, len(answers), "masks", answers),
        )
        if names
    ]
    if faults:
        first = next(iter(pictures))
        raise ValueError(
            f"{'; '.join(faults)}. The mask of {pictures[first].name} in "
            f"{masks} is expected to be called {Path(first).name}{ending}.png"
            "; rename the files, or move those without a partner away"
        )
    return [
        MaskPair(name, pictures[name], answers[wanted[name]], split)
        for name in pictures
    ]


def _by_name(folder: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    for path in find_images(folder):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name in found:
            raise ValueError(
                f"{found[name].name} and {path.name} in {path.parent} differ "
                "in their ending only, so a partner could belong to either; "
                "keep one of them"
            )
        found[name] = path
    return found


def _suffix(pictures: Iterable[str], answers: Mapping[str, Path]) -> str:
    """Return the ending that gives most pictures a partner."""
    names = list(pictures)
    scores = [sum(f"{n}{end}" in answers for n in names) for end in SUFFIXES]
    return SUFFIXES[scores.index(max(scores))]


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


def _look(
    pair: MaskPair, colors: Mapping[Color, int] | None
) -> Counter[int]:
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
