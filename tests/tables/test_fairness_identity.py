"""The identity holds for every table of two by two."""

import numpy as np
import pytest

from sevenlessons.tables.fairness_identity import (
    implied_base_rate,
    implied_false_positive_rate,
    implied_precision,
)
from sevenlessons.tables.group_rates import DecisionRates


def test_holds_on_random_tables():
    rng = np.random.default_rng(0)
    for counts in rng.integers(1, 500, size=(300, 4)).tolist():
        one = DecisionRates(*counts)
        found = implied_false_positive_rate(
            one.base_rate, one.precision, one.false_negative_rate
        )
        assert found == pytest.approx(one.false_positive_rate, rel=1e-12)
        back = implied_precision(
            one.base_rate, one.false_positive_rate, one.false_negative_rate
        )
        assert back == pytest.approx(one.precision, rel=1e-12)


def test_other_base_rates_force_other_error_rates():
    rates = [implied_false_positive_rate(p, 0.8, 0.3) for p in (0.1, 0.3, 0.5)]
    assert rates == sorted(rates)
    assert rates[0] < rates[1] < rates[2]


def test_without_false_alarms_every_base_rate_fits():
    for missed in (0.0, 0.3):  # whoever is missed does not matter
        assert implied_false_positive_rate(0.1, 1.0, missed) == 0
        assert implied_false_positive_rate(0.7, 1.0, missed) == 0
    assert implied_false_positive_rate(0.9, 0.5, 0.0) > 1  # cannot be


@pytest.mark.parametrize(
    ("args", "words"),
    [
        ((1.0, 0.5, 0.5), r"base_rate must be in \[0, 1\), got 1.0"),
        ((0.5, 0.0, 0.5), r"precision must be in \(0, 1\], got 0.0"),
        ((0.5, 0.5, 1.2), r"false_negative_rate must be in \[0, 1\]"),
        ((float("nan"), 0.5, 0.5), "base_rate must be in"),
    ],
)
def test_bad_input(args, words):
    with pytest.raises(ValueError, match=words):
        implied_false_positive_rate(*args)


def test_nobody_called_yes():
    with pytest.raises(ValueError, match="somebody to be called yes"):
        implied_precision(0.5, 0.0, 1.0)


def test_two_means_of_a_calibrated_score_fix_the_base_rate():
    rng = np.random.default_rng(0)
    for share in (0.1, 0.5):
        score = rng.beta(share, 1 - share, size=200_000)
        truth = rng.random(200_000) < score  # calibrated by construction
        found = implied_base_rate(score[truth].mean(), score[~truth].mean())
        assert found == pytest.approx(truth.mean(), abs=0.01)
    assert implied_base_rate(0.75, 0.25) == 0.5


def test_bad_means():
    with pytest.raises(ValueError, match=r"mean_yes must be in \[0, 1\]"):
        implied_base_rate(1.5, 0.1)
    with pytest.raises(ValueError, match="sometimes wrong"):
        implied_base_rate(1.0, 0.0)
