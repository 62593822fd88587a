import pytest

from sevenlessons.page.sheets import Sheet, address, block


@pytest.mark.parametrize(
    "row, column, fixed, name",
    [
        (1, 1, "", "A1"),
        (7, 26, "", "Z7"),
        (7, 27, "row", "AA$7"),
        (7, 52, "column", "$AZ7"),
        (7, 703, "both", "$AAA$7"),
    ],
)
def test_names_of_cells(row, column, fixed, name):
    assert address(row, column, fixed) == name


def test_names_of_blocks():
    assert block(1, 1, 1, 1) == "$A$1:$A$1"
    assert block(3, 26, 2, 2) == "$Z$3:$AA$4"


@pytest.mark.parametrize("row, column", [(0, 1), (1, 0), (-1, 2)])
def test_cells_count_from_one(row, column):
    with pytest.raises(ValueError, match="count from 1, got row"):
        address(row, column)


def test_a_sheet_keeps_contents_results_and_styles():
    sheet = Sheet("a")
    sheet.put(1, 1, "words", style="head")
    sheet.put(2, 1, 3)
    sheet.put(3, 1, "=A2+1", 4)
    assert sheet.contents == {(1, 1): "words", (2, 1): 3, (3, 1): "=A2+1"}
    assert sheet.results == {(3, 1): 4.0}
    assert sheet.styles == {(1, 1): "head"}


@pytest.mark.parametrize(
    "content, result, words",
    [
        ("=A1", None, "cell B1: a formula needs its result"),
        (3.0, 3.0, "nothing else has one; got 3.0 and 3.0"),
        (float("nan"), None, "B1 must hold a finite number, got nan; leave"),
        ("=1/0", float("inf"), "must hold a finite number, got inf"),
    ],
)
def test_what_a_cell_cannot_hold(content, result, words):
    with pytest.raises(ValueError, match=words):
        Sheet("a").put(1, 2, content, result)
