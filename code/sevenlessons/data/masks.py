"""Read masks: pictures whose pixels are class numbers.

A mask looks like a gray picture and is none: 3 means the class with number 3,
and nothing lies between the classes 1 and 3. So nothing is scaled, smoothed
or guessed here; a picture that cannot be a mask is refused in words.
"""

from __future__ import annotations

import os
from collections.abc import Mapping
from pathlib import Path

import numpy as np
import torch
from torch import Tensor

from .imagefiles import ImageError, broken, name_of, open_header, orientation

__all__ = ["read_codes", "read_colors", "read_mask"]

PathLike = str | os.PathLike[str]
Color = tuple[int, int, int]

_NUMBERS = ("1", "L", "P", "I", "I;16", "I;16B", "I;16L")
_MAX_PIXELS = 64_000_000


def read_mask(
    source: PathLike | bytes, *, colors: Mapping[Color, int] | None = None
) -> Tensor:
    """Return the class number of each pixel.

    Gray values are class numbers, and so are the places in a palette. A
    color picture is taken if it is gray after all, or if `colors` says which
    color is which class.

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
    with open_header(source, name, _MAX_PIXELS) as image:
        if image.format == "JPEG":
            raise ImageError(
                f"{name} is a JPEG file, which blurs class numbers into "
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
        if image.mode in _NUMBERS:
            values = np.asarray(image).astype(np.int64)
            return torch.from_numpy(values)
        if image.mode not in ("RGB", "RGBA", "LA"):
            raise ImageError(
                f"{name} has the mode {image.mode}; a mask is a gray or "
                "palette picture whose values are class numbers"
            )
        rgb = np.asarray(image.convert("RGB")).astype(np.int64)
    if colors is not None:
        return _by_color(rgb, colors, name)
    if (rgb == rgb[..., :1]).all():  # gray after all
        return torch.from_numpy(rgb[..., 0].copy())
    found = len(np.unique(rgb.reshape(-1, 3), axis=0))
    raise ImageError(
        f"{name} is a color picture with {found} colors, not class numbers; "
        "give a table of colors (lines such as '64 128 64 tree'), or take "
        "the masks whose gray values are the class numbers"
    )


def _by_color(
    rgb: np.ndarray, colors: Mapping[Color, int], name: str
) -> Tensor:
    """Return the class of each color; refuse a color that has none."""
    codes = (rgb * [65536, 256, 1]).sum(axis=2)
    out = np.full(codes.shape, -1, np.int64)
    for (red, green, blue), number in colors.items():
        out[codes == red * 65536 + green * 256 + blue] = number
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


def read_codes(path: PathLike) -> list[str]:
    """Return the names of the classes, one a line: the first is class 0.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If it has no name, an empty line between names, or a name twice.

    Examples
    --------
    >>> read_codes("no/codes.txt")
    Traceback (most recent call last):
    FileNotFoundError: no such file of class names: no/codes.txt

    """
    lines = [line.strip() for line in _lines(path, "class names")]
    while lines and not lines[-1]:
        lines.pop()
    if not lines:
        raise ValueError(f"{path} is empty; write one class name a line")
    for number, name in enumerate(lines):
        if not name:
            raise ValueError(
                f"line {number + 1} of {path} is empty, so it is not clear "
                f"what class {number} is; write a name, or remove the line"
            )
        if name in lines[:number]:
            raise ValueError(
                f"{path} has the name {name!r} twice, in the lines "
                f"{lines.index(name) + 1} and {number + 1}; each class needs "
                "a name of its own"
            )
    return lines


def read_colors(path: PathLike) -> tuple[dict[Color, int], list[str]]:
    """Return a table of colors, and the names of its classes.

    Each line holds red, green, blue and a name: ``64 128 64 tree``. The
    first line is class 0. A name that comes again is the same class in
    another color.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ValueError
        If a line says something else, or a color stands there twice.

    Examples
    --------
    >>> read_colors("no/colors.txt")
    Traceback (most recent call last):
    FileNotFoundError: no such file of colors: no/colors.txt

    """
    colors: dict[Color, int] = {}
    names: list[str] = []
    for number, line in enumerate(_lines(path, "colors"), start=1):
        words = line.replace(",", " ").split()
        if not words:
            continue
        if len(words) < 4 or not all(
            w.isascii() and w.isdigit() and int(w) < 256 for w in words[:3]
        ):
            raise ValueError(
                f"line {number} of {path} is {line.strip()[:60]!r}, expected "
                "three numbers from 0 to 255 and a name: '64 128 64 tree'"
            )
        red, green, blue = (int(word) for word in words[:3])
        name = " ".join(words[3:])
        if (red, green, blue) in colors:
            raise ValueError(
                f"line {number} of {path} has the color {red} {green} {blue} "
                "a second time; each color belongs to one class"
            )
        if name not in names:
            names.append(name)
        colors[red, green, blue] = names.index(name)
    if not colors:
        raise ValueError(f"{path} has no color; write '64 128 64 tree'")
    return colors, names


def _lines(path: PathLike, what: str) -> list[str]:
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no such file of {what}: {path.as_posix()}")
    try:
        return path.read_text(encoding="utf-8-sig").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is no text in UTF-8 ({error.reason}); save it as plain "
            "text"
        ) from error
