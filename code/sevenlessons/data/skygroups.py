"""Which photos must stay on one side of a split, and what they are named for.

Two photos belong together if they show the same object, are tiles of one
mosaic, or show a common piece of sky: a network that has seen one of them has
seen part of the other.
"""

import re
from collections.abc import Sequence

import numpy as np
import pandas as pd

from .skyphotos import SkyPhoto

__all__ = ["ObjectIndex", "group_photos"]

PREFIXES = {"n": "ngc", "ic": "ic", "m": "m"}
MORE_PREFIXES = {
    **PREFIXES,
    **{"p": "pgc", "u": "ugc", "sh2-": "sh2", "barnard": "b"},
    **{name: name for name in ("ldn", "lbn", "vdb", "rcw")},
}
_NAME = re.compile(r"([a-z]+(?:2-)?)(\d+)(?:\D.*)?\.png$")
_MOSAIC = re.compile(
    r"(lmc_|smc29-|barnard_loop-|ic2118-|sh2-1-|rho-a)\d+\.png$"
)


class ObjectIndex:
    """Find the object that a file name such as ``n7331-vasey.png`` means.

    Parameters
    ----------
    objects
        Table of `read_catalogue`.

    Examples
    --------
    >>> numbers = {name: [0, 0] for name in MORE_PREFIXES.values()}
    >>> numbers["ngc"] = [224, 7331]
    >>> ObjectIndex(pd.DataFrame(numbers)).find("n7331-vasey.png")
    1

    """

    def __init__(self, objects: pd.DataFrame) -> None:
        self._rows: dict[str, dict[int, int]] = {}
        for catalogue in set(MORE_PREFIXES.values()):
            numbers = objects[catalogue].to_numpy()
            rows = np.flatnonzero(numbers)
            # where objects share a number, the later one is meant
            self._rows[catalogue] = dict(
                zip(numbers[rows].tolist(), rows.tolist(), strict=True)
            )

    def find(self, file: str, *, main_only: bool = False) -> int | None:
        """Return the row of the object, None if the name tells of none.

        With `main_only`, only the catalogues Messier, NGC and IC count.
        """
        match = _NAME.match(file)
        prefixes = PREFIXES if main_only else MORE_PREFIXES
        if match is None or match[1] not in prefixes:
            return None
        return self._rows[prefixes[match[1]]].get(int(match[2]))


def _mosaic(file: str) -> str | None:
    match = _MOSAIC.match(file)
    return match[1] if match else None


def group_photos(
    photos: Sequence[SkyPhoto], index: ObjectIndex
) -> dict[str, str]:
    """Return the group of each file, named for the first photo in it.

    Photos that are linked by a chain of others share a group too.

    Examples
    --------
    >>> group_photos(photos, ObjectIndex(objects))  # doctest: +SKIP
    {'GammaCygni-vasey.png': 'GammaCygni-vasey', 'm29.png': 'GammaCygni-...

    """
    grids = [photo.frame.sky() for photo in photos]
    centers = np.stack([photo.frame.center for photo in photos])
    radii = np.array([photo.frame.radius for photo in photos])
    shown = [index.find(photo.file) for photo in photos]
    mosaics = [_mosaic(photo.file) for photo in photos]
    parent = list(range(len(photos)))

    def root(i: int) -> int:
        while parent[i] != i:
            i = parent[i]
        return i

    for i, photo in enumerate(photos):
        reach = np.minimum(radii[:i] + radii[i], np.pi)
        near = centers[:i] @ centers[i] > np.cos(reach)
        for j in range(i):
            together = shown[i] is not None and shown[i] == shown[j]
            together |= mosaics[i] is not None and mosaics[i] == mosaics[j]
            if not together and near[j]:
                other = photos[j]
                together = bool(
                    photo.frame.contains(grids[j]).any()
                    or other.frame.contains(grids[i]).any()
                )
            if together:
                first, second = sorted((root(i), root(j)))
                parent[second] = first
    return {
        photo.file: photos[root(i)].file.removesuffix(".png")
        for i, photo in enumerate(photos)
    }
