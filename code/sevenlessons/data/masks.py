"""Read masks: pictures whose pixels are class numbers.

A mask looks like a gray picture and is none: 3 means the class with number 3,
and nothing lies between the classes 1 and 3. So nothing is scaled, smoothed
or guessed here; a picture that cannot be a mask is refused in words.
"""

from __future__ import annotations

import os
import re
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .imagefiles import ImageError, broken, name_of, open_header, orientation
from .images import MAX_PIXELS

__all__ = ["read_mask"]

PathLike = str | os.PathLike[str]
Color = tuple[int, int, int]

_NUMBERS = ("1", "L", "P", "I", "I;16", "I;16B", "I;16L")
_LOSSY = ("jpeg", "tiff_jpeg", "webp")  # ways to pack a TIFF


def read_mask(
    source: PathLike | bytes, *, colors: Mapping[Color, int] | None = None
) -> Tensor:
    """Return the class number of each pixel.

    Gray values are class numbers, and so are the places in a palette. A
    color picture is taken if it is gray after all. If `colors` says which
    color is which class, only colors count, those of a palette too.

    Parameters
    ----------
    source
        A path, or the bytes of a file.
    colors
        Red, green and blue to class number; for masks painted in colors.

    Returns
    -------
    Tensor
        int64, shape ``(H, W)``.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ImageError
        If the file is no picture, or no mask.

    Examples
    --------
    >>> import io
    >>> from PIL import Image
    >>> file = io.BytesIO()
    >>> Image.fromarray(np.array([[0, 2]], np.uint8)).save(file, "PNG")
    >>> read_mask(file.getvalue())
    tensor([[0, 2]])

    """
    name = name_of(source)
    with open_header(source, name, MAX_PIXELS) as image:
        if lossy := _lossy(image, source):
            raise ImageError(
                f"{name} is {lossy}, which blurs class numbers into "
                "others; masks must be kept without loss, as PNG"
            )
        if orientation(image) != 1:
            raise ImageError(
                f"{name} asks to be turned when it is shown (EXIF), so it "
                "would not lie on its picture; save it upright"
            )
        try:
            image.load()
        except Exception as error:  # decoders raise almost anything
            raise broken(name, error) from error
        small = image.mode in ("1", "L", "P")
        if image.mode in _NUMBERS and not (small and colors):
            values = np.asarray(image).astype(np.int64)
            return torch.from_numpy(values)
        if not small and image.mode not in ("RGB", "RGBA", "LA"):
            raise ImageError(
                f"{name} has the mode {image.mode}; a mask is a gray or "
                "palette picture whose values are class numbers"
            )
        flat = image.convert("RGB")
    rgb = np.asarray(flat)
    if colors is not None:
        return _by_color(rgb, colors, name)
    if (rgb == rgb[..., :1]).all():  # gray after all
        return torch.from_numpy(rgb[..., 0].astype(np.int64))
    raise ImageError(
        f"{name} is a color picture with {_named(flat)}, not class numbers; "
        "give a table of colors (--colors FILE, lines such as '64 128 64 "
        "tree'), or take the masks whose gray values are the class numbers"
    )


def _lossy(image: Image.Image, source: PathLike | bytes) -> str:
    """Return what blurs the numbers in this file, in words, or nothing."""
    if image.format == "JPEG":
        return "a JPEG file"
    if image.format == "TIFF" and image.info.get("compression") in _LOSSY:
        return "a TIFF file packed with loss"
    if image.format == "WEBP":
        raw = (
            source if isinstance(source, bytes) else Path(source).read_bytes()
        )
        place = 12  # then pieces: name, length, content, an even number
        while raw[place : place + 4] not in (b"VP8L", b""):
            length = int.from_bytes(raw[place + 4 : place + 8], "little")
            place += 8 + length + length % 2
        return "" if raw[place : place + 4] else "a WebP file with loss"
    return ""


def _named(image: Image.Image) -> str:
    """Say how many colors there are, and the first."""
    found = image.getcolors(256)  # None if there are more; fast
    if found is None:
        return "more than 256 colors"
    first = sorted(found, reverse=True)[:3]
    shown = ", ".join(re.sub(r"[(),]", "", str(color)) for _, color in first)
    return f"{len(found)} colors ({shown})"


def _by_color(
    rgb: np.ndarray, colors: Mapping[Color, int], name: str
) -> Tensor:
    """Return the class of each color; refuse a color that has none."""
    red, green, blue = (rgb[..., i].astype(np.int32) for i in range(3))
    codes = (red << 16) + (green << 8) + blue
    out = np.full(codes.shape, -1, np.int64)
    for (r, g, b), number in colors.items():
        out[codes == r * 65536 + g * 256 + b] = number
    if (out < 0).any():
        row, column = (int(i) for i in np.argwhere(out < 0)[0])
        color = " ".join(str(int(v)) for v in rgb[row, column])
        raise ImageError(
            f"{name} has the color {color} at row {row}, column {column} "
            f"and {int((out < 0).sum())} pixels in all without a class; add "
            "it to the table of colors, or check that the mask was resized "
            "without smoothing"
        )
    return torch.from_numpy(out)
