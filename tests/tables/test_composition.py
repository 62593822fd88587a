"""What two tables are made up of: false alarms as rare as promised."""

import numpy as np
import pandas as pd
import pytest

from sevenlessons.tables.composition import composition_shift

COLUMNS = ["place", "kind", "sex"]


def drawn(rng, rows, women=0.5):
    return pd.DataFrame(
        {
            "place": rng.choice(list("abcdefgh"), size=rows),
            "kind": rng.choice(["x", "y", "z"], size=rows, p=[0.7, 0.2, 0.1]),
            "sex": np.where(rng.random(rows) < women, "f", "m"),
        }
    )


def test_false_alarms_are_as_rare_as_promised():
    rng = np.random.default_rng(0)
    found = [
        composition_shift(
            drawn(rng, 150), drawn(rng, 100), COLUMNS, permutations=39, seed=k
        ).p_value
        for k in range(120)
    ]
    alarms = np.mean(np.array(found) <= 0.05)
    assert alarms < 0.13  # 0.05 promised; four standard errors are 0.08


def test_a_large_shift_is_found_where_it_is():
    rng = np.random.default_rng(1)
    found = composition_shift(
        drawn(rng, 300), drawn(rng, 300, women=0.25), COLUMNS
    )
    assert (found.column, found.p_value) == ("sex", 1 / 200)
    assert abs(found.first_share - found.second_share) > 0.15
    assert found.category in ("f", "m")


def test_the_same_seed_the_same_answer():
    rng = np.random.default_rng(2)
    first, second = drawn(rng, 60), drawn(rng, 60)
    twice = [composition_shift(first, second, COLUMNS) for _ in range(2)]
    assert twice[0] == twice[1]


def test_shares_are_those_of_the_tables():
    first = pd.DataFrame({"sex": ["f"] * 1 + ["m"] * 3})
    second = pd.DataFrame({"sex": ["f"] * 4 + ["m"] * 4})
    found = composition_shift(first, second, ["sex"])
    assert (found.first_share, found.second_share) == (0.25, 0.5)


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"first": pd.DataFrame({"sex": []})}, "got 0 and 4 rows"),
        ({"columns": ["age"]}, "no column 'age' in the first table; it has"),
        (
            {"second": pd.DataFrame({"age": [1]})},
            "no column 'sex' in the second table; it has age",
        ),
        ({"columns": []}, "at least one column"),
        ({"permutations": 5}, "at least 19, got 5"),
        ({"columns": ["same"]}, "only constant ones: same"),
    ],
)
def test_bad_input(change, words):
    plain = pd.DataFrame({"sex": list("ffmm"), "same": list("aaaa")})
    args = {"first": plain, "second": plain, "columns": ["sex"]} | change
    with pytest.raises(ValueError, match=words):
        composition_shift(**args)
