import io

import formulas
import numpy as np
import openpyxl
import pytest
import torch
from torch.nn import functional

from sevenlessons.page.network_workbook import network_workbook

SHEETS = "network", "one step later"


def parts(seed=0, sizes=(5, 2, 2)):
    draw = np.random.default_rng(seed).standard_normal
    num_in, hidden, out = sizes
    shapes = [(hidden, num_in), (hidden,), (out, hidden), (out,)]
    return draw(num_in), [draw(shape) for shape in shapes]


def made(target=1, **options):
    x, weights = parts()
    return network_workbook(x, target, weights, **options)


def calculated(path):
    """Return every cell, calculated by an independent program."""
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    cells = {}
    for name, found in solution.items():
        if isinstance(name, str) and ":" not in name and "!" in name:
            sheet, cell = name.rsplit("!", 1)
            sheet = sheet.partition("]")[2].strip("'").lower()
            number = found.value[0, 0]
            if not isinstance(number, str):
                cells[sheet, cell] = float(number)
    return cells


def by_torch(x, target, weights):
    tracked = [torch.tensor(w, requires_grad=True) for w in weights]
    x = torch.as_tensor(x)
    hidden = functional.linear(x, *tracked[:2]).relu()
    scores = functional.linear(hidden, *tracked[2:])
    loss = functional.cross_entropy(scores[None], torch.tensor([target]))
    loss.backward()
    return loss.item(), [w.grad.numpy() for w in tracked]


def gradients(content, sheet="network"):
    """Read the stored gradients, found by their titles."""
    page = openpyxl.load_workbook(io.BytesIO(content), data_only=True)[sheet]
    rows = {cell.value: cell.row for cell in page["A"]}
    found = []
    for number, size in ((1, 5), (2, 2)):
        top = rows[f"gradient of weights {number}, bias last"] + 1
        both = np.array(
            [
                [page.cell(top + i, 2 + j).value for j in range(size + 1)]
                for i in range(2)
            ]
        )
        found += [both[:, :-1], both[:, -1]]
    return found


@pytest.mark.parametrize("seed", range(4))
@pytest.mark.parametrize("target", [0, 1])
def test_stored_numbers_are_torchs(seed, target):
    x, weights = parts(seed)
    content = network_workbook(x, target, weights, lr=0.3)
    loss, expected = by_torch(x, target, weights)
    book = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    assert book["network"]["B3"].value == pytest.approx(loss, abs=1e-12)
    for one, two in zip(gradients(content), expected, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-12)
    moved = [w - 0.3 * g for w, g in zip(weights, expected, strict=True)]
    loss, expected = by_torch(x, target, moved)
    later = book["one step later"]["B3"].value
    assert later == pytest.approx(loss, abs=1e-12)
    for one, two in zip(gradients(content, SHEETS[1]), expected, strict=True):
        np.testing.assert_allclose(one, two, atol=1e-12)


def test_every_formula_gives_what_is_stored_with_it(tmp_path):
    content = made()
    path = tmp_path / "network.xlsx"
    path.write_bytes(content)
    cells = calculated(path)
    alive = openpyxl.load_workbook(io.BytesIO(content))
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    count = 0
    for sheet in alive:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    there = stored[sheet.title][cell.coordinate].value
                    found = cells[sheet.title, cell.coordinate]
                    assert found == pytest.approx(there, abs=1e-12)
                    count += 1
    # 8 rows of 2, 12 + 6 gradients and the loss; later also what went in
    assert count == 2 * (16 + 18 + 1) + 5 + 2 + 18


def test_a_changed_weight_moves_all_that_follows(tmp_path):
    book = openpyxl.load_workbook(io.BytesIO(made()))
    sheet = book["network"]
    rows = {cell.value: cell.row for cell in sheet["A"]}
    sheet.cell(rows["weights 1, bias last"] + 2, 4).value = 2.5
    path = tmp_path / "changed.xlsx"
    book.save(path)
    x, weights = parts()
    weights[0][1, 2] = 2.5
    loss, expected = by_torch(x, 1, weights)
    cells = calculated(path)
    assert cells["network", "B3"] == pytest.approx(loss, abs=1e-12)
    moved = [w - 0.5 * g for w, g in zip(weights, expected, strict=True)]
    loss, _ = by_torch(x, 1, moved)
    assert cells["one step later", "B3"] == pytest.approx(loss, abs=1e-12)


def test_scores_far_apart_give_no_error(tmp_path):
    x, weights = parts()
    weights[3][:] = [1e4, -1e4]
    path = tmp_path / "far.xlsx"
    path.write_bytes(network_workbook(x, 1, weights))
    assert calculated(path)["network", "B3"] == pytest.approx(2e4, rel=1e-2)


def test_another_size_and_the_same_bytes():
    x, weights = parts(3, (3, 4, 6))
    one, two = (network_workbook(x, 5, weights) for _ in range(2))
    assert one == two
    loss, _ = by_torch(x, 5, weights)
    book = openpyxl.load_workbook(io.BytesIO(one), data_only=True)
    assert book["network"]["B3"].value == pytest.approx(loss)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"x": np.ones((2, 5))}, r"one example, not a batch"),
        ({"x": np.ones(4)}, r"of shapes \[\(2, 4\).* got \[\(2, 5\)"),
        ({"target": 2}, "class from 0 to 1, got 2"),
        ({"target": -1}, "class from 0 to 1, got -1"),
        ({"x": np.full(5, np.nan)}, "must be finite numbers"),
        ({"lr": np.inf}, "must be finite numbers"),
        ({"weights": [np.ones(2)]}, "four parts of weights, got"),
    ],
)
def test_bad_input(change, words):
    x, weights = parts()
    given = {"x": x, "target": 0, "weights": weights} | change
    with pytest.raises(ValueError, match=words):
        network_workbook(**given)
