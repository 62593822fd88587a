"""The size that pictures are brought to, from what ``--size`` says."""

import statistics
from collections.abc import Sequence

from sevenlessons.data.imagefiles import open_header
from sevenlessons.data.images import MAX_PIXELS
from sevenlessons.data.mask_pairs import MaskPair

__all__ = ["choose_size"]

_SMALLEST = 32


def choose_size(pairs: Sequence[MaskPair], asked: str) -> tuple[int, int]:
    """Return height and width for all pictures.

    Parameters
    ----------
    pairs
        Their pictures give the proportions: the middle one of all.
    asked
        ``"256"``, the longer side, which enlarges no picture; or
        ``"360x480"``, height and width.

    Raises
    ------
    ValueError
        If it is neither, or a side is below 32.

    """
    words = asked.lower().replace(" ", "").split("x")
    if len(words) > 2 or not all(w.isascii() and w.isdigit() for w in words):
        raise ValueError(
            f"--size must be a number such as 256, or HEIGHTxWIDTH such as "
            f"360x480, got {asked!r}"
        )
    sides = [int(word) for word in words]
    if min(sides) < _SMALLEST or max(sides) > 8192:
        raise ValueError(
            f"--size must be from {_SMALLEST} to 8192 pixels, got {asked!r}"
        )
    if len(sides) == 2:
        return sides[0], sides[1]
    shapes = []
    for pair in pairs:
        with open_header(pair.image, str(pair.image), MAX_PIXELS) as image:
            shapes.append((image.height, image.width))
    longest = min(sides[0], max(max(shape) for shape in shapes))
    ratio = statistics.median(height / width for height, width in shapes)
    scale = min(1.0, 1 / ratio), min(1.0, ratio)  # of width, of height
    height, width = (max(_SMALLEST, round(longest * s)) for s in scale[::-1])
    return height, width
