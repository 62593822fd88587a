import importlib
import io

import openpyxl
import pytest

from sevenlessons.page.sheets import Sheet
from sevenlessons.page.workbook import workbook
from sevenlessons.page.workbook_reading import sheets_in


def test_what_was_written_comes_back():
    first, second = Sheet("first", frozen="A2"), Sheet("second")
    first.put(1, 1, "number", style="head")
    first.put(1, 2, "film", style="turned")
    first.put(2, 1, 1.25, style="input")
    first.put(3, 28, "=A2*4", 5, "result")
    first.put(4, 1, "a word")
    first.put(5, 1, 3.0)
    first.put(6, 1, 3)
    second.put(1, 1, "='first'!AB3+1", 6)
    for made, found in zip(
        [first, second], sheets_in(workbook([first, second])), strict=True
    ):
        assert found.title == made.title
        assert found.frozen == made.frozen
        assert found.contents == made.contents
        assert list(map(type, found.contents.values())) == list(
            map(type, made.contents.values())
        )
        assert found.results == made.results
        assert found.styles == made.styles


def test_other_bytes_are_refused():
    with pytest.raises(ValueError, match=r"begin with b'PK', got b'PNG'"):
        sheets_in(b"PNG")


def test_a_formula_without_result_is_refused():
    book, raw = openpyxl.Workbook(), io.BytesIO()
    book.active["B2"] = "=1+1"
    book.save(raw)
    with pytest.raises(ValueError, match=r"cell B2 of 'Sheet' .* got None"):
        sheets_in(raw.getvalue())


def test_without_openpyxl_it_says_what_to_install(monkeypatch):
    def missing(name):
        raise ModuleNotFoundError(name)

    monkeypatch.setattr(importlib, "import_module", missing)
    with pytest.raises(ModuleNotFoundError, match="pip install openpyxl"):
        sheets_in(b"PK")
