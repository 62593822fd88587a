"""Small workbooks: numbers, and formulas that stay alive.

Whoever knows spreadsheets better than Python can change a number and see the
rest follow. Results are stored beside the formulas, so that the figures are
there before anything has calculated. Needs openpyxl; nothing else in this
room does.
"""

import importlib
import io
import re
import zipfile
from collections.abc import Sequence
from types import ModuleType
from typing import Any
from xml.etree import ElementTree

from .sheets import Sheet, address

__all__ = ["workbook"]

_MAIN = "http://schemas.openxmlformats.org/spreadsheetml/2006/main"
_DATE = (1980, 1, 1, 0, 0, 0)  # the same content gives the same bytes


def workbook(sheets: Sequence[Sheet]) -> bytes:
    """Return an xlsx file: formulas alive, their results stored with them.

    Parameters
    ----------
    sheets
        In the order of their tabs.

    Returns
    -------
    bytes
        The same for the same sheets.

    Raises
    ------
    ModuleNotFoundError
        If openpyxl is missing.
    ValueError
        If there is no sheet.

    Examples
    --------
    >>> from sevenlessons.page.sheets import Sheet
    >>> from sevenlessons.page.workbook import workbook
    >>> sheet = Sheet("sum")
    >>> sheet.put(1, 1, "=1+1", 2)
    >>> workbook([sheet])[:2]
    b'PK'

    """
    if not sheets:
        raise ValueError("a workbook needs at least one sheet, got none")
    openpyxl = _openpyxl()
    book = openpyxl.Workbook()
    book.remove(book.active)
    book.calculation.fullCalcOnLoad = True
    looks = _looks(openpyxl.styles)
    for sheet in sheets:
        made = book.create_sheet(sheet.title)
        made.freeze_panes = sheet.frozen or None
        for (row, column), content in sheet.contents.items():
            cell = made.cell(row, column, content)
            style = sheet.styles.get((row, column), "")
            for name, look in looks[style].items():
                setattr(cell, name, look)
            if not isinstance(content, int | str) or cell.data_type == "f":
                cell.number_format = "0.000"
        for column, width in sheet.widths.items():
            letters = address(1, column)[:-1]
            made.column_dimensions[letters].width = width
    raw = io.BytesIO()
    book.save(raw)
    return _with_results(raw, sheets)


def _openpyxl() -> ModuleType:
    try:
        return importlib.import_module("openpyxl")
    except ModuleNotFoundError as error:
        raise ModuleNotFoundError(
            "writing a workbook needs openpyxl: pip install openpyxl; the "
            "page works without the workbook"
        ) from error


def _looks(styles: Any) -> dict[str, dict[str, Any]]:
    bold = styles.Font(bold=True)
    return {
        "": {},
        "head": {"font": bold},
        "turned": {
            "font": bold,
            "alignment": styles.Alignment(text_rotation=90, vertical="bottom"),
        },
        "input": {
            "font": styles.Font(color="1F4E9E"),
            "fill": styles.PatternFill("solid", fgColor="E8F0FE"),
        },
        "result": {
            "font": bold,
            "fill": styles.PatternFill("solid", fgColor="FFF3CD"),
        },
    }


def _with_results(raw: io.BytesIO, sheets: Sequence[Sheet]) -> bytes:
    """Return the file with results stored, and without its time of writing."""
    made = io.BytesIO()
    ElementTree.register_namespace("", _MAIN)
    with (
        zipfile.ZipFile(raw) as old,
        zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as new,
    ):
        for name in old.namelist():
            content = old.read(name)
            found = re.fullmatch(r"xl/worksheets/sheet(\d+)\.xml", name)
            if found:
                results = sheets[int(found[1]) - 1].results
                content = _stored(content, results)
            if name == "docProps/core.xml":
                content = re.sub(
                    rb"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ",
                    b"1980-01-01T00:00:00Z",
                    content,
                )
            entry = zipfile.ZipInfo(name, _DATE)
            entry.compress_type = zipfile.ZIP_DEFLATED
            new.writestr(entry, content)
    return made.getvalue()


def _stored(content: bytes, results: dict[tuple[int, int], float]) -> bytes:
    root = ElementTree.fromstring(content)
    cells = {cell.get("r"): cell for cell in root.iter(f"{{{_MAIN}}}c")}
    for (row, column), result in results.items():
        value = cells[address(row, column)].find(f"{{{_MAIN}}}v")
        if value is not None:
            value.text = repr(result)
    return ElementTree.tostring(root, xml_declaration=True, encoding="UTF-8")
