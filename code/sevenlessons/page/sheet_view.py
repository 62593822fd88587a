"""A sheet of a workbook as a table on the page: values, formulas on request.

Letters above and numbers at the left name the cells, as in a spreadsheet. A
switch above the table shows the formula below each result. It needs no
script: a box to tick and one rule of style.
"""

from .assets import asset
from .output import escape
from .sheets import Sheet, address
from .tables import table

__all__ = ["SheetView", "sheet_view"]


class SheetView:
    """A sheet, shown: a table in a notebook, lines of text elsewhere.

    Attributes
    ----------
    html, text
        The two forms.

    """

    def __init__(self, html: str, text: str) -> None:
        self.html, self.text = html, text

    def __repr__(self) -> str:
        return self.text

    def _repr_html_(self) -> str:
        return self.html


def sheet_view(
    sheet: Sheet,
    *,
    caption: str = "",
    rows: tuple[int, int] | None = None,
    columns: tuple[int, int] | None = None,
    digits: int = 3,
) -> SheetView:
    """Show a sheet, or a part of it, as a table.

    Parameters
    ----------
    sheet
        Its cells.
    caption
        The line above; the sheet's title when empty.
    rows, columns
        The first and the last to show, counted from 1; all when None.
    digits
        Decimals of fractions.

    Returns
    -------
    SheetView
        Shown by the notebook if it is the last thing in a cell.

    Raises
    ------
    ValueError
        If the part holds no cell, or digits are below 0.

    Examples
    --------
    >>> from sevenlessons.page.sheet_view import sheet_view
    >>> from sevenlessons.page.sheets import Sheet
    >>> sheet = Sheet("sum")
    >>> sheet.put(1, 1, "number", style="head")
    >>> sheet.put(2, 1, 2.5, style="input")
    >>> sheet.put(2, 2, "=A2*2", 5.0)
    >>> sheet_view(sheet)
    sum
    row  A       B
    1    number
    2    2.500   5.000

    """
    if digits < 0:
        raise ValueError(f"digits must be 0 or more, got {digits}")
    across = _part(sheet, 1, columns)
    down = _part(sheet, 0, rows)
    inside = [
        cell
        for cell in sheet.contents
        if cell[0] in down and cell[1] in across
    ]
    if not inside:
        raise ValueError(
            f"sheet {sheet.title!r} has no cell in rows {rows} and columns "
            f"{columns}; leave them out to show all of it"
        )
    caption = caption or sheet.title
    letters = [address(1, column)[:-1] for column in across]
    head = "".join(f'<th scope="col">{name}</th>' for name in letters)
    body = "".join(_row(sheet, row, across, digits) for row in down)
    alive = any(cell in sheet.results for cell in inside)
    switch = (
        '<label class="bs-switch"><input type="checkbox"> show formulas'
        "</label>"
    )
    html = (
        f"<style>{asset('sheet_view.css')}</style>"
        f'<figure class="book-sheet">{switch if alive else ""}'
        '<div class="bs-scroll" tabindex="0" role="group" '
        f'aria-label="{escape(caption)}"><table>'
        f"<caption>{escape(caption)}</caption>"
        f'<thead><tr><th scope="col">row</th>{head}</tr></thead>'
        f"<tbody>{body}</tbody></table></div></figure>"
    )
    lines = [
        [str(row), *(_value(sheet, row, c, digits) for c in across)]
        for row in down
    ]
    text = table(lines, columns=["row", *letters], caption=caption)
    text.numeric = [False] * len(text.numeric)
    return SheetView(html, str(text))


def _part(sheet: Sheet, axis: int, ends: tuple[int, int] | None) -> range:
    used = [cell[axis] for cell in sheet.contents] or [0]
    first, last = ends or (1, max(used))
    return range(max(first, 1), last + 1)


def _value(sheet: Sheet, row: int, column: int, digits: int) -> str:
    content = sheet.contents.get((row, column), "")
    content = sheet.results.get((row, column), content)
    if isinstance(content, float):
        return f"{content:.{digits}f}"
    return str(content)


def _row(sheet: Sheet, row: int, across: range, digits: int) -> str:
    """Return a row; a text reaches over the empty cells at its right."""
    cells, column = [], across.start
    while column < across.stop:
        place = (row, column)
        value = escape(_value(sheet, row, column, digits))
        style = sheet.styles.get(place, "")
        span = 1
        if isinstance(sheet.contents.get(place), str) and style != "turned":
            reach = range(column + 1, across.stop)
            free = [c for c in reach if (row, c) not in sheet.contents]
            while place not in sheet.results and column + span in free:
                span += 1
        kind = style or ("number" if value else "empty")
        if place in sheet.contents and not _is_number(sheet, place):
            kind += " bs-text"
        wide = f' colspan="{span}"' if span > 1 else ""
        if place in sheet.results:
            formula = escape(str(sheet.contents[place]))
            value = (
                f'<span class="bs-value">{value}</span>'
                f'<code class="bs-formula">{formula}</code>'
            )
        cells.append(f'<td class="bs-{kind}"{wide}>{value}</td>')
        column += span
    return f'<tr><th scope="row">{row}</th>{"".join(cells)}</tr>'


def _is_number(sheet: Sheet, place: tuple[int, int]) -> bool:
    return place in sheet.results or not isinstance(sheet.contents[place], str)
