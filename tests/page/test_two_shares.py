"""Newcombe's interval: his own example, and how often it covers."""

import numpy as np
import pytest

from sevenlessons.page.two_shares import newcombe


def test_the_example_of_the_paper():
    low, high = newcombe(48, 80, 56, 70)
    assert low == pytest.approx(0.0524, abs=1e-4)
    assert high == pytest.approx(0.3339, abs=1e-4)


def test_turned_round():
    low, high = newcombe(3, 50, 20, 90)
    back = newcombe(20, 90, 3, 50)
    assert (-high, -low) == pytest.approx(back)


def test_covers_about_as_often_as_promised():
    rng = np.random.default_rng(0)
    inside = 0
    for first, second in zip(
        rng.binomial(60, 0.1, 1000).tolist(),
        rng.binomial(90, 0.3, 1000).tolist(),
        strict=True,
    ):
        low, high = newcombe(first, 60, second, 90)
        inside += low <= 0.2 <= high
    assert 0.92 < inside / 1000 < 0.98


def test_stays_within_what_is_possible():
    low, high = newcombe(0, 3, 3, 3)
    assert 0 < low < 1
    assert high == 1


def test_bad_counts():
    with pytest.raises(ValueError, match="got 5 of 4"):
        newcombe(5, 4, 1, 2)
