import io

import formulas
import numpy as np
import openpyxl
import pytest
import torch

from sevenlessons.page.average_workbook import (
    average_sheets,
    average_workbook,
    noisy_curve,
)

BETAS = (0.5, 0.9, 0.98)


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """Return every cell of the file, calculated by an independent program."""
    path = tmp_path_factory.mktemp("book") / "average.xlsx"
    path.write_bytes(average_workbook())
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    return {
        name.rsplit("!", 1)[1]: found.value[0, 0]
        for name, found in solution.items()
        if isinstance(name, str) and ":" not in name and "!" in name
    }


def test_every_formula_gives_what_is_stored_with_it(calculated):
    stored = openpyxl.load_workbook(
        io.BytesIO(average_workbook()), data_only=True
    ).active
    alive = openpyxl.load_workbook(io.BytesIO(average_workbook())).active
    count = 0
    for row in alive.iter_rows():
        for cell in row:
            if cell.data_type == "f":
                there = stored[cell.coordinate].value
                found = float(calculated[cell.coordinate])
                assert found == pytest.approx(there, abs=1e-12)
                count += 1
    assert count == 30 * 9


@pytest.mark.parametrize("place, beta", list(enumerate(BETAS)))
def test_the_columns_are_torchs_running_average(calculated, place, beta):
    average = torch.zeros((), dtype=torch.float64)
    numbers = torch.from_numpy(noisy_curve())
    for i, number in enumerate(numbers, 1):
        average.lerp_(number, 1 - beta)
        wanted = [average.item(), (average / (1 - beta**i)).item()]
        wanted.append(average.item())  # the sum is the running average
        for column, expected in enumerate(wanted, 3 + 3 * place):
            found = calculated[f"{chr(64 + column)}{7 + i}"]
            assert float(found) == pytest.approx(expected, abs=1e-12)


def test_the_correction_makes_the_first_average_the_first_number():
    sheet = average_sheets([4.0, 2.0, 7.0], betas=[0.9])[0]
    assert sheet.results[8, 3] == pytest.approx(0.4)
    assert sheet.results[8, 4] == pytest.approx(4.0)


def test_a_constant_is_its_own_corrected_average():
    sheet = average_sheets([3.0] * 6)[0]
    for (_, column), number in sheet.results.items():
        if column % 3 == 1:  # the corrected columns are D, G and J
            assert number == pytest.approx(3.0)


def test_the_curve_is_the_same_each_time():
    assert np.array_equal(noisy_curve(), noisy_curve())
    assert not np.array_equal(noisy_curve(), noisy_curve(seed=1))
    assert average_workbook() == average_workbook()


@pytest.mark.parametrize(
    "given, words",
    [
        ({"values": []}, r"at least one number, got shape \(0,\)"),
        ({"values": [[1.0]]}, r"got shape \(1, 1\)"),
        ({"values": [float("inf")]}, "must be finite, got .inf"),
        ({"betas": []}, "at least one beta"),
        ({"betas": [1.0]}, r"above 0 and below 1, got \[1.0\]"),
        ({"betas": [0.5, 0.0]}, "above 0 and below 1"),
    ],
)
def test_odd_numbers_are_refused(given, words):
    with pytest.raises(ValueError, match=words):
        average_sheets(**given)
