"""Read which photos there are, what sky they show, and whom to thank.

`textures.json` is nearly JSON: some numbers are written ``.979``. For each
photo it holds four corners on the sky, a credit line and often a link.
"""

import json
import re
from dataclasses import dataclass
from pathlib import Path

import numpy as np

from .skymap import Frame

__all__ = ["SkyPhoto", "read_photos"]

_SQUARE = [[[0, 0], [1, 0], [1, 1], [0, 1]]]


@dataclass(frozen=True)
class SkyPhoto:
    """One photo: its file name, the sky it shows, its author.

    Examples
    --------
    >>> frame = Frame([[11, 9], [9, 9], [9, 11], [11, 11]])
    >>> SkyPhoto("m42.png", frame, "A. Author", "").file
    'm42.png'

    """

    file: str
    frame: Frame
    credit: str
    link: str


def _photo(tile: dict) -> SkyPhoto:
    if tile["textureCoords"] != _SQUARE or len(tile["worldCoords"]) != 1:
        raise ValueError(f"{tile['imageUrl']} has corners of another kind")
    # "short" and "Short" both occur
    credit = {key.lower(): text for key, text in tile["imageCredits"].items()}
    link = credit.get("infourl", "")
    if link and "://" not in link:  # some lack the scheme
        link = f"https://{link}"
    return SkyPhoto(
        file=tile["imageUrl"],
        frame=Frame(np.array(tile["worldCoords"][0], float)),
        credit=credit["short"],
        link=link,
    )


def read_photos(path: str | Path) -> list[SkyPhoto]:
    """Return the photos that the file at `path` lists, by file name.

    Raises
    ------
    ValueError
        If the file does not have the expected form.

    Examples
    --------
    >>> read_photos("textures.json")[0].credit  # doctest: +SKIP
    'A. Author'

    """
    text = Path(path).read_text(encoding="utf-8")
    text = re.sub(r"(?<=[\[,\s])(-?)\.(\d)", r"\g<1>0.\2", text)
    try:
        photos = [_photo(tile) for tile in json.loads(text)["subTiles"]]
        if len({photo.file for photo in photos}) != len(photos):
            raise ValueError("it names a photo twice")
    except (ValueError, KeyError, TypeError, AttributeError) as error:
        raise ValueError(
            f"{path} is not the list of photos this book uses ({error!r}); "
            "delete it, and the data set is fetched again"
        ) from error
    return sorted(photos, key=lambda photo: photo.file)
