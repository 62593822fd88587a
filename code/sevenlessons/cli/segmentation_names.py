"""What the numbers in masks mean: names of classes, void, colors."""

import argparse
from collections.abc import Mapping, Sequence

from sevenlessons.data.mask_layouts import find_void
from sevenlessons.data.mask_names import read_codes, read_colors
from sevenlessons.data.masks import Color

__all__ = ["choose_names", "name_classes"]


def choose_names(
    options: argparse.Namespace,
    classes: Sequence[str] = (),
    void: int | None = None,
) -> tuple[tuple[str, ...], int | None, dict[Color, int] | None]:
    """Return names, the number of void, and the class of each color.

    Parameters
    ----------
    options
        ``codes``, ``colors`` and ``void`` of the command.
    classes, void
        What the layout of the folder says.

    Raises
    ------
    ValueError
        If a color's name is none of the classes; with names from two files,
        a color belongs to the class of its name.

    """
    colors: dict[Color, int] | None = None
    if options.codes is not None:
        classes = read_codes(options.codes)
    if options.colors is not None:
        colors, names = read_colors(options.colors)
        classes = classes or names
        lost = [name for name in names if name not in classes]
        if lost:
            raise ValueError(
                f"{options.colors} has colors for {', '.join(lost[:5])}, "
                "which is no name of a class; the classes are "
                f"{', '.join(classes[:40])}: use the same names in both"
            )
        places = [list(classes).index(name) for name in names]
        colors = {color: places[number] for color, number in colors.items()}
    if options.void is not None:
        void = find_void(classes, options.void)
    elif void is None:
        void = find_void(classes)
    return tuple(classes), void, colors


def name_classes(
    counts: Mapping[int, int], void: int | None
) -> tuple[tuple[str, ...], dict[int, int]]:
    """Name the classes of masks that came without names.

    Parameters
    ----------
    counts
        Pixels of each value in the masks.
    void
        A value that is no class.

    Returns
    -------
    tuple
        The names; and value to class number, where masks of two values use
        another number than 1.

    Raises
    ------
    ValueError
        If the values are not 0, 1, 2 and so on.

    Examples
    --------
    >>> name_classes({0: 7, 255: 3}, None)
    (('background', 'object'), {255: 1})
    >>> name_classes({0: 7, 1: 3, 2: 1, 255: 4}, 255)
    (('class 0', 'class 1', 'class 2'), {})

    """
    values = sorted(value for value in counts if value != void)
    if len(values) == 2 and values[0] == 0 and void != 1:
        other = values[1]
        return ("background", "object"), {} if other == 1 else {other: 1}
    inside = [void] if void is not None and void < len(values) + 1 else []
    numbers = sorted({*values, *inside})
    if numbers != list(range(len(numbers))):
        shown = ", ".join(str(value) for value in values[:10])
        more = " and more" if len(values) > 10 else ""
        hint = ""
        if values[-1] == 255 and void is None:
            hint = "; 255 often means void: --void 255"
        raise ValueError(
            f"the masks hold the values {shown}{more}, which are not the "
            "class numbers 0, 1, 2 and so on; give their names with --codes "
            f"FILE, or the number that is void{hint}"
        )
    return tuple(
        "void" if number == void else f"class {number}" for number in numbers
    ), {}
