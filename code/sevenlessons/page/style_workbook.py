"""A workbook of two measures of pictures: the Gram matrix and PSNR.

The first sheet holds a few maps, place by place, and their Gram matrix in
formulas: mix the places, and it stays. The second compares two small pictures
pixel by pixel.
"""

from collections.abc import Sequence

import numpy as np

from .sheets import Sheet, address, block
from .workbook import workbook

__all__ = ["style_sheets", "style_workbook"]

MAPS = (
    (0, 2, 0, 2, 0, 2),
    (1, 1, 1, 1, 1, 1),
    (0, 2, 0, 2, 0, 1),
    (3, 0, 3, 0, 3, 0),
)
PICTURES = ((0.1, 0.5, 0.9, 0.5), (0.2, 0.5, 0.8, 0.4))
_TOP = 5  # the row of the first map, and of the first picture


def style_sheets(
    maps: Sequence[Sequence[float]] = MAPS,
    pictures: Sequence[Sequence[float]] = PICTURES,
) -> list[Sheet]:
    """Return two sheets: the Gram matrix of maps, the PSNR of two pictures.

    Parameters
    ----------
    maps
        One row a map, one number a place; all equally long.
    pictures
        Two rows of pixels from 0 to 1, equally long and not equal.

    Raises
    ------
    ValueError
        If rows differ in length, a number is not finite, or the pictures are
        equal: a sheet cannot show infinity.

    Examples
    --------
    >>> from sevenlessons.page.style_workbook import style_sheets
    >>> gram, psnr = style_sheets([[1, 2], [0, 3]], [[0.0], [0.1]])
    >>> gram.contents[10, 3], gram.results[10, 3]
    ('=SUMPRODUCT($B$5:$C$5,$B$6:$C$6)/4', 1.5)
    >>> round(psnr.results[10, 2], 6)
    20.0

    """
    rows = _checked("maps", maps)
    pair = _checked("pictures", pictures)
    if len(pair) != 2 or np.array_equal(pair[0], pair[1]):
        raise ValueError(
            f"expected two pictures that differ, got {pair.tolist()}; equal "
            "ones have an infinite PSNR, which no sheet can show"
        )
    return [_gram_sheet(rows), _psnr_sheet(pair)]


def style_workbook(
    maps: Sequence[Sequence[float]] = MAPS,
    pictures: Sequence[Sequence[float]] = PICTURES,
) -> bytes:
    """Return style.xlsx: the file of `style_sheets`.

    Parameters
    ----------
    maps, pictures
        As in `style_sheets`.

    Examples
    --------
    >>> from sevenlessons.page.style_workbook import style_workbook
    >>> style_workbook()[:2]
    b'PK'

    """
    return workbook(style_sheets(maps, pictures))


def _checked(name: str, given: Sequence[Sequence[float]]) -> np.ndarray:
    lengths = {len(row) for row in given}
    if len(lengths) != 1 or lengths == {0}:
        raise ValueError(
            f"{name}: expected rows of one length, at least 1, got lengths "
            f"{[len(row) for row in given]}"
        )
    rows = np.asarray(given, dtype=float)
    if not np.isfinite(rows).all():
        raise ValueError(
            f"{name}: all numbers must be finite, got {rows.tolist()}"
        )
    return rows


def _gram_sheet(rows: np.ndarray) -> Sheet:
    """Return the maps and their Gram matrix below."""
    count, places = rows.shape
    sheet = Sheet("Gram matrix", {1: 16.0})
    sheet.put(1, 1, "Which maps are strong together?", style="head")
    sheet.put(
        2,
        1,
        "Exchange two columns of numbers: the matrix stays. Blue numbers "
        "are yours.",
    )
    sheet.put(4, 1, "map", style="head")
    for j in range(places):
        sheet.put(4, 2 + j, f"place {j + 1}", style="head")
    for i, values in enumerate(rows.tolist()):
        sheet.put(_TOP + i, 1, f"map {i + 1}", style="head")
        for j, value in enumerate(values):
            sheet.put(_TOP + i, 2 + j, value, style="input")
    top = _TOP + count + 3
    sheet.put(top - 1, 1, "Gram matrix", style="head")
    gram = rows @ rows.T / rows.size
    for i in range(count):
        sheet.put(top - 1, 2 + i, f"map {i + 1}", style="head")
        sheet.put(top + i, 1, f"map {i + 1}", style="head")
        for j in range(count):
            first = block(_TOP + i, 2, 1, places)
            second = block(_TOP + j, 2, 1, places)
            sheet.put(
                top + i,
                2 + j,
                f"=SUMPRODUCT({first},{second})/{rows.size}",
                float(gram[i, j]),
            )
    return sheet


def _psnr_sheet(pair: np.ndarray) -> Sheet:
    """Return two rows of pixels, their errors, and the PSNR."""
    sheet = Sheet("PSNR", {1: 22.0})
    sheet.put(1, 1, "How far are two pictures apart?", style="head")
    sheet.put(2, 1, "Values from 0 to 1. Blue numbers are yours.")
    names = ("true picture", "made picture", "squared error")
    for i, words in enumerate(names):
        sheet.put(_TOP + i, 1, words, style="head")
    squares = (pair[0] - pair[1]) ** 2
    for j, square in enumerate(squares.tolist(), 2):
        for i in range(2):
            sheet.put(_TOP + i, j, float(pair[i, j - 2]), style="input")
        above, below = address(_TOP, j), address(_TOP + 1, j)
        sheet.put(_TOP + 2, j, f"=({above}-{below})^2", square)
    mean = float(squares.mean())
    row = _TOP + 4
    sheet.put(row, 1, "mean squared error", style="head")
    errors = block(_TOP + 2, 2, 1, len(squares))
    sheet.put(row, 2, f"=AVERAGE({errors})", mean)
    sheet.put(row + 1, 1, "PSNR in decibels", style="head")
    result = float(-10 * np.log10(mean))
    where = address(row, 2)
    sheet.put(row + 1, 2, f"=10*LOG10(1/{where})", result, style="result")
    return sheet
