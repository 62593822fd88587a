"""Which mask belongs to which picture.

Pairs are matched by file name. What has no partner, or two, is an error
here, before any training: a missing mask that is passed over in silence
costs more than a message.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path

from .imagefiles import ImageError
from .images import find_images

__all__ = ["MaskPair", "pair_masks"]

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

    def check_sizes(
        self, picture: tuple[int, int], mask: tuple[int, int]
    ) -> None:
        """Refuse a mask of another width or height than its picture."""
        if mask != picture:
            raise ImageError(
                f"{self.image.name} has {picture[0]} x {picture[1]} pixels, "
                f"but its mask {self.mask.name} has {mask[0]} x {mask[1]}; a "
                "mask must have the size of its picture"
            )


def pair_masks(
    images: PathLike,
    masks: PathLike,
    *,
    suffix: str | None = None,
    split: str = "",
) -> list[MaskPair]:
    """Match the pictures of one folder with the masks of another, by name.

    ``images/a/7.jpg`` belongs to ``masks/a/7.png``. The names of masks may
    all have one of the usual endings more, such as ``7_P.png``. One folder
    may lie in the other: its files belong to it alone.

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
    pictures = _by_name(images, masks)
    answers = _by_name(masks, images)
    ending = _suffix(pictures, answers) if suffix is None else suffix
    wanted = {name: f"{name}{ending}" for name in pictures}
    lonely = [name for name in pictures if wanted[name] not in answers]
    left = sorted(answers.keys() - set(wanted.values()))
    faults = [
        f"{len(names)} of {of} {what} without a partner, such as "
        f"{', '.join(str(files[n].relative_to(root)) for n in names[:3])}"
        for names, of, what, files, root in (
            (lonely, len(pictures), "pictures", pictures, images),
            (left, len(answers), "masks", answers, masks),
        )
        if names
    ]
    if faults:
        first = lonely[0] if lonely else next(iter(pictures))
        more = _more(lonely, left)
        hint = (
            f" names of masks have {more} more: --suffix {more};"
            if more
            else ""
        )
        raise ValueError(
            f"{'; '.join(faults)}. The mask of {pictures[first].name} in "
            f"{masks} is expected to be called {Path(first).name}{ending}.png"
            f";{hint} rename the files, or move those without a partner away"
        )
    return [
        MaskPair(name, pictures[name], answers[wanted[name]], split)
        for name in pictures
    ]


def _by_name(folder: Path, other: Path) -> dict[str, Path]:
    found: dict[str, Path] = {}
    inside = other.is_relative_to(folder)
    for path in find_images(folder):
        if inside and path.is_relative_to(other):
            continue
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name in found:
            raise ValueError(
                f"{found[name].name} and {path.name} in {path.parent} differ "
                "in their ending only, so a partner could belong to either; "
                "keep one of them"
            )
        found[name] = path
    return found


def _more(lonely: Sequence[str], left: Sequence[str]) -> str:
    """Return what the names of masks without a partner have more."""
    for name in lonely:
        longer = [other for other in left if other.startswith(name)]
        if len(longer) == 1:
            return longer[0].removeprefix(name)
    return ""


def _suffix(pictures: Iterable[str], answers: Mapping[str, Path]) -> str:
    """Return the ending that gives most pictures a partner."""
    names = list(pictures)
    scores = [sum(f"{n}{end}" in answers for n in names) for end in SUFFIXES]
    return SUFFIXES[scores.index(max(scores))]
