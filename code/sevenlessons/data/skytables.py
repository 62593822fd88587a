"""Join photos and catalogue: class, labels, place and group of each photo.

Everything is a fact of the catalogue; nothing was labelled by eye. Some of
the objects are too faint to see in the photo: honest label noise.
"""

from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd

from .skycatalogue import read_catalogue
from .skygroups import ObjectIndex, group_photos
from .skymap import direction
from .skyphotos import SkyPhoto, read_photos

__all__ = ["build_rows"]

CLASS_OF_TYPE = {
    **dict.fromkeys((0, 1, 2, 3), "galaxy"),
    6: "open cluster",
    7: "globular cluster",
    **dict.fromkeys((10, 13, 14, 15, 16, 17), "nebula"),
    11: "planetary nebula",
}
LABEL_OF_TYPE = {
    **CLASS_OF_TYPE,
    5: "open cluster",
    12: "dark nebula",
    18: "supernova remnant",
}
FAINTEST = 15.0  # magnitude: a fainter point does not show
EXTENDED = {"nebula", "dark nebula", "open cluster", "supernova remnant"}
MARGIN = 0.03  # of the width: nearer to the edge an object is cut off


class _Labels:
    """The objects that can show in a photo, ready to be looked up."""

    def __init__(self, objects: pd.DataFrame) -> None:
        kinds = objects["type"].map(LABEL_OF_TYPE)
        bright = objects["vmag"] < FAINTEST
        keep = kinds.notna() & (bright | kinds.isin(EXTENDED))
        self.kinds = kinds[keep].to_numpy(object)
        shown = objects[keep]
        self.towards = direction(
            shown["ra"].to_numpy(), shown["dec"].to_numpy()
        )

    def of(self, photo: SkyPhoto) -> list[str]:
        """Return the sorted labels of the objects inside `photo`."""
        frame = photo.frame
        near = self.towards @ frame.center > np.cos(frame.radius)
        inside = frame.contains(self.towards[near], MARGIN)
        return sorted(set(self.kinds[near][inside]))


def build_rows(folder: str | Path) -> list[dict[str, Any]]:
    """Return what is known of each photo in `folder`, by file name.

    Returns
    -------
    list of dict
        file, credit, link, group; labels (a sorted list, may be empty);
        class (None unless the file is named for an object of one of the five
        classes); x, y (None unless the named object lies in the photo) and
        kind (the label of that object, "other" for a mere group of stars).

    Examples
    --------
    >>> build_rows("deep_sky")[300]["labels"]  # doctest: +SKIP
    ['galaxy']

    """
    folder = Path(folder)
    objects = read_catalogue(folder / "catalog.dat")
    photos = read_photos(folder / "textures.json")
    index, labels = ObjectIndex(objects), _Labels(objects)
    groups = group_photos(photos, index)
    rows = []
    for photo in photos:
        row: dict[str, Any] = {
            "file": photo.file,
            "group": groups[photo.file],
            "credit": photo.credit,
            "link": photo.link,
            "labels": labels.of(photo),
            **dict.fromkeys(("class", "kind", "x", "y")),
        }
        named = index.find(photo.file, main_only=True)
        if named is not None:
            thing = objects.iloc[named]
            row["class"] = CLASS_OF_TYPE.get(thing["type"])
            x, y = photo.frame.xy(direction(thing["ra"], thing["dec"]))
            if 0 < x < 1 and 0 < y < 1:
                row |= {"x": float(x), "y": float(y)}
                row["kind"] = LABEL_OF_TYPE.get(thing["type"], "other")
        rows.append(row)
    return rows
