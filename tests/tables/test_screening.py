import numpy as np
import pandas as pd
import pytest
import torch

from sevenlessons.tables.screening import single_column_scores


def people(seed=0, rows=4000):
    rng = np.random.default_rng(seed)
    answer = torch.tensor(rng.random(rows) < 0.3)
    y = answer.numpy()
    table = pd.DataFrame(
        {
            "noise": rng.normal(size=rows),
            "names": rng.choice(list("abcdef"), rows),
            "many": rng.integers(0, 10**9, rows).astype(str),
            "hump": np.where(y, 0, rng.choice([-1, 1], rows))
            + rng.normal(0, 0.2, rows),
            "some": np.where(rng.random(rows) < 0.3, y.astype(int), 2),
            "leak": np.where(y, 2, 1) * 10.0,
        }
    )
    return table, answer


def test_a_leak_is_first_and_noise_is_a_coin():
    table, answer = people()
    found = single_column_scores(table, answer, list(table))
    assert found.index[0] == "leak" and found["leak"] == 1
    assert found["hump"] > 0.95  # not rising, and found all the same
    assert 0.55 < found["some"] < 0.85
    for name in ("noise", "names", "many"):  # a name a row knows nothing
        assert found[name] == pytest.approx(0.5, abs=0.05)


def test_gaps_and_kinds_and_seeds():
    table, answer = people()
    table["gap"] = pd.Series(np.where(answer, None, "x"), dtype=object)
    table["hole"] = np.where(answer, np.nan, 1.0)
    columns = ["gap", "hole", "names"]
    found = single_column_scores(table, answer, columns)
    assert found["gap"] == 1 and found["hole"] == 1
    assert found.equals(single_column_scores(table, answer, columns))
    again = single_column_scores(table, answer, columns, seed=1)
    assert not found.equals(again)


def test_what_makes_no_sense_is_refused():
    table, answer = people(rows=50)
    with pytest.raises(ValueError, match=r"shape \(50,\), one a row, got \(4"):
        single_column_scores(table, answer[:4], ["noise"])
    with pytest.raises(ValueError, match="lacks 1 of 1 columns: z"):
        single_column_scores(table, answer, ["z"])


@pytest.mark.parametrize("bad", [np.nan, 7.0, -1.0, 0.4])
def test_a_target_that_is_neither_yes_nor_no_is_refused(bad):
    table, answer = people(rows=50)
    target = answer.double()
    target[[3, 9]] = bad
    words = rf"0 or 1, got {bad:g} in 2 of 50 rows, first at place 3; correct"
    with pytest.raises(ValueError, match=words):
        single_column_scores(table, target, ["noise"])
