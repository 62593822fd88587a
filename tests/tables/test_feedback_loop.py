"""The loop: counts that add up, luck that grows, taste that does not."""

import numpy as np
import pytest

from sevenlessons.tables.feedback_loop import simulate_loop
from sevenlessons.tables.recommenders import (
    at_random,
    by_clicks,
    exploring,
)

SIZES = {"rounds": 60, "visitors": 50, "runs": 40}


def test_counts_add_up():
    past = simulate_loop([[0.1, 0.9], [0.5, 0.0]], at_random, **SIZES)
    assert past.shows.shape == past.clicks.shape == (60, 40, 2, 2)
    assert (past.shows.sum(axis=-1) == 50).all()
    assert (past.clicks <= past.shows).all()
    assert (past.clicks[:, :, 1, 1] == 0).all()
    assert past.item_shares().sum(axis=-1) == pytest.approx(1)
    rate = past.clicks.sum((0, 1)) / past.shows.sum((0, 1))
    assert rate[0] == pytest.approx([0.1, 0.9], abs=0.01)
    groups = past.group_shares()
    assert groups.sum(axis=-1) == pytest.approx(1)
    assert past.clicks_per_show().shape == (60, 40)


def test_at_random_nothing_grows():
    past = simulate_loop([0.2] * 5, at_random, **SIZES)
    first, last = past.top_share()[[0, -1]].mean(axis=1)
    assert abs(first - last) < 0.03
    assert past.late_shares(60).max() < 0.25


def test_equal_taste_and_still_a_winner():
    past = simulate_loop([0.2] * 5, by_clicks(2), **SIZES)
    late = past.late_shares(20)
    assert late.max(axis=1).mean() > 0.6
    winners = np.bincount(late.argmax(axis=1), minlength=5)
    assert (winners > 0).sum() >= 4  # not always the same


def test_exploring_damps_it():
    plain, damped = (
        simulate_loop([0.2] * 5, rule, **SIZES).late_shares().max(axis=1)
        for rule in (by_clicks(2), exploring(by_clicks(2), 0.4))
    )
    assert damped.mean() < plain.mean() - 0.1


def test_without_the_group_both_are_shown_the_same():
    taste = [[0.2, 0.4], [0.2, 0.1]]
    for know in (True, False):
        past = simulate_loop(taste, by_clicks(1), know_group=know, **SIZES)
        first, second = past.group_shares()[-20:].mean((0, 1))[:, 1]
        if know:
            assert first - second > 0.3
        else:
            assert abs(first - second) < 0.02


def test_a_seed_repeats_and_another_differs():
    first, again, other = (
        simulate_loop([0.2] * 4, by_clicks(1), seed=s, **SIZES).shows
        for s in (0, 0, 1)
    )
    assert (first == again).all()
    assert (first != other).any()


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"taste": [0.5, 1.5]}, "taste must be probabilities"),
        ({"taste": [float("nan")]}, "taste must be probabilities"),
        ({"rounds": 0}, "at least 1, got 0, 50 and 40"),
        ({"rule": lambda shows, clicks: clicks}, "add up to one"),
        ({"rule": lambda shows, clicks: np.ones(2) / 2}, "add up to one"),
        ({"rule": lambda shows, clicks: shows * np.nan}, "sums from nan"),
    ],
)
def test_bad_input(change, words):
    args = {"taste": [0.5, 0.5], "rule": at_random, "know_group": True}
    with pytest.raises(ValueError, match=words):
        simulate_loop(**(args | SIZES | change))


def test_bad_window():
    past = simulate_loop([0.5], at_random, rounds=3, visitors=1, runs=1)
    with pytest.raises(ValueError, match="from 1 to 3 rounds, got 4"):
        past.late_shares(4)
