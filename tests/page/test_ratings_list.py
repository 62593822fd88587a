import numpy as np
import pytest

from sevenlessons.page.ratings_list import list_sheet

GRID = np.array([[4.0, np.nan], [np.nan, 2.0], [1.0, 5.0]])
PARTS = [np.arange(6.0).reshape(3, 2), np.array([[1.0, 0.0], [0.5, -1.0]])]


@pytest.mark.parametrize("one_hot, width", [(True, 14), (False, 9)])
def test_one_row_a_rating(one_hot, width):
    sheet = list_sheet("a", GRID, PARTS, one_hot=one_hot)
    rows = {row for row, _ in sheet.contents if row > 5}
    assert rows == {6, 7, 8, 9}
    assert max(column for row, column in sheet.contents if row == 6) == width
    ids = [(sheet.contents[row, 1], sheet.contents[row, 2]) for row in rows]
    assert sorted(ids) == [(1, 1), (2, 2), (3, 1), (3, 2)]


def test_both_ways_store_the_same_errors():
    hot = list_sheet("a", GRID, PARTS, one_hot=True)
    row = list_sheet("b", GRID, PARTS, one_hot=False)
    for r in range(6, 10):
        assert hot.results[r, 14] == row.results[r, 9]
    assert hot.results[3, 2] == row.results[3, 2] > 0


def test_a_one_hot_vector_has_a_single_one():
    sheet = list_sheet("a", GRID, PARTS, one_hot=True)
    for row in range(6, 10):
        assert sum(sheet.results[row, c] for c in (4, 5, 6)) == 1
        assert sum(sheet.results[row, c] for c in (7, 8)) == 1
    assert sheet.contents[6, 5] == "=IF($A6=2,1,0)"
