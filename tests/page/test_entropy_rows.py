"""The formulas themselves are calculated in `test_entropy_workbook`."""

import numpy as np
import pytest

from sevenlessons.page.entropy_rows import (
    binary_sheet,
    rows_sheet,
    titled_sheet,
)


def test_rows_look_up_the_right_class():
    sheet = rows_sheet(np.log([[1.0, 3.0], [1.0, 1.0]]), [1, 0])
    assert sheet.results[6, 6] == pytest.approx(-np.log(0.75))
    assert sheet.results[7, 6] == pytest.approx(np.log(2))
    assert sheet.contents[6, 6] == "=-LN(INDEX($D6:$E6,1,$A6+1))"
    assert sheet.styles[6, 1] == "input"


def test_three_ways_store_one_number():
    sheet = binary_sheet(np.array([0.0, 2.0]), [1, 0])
    for row in (6, 7):
        losses = {sheet.results[row, column] for column in (4, 5, 6)}
        assert len(losses) == 1
    assert sheet.results[6, 4] == pytest.approx(np.log(2))


def test_the_title_and_the_heads():
    sheet = titled_sheet("a", "A sentence.", "loss", ["x", "y"])
    assert sheet.contents[1, 1] == "A sentence."
    assert sheet.contents[3, 1] == "loss"
    assert (sheet.contents[5, 1], sheet.contents[5, 2]) == ("x", "y")
