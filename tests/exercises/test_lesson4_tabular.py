"""Right and wrong answers of the page on tables."""

import math

import numpy as np
import torch

from sevenlessons.tables.embeddings import embedding_size

FILL = "lesson4/fill_missing"
NUMBERS = "lesson4/category_numbers"
COUNT = "lesson4/num_parameters"
CURVE = "lesson4/calibration_curve"


def fill(train, test, value=None):
    value = train.nanquantile(0.5) if value is None else value
    return (
        train.nan_to_num(nan=float(value)),
        train.isnan(),
        test.nan_to_num(nan=float(value)),
        test.isnan(),
    )


def fill_with_numpy(train, test):
    median = float(np.nanmedian(train.numpy()))
    gaps = [part != part for part in (train, test)]
    done = [
        torch.where(gap, torch.tensor(median), part)
        for gap, part in zip(gaps, (train, test), strict=True)
    ]
    return done[0], gaps[0], done[1], gaps[1]


def fill_each_alone(train, test):
    first, second = fill(train, train), fill(test, test)
    return first[0], first[1], second[0], second[1]


def fill_from_both(train, test):
    return fill(train, test, torch.cat([train, test]).nanquantile(0.5))


def fill_without_flags_of_test(train, test):
    one, flags, two, _ = fill(train, test)
    return one, flags, two, torch.zeros(len(test), dtype=torch.bool)


def numbers(train, later):
    known = sorted(set(train))
    return [known.index(c) + 1 if c in known else 0 for c in later]


def numbers_with_numpy(train, later):
    known = np.unique(train)
    place = {c: i + 1 for i, c in enumerate(known.tolist())}
    return [place.get(c, 0) for c in later]


def numbers_from_both(train, later):
    known = sorted({*train, *later})
    return [known.index(c) + 1 if c in train else 0 for c in later]


def numbers_as_they_come(train, later):
    known = list(dict.fromkeys(train))
    return [known.index(c) + 1 if c in known else 0 for c in later]


def numbers_that_grow(train, later):
    known = sorted(set(train))
    for c in later:
        if c not in known:
            known.append(c)
    return [known.index(c) + 1 for c in later]


def count(
    sizes, num_numbers, layers, outputs, *, norms=2, constant=1, first=2
):
    total = sum(n * embedding_size(n) for n in sizes) + first * num_numbers
    width = sum(embedding_size(n) for n in sizes) + num_numbers
    for out in layers:
        total += width * out + constant * out + norms * out
        width = out
    return total + width * outputs + constant * outputs


def lower(p, bins=10):
    return max(math.ceil(p * bins) - 1, 0)


def curve(said, target, bins=10, place_of=lower):
    places = [place_of(p, bins) for p in said.tolist()]
    found = {}
    pairs = zip(said.tolist(), target.tolist(), strict=True)
    for place, (p, y) in zip(places, pairs, strict=True):
        found.setdefault(place, []).append((p, y))
    rows = [found[place] for place in sorted(found)]
    return (
        [sum(p for p, _ in row) / len(row) for row in rows],
        [sum(y for _, y in row) / len(row) for row in rows],
    )


def curve_of_middles(said, target):
    places = sorted({lower(p) for p in said.tolist()})
    return [(place + 0.5) / 10 for place in places], curve(said, target)[1]


def curve_of_upper_ranges(said, target):
    return curve(said, target, place_of=lambda p, b: min(int(p * b), b - 1))


def curve_without_zero(said, target):
    return curve(said, target, place_of=lambda p, b: math.ceil(p * b) - 1)


def curve_with_empty_ranges(said, target):
    place = (said * 10).long().clamp(max=9)
    sums = [
        torch.zeros(10).index_add_(0, place, x.float()) for x in (said, target)
    ]
    counts = torch.bincount(place, minlength=10).clamp(min=1)
    return tuple((one / counts).tolist() for one in sums)


def curve_stretched(said, target):
    low, high = said.min(), said.max()
    place = ((said - low) / (high - low + 1e-9) * 10).long().clamp(max=9)
    kept = [place == i for i in range(10) if (place == i).any()]
    return (
        [said[rows].mean().item() for rows in kept],
        [target[rows].float().mean().item() for rows in kept],
    )


