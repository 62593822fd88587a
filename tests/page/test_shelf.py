import re

import pytest

from sevenlessons.page.download import Download
from sevenlessons.page.shelf import Shelf


def files():
    return [
        (Download(b"PK1", "one.xlsx", "Take one"), ["one < two", 3]),
        (Download(b"PK2", "two.xlsx", "Take two"), ["two", 12]),
    ]


def test_each_row_has_its_link():
    html = Shelf(["workbook", "cells"], files())._repr_html_()
    assert html.count("<a download=") == 2
    assert '<a download="one.xlsx" href="data:' in html
    assert ">two.xlsx</a></td>" in html
    assert "one &lt; two" in html


def test_as_text():
    text = str(Shelf(["workbook", "cells"], files(), "Files to take"))
    assert text.splitlines()[0] == "Files to take"
    assert text.splitlines()[-1].split() == ["two", "12", "two.xlsx"]


def test_it_needs_files_that_fit():
    with pytest.raises(ValueError, match="at least one file, got none"):
        Shelf(["workbook"], [])
    with pytest.raises(ValueError, match="expected 2 cells"):
        Shelf(["workbook"], files())


def test_two_files_of_one_name_are_refused():
    twice = [files()[0], (Download(b"PK9", "one.xlsx", "Again"), ["b", 1])]
    with pytest.raises(ValueError, match=r"different names.*one\.xlsx"):
        Shelf(["workbook", "cells"], twice)


def test_a_cell_that_reads_like_a_file_stays_text():
    one = [(Download(b"PK1", "one.xlsx", "Take"), ["one.xlsx", 3])]
    html = Shelf(["workbook", "cells"], one)._repr_html_()
    assert html.count("<a download=") == 1
    assert len(re.findall(r">one\.xlsx</t[hd]>", html)) == 1
