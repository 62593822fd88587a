"""Right and wrong answers of the page on speed."""

import math
from itertools import pairwise

import torch

TIME = "lesson3/time_to"
ROUND = "lesson3/to_bfloat16"
SCALES = "lesson3/scales"


def time_to(seconds, accuracies, wanted):
    if accuracies[0] >= wanted:
        return seconds[0]
    points = list(zip(seconds, accuracies, strict=True))
    for (before, low), (after, high) in pairwise(points):
        if low < wanted <= high:
            return before + (wanted - low) / (high - low) * (after - before)
    return math.inf


def first_measurement(seconds, accuracies, wanted):
    for now, accuracy in zip(seconds, accuracies, strict=True):
        if accuracy >= wanted:
            return now
    return math.inf


def last_crossing(seconds, accuracies, wanted):
    found = math.inf
    for i in range(1, len(seconds)):
        low, high = accuracies[i - 1], accuracies[i]
        if low < wanted <= high:
            share = (wanted - low) / (high - low)
            found = seconds[i - 1] + share * (seconds[i] - seconds[i - 1])
    if found == math.inf and accuracies[0] >= wanted:
        return seconds[0]
    return found


def with_none(seconds, accuracies, wanted):
    found = time_to(seconds, accuracies, wanted)
    return -1.0 if found == math.inf else found


def before_the_first(seconds, accuracies, wanted):
    if accuracies[0] >= wanted:
        return 0.0
    return time_to(seconds, accuracies, wanted)


def rounded(values):
    bits = values.view(torch.int32)
    last = (bits >> 16) & 1
    return ((bits + 0x7FFF + last) & -0x10000).view(torch.float32)


def by_two_parts(values):
    high = (values.view(torch.int32) & -0x10000).view(torch.float32)
    power = torch.frexp(high)[1] - 1
    gap = torch.ldexp(torch.ones_like(values), power - 7)
    return torch.round(values / gap) * gap


def cut_off(values):
    return (values.view(torch.int32) & -0x10000).view(torch.float32)


def half_up(values):
    bits = values.view(torch.int32) + 0x8000
    return (bits & -0x10000).view(torch.float32)


def scales(finite, scale, interval):
    found, good = [], 0
    for ok in finite:
        good = good + 1 if ok else 0
        if not ok:
            scale /= 2
        elif good == interval:
            scale, good = 2 * scale, 0
        found.append(scale)
    return found


def never_forgets(finite, scale, interval):
    found, good = [], 0
    for ok in finite:
        good += ok
        if not ok:
            scale /= 2
        elif good == interval:
            scale, good = 2 * scale, 0
        found.append(scale)
    return found


def doubles_on(finite, scale, interval):
    found, good = [], 0
    for ok in finite:
        good = good + 1 if ok else 0
        scale = scale / 2 if not ok else scale * (2 if good >= interval else 1)
        found.append(scale)
    return found


def before_each_step(finite, scale, interval):
    return [scale, *scales(finite, scale, interval)][: len(finite)]


RIGHT = {
    TIME: [time_to],
    ROUND: [rounded],
    SCALES: [scales],
}
WRONG = {
    TIME: [
        (first_measurement, "NOT half way between two"),
        (last_crossing, "The first time counts"),
        (with_none, "Then return float('inf')"),
        (before_the_first, "nothing from before the first measurement"),
        (lambda s, a, w: s[0], "NOT half way between two"),
    ],
    ROUND: [
        (cut_off, "rounds towards zero"),
        (half_up, "NOT halfway: to the even last bit"),
        (lambda values: values, "NOT to the nearest"),
        (lambda values: values.half().float(), "NOT to the nearest"),
        (lambda values: rounded(values.abs()), "NOT small whole numbers"),
        (lambda values: rounded(values).flatten(), "NOT two axes"),
    ],
    SCALES: [
        (never_forgets, "a bad one sets the count to zero"),
        (doubles_on, "NOT"),
        (before_each_step, "NOT a bad step halves"),
        (lambda f, s, n: [s / 2 if not ok else s for ok in f], "NOT good"),
        (lambda f, s, n: scales(f, s, n + 1), "NOT good steps double"),
        (lambda f, s, n: [4.0], "NOT good steps double"),
    ],
}
