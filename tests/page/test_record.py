import ast
import math

import numpy as np
import pytest
import torch

from sevenlessons.page.record import HIDDEN, RESULT, glue, record

GOOD = {
    "key": "lesson1/accuracy",
    "value": 0.9,
    "n": 442,
    "data": "deep sky, 5 folds",
    "baselines": {"majority": 0.43},
}


def put(**changes):
    given = {**GOOD, **changes}
    record(given.pop("key"), given.pop("value"), **given)


def test_the_row_has_what_the_ledger_needs(shown):
    put(interval=(0.87, 0.93), seeds=5)
    row = shown[0]["data"][RESULT]
    assert row == {
        "key": "lesson1/accuracy",
        "value": 0.9,
        "unit": "",
        "n": 442,
        "seeds": 5,
        "interval": [0.87, 0.93],
        "data": "deep sky, 5 folds",
        "baselines": {"majority": 0.43},
        "device": "cpu",
        "better": "higher",
    }


def test_the_line_is_shown_in_words(shown):
    put(interval=(0.87, 0.93), unit="share")
    html = shown[0]["data"]["text/html"]
    assert 'class="provenance"' in html
    assert "0.87 to 0.93" in html
    assert "majority: 0.43" in html


def test_the_prose_gets_value_and_ends(shown):
    put(interval=(0.87, 0.93))
    glued = {
        o["metadata"]["scrapbook"]["name"]: ast.literal_eval(
            o["data"][f"{HIDDEN}text/plain"]
        )
        for o in shown[1:]
    }
    assert glued == {
        "lesson1/accuracy": 0.9,
        "lesson1/accuracy_low": 0.87,
        "lesson1/accuracy_high": 0.93,
    }


@pytest.fixture
def myst_nb():
    """Import before `shown` puts a pretended IPython in place."""
    return pytest.importorskip("myst_nb.ext.glue")


def test_myst_nb_understands_the_glue(myst_nb, shown):
    nbformat = pytest.importorskip("nbformat")
    glue("start/photos", 442)
    output = nbformat.from_dict(
        {"data": shown[0]["data"], "metadata": shown[0]["metadata"]}
    )
    cell = nbformat.from_dict({"outputs": [output]})
    ((name, found),) = myst_nb.extract_glue_data_cell(cell)
    assert name == "start/photos"
    assert found["data"] == {"text/plain": "442"}
    assert cell.outputs == []  # nothing is shown


def test_in_plain_python_the_line_is_printed(capsys):
    put(value=81_000.0, unit="rows", seeds=2, n=10_000)
    out = capsys.readouterr().out
    assert out.startswith("lesson1/accuracy = 8.1e+04 rows · n = 10 000")
    assert "2 seeds" in out


@pytest.mark.parametrize("missing", ["n", "data", "baselines"])
def test_nothing_may_be_missing(missing):
    given = {name: GOOD[name] for name in GOOD.keys() - {missing}}
    with pytest.raises(TypeError, match=missing):
        record(given.pop("key"), given.pop("value"), **given)


@pytest.mark.parametrize(
    "changes, words",
    [
        ({"key": "accuracy"}, "key must look like"),
        ({"key": "lesson1/Deep Sky"}, "key must look like"),
        ({"n": 0}, "n and seeds must be at least 1"),
        ({"seeds": 0}, "n and seeds must be at least 1"),
        ({"data": "  "}, "name the data set"),
        ({"baselines": {}}, "what a simple method reaches"),
        ({"better": "more"}, "must be 'higher' or 'lower'"),
        ({"value": math.nan}, "value must be finite"),
        ({"baselines": {"coin": math.inf}}, "coin must be finite"),
        ({"interval": (0.91, 0.95)}, "low <= value <= high"),
        ({"interval": (0.1, 0.2, 0.95)}, "low <= value <= high"),
        ({"interval": (-math.inf, 0.95)}, "low must be finite"),
    ],
)
def test_what_cannot_be_judged_is_refused(changes, words):
    with pytest.raises(ValueError, match=words):
        put(**changes)


def test_numbers_of_numpy_and_torch_become_plain(shown):
    glue("a", np.float64(0.5))
    glue("b", torch.tensor(3))
    glue("c", "three")
    texts = [output["data"][f"{HIDDEN}text/plain"] for output in shown]
    assert texts == ["0.5", "3", "'three'"]


def test_the_prose_takes_no_nan():
    with pytest.raises(ValueError, match="cannot quote 'loss'"):
        glue("loss", math.nan)
