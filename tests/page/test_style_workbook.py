import io

import formulas
import numpy as np
import openpyxl
import pytest

from sevenlessons.page.style_workbook import (
    MAPS,
    PICTURES,
    style_sheets,
    style_workbook,
)


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """Return every cell of the file, calculated by an independent program."""
    path = tmp_path_factory.mktemp("book") / "style.xlsx"
    path.write_bytes(style_workbook())
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    return {
        tuple(name.rsplit("]", 1)[1].upper().replace("'", "").split("!")): (
            found.value[0, 0]
        )
        for name, found in solution.items()
        if isinstance(name, str) and ":" not in name and "!" in name
    }


def test_every_formula_gives_what_is_stored_with_it(calculated):
    stored = openpyxl.load_workbook(
        io.BytesIO(style_workbook()), data_only=True
    )
    alive = openpyxl.load_workbook(io.BytesIO(style_workbook()))
    count = 0
    for sheet in alive:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    there = stored[sheet.title][cell.coordinate].value
                    found = calculated[sheet.title.upper(), cell.coordinate]
                    assert float(found) == pytest.approx(there, abs=1e-12)
                    count += 1
    assert count == len(MAPS) ** 2 + len(PICTURES[0]) + 2


def test_the_matrix_is_that_of_numpy(calculated):
    maps = np.array(MAPS, float)
    expected = maps @ maps.T / maps.size
    for i in range(4):
        for j in range(4):
            cell = f"{chr(66 + j)}{12 + i}"
            found = float(calculated["GRAM MATRIX", cell])
            assert found == pytest.approx(expected[i, j])


def test_the_order_of_places_is_forgotten():
    turned = [row[::-1] for row in MAPS]
    assert style_sheets(turned)[0].results == style_sheets()[0].results


@pytest.mark.parametrize(
    "given, words",
    [
        ({"maps": [[1, 2], [1]]}, "rows of one length"),
        ({"maps": []}, "rows of one length"),
        ({"maps": [[]]}, "at least 1"),
        ({"maps": [[float("nan")]]}, "must be finite"),
        ({"pictures": [[0.5], [0.5]]}, "two pictures that differ"),
        ({"pictures": [[0.5]]}, "two pictures that differ"),
    ],
)
def test_odd_numbers_are_refused(given, words):
    with pytest.raises(ValueError, match=words):
        style_sheets(**given)
