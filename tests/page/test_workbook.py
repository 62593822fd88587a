import importlib
import io
import time

import openpyxl
import pytest

from sevenlessons.page.sheets import Sheet
from sevenlessons.page.workbook import workbook


def two_sheets():
    first, second = Sheet("first", {1: 20.0}, "A2"), Sheet("second")
    first.put(1, 1, "number <&>", style="head")
    first.put(2, 1, 1.25, style="input")
    first.put(3, 28, "=A2*4", 5)
    second.put(1, 1, "='first'!AB3+1", 6)
    return [first, second]


def opened(content, **options):
    return openpyxl.load_workbook(io.BytesIO(content), **options)


def test_formulas_and_their_results_are_both_there():
    content = workbook(two_sheets())
    alive, stored = opened(content), opened(content, data_only=True)
    assert alive.sheetnames == ["first", "second"]
    assert alive["first"]["A1"].value == "number <&>"
    assert alive["first"]["AB3"].value == "=A2*4"
    assert stored["first"]["AB3"].value == 5
    assert stored["second"]["A1"].value == 6
    assert alive["first"].freeze_panes == "A2"
    assert alive["first"].column_dimensions["A"].width == 20
    assert alive["first"]["A2"].font.color.rgb == "001F4E9E"
    assert alive.calculation.fullCalcOnLoad  # and calculated anew


def test_the_same_sheets_give_the_same_bytes():
    first = workbook(two_sheets())
    time.sleep(1.1)  # the library would note the second of writing
    assert workbook(two_sheets()) == first


def test_no_sheet_is_refused():
    with pytest.raises(ValueError, match="at least one sheet, got none"):
        workbook([])


def test_without_openpyxl_it_says_what_to_install(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError, match="pip install openpyxl"):
        workbook(two_sheets())
