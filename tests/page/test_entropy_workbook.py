import formulas
import numpy as np
import pytest
import torch
from torch.nn import functional

from sevenlessons.page.entropy_workbook import (
    entropy_sheets,
    entropy_workbook,
)
from sevenlessons.page.sheets import address
from sevenlessons.page.workbook import workbook
from sevenlessons.page.workbook_reading import sheets_in

CLASSES = ["cat", "dog", "plane", "fish", "house"]
SCORES = [-4.89, 2.6, 0.59, -2.07, -4.57]
BATCH = ([[0.2, -1.0, 3.0], [1.5, 1.5, -2.0]], [2, 1])
BINARY = ([0.3, -4.0, 2.5], [1, 1, 0])


def made(scores=SCORES, classes=CLASSES, **change):
    given = {"right": 1, "batch": BATCH, "binary": BINARY} | change
    return entropy_workbook(scores, classes, **given)


def calculate(content, path):
    path.write_bytes(content)
    solution = formulas.ExcelModel().loads(str(path)).finish().calculate()
    cells = {}
    for name, found in solution.items():
        if isinstance(name, str) and ":" not in name and "!" in name:
            sheet, cell = name.rsplit("!", 1)
            sheet = sheet.partition("]")[2].strip("'").lower()
            cells[sheet, cell] = found.value[0, 0]
    return cells


@pytest.fixture(scope="module")
def calculated(tmp_path_factory):
    """Return every cell of the file, calculated by an independent program."""
    path = tmp_path_factory.mktemp("book") / "entropy.xlsx"
    return calculate(made(), path)


def column(cells, sheet, letter, count, top=6):
    rows = range(top, top + count)
    return torch.tensor([float(cells[sheet, f"{letter}{r}"]) for r in rows])


def close(found, expected):
    torch.testing.assert_close(found, expected, rtol=1e-6, atol=1e-6)


def test_every_formula_gives_what_is_stored_with_it(calculated):
    count = 0
    for sheet in sheets_in(made()):
        for (row, column_), result in sheet.results.items():
            found = calculated[sheet.title, address(row, column_)]
            assert float(found) == pytest.approx(result, abs=1e-12)
            count += 1
    assert count == 5 * 5 + 3 + 5 * 5 + 3 + 2 * 4 + 1 + 3 * 5 + 1


def test_softmax_is_torchs(calculated):
    scores = torch.tensor(SCORES)
    close(column(calculated, "softmax", "F", 5), scores.softmax(0))
    close(column(calculated, "softmax", "G", 5), scores.log_softmax(0))
    expected = scores.logsumexp(0).item()
    assert float(calculated["softmax", "B3"]) == pytest.approx(expected)


def test_cross_entropy_is_torchs_both_ways_with_its_gradient(calculated):
    scores = torch.tensor([SCORES], requires_grad=True)
    loss = functional.cross_entropy(scores, torch.tensor([1]))
    loss.backward()
    for cell in ("B3", "B4"):
        found = float(calculated["cross-entropy", cell])
        assert found == pytest.approx(loss.item(), rel=1e-5)
    close(column(calculated, "cross-entropy", "G", 5), scores.grad[0])
    entropy = torch.distributions.Categorical(logits=scores).entropy()
    assert float(calculated["cross-entropy", "D4"]) == pytest.approx(
        entropy.item(), rel=1e-5
    )


def test_rows_and_binary_are_torchs(calculated):
    scores, targets = torch.tensor(BATCH[0]), torch.tensor(BATCH[1])
    losses = functional.cross_entropy(scores, targets, reduction="none")
    close(column(calculated, "rows", "H", 2), losses)
    assert float(calculated["rows", "B3"]) == pytest.approx(
        losses.mean().item(), rel=1e-6
    )
    z, y = torch.tensor(BINARY[0], requires_grad=True), torch.tensor(BINARY[1])
    losses = functional.binary_cross_entropy_with_logits(
        z, y.float(), reduction="none"
    )
    losses.sum().backward()
    for letter in "DEF":
        close(column(calculated, "binary", letter, 3), losses.detach())
    close(column(calculated, "binary", "G", 3), z.grad)
    assert float(calculated["binary", "B3"]) == pytest.approx(
        losses.mean().item(), rel=1e-6
    )


def test_shift_class_and_smoothing_are_alive(tmp_path):
    sheets = entropy_sheets(
        SCORES, CLASSES, right=1, batch=BATCH, binary=BINARY
    )
    sheets[0].contents[3, 4] = 10000.0  # shift
    sheets[1].contents[3, 4] = 4  # right class
    sheets[1].contents[3, 6] = 0.1  # smoothing
    cells = calculate(workbook(sheets), tmp_path / "changed.xlsx")
    scores = torch.tensor([SCORES], dtype=torch.float64)
    close(column(cells, "softmax", "F", 5).double(), scores.softmax(1)[0])
    smooth = functional.cross_entropy(
        scores, torch.tensor([4]), label_smoothing=0.1
    )
    assert float(cells["cross-entropy", "B3"]) == pytest.approx(smooth.item())
    plain = functional.cross_entropy(scores, torch.tensor([4]))
    assert float(cells["cross-entropy", "B4"]) == pytest.approx(plain.item())


def test_the_same_numbers_give_the_same_bytes():
    assert made() == made()


@pytest.mark.parametrize(
    "change, words",
    [
        ({"classes": CLASSES[:4]}, "each of 4 classes.*got 5 and 2 rows"),
        ({"scores": [1.0], "classes": ["cat"], "right": 0}, "two at least"),
        ({"scores": [[1.0, 2.0]]}, r"with 1 axes.*got shape \(1, 2\)"),
        ({"scores": [0, 0, 0, 0, 31]}, "from -30 to 30.*divides by 0"),
        ({"scores": [0, 0, 0, 0, np.nan]}, "from -30 to 30"),
        ({"right": 5}, r"in \[0, 5\), got 5; count classes from 0"),
        ({"batch": (BATCH[0], [2, 3])}, r"in \[0, 3\), got 3"),
        ({"batch": (BATCH[0], [2])}, "each of 2 rows .*got 1 and 3"),
        ({"batch": (np.zeros((0, 2)), [])}, "rows of scores"),
        ({"binary": ([], [])}, "got 2 and 0"),
        ({"binary": ([1.0], [2])}, r"must be 0 or 1, got \[2\]"),
        ({"classes": ["=cat", *CLASSES[1:]]}, "not begin with '=', got '=cat"),
    ],
)
def test_bad_input(change, words):
    with pytest.raises(ValueError, match=words):
        made(**change)
