"""Read a workbook back: the sheets with formulas, results and styles.

So a page can show what stands in the file that it gives away, and not what
stood in the program that wrote it.
"""

import importlib
import io
from typing import Any

from .sheets import Sheet

__all__ = ["sheets_in"]

_FILLS = {"00E8F0FE": "input", "00FFF3CD": "result"}


def sheets_in(content: bytes) -> list[Sheet]:
    """Return the sheets of an xlsx file that `workbook` has written.

    Parameters
    ----------
    content
        The bytes of the file.

    Returns
    -------
    list of Sheet
        In the order of their tabs.

    Raises
    ------
    ModuleNotFoundError
        If openpyxl is missing.
    ValueError
        If these are not the bytes of a workbook, or a formula has no result
        stored beside it.

    Examples
    --------
    >>> from sevenlessons.page.sheets import Sheet
    >>> from sevenlessons.page.workbook import workbook
    >>> from sevenlessons.page.workbook_reading import sheets_in
    >>> sheet = Sheet("sum")
    >>> sheet.put(1, 1, "=1+1", 2)
    >>> sheets_in(workbook([sheet]))[0].results
    {(1, 1): 2.0}

    """
    alive, stored = _opened(content, False), _opened(content, True)
    return [
        _sheet(one, two)
        for one, two in zip(alive.worksheets, stored.worksheets, strict=True)
    ]


def _opened(content: bytes, data_only: bool) -> Any:
    if content[:2] != b"PK":
        raise ValueError(
            "expected the bytes of an xlsx file, which begin with b'PK', got "
            f"{content[:8]!r}; read it with Path(...).read_bytes()"
        )
    try:
        openpyxl = importlib.import_module("openpyxl")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "reading a workbook needs openpyxl: pip install openpyxl"
        ) from error
    return openpyxl.load_workbook(io.BytesIO(content), data_only=data_only)


def _sheet(alive: Any, stored: Any) -> Sheet:
    sheet = Sheet(alive.title, frozen=alive.freeze_panes or "")
    for row in alive.iter_rows():
        for cell in row:
            if cell.value is None:
                continue
            content, result = cell.value, None
            if isinstance(content, int) and cell.number_format != "General":
                content = float(content)  # a file holds 2.0 as 2
            if cell.data_type == "f":
                result = stored[cell.coordinate].value
                if not isinstance(result, int | float):
                    raise ValueError(
                        f"cell {cell.coordinate} of {alive.title!r} should "
                        f"have the number that it gives, got {result!r}; "
                        "write the file with sevenlessons.page.workbook"
                    )
            sheet.put(cell.row, cell.column, content, result, _style(cell))
    return sheet


def _style(cell: Any) -> str:
    if cell.fill.fill_type == "solid":
        return _FILLS.get(cell.fill.fgColor.rgb, "")
    if cell.alignment.text_rotation == 90:
        return "turned"
    return "head" if cell.font.bold else ""
