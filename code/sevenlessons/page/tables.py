"""Small tables that a screen reader can read too."""

import math
import re
from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from .output import escape

__all__ = ["Table", "table"]

NUMBER = re.compile(r"[-+]?[\d,.]+( ?%)?")


class Table:
    """Rows under column names, as HTML in a notebook and as text elsewhere.

    Parameters
    ----------
    columns
        The column names.
    rows
        One sequence of cell texts a row.
    numeric
        For each column, whether it holds numbers (set flush right).
    caption
        A line above the table; empty for none.

    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[Sequence[str]],
        numeric: Sequence[bool],
        caption: str = "",
    ) -> None:
        self.columns = list(columns)
        self.rows = [list(row) for row in rows]
        self.numeric = list(numeric)
        self.caption = caption

    def __repr__(self) -> str:
        lines = [self.columns, *self.rows]
        widths = [max(map(len, column)) for column in zip(*lines, strict=True)]
        text = [
            "  ".join(
                cell.rjust(width) if right else cell.ljust(width)
                for cell, width, right in zip(
                    line, widths, self.numeric, strict=True
                )
            ).rstrip()
            for line in lines
        ]
        return "\n".join([self.caption] * bool(self.caption) + text)

    def _repr_html_(self) -> str:
        caption = ""
        if self.caption:
            caption = f"<caption>{escape(self.caption)}</caption>"
        styles = [
            ' style="text-align:right"'
            if right
            else ' style="text-align:left"'
            for right in self.numeric
        ]
        head = "".join(
            f'<th scope="col"{style}>{escape(name)}</th>'
            for name, style in zip(self.columns, styles, strict=True)
        )
        body = "".join(self._row(row, styles) for row in self.rows)
        return (
            '<div style="overflow-x:auto" tabindex="0" role="group" '
            f'aria-label="{escape(self.caption or "Table")}">'
            f'<table class="book-table">{caption}<thead><tr>{head}</tr>'
            f"</thead><tbody>{body}</tbody></table></div>"
        )

    @staticmethod
    def _row(row: Sequence[str], styles: Sequence[str]) -> str:
        first = f'<th scope="row"{styles[0]}>{escape(row[0])}</th>'
        rest = "".join(
            f"<td{style}>{escape(cell)}</td>"
            for cell, style in zip(row[1:], styles[1:], strict=True)
        )
        return f"<tr>{first}{rest}</tr>"


def table(
    data: Any,
    *,
    columns: Sequence[str] | None = None,
    digits: int = 3,
    caption: str = "",
) -> Table:
    """Return a table from a DataFrame, a mapping or a list of rows.

    Parameters
    ----------
    data
        A DataFrame; a mapping of names to values (two columns); a list of
        mappings; or a list of sequences together with `columns`.
    columns
        Which columns, or what they are called.
    digits
        Significant digits of fractions.
    caption
        A line above the table.

    Returns
    -------
    Table
        Shown by the notebook if it is the last thing in a cell.

    Raises
    ------
    ValueError
        If a row is longer or shorter than the column names.

    Examples
    --------
    >>> from sevenlessons.page.tables import table
    >>> table({"photos": 442, "share": 0.43}, columns=["fact", "value"])
    fact    value
    photos    442
    share   0.430

    """
    names, rows = _rows(data, columns)
    for row in rows:
        if len(row) != len(names):
            raise ValueError(
                f"expected {len(names)} cells a row for the columns {names}, "
                f"got {len(row)}: {row}"
            )
    numeric = [
        bool(rows) and all(_flush_right(row[i]) for row in rows)
        for i in range(len(names))
    ]
    texts = [[_text(cell, digits) for cell in row] for row in rows]
    return Table(names, texts, numeric, caption)


def _rows(
    data: Any, columns: Sequence[str] | None
) -> tuple[list[str], list[list[Any]]]:
    if hasattr(data, "to_dict") and hasattr(data, "columns"):
        data = data.to_dict("records")
    if isinstance(data, Mapping):
        names = list(columns or ("name", "value"))
        return names, [list(pair) for pair in data.items()]
    items: list[Any] = list(data) if isinstance(data, Iterable) else []
    if items and isinstance(items[0], Mapping):
        names = list(columns or items[0])
        return names, [
            [item.get(name, "") for name in names] for item in items
        ]
    if columns is None:
        raise ValueError("a list of plain rows needs columns=[...]")
    return list(columns), [list(item) for item in items]


def _is_number(cell: Any) -> bool:
    if isinstance(cell, bool | str):
        return False
    return hasattr(cell, "__float__") or hasattr(cell, "__index__")


def _flush_right(cell: Any) -> bool:
    """Say whether a cell holds a number, or a number written as text."""
    return _is_number(cell) or bool(NUMBER.fullmatch(str(cell)))


def _text(cell: Any, digits: int) -> str:
    if not _is_number(cell):
        return str(cell)
    number = float(cell)
    if not math.isfinite(number):
        return "none" if math.isnan(number) else str(number)
    if number == int(number) and hasattr(cell, "__index__"):
        return f"{int(number)}"
    if number and not 1e-4 <= abs(number) < 10**6:
        return f"{number:.{digits - 1}e}"
    magnitude = int(f"{number:e}".split("e")[1]) if number else 0
    return f"{number:.{min(max(0, digits - 1 - magnitude), 6)}f}"
