import numpy as np

from sevenlessons.page.descent_columns import RULES
from sevenlessons.page.descent_walk import FIRST_POINT, GIVEN, walk_sheet


def made(name="momentum", epochs=2):
    x = np.array([1.0, 2.0])
    return walk_sheet(name, RULES[name], x, 2 * x + 30, (1.0, 0.5), epochs)


def test_the_first_row_is_the_start_and_remembers_nothing():
    sheet, _ = made()
    heads = {words: c for (r, c), words in sheet.contents.items() if r == 9}
    start = {
        name: sheet.contents[10, c]
        for name, c in heads.items()
        if (10, c) in sheet.contents
    }
    assert start == {
        "step": 0,
        "velocity slope": 0,
        "velocity intercept": 0,
        "new slope": f"=data!$B${GIVEN['new slope']}",
        "new intercept": f"=data!$B${GIVEN['new intercept']}",
    }


def test_a_row_takes_its_weights_from_the_row_above():
    sheet, _ = made()
    heads = {words: c for (r, c), words in sheet.contents.items() if r == 9}
    assert sheet.contents[11, heads["slope"]] == "=M10"
    assert heads["new slope"] == 13
    assert sheet.contents[11, heads["x"]] == f"=data!B{FIRST_POINT}"
    assert sheet.contents[13, heads["x"]] == f"=data!B{FIRST_POINT}"
    assert sheet.contents[12, heads["x"]] == f"=data!B{FIRST_POINT + 1}"
    assert [sheet.contents[r, 2] for r in (11, 12, 13, 14)] == [1, 1, 2, 2]


def test_the_summary_has_a_row_for_each_epoch():
    sheet, ends = made(epochs=3)
    assert [sheet.contents[row, 4] for row in range(4, 8)] == [0, 1, 2, 3]
    assert sheet.results[4, 5] == 1.0 and sheet.results[4, 6] == 0.5
    for column, (cell, number) in enumerate(ends.values(), 5):
        assert cell == f"{'EFG'[column - 5]}7"
        assert number == sheet.results[7, column]
