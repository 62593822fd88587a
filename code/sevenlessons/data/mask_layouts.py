"""Folders of pictures and masks as they are usually delivered.

Two layouts are known, both those of CamVid, street scenes from a car. One
has ``images``, ``labels`` and ``codes.txt``, perhaps ``valid.txt``. The
other has ``train`` and ``trainannot``, ``val`` and ``valannot``, ``test`` and
``testannot``, with twelve classes. `open_layout` tells which it is.
"""

from __future__ import annotations

import os
from collections import Counter
from collections.abc import Sequence, Set
from dataclasses import dataclass, replace
from pathlib import Path, PurePosixPath

from .images import EXTENSIONS
from .mask_names import read_codes, text_lines
from .mask_pairs import MaskPair, pair_masks

__all__ = ["MaskFolder", "find_void", "open_layout", "split_by_list"]

PathLike = str | os.PathLike[str]

SPLITS = {"train": "train", "val": "valid", "test": "test"}
TWELVE = (
    "sky building pole road pavement tree sign fence car pedestrian cyclist "
    "void"
).split()
VOIDS = ("void", "unlabelled", "unlabeled", "ignore")


@dataclass(frozen=True)
class MaskFolder:
    """What lies in a folder of pictures and masks.

    Parameters
    ----------
    pairs
        All of them; `split` of each says where it belongs.
    classes
        A name for each class number.
    void
        The number that means "nobody knows", or None.

    Examples
    --------
    >>> MaskFolder((), ("sky", "road"), None).of("train")
    []

    """

    pairs: tuple[MaskPair, ...]
    classes: tuple[str, ...]
    void: int | None

    def of(self, split: str) -> list[MaskPair]:
        """Return the pairs of one split."""
        return [pair for pair in self.pairs if pair.split == split]


def open_layout(folder: PathLike) -> MaskFolder:
    """Find pictures, masks, classes and splits in `folder`.

    Parameters
    ----------
    folder
        In one of the two layouts.

    Raises
    ------
    FileNotFoundError
        If the folder, or a part of its layout, is missing.
    ValueError
        If partners are missing, or names stand twice.

    Examples
    --------
    >>> open_layout("no/camvid")
    Traceback (most recent call last):
    FileNotFoundError: no such folder: no/camvid

    """
    folder = Path(folder)
    if not folder.is_dir():
        raise FileNotFoundError(f"no such folder: {folder.as_posix()}")
    if (folder / "images").is_dir() and (folder / "labels").is_dir():
        return _images_and_labels(folder)
    if (folder / "train").is_dir() and (folder / "trainannot").is_dir():
        return _train_and_annot(folder)
    found = sorted(path.name for path in folder.iterdir())[:6]
    raise FileNotFoundError(
        f"{folder} has neither images/ and labels/ nor train/ and "
        f"trainannot/; found {', '.join(found) or 'nothing'}. Use "
        "pair_masks(images, masks) for folders of other names"
    )


def _images_and_labels(folder: Path) -> MaskFolder:
    classes = tuple(read_codes(folder / "codes.txt"))
    pairs = pair_masks(folder / "images", folder / "labels")
    if (folder / "valid.txt").is_file():
        pairs = split_by_list(pairs, folder / "valid.txt")
    return MaskFolder(tuple(pairs), classes, find_void(classes))


def _train_and_annot(folder: Path) -> MaskFolder:
    pairs: list[MaskPair] = []
    for name, split in SPLITS.items():
        annotations = folder / f"{name}annot"
        if not (folder / name).is_dir() and not annotations.is_dir():
            continue
        pairs += pair_masks(folder / name, annotations, split=split)
    _check_apart(pairs)
    codes = folder / "codes.txt"
    classes = tuple(read_codes(codes) if codes.is_file() else TWELVE)
    return MaskFolder(tuple(pairs), classes, find_void(classes))


def _check_apart(pairs: Sequence[MaskPair]) -> None:
    """Refuse one name in two splits: it would be learned and judged."""
    names = Counter(pair.name for pair in pairs)
    if twice := [name for name, count in names.items() if count > 1]:
        raise ValueError(
            f"{len(twice)} pictures stand in two splits, such as {twice[0]}; "
            "what is judged must not be learned: remove them from one"
        )


def split_by_list(pairs: Sequence[MaskPair], path: PathLike) -> list[MaskPair]:
    """Return the pairs with a split: validation if listed, else training.

    Parameters
    ----------
    pairs
        From `pair_masks`.
    path
        A text file with one name of a picture a line.

    Raises
    ------
    ValueError
        If a listed picture is not there, or none is left to learn from.

    Examples
    --------
    >>> split_by_list([], "no/valid.txt")
    Traceback (most recent call last):
    FileNotFoundError: no such list of pictures: no/valid.txt

    """
    lines = [line.strip() for line in text_lines(path, "list of pictures")]
    names = {pair.name for pair in pairs}
    listed = {_listed(line, names) for line in lines if line}
    if not listed:
        raise ValueError(
            f"{path} lists no picture; write one name a line, the path below "
            "the folder of pictures"
        )
    if unknown := sorted(listed - names):
        raise ValueError(
            f"{path} lists {len(unknown)} pictures that are not there, such "
            f"as {unknown[0]}; a line is the path below the folder of "
            "pictures"
        )
    if listed == names:
        raise ValueError(
            f"{path} lists all {len(names)} pictures, so that none is left "
            "to learn from"
        )
    return [
        replace(pair, split="valid" if pair.name in listed else "train")
        for pair in pairs
    ]


def _listed(line: str, names: Set[str]) -> str:
    """Return the name that a line means: as it is, or without its ending."""
    name = PurePosixPath(line.replace("\\", "/")).as_posix()
    stem, dot, ending = name.rpartition(".")
    known = f"{dot}{ending}".lower() in EXTENSIONS
    return stem if name not in names and known else name


def find_void(
    classes: Sequence[str], given: str | int | None = None
) -> int | None:
    """Return the number that means "nobody knows".

    Parameters
    ----------
    classes
        Their names.
    given
        A name or a number; None looks for a class called void.

    Raises
    ------
    ValueError
        If no class has the name.

    Examples
    --------
    >>> find_void(["sky", "Void"]), find_void(["sky"]), find_void([], "255")
    (1, None, 255)

    """
    lower = [name.lower() for name in classes]
    if given is None:
        found = [lower.index(name) for name in VOIDS if name in lower]
        return found[0] if found else None
    text = str(given).strip()
    if text.lower() in lower:
        return lower.index(text.lower())
    if text.isascii() and text.isdigit():
        return int(text)
    known = f"one of the classes {', '.join(classes)}"
    raise ValueError(
        f"void is {given!r}, which is neither a number nor "
        f"{known if classes else 'a name that is known'}; give the names of "
        "the classes (--codes FILE), or the number that means void"
    )
