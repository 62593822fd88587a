import io

import formulas
import numpy as np
import openpyxl
import pytest
import torch

from sevenlessons.page.descent_columns import RULES
from sevenlessons.page.descent_workbook import (
    LINE_X,
    descent_sheets,
    descent_workbook,
)

SHORT = [11.0, 64.0, 37.0, 50.0]


def calculated(path, content):
    """Return every cell of a file, calculated by an independent program."""
    path.write_bytes(content)
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    cells = {}
    for name, found in solution.items():
        if isinstance(name, str) and ":" not in name and "!" in name:
            sheet, cell = name.rsplit("!", 1)
            sheet = sheet.partition("]")[2].strip("'").lower()
            cells[sheet, cell] = found.value[0, 0]
    return cells


def optimizer(name, weights):
    given = RULES[name].settings
    lr = given["rate"]
    if name == "basic":
        return torch.optim.SGD(weights, lr=lr)
    if name == "momentum":
        return torch.optim.SGD(weights, lr=lr, momentum=given["momentum"])
    if name == "RMSProp":
        return torch.optim.RMSprop(
            weights, lr=lr, alpha=given["kept"], eps=given["tiny"]
        )
    betas = given["beta 1"], given["beta 2"]
    return torch.optim.Adam(weights, lr=lr, betas=betas, eps=given["tiny"])


def torchs_walk(name, x, epochs, start=(1.0, 1.0)):
    """Return slope, intercept, error on all points after each epoch."""
    x = torch.tensor(x, dtype=torch.float64)
    y = 2 * x + 30
    slope, intercept = (
        torch.tensor(s, dtype=torch.float64, requires_grad=True) for s in start
    )
    walker = optimizer(name, [slope, intercept])
    fading = RULES[name].settings.get("fading", 1.0)
    fade = torch.optim.lr_scheduler.ExponentialLR(walker, fading)
    rows = []
    for epoch in range(epochs + 1):
        with torch.no_grad():
            error = ((slope * x + intercept - y) ** 2).mean()
        rows.append([slope.item(), intercept.item(), error.item()])
        if epoch < epochs:
            for one, truth in zip(x, y, strict=True):
                walker.zero_grad()
                ((slope * one + intercept - truth) ** 2).backward()
                walker.step()
            fade.step()
    return rows


def ends(sheet, epochs):
    return [
        [sheet.results[4 + epoch, column] for column in (5, 6, 7)]
        for epoch in range(epochs + 1)
    ]


@pytest.mark.parametrize("place, name", list(enumerate(RULES, 1)))
def test_every_epoch_ends_where_torchs_does(place, name):
    sheets = descent_sheets()
    assert sheets[place].title == name
    expected = torchs_walk(name, LINE_X, epochs=5)
    assert np.allclose(ends(sheets[place], 5), expected, rtol=1e-9, atol=1e-9)
    there = [sheets[0].results[3 + place, c] for c in (5, 6, 7)]
    assert there == ends(sheets[place], 5)[-1]


def test_every_formula_gives_what_is_stored_with_it(tmp_path):
    content = descent_workbook(SHORT, epochs=2)
    cells = calculated(tmp_path / "short.xlsx", content)
    alive = openpyxl.load_workbook(io.BytesIO(content))
    stored = openpyxl.load_workbook(io.BytesIO(content), data_only=True)
    count = 0
    for sheet in alive:
        for row in sheet.iter_rows():
            for cell in row:
                if cell.data_type == "f":
                    there = stored[sheet.title][cell.coordinate].value
                    found = float(cells[sheet.title.lower(), cell.coordinate])
                    assert found == pytest.approx(there, rel=1e-9, abs=1e-9)
                    count += 1
    # data: 4 y and 5 * 3 ends; each walk: 2 of the start, 3 * 3 ends, and
    # eight steps of 8 columns and its own
    own = sum(len(rule.columns) for rule in RULES.values())
    assert count == 4 + 15 + 5 * (2 + 9) + 8 * (5 * 8 + own)


def test_a_changed_start_and_rate_are_followed(tmp_path):
    content = io.BytesIO(descent_workbook(SHORT, epochs=1))
    book = openpyxl.load_workbook(content)
    assert [book["data"].cell(r, 1).value for r in (6, 7)] == [
        "start slope",
        "start intercept",
    ]
    book["data"]["B6"], book["data"]["B7"] = 3.0, -1.0
    again = io.BytesIO()
    book.save(again)
    cells = calculated(tmp_path / "changed.xlsx", again.getvalue())
    expected = torchs_walk("Adam", SHORT, 1, start=(3.0, -1.0))[-1]
    found = [float(cells["adam", f"{c}5"]) for c in "EFG"]
    assert found == pytest.approx(expected)


def test_nudging_estimates_the_gradient():
    # (a + h)^2 - a^2 = 2 a h + h^2: the estimate is h times x squared above
    basic = descent_sheets([12.0], epochs=1)[1]
    row = [basic.results[max(r for r, _ in basic.results), c] for c in (9, 11)]
    assert row[1] - row[0] == pytest.approx(0.01 * 12**2)


def test_other_settings_are_taken():
    sheets = descent_sheets(SHORT, epochs=1, settings={"Adam": {"rate": 0.1}})
    assert sheets[4].contents[4, 2] == 0.1
    slope, intercept, _ = ends(sheets[4], 1)[-1]
    assert max(abs(slope - 1), abs(intercept - 1)) < 0.5


def test_the_same_numbers_give_the_same_bytes():
    assert descent_workbook(SHORT) == descent_workbook(SHORT)


@pytest.mark.parametrize(
    "given, words",
    [
        ({"x": []}, r"at least one x .* got shape \(0,\)"),
        ({"x": [[1.0]]}, r"got shape \(1, 1\)"),
        ({"x": [1.0, float("nan")]}, "must be finite, got x"),
        ({"slope": float("inf")}, "must be finite"),
        ({"start": (1.0,)}, "a start of two numbers, got .* 1 numbers"),
        ({"epochs": 0}, "epochs must be at least 1, got 0"),
        ({"settings": {"adam": {}}}, "unknown sheet 'adam'; the walks are"),
        ({"settings": {"Adam": {"lr": 1}}}, "finite numbers for rate, beta"),
        ({"settings": {"basic": {"rate": float("nan")}}}, "got 'rate': nan"),
    ],
)
def test_odd_wishes_are_refused(given, words):
    with pytest.raises(ValueError, match=words):
        descent_sheets(**{"x": SHORT} | given)


def test_a_walk_that_flies_off_is_refused():
    with pytest.raises((ValueError, OverflowError)):
        descent_sheets(epochs=30, settings={"basic": {"rate": 1.0}})
