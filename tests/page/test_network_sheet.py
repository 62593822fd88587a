import numpy as np
import pytest

from sevenlessons.page.network_sheet import network_sheet

NAMES = {
    "before ReLU": [1.0, -1.0],
    "hidden": [1.0, 0.0],
    "scores": [0.0, 1.0],
    "exp(score - largest)": [0.4, 1.0],
    "probabilities": [0.3, 0.7],
    "gradient of scores": [0.3, -0.3],
    "gradient of hidden": [0.0, 0.1],
    "gradient of before ReLU": [0.0, 0.0],
    "inputs": [1.0, 2.0, 3.0],
    "truth": [0.0, 1.0],
    "loss": [0.5],
    "weights 1": np.zeros((2, 3)),
    "bias 1": [0.0, 0.0],
    "weights 2": np.zeros((2, 2)),
    "bias 2": [0.0, 0.0],
    "gradient of weights 1": np.zeros((2, 3)),
    "gradient of bias 1": [0.0, 0.0],
    "gradient of weights 2": np.zeros((2, 2)),
    "gradient of bias 2": [0.0, 0.0],
}


def numbers():
    return {name: np.asarray(value) for name, value in NAMES.items()}


def formulas_of(sheet):
    return {
        place
        for place, content in sheet.contents.items()
        if str(content).startswith("=")
    }


def test_first_sheet_has_inputs_and_a_rate():
    sheet = network_sheet("network", numbers(), lr=0.25)
    blue = [p for p, style in sheet.styles.items() if style == "input"]
    assert len(blue) == 3 + 2 + 1 + 2 * 4 + 2 * 3
    assert not set(blue) & formulas_of(sheet)
    assert 0.25 in [sheet.contents[place] for place in blue]


def test_later_sheet_has_formulas_only():
    sheet = network_sheet("later", numbers(), source="network")
    assert "input" not in sheet.styles.values()
    text = [str(c) for c in sheet.contents.values() if str(c)[:1] == "="]
    assert sum("network!" in one for one in text) == 3 + 2 + 8 + 6


def test_no_cell_is_written_twice():
    """Counted: every number has a cell of its own."""
    sheet = network_sheet("network", numbers())
    count = sum(np.size(value) for value in numbers().values()) + 1
    held = [c for c in sheet.contents.values() if not isinstance(c, str)]
    assert len(held) + len(formulas_of(sheet)) == count


def test_a_missing_name():
    given = numbers()
    del given["hidden"]
    with pytest.raises(ValueError, match="numbers of 'hidden', got none"):
        network_sheet("network", given)
