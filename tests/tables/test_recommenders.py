"""Rules return probabilities, and wrapping them keeps that."""

import numpy as np
import pytest

from sevenlessons.tables.recommenders import (
    at_random,
    by_clicks,
    by_rate,
    capped,
    exploring,
)

RNG = np.random.default_rng(0)
SHOWS = RNG.integers(1, 200, size=(50, 7)).astype(float)
CLICKS = RNG.binomial(SHOWS.astype(int), 0.3).astype(float)
RULES = {
    "random": at_random,
    "clicks": by_clicks(2),
    "rate": by_rate(3),
    "exploring": exploring(by_clicks(2), 0.2),
    "capped": capped(by_clicks(3), 0.2),
    "both": capped(exploring(by_clicks(3), 0.1), 1 / 7),
}


@pytest.mark.parametrize("name", RULES)
def test_probabilities(name):
    told = RULES[name](SHOWS, CLICKS)
    assert told.shape == SHOWS.shape
    assert told.min() >= 0
    assert told.sum(axis=-1) == pytest.approx(np.ones(50))


def test_power_nothing_is_random():
    assert by_clicks(0)(SHOWS, CLICKS) == pytest.approx(1 / 7)


def test_a_rate_does_not_care_how_often_it_was_shown():
    told = by_rate()(np.array([998.0, 98.0]), np.array([299.0, 29.0]))
    assert told == pytest.approx([0.5, 0.5])


def test_exploring_gives_everything_a_floor():
    told = exploring(by_clicks(9), 0.2)(SHOWS, CLICKS)
    assert told.min() >= 0.2 / 7 - 1e-12
    assert exploring(by_clicks(2), 1.0)(SHOWS, CLICKS) == pytest.approx(1 / 7)


def test_a_cap_holds_and_keeps_the_order_below_it():
    plain, cut = by_clicks(3)(SHOWS, CLICKS), capped(by_clicks(3), 0.25)
    told = cut(SHOWS, CLICKS)
    assert told.max() <= 0.25 + 1e-9
    below = told < 0.25 - 1e-9
    for row, some in zip(range(50), below, strict=True):
        ratio = told[row, some] / plain[row, some]
        assert ratio == pytest.approx(np.full(some.sum(), ratio.mean()))


def test_what_is_cut_off_does_not_vanish():
    def most_clicked(shows, clicks):
        return np.eye(clicks.shape[-1])[clicks.argmax(axis=-1)]

    told = capped(most_clicked, 0.5)(np.zeros(3), np.array([9.0, 1, 0]))
    assert told.tolist() == [0.5, 0.25, 0.25]
    told = capped(most_clicked, 0.4)(SHOWS, CLICKS)
    assert told.sum(axis=-1) == pytest.approx(np.ones(50))
    assert told.max(axis=-1) == pytest.approx(np.full(50, 0.4))


def test_a_cap_that_nobody_reaches_changes_nothing():
    told = capped(by_clicks(1), 1.0)(SHOWS, CLICKS)
    assert told == pytest.approx(by_clicks(1)(SHOWS, CLICKS))


@pytest.mark.parametrize(
    ("make", "words"),
    [
        (lambda: by_clicks(-1), "power must be at least 0, got -1"),
        (lambda: by_rate(-1), "power must be at least 0, got -1"),
        (lambda: exploring(at_random, 1.5), r"share must be in \[0, 1\]"),
        (lambda: capped(at_random, 0), r"most must be in \(0, 1\], got 0"),
        (lambda: capped(at_random, 0.1)(SHOWS, CLICKS), "at least 1/7"),
    ],
)
def test_bad_input(make, words):
    with pytest.raises(ValueError, match=words):
        make()
