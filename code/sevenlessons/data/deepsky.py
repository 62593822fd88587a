"""Photos of the deep sky with five classes, several labels, and a place.

Three tables of the same 555 telescope photos. Every row names the credit and
the link that must be shown with the photo, the `path` of the file, and its
`group`: photos of one group show common sky, and a split must keep them
together (`splits.group_split`). Read `skytables` to see where labels come
from.
"""

from collections import Counter
from collections.abc import Iterable
from pathlib import Path
from typing import Any

import pandas as pd
import torch
from torch import Tensor

from .cache import ensure
from .derived import (
    content_key,
    derived_folder,
    kept_json,
    kept_tensor,
    listing_key,
)
from .images import images_to_tensor
from .skytables import CLASS_OF_TYPE, LABEL_OF_TYPE, build_rows

__all__ = ["load_centers", "load_classes", "load_images", "load_labels"]

CLASSES = sorted(set(CLASS_OF_TYPE.values()))
LABELS = sorted(set(LABEL_OF_TYPE.values()))
_COMMON = ["group", "credit", "link", "path"]  # columns of every table

_RECIPE = "tables 4"  # change it when the tables are made in another way
_COUNTS = {
    "photos": 555,
    "groups": 496,
    "classes": {
        "galaxy": 190,
        "globular cluster": 86,
        "nebula": 54,
        "open cluster": 55,
        "planetary nebula": 57,
    },
    "labels": {
        "dark nebula": 55,
        "galaxy": 198,
        "globular cluster": 101,
        "nebula": 112,
        "open cluster": 116,
        "planetary nebula": 67,
        "supernova remnant": 29,
    },
    "centers": 445,
}


def _counts(rows: list[dict[str, Any]]) -> dict[str, Any]:
    classes = Counter(row["class"] for row in rows if row["class"])
    labels = Counter(label for row in rows for label in row["labels"])
    return {
        "photos": len(rows),
        "groups": len({row["group"] for row in rows}),
        "classes": dict(sorted(classes.items())),
        "labels": dict(sorted(labels.items())),
        "centers": sum(row["x"] is not None for row in rows),
    }


def _build(folder: Path) -> list[dict[str, Any]]:
    rows = build_rows(folder)
    found = _counts(rows)
    for what, expected in _COUNTS.items():
        if found[what] != expected:
            raise ValueError(
                f"the files in {folder} are not those this book knows: "
                f"expected {what} {expected}, got {found[what]}; delete the "
                "folder and run `python -m sevenlessons data deep_sky`"
            )
    return rows


def _table(folder: Path | None) -> pd.DataFrame:
    """Return all that is known of each photo, computed once and kept."""
    folder = ensure("deep_sky") if folder is None else Path(folder)
    made_from = [folder / "catalog.dat", folder / "textures.json"]
    rows = kept_json(
        derived_folder(folder) / "tables.json",
        content_key(made_from, _RECIPE),
        lambda: _build(folder),
    )
    table = pd.DataFrame(rows)
    table["path"] = [folder / file for file in table["file"]]
    return table


def load_classes(folder: Path | None = None) -> pd.DataFrame:
    """Return the 442 photos whose named object is of one of `CLASSES`.

    Parameters
    ----------
    folder
        Where the files are; fetched when None.

    Returns
    -------
    pandas.DataFrame
        Columns file, label, group, credit, link, path.

    Examples
    --------
    >>> CLASSES[:3]
    ['galaxy', 'globular cluster', 'nebula']
    >>> load_classes().shape  # doctest: +SKIP
    (442, 6)

    """
    table = _table(folder).rename(columns={"class": "label"})
    table = table[table["label"].notna()].reset_index(drop=True)
    return table[["file", "label", *_COMMON]]


def load_labels(folder: Path | None = None) -> pd.DataFrame:
    """Return all 555 photos with the kinds of objects inside each.

    Returns
    -------
    pandas.DataFrame
        Columns file, labels (a sorted list out of `LABELS`, may be empty),
        group, credit, link, path.

    Examples
    --------
    >>> len(LABELS)
    7
    >>> load_labels()["labels"].str.len().max()  # doctest: +SKIP
    5

    """
    return _table(folder)[["file", "labels", *_COMMON]]


def load_centers(folder: Path | None = None) -> pd.DataFrame:
    """Return the 445 photos in which the named object's place is known.

    Returns
    -------
    pandas.DataFrame
        Columns file, x, y (0 to 1 from the top left corner), label (what the
        object is), group, credit, link, path.

    Examples
    --------
    >>> load_centers()[["x", "y"]].mean().round(1)  # doctest: +SKIP
    x    0.5
    y    0.5

    """
    table = _table(folder).rename(columns={"kind": "label"})
    table = table[table["x"].notna()].reset_index(drop=True)
    return table[["file", "x", "y", "label", *_COMMON]]


def load_images(
    files: Iterable[str], size: int, *, folder: Path | None = None
) -> Tensor:
    """Return photos as one tensor, decoded once for each size and kept.

    Parameters
    ----------
    files
        Names as in the column ``file`` of a table, in the order wanted.
    size
        Height and width in pixels; photos that are not square are squeezed.
    folder
        Where the files are; fetched when None.

    Returns
    -------
    Tensor
        uint8, shape ``(N, 3, size, size)``.

    Examples
    --------
    >>> photos = load_classes()  # doctest: +SKIP
    >>> load_images(photos["file"], 128).shape  # doctest: +SKIP
    torch.Size([442, 3, 128, 128])

    """
    if isinstance(files, str):
        raise TypeError("files must be a list of names, got only one")
    if isinstance(size, bool) or not isinstance(size, int) or size < 1:
        raise ValueError(f"size must be at least 1 pixel, got {size!r}")
    folder = ensure("deep_sky") if folder is None else Path(folder)
    paths = sorted(folder.glob("*.png"))
    places = {path.name: place for place, path in enumerate(paths)}
    wanted = list(files)
    unknown = [file for file in wanted if file not in places]
    if unknown:
        raise ValueError(
            f"no photo {unknown[0]!r} in {folder} ({len(unknown)} names are "
            "unknown); take names from the column 'file' of a table"
        )
    images = kept_tensor(
        derived_folder(folder) / f"images_{size}.safetensors",
        listing_key(paths, f"squeezed to {size} px, bicubic, 2"),
        lambda: images_to_tensor(paths, size),
    )
    rows = [places[file] for file in wanted]
    return images[torch.tensor(rows, dtype=torch.long)]
