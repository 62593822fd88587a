"""A card for a model about people: whole, or refused."""

import pandas as pd
import pytest

from sevenlessons.deploy.group_card import NEEDED, group_card
from sevenlessons.page.intervals import wilson
from sevenlessons.tables.group_rates import group_rates
from sevenlessons.tables.stated_rates import stated_rates

FACTS = dict.fromkeys(NEEDED, "Nothing yet.")
RATES = pd.DataFrame(
    {"people": [2203.0, 3.0], "false_negative_rate": [0.382, float("nan")]},
    index=["women", "a|b"],
)


def test_every_number_stands_in_it():
    metrics = [
        {
            "key": "lesson6/fnr_gap",
            "value": 0.0931,
            "interval": (0.02, 0.16),
            "baselines": {"no gap": 0.0},
            "n": 1812,
            "data": "test rows",
        }
    ]
    made = group_card("incomes", FACTS, metrics, {"sex": RATES})
    for text in (
        "# Model card: incomes",
        "0.0931",
        "0.02 to 0.16",
        "| women | 2203 | 0.382 |",
        "| a\\|b | 3 | nobody |",
        "| group | people | false negative rate |",
        "## Not for",
    ):
        assert text in made


@pytest.mark.parametrize("key", NEEDED)
def test_a_card_without_a_fact_is_refused(key):
    with pytest.raises(ValueError, match=f"the card lacks {key}; write"):
        group_card("incomes", FACTS | {key: "  "}, [], {"sex": RATES})


def test_a_card_without_groups_is_refused():
    with pytest.raises(ValueError, match="at least one table of groups"):
        group_card("incomes", FACTS, [], {})
    with pytest.raises(ValueError, match="'sex': 0"):
        group_card("incomes", FACTS, [], {"sex": RATES.iloc[:0]})


def test_a_rate_of_a_few_people_stays_out_of_the_card():
    rates = group_rates([1] * 12 + [0] * 40, [0] * 52, ["a"] * 52)
    made = group_card(
        "incomes", FACTS, [], {"sex": stated_rates(rates, wilson)}
    )
    assert "too few (12)" in made
    assert "0.231 (0.137 to 0.361)" in made  # the error, of all 52
