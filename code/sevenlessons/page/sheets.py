"""The cells of a spreadsheet: names, numbers, formulas with results."""

import math
from dataclasses import dataclass, field
from typing import Any

__all__ = ["Sheet", "address", "block"]


def address(row: int, column: int, fixed: str = "") -> str:
    """Return the name of a cell, such as ``B3``.

    Parameters
    ----------
    row, column
        Counted from 1.
    fixed
        What stays when the formula is copied: ``"row"``, ``"column"``,
        ``"both"`` or nothing.

    Raises
    ------
    ValueError
        If row or column is below 1.

    Examples
    --------
    >>> from sevenlessons.page.sheets import address
    >>> address(3, 2), address(3, 28, "both"), address(3, 2, "column")
    ('B3', '$AB$3', '$B3')

    """
    if row < 1 or column < 1:
        raise ValueError(
            f"rows and columns count from 1, got row {row}, column {column}"
        )
    letters = ""
    while column:
        column, rest = divmod(column - 1, 26)
        letters = chr(65 + rest) + letters
    before = "$" if fixed in ("column", "both") else ""
    between = "$" if fixed in ("row", "both") else ""
    return f"{before}{letters}{between}{row}"


def block(top: int, left: int, rows: int, columns: int) -> str:
    """Return the name of a block of cells that stays when it is copied.

    Parameters
    ----------
    top, left
        Its first row and column, counted from 1.
    rows, columns
        How many of each.

    Examples
    --------
    >>> from sevenlessons.page.sheets import block
    >>> block(2, 1, 3, 2)
    '$A$2:$B$4'

    """
    last = address(top + rows - 1, left + columns - 1, "both")
    return f"{address(top, left, 'both')}:{last}"


@dataclass
class Sheet:
    """The cells of one sheet.

    Attributes
    ----------
    title
        Its name on the tab, at most 31 letters.
    widths
        Width of each column in letters, by its number.
    frozen
        The first cell that scrolls; all above and left of it stays.
    contents, results, styles
        What `put` noted, by row and column.

    Examples
    --------
    >>> from sevenlessons.page.sheets import Sheet
    >>> sheet = Sheet("sum")
    >>> sheet.put(1, 1, 2.5, style="input")
    >>> sheet.put(2, 1, "=A1*2", 5.0)
    >>> sheet.results
    {(2, 1): 5.0}

    """

    title: str
    widths: dict[int, float] = field(default_factory=dict)
    frozen: str = ""
    contents: dict[tuple[int, int], Any] = field(default_factory=dict)
    results: dict[tuple[int, int], float] = field(default_factory=dict)
    styles: dict[tuple[int, int], str] = field(default_factory=dict)

    def put(
        self,
        row: int,
        column: int,
        content: float | str,
        result: float | None = None,
        style: str = "",
    ) -> None:
        """Write a number, a text, or a formula with what it gives.

        Parameters
        ----------
        row, column
            Counted from 1.
        content
            A text that begins with ``=`` is a formula.
        result
            What the formula gives; needed with a formula, and only there.
        style
            ``"head"``, ``"input"`` (a number to play with), ``"result"``,
            ``"turned"`` (a head that reads upwards) or nothing.

        """
        formula = isinstance(content, str) and content.startswith("=")
        if formula != (result is not None):
            raise ValueError(
                f"cell {address(row, column)}: a formula needs its result, "
                f"and nothing else has one; got {content!r} and {result!r}"
            )
        number = content if result is None else result
        if not isinstance(number, str) and not math.isfinite(number):
            raise ValueError(
                f"cell {address(row, column)} must hold a finite number, got "
                f"{number}; leave a cell out to keep it empty"
            )
        self.contents[row, column] = content
        if result is not None:
            self.results[row, column] = float(result)
        if style:
            self.styles[row, column] = style
