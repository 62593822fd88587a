"""Six ways to say what is on a photo; all give the same table.

The label may be the name of the folder, stand in a csv file or a table, be
part of the file name, be computed, or come as a list. Each function returns
the columns ``path`` and ``label``, one row a photo, and refuses what would
silently go wrong: a photo without a label, or with two.
"""

import os
import re
from collections import Counter
from collections.abc import Callable, Hashable, Iterable, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from .images import find_images

__all__ = [
    "from_csv",
    "from_folder",
    "from_frame",
    "from_function",
    "from_list",
    "from_pattern",
]

PathLike = str | os.PathLike[str]


def _shown(values: Sequence[Any]) -> str:
    """Return the first few values, and how many more there are."""
    more = f" and {len(values) - 3} more" if len(values) > 3 else ""
    return ", ".join(str(value) for value in values[:3]) + more


def from_list(
    paths: Iterable[PathLike], labels: Iterable[Hashable]
) -> pd.DataFrame:
    """Return the table of photos and their labels, given in the same order.

    Examples
    --------
    >>> from_list(["a.png", "b.png"], ["cat", "dog"])["label"].tolist()
    ['cat', 'dog']

    """
    if isinstance(paths, str | os.PathLike):
        raise TypeError("paths must be a list of photos, got only one")
    photos, names = [Path(path) for path in paths], list(labels)
    if len(photos) != len(names):
        raise ValueError(
            f"each photo needs one label, got {len(photos)} photos and "
            f"{len(names)} labels"
        )
    if not photos:
        raise ValueError("there is no photo to label: the list is empty")
    twice = [path for path, count in Counter(photos).items() if count > 1]
    if twice:
        raise ValueError(
            f"{len(twice)} photos are listed more than once: {_shown(twice)}; "
            "keep one row for each"
        )
    without = [
        path
        for path, name in zip(photos, names, strict=True)
        if pd.isna(name) or name == ""  # type: ignore[call-overload]
    ]
    if without:
        raise ValueError(
            f"{len(without)} photos have no label: {_shown(without)}; label "
            "them or leave them out"
        )
    return pd.DataFrame({"path": photos, "label": names})


def from_folder(folder: PathLike) -> pd.DataFrame:
    """Return all photos in `folder`; the label is the folder of each.

    ``photos/cat/1.png`` is a cat. Hidden files are left out.

    Examples
    --------
    >>> from_folder("no/such/folder")
    Traceback (most recent call last):
    FileNotFoundError: no such folder: no/such/folder

    """
    paths = find_images(folder)
    loose = [path for path in paths if path.parent == Path(folder)]
    if loose:
        raise ValueError(
            f"{len(loose)} photos lie in {folder} itself: {_shown(loose)}; "
            "put each into a folder named for its label"
        )
    return from_list(paths, [path.parent.name for path in paths])


def from_frame(
    frame: pd.DataFrame,
    folder: PathLike,
    *,
    file: str = "file",
    label: str = "label",
) -> pd.DataFrame:
    """Return the photos that a table lists, by name relative to `folder`.

    Parameters
    ----------
    frame
        One row a photo.
    folder
        Where the photos are.
    file, label
        Names of the two columns.

    Examples
    --------
    >>> frame = pd.DataFrame({"file": ["a.png"], "kind": ["cat"]})
    >>> from_frame(frame, "photos")
    Traceback (most recent call last):
    ValueError: no column 'label'; the table has: file, kind

    """
    for column in (file, label):
        if column not in frame.columns:
            has = ", ".join(str(name) for name in frame.columns)
            raise ValueError(f"no column {column!r}; the table has: {has}")
    nameless = int(frame[file].isna().sum())
    if nameless:
        raise ValueError(
            f"{nameless} rows have no file name in column {file!r}; complete "
            "or drop them"
        )
    paths = [Path(folder) / str(name) for name in frame[file]]
    table = from_list(paths, frame[label])
    missing = [path for path in paths if not path.is_file()]
    if missing:
        raise FileNotFoundError(
            f"{len(missing)} of {len(paths)} photos in column {file!r} do "
            f"not exist: {_shown(missing)}; check folder and file names"
        )
    return table


def from_csv(
    csv: PathLike,
    folder: PathLike | None = None,
    *,
    file: str = "file",
    label: str = "label",
) -> pd.DataFrame:
    """Return the photos that a csv file lists, relative to `folder`.

    Parameters
    ----------
    csv
        A file with a header and one row a photo.
    folder
        Where the photos are; beside the csv file when None.
    file, label
        As in `from_frame`.

    Examples
    --------
    >>> from_csv("labels.csv", "photos").columns  # doctest: +SKIP
    Index(['path', 'label'])

    """
    csv = Path(csv)
    if not csv.is_file():
        raise FileNotFoundError(f"no such file: {csv}")
    try:
        # as text: a label 007 must not become the number 7, nor NA a gap
        frame = pd.read_csv(csv, dtype=str, keep_default_na=False)
    except (ValueError, UnicodeError) as error:
        raise ValueError(
            f"{csv} cannot be read as a table ({error}); it needs a header "
            f"line such as {file},{label} and one line a photo"
        ) from error
    frame = frame.mask(frame == "")
    return from_frame(
        frame, csv.parent if folder is None else folder, file=file, label=label
    )


def from_pattern(
    paths: Iterable[PathLike], pattern: str | re.Pattern[str]
) -> pd.DataFrame:
    r"""Return the photos, labelled by a group of `pattern` in the file name.

    Parameters
    ----------
    paths
        The photos, as `find_images` lists them.
    pattern
        A regular expression, searched in the name without folders. The
        label is its group named ``label``, or else its first group.

    Examples
    --------
    >>> names = ["great_dane_12.jpg", "pug_7.jpg"]
    >>> from_pattern(names, r"^(.+)_\d+\.jpg$")["label"].tolist()
    ['great_dane', 'pug']

    """
    expression = re.compile(pattern)
    if expression.groups == 0:
        raise ValueError(
            f"the pattern {expression.pattern!r} has no group; put round "
            "brackets around the part that is the label"
        )
    group = "label" if "label" in expression.groupindex else 1
    photos = [Path(path) for path in paths]
    found = [expression.search(photo.name) for photo in photos]
    unmatched = [
        photo.name
        for photo, match in zip(photos, found, strict=True)
        if match is None
    ]
    if unmatched:
        raise ValueError(
            f"the pattern {expression.pattern!r} does not match "
            f"{len(unmatched)} of {len(photos)} names: {_shown(unmatched)}"
        )
    return from_list(photos, [match[group] for match in found if match])


def from_function(
    paths: Iterable[PathLike], function: Callable[[Path], Hashable]
) -> pd.DataFrame:
    """Return the photos, labelled by ``function(path)``.

    Examples
    --------
    >>> names = ["cat/1.png", "dog/1.png"]
    >>> from_function(names, lambda path: path.parent.name)["label"].tolist()
    ['cat', 'dog']

    """
    photos, labels = [Path(path) for path in paths], []
    for photo in photos:
        try:
            labels.append(function(photo))
        except Exception as error:  # the reader's own code: any kind
            raise ValueError(
                f"the function failed on {photo}: {error!r}"
            ) from error
    return from_list(photos, labels)
