"""Read what people write by hand beside masks: names, colors, lists.

A line that could mean two things is refused with its number.
"""

from __future__ import annotations

import os
from pathlib import Path

__all__ = ["read_codes", "read_colors", "text_lines"]

PathLike = str | os.PathLike[str]
Color = tuple[int, int, int]


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
    lines = [line.strip() for line in text_lines(path, "file of class names")]
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
    for number, line in enumerate(text_lines(path, "file of colors"), start=1):
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


def text_lines(path: PathLike, what: str) -> list[str]:
    """Return the lines of a text that somebody wrote by hand.

    Examples
    --------
    >>> text_lines("no/list.txt", "list of pictures")
    Traceback (most recent call last):
    FileNotFoundError: no such list of pictures: no/list.txt

    """
    path = Path(path)
    if not path.is_file():
        raise FileNotFoundError(f"no such {what}: {path.as_posix()}")
    try:
        return path.read_text(encoding="utf-8-sig").split("\n")
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is no text in UTF-8; save it as plain text in UTF-8"
        ) from error
