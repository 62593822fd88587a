"""Rates in words: with an interval, or with the reason why not."""

import numpy as np
import pytest

from sevenlessons.page.intervals import wilson
from sevenlessons.tables.group_rates import group_rates
from sevenlessons.tables.stated_rates import stated_rates


@pytest.fixture
def rates():
    rng = np.random.default_rng(0)
    group = np.array(["large"] * 900 + ["small"] * 100)
    target = rng.random(1000) < 0.2
    return group_rates(target, rng.random(1000) < 0.3 + 0.3 * target, group)


def test_each_rate_stands_with_the_interval_of_its_own_rows(rates):
    made = stated_rates(rates, wilson)
    row = rates.loc["large"]
    counted = {
        "error": row["people"],
        "base_rate": row["people"],
        "chosen": row["people"],
        "false_negative_rate": row["positives"],
        "false_positive_rate": row["people"] - row["positives"],
        "precision": row["chosen"] * row["people"],
    }
    for name, count in counted.items():
        low, high = wilson(round(row[name] * count), round(count))
        text = f"{row[name]:.3f} ({low:.3f} to {high:.3f})"
        assert made.loc["large", name] == text
    assert made["people"].tolist() == [900, 100]


def test_a_rate_of_few_people_is_not_written(rates):
    small = stated_rates(rates, wilson).loc["small"]
    positives = int(rates.loc["small", "positives"])
    assert positives < 30
    assert small["false_negative_rate"] == f"too few ({positives})"
    assert small["error"].startswith("0.")  # 100 people are enough
    all_of_them = stated_rates(rates, wilson, fewest=1)
    assert not any("too few" in str(v) for v in all_of_them.to_numpy().flat)


def test_nobody_is_too_few():
    made = stated_rates(
        group_rates([0, 0], [0, 0], ["a"] * 2), wilson, fewest=1
    )
    assert made.loc["a", "false_negative_rate"] == "too few (0)"
    assert made.loc["a", "precision"] == "too few (0)"


def test_bad_input(rates):
    with pytest.raises(ValueError, match="positives missing; hand over"):
        stated_rates(rates.drop(columns="positives"), wilson)
    with pytest.raises(ValueError, match="at least 1, got 0"):
        stated_rates(rates, wilson, fewest=0)