def curve_of_ceilings(said, target):
    place = (said * 10).ceil().long() - 1
    kept = [place == i for i in range(-1, 10) if (place == i).any()]
    return (
        [said[rows].mean().item() for rows in kept],
        [target[rows].float().mean().item() for rows in kept],
    )


def curve_that_drops_zero(said, target):
    return curve(said[said > 0], target[said > 0])


def curve_that_loses_one(said, target):
    place = (said * 10).long()
    kept = [place == i for i in range(10) if (place == i).any()]
    return (
        [said[rows].mean().item() for rows in kept],
        [target[rows].float().mean().item() for rows in kept],
    )


def curve_with_zero_in_the_last_range(said, target):
    place = ((said * 10).ceil().long() - 1) % 10
    kept = [place == i for i in range(10) if (place == i).any()]
    return (
        [said[rows].mean().item() for rows in kept],
        [target[rows].float().mean().item() for rows in kept],
    )


RIGHT = {
    FILL: [fill, fill_with_numpy],
    NUMBERS: [numbers, numbers_with_numpy],
    COUNT: [count],
    CURVE: [curve],
}
WRONG = {
    FILL: [
        (fill_each_alone, "with the median of the training rows"),
        (fill_from_both, "with the median of the training rows"),
        (fill_without_flags_of_test, "NOT one gap on each side"),
        (
            lambda train, test: fill(train, test, train.nanmedian()),
            "the mean of the two in the",
        ),
        (
            lambda train, test: fill(train, test, train.nanmean()),
            "NOT one gap on each side",
        ),
        (lambda train, test: fill(train, test, 0), "NOT one gap"),
        (
            lambda train, test: (
                *fill(train, test)[:3],
                ~fill(train, test)[3],
            ),
            "NOT one gap",
        ),
        (lambda train, test: fill(train, test)[::2], "NOT one gap"),
    ],
    NUMBERS: [
        (numbers_from_both, "moves no other number"),
        (numbers_as_they_come, "The first by letter is number 1"),
        (numbers_that_grow, "What was never seen gets 0"),
        (
            lambda train, later: [n - 1 for n in numbers(train, later)],
            "NOT all known",
        ),
        (
            lambda train, later: [n for n in numbers(train, later) if n],
            "What was never seen gets 0",
        ),
        (
            lambda train, later: numbers(later, later),
            "What was never seen gets 0",
        ),
        (lambda train, later: [1, 2], "NOT one that was never seen"),
    ],
    COUNT: [
        (lambda *a: count(*a, norms=0), "NOT one hidden layer"),
        (lambda *a: count(*a, first=0), "Numbers run through batch"),
        (lambda *a: count(*a, constant=0), "NOT no hidden layer"),
        (lambda *a: count(*a, norms=4), "NOT one hidden layer"),
        (
            lambda s, n, layers, k: count([x - 1 for x in s], n, layers, k),
            "NOT no hidden layer",
        ),
        (lambda *a: count(*a) + 1, "NOT no hidden layer"),
        (lambda *a: 30_000, "NOT no hidden layer"),
    ],
    CURVE: [
        (curve_of_middles, "not the middle of the"),
        (curve_with_empty_ranges, "ranges without rows are left out"),
        (curve_stretched, "The ranges divide 0 to 1"),
        (curve_with_zero_in_the_last_range, "one of 0 to the first"),
        (curve_of_ceilings, "one of 0 to the first"),
        (
            lambda said, target: curve_of_ceilings(
                said.where(said > 0, torch.tensor(0.99)), target
            ),
            "NOT",
        ),
        (curve_that_drops_zero, "one of 0 to the first"),
        (curve_that_loses_one, "belongs to the last range"),
        (curve_of_upper_ranges, "belongs to the lower one"),
        (curve_without_zero, "one of 0 to the first"),
        (lambda said, target: curve(said, target, 5), "NOT"),
        (lambda said, target: curve(said, target)[::-1], "NOT two ranges"),
        (lambda said, target: curve(said, 1 - target), "NOT two ranges"),
        (lambda said, target: ([0.14, 0.83], [0.5, 1.0]), "NOT many rows"),
    ],
}
