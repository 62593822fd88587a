import math
import random
from statistics import NormalDist

import pytest

from sevenlessons.page.exercises import check


def group_split(groups, valid, seed):
    names = sorted(set(groups))
    random.Random(seed).shuffle(names)
    chosen, rows = set(), 0
    for name in names:
        if rows >= valid * len(groups):
            break
        chosen.add(name)
        rows += groups.count(name)
    pairs = list(enumerate(groups))
    return (
        [i for i, group in pairs if group not in chosen],
        [i for i, group in pairs if group in chosen],
    )


def interval(successes, total):
    z = NormalDist().inv_cdf(0.975)
    p = successes / total
    centre = p + z * z / (2 * total)
    half = z * math.sqrt(p * (1 - p) / total + z * z / (4 * total**2))
    scale = 1 + z * z / total
    return (centre - half) / scale, (centre + half) / scale


RIGHT = {"start/group_split": group_split, "start/interval": interval}


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer_passes_and_the_stub_does_not(key, failing):
    for seed in range(5):
        assert check(key, RIGHT[key], seed=seed)
    assert "Nothing returned yet" in failing(key, lambda *args: None)


def rows_at_random(groups, valid, seed):
    rows = list(range(len(groups)))
    random.Random(seed).shuffle(rows)
    cut = int(valid * len(rows))
    return rows[cut:], rows[:cut]


def share_of_groups(groups, valid, seed):
    names = sorted(set(groups), key=groups.count)
    chosen = set(names[: int(valid * len(names))])
    pairs = list(enumerate(groups))
    return (
        [i for i, g in pairs if g not in chosen],
        [i for i, g in pairs if g in chosen],
    )


def unseeded(groups, valid, seed):
    return group_split(groups, valid, random.random())


def loses_rows(groups, valid, seed):
    train, valid_rows = group_split(groups, valid, seed)
    return train[1:], valid_rows


def counts_from_one(groups, valid, seed):
    train, rows = group_split(groups, valid, seed)
    return [i + 1 for i in train], [i + 1 for i in rows]


@pytest.mark.parametrize(
    "wrong, words",
    [
        (rows_at_random, "Draw groups, not rows"),
        (share_of_groups, "Does the seed reach the shuffle?"),
        (share_of_groups, "NOT the sizes are right"),
        (unseeded, "Two calls with seed 0 differ"),
        (loses_rows, "NOT every row is on exactly one side"),
        (counts_from_one, "Row numbers end at"),
        (lambda groups, valid, seed: len(groups), "return two lists"),
    ],
)
def test_wrong_splits(wrong, words, failing):
    assert words in failing("start/group_split", wrong)


def symmetric(k, n):
    p = k / n
    half = 1.96 * math.sqrt(p * (1 - p) / n)
    return p - half, p + half


@pytest.mark.parametrize(
    "wrong, words",
    [
        (symmetric, "textbook interval"),
        (lambda k, n: (0.798955, 0.923353), "NOT a fresh count"),
        (lambda k, n: interval(k, n)[::-1], "inv_cdf"),
        (lambda k, n: interval(k, n)[0], "2 values are asked for"),
    ],
)
def test_wrong_intervals(wrong, words, failing):
    assert words in failing("start/interval", wrong)
