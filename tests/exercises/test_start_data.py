"""Right and wrong answers of the page on data."""

import math
import random
from statistics import NormalDist


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


def symmetric(k, n):
    p = k / n
    half = 1.96 * math.sqrt(p * (1 - p) / n)
    return p - half, p + half


RIGHT = {"start/group_split": [group_split], "start/interval": [interval]}
WRONG = {
    "start/group_split": [
        (rows_at_random, "Draw groups, not rows"),
        (
            share_of_groups,
            ["Does the seed reach the shuffle?", "NOT the sizes are right"],
        ),
        (unseeded, "Two calls with seed 0 differ"),
        (loses_rows, "NOT every row is on exactly one side"),
        (counts_from_one, "Row numbers end at"),
        (lambda groups, valid, seed: len(groups), "return two lists"),
    ],
    "start/interval": [
        (symmetric, "textbook interval"),
        (lambda k, n: (0.798955, 0.923353), "NOT a fresh count"),
        (lambda k, n: interval(k, n)[::-1], "inv_cdf"),
        (lambda k, n: interval(k, n)[0], "2 values are asked for"),
    ],
}
