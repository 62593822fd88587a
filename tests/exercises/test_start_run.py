"""Right and wrong answers of the page on running the book."""

import math
from functools import cache

import torch

from sevenlessons.page.exercises import try_answer
from sevenlessons.page.machine import peak_memory_mb


def cost(price_per_hour, hours, free_minutes):
    minutes = max(0, hours * 60 - free_minutes)
    return price_per_hour * math.ceil(round(minutes / 60, 6))


def machine():
    return torch.get_num_threads(), peak_memory_mb()


@cache
def written_down():
    return torch.get_num_threads(), peak_memory_mb()


RIGHT = {"start/cost": [cost], "start/machine": [machine]}
WRONG = {
    "start/cost": [
        (lambda p, h, free: p * h, "Take the free minutes off first"),
        (
            lambda p, h, free: p * max(0, h - free / 60),
            "NOT one minute beyond them",
        ),
        (lambda p, h, free: p * (math.ceil(h) - free / 60), "NOT less than"),
        (
            lambda p, h: p * h,
            ["TypeError", "calls `<lambda>(price_per_hour, hours, free_min"],
        ),
    ],
    "start/machine": [
        (written_down, "Ask torch inside"),
        (
            lambda: (torch.get_num_threads(), peak_memory_mb() * 2**20),
            "Mind the unit",
        ),
        (lambda: 2, "You returned 2. Return a pair"),
    ],
}


def test_threads_are_given_back():
    before = torch.get_num_threads()
    assert not try_answer("start/machine", lambda: (before, 1.0))
    assert torch.get_num_threads() == before
