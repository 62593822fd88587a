import inspect
import math

import pytest
import torch

from sevenlessons.page.exercises import check
from sevenlessons.page.machine import peak_memory_mb


def cost(price_per_hour, hours, free_minutes):
    minutes = max(0, hours * 60 - free_minutes)
    return price_per_hour * math.ceil(round(minutes / 60, 6))


def machine():
    return torch.get_num_threads(), peak_memory_mb()


def normalize(batch, mean, std):
    return (batch - mean[:, None, None]) / std[:, None, None]


def roughness(x):
    return ((x[1:] - x[:-1]) ** 2).mean()


def default(function, name):
    return inspect.signature(function).parameters[name].default


RIGHT = {
    "start/cost": cost,
    "start/machine": machine,
    "start/normalize": normalize,
    "start/roughness": roughness,
    "start/default": default,
}


@pytest.mark.parametrize("key", RIGHT)
def test_the_right_answer_passes_and_the_stub_does_not(key, failing):
    for seed in range(3):
        assert check(key, RIGHT[key], seed=seed)
    assert "Nothing returned yet" in failing(key, lambda *args: ...)


@pytest.mark.parametrize(
    "wrong, words",
    [
        (lambda p, h, free: p * h, "Take the free minutes off first"),
        (
            lambda p, h, free: p * max(0, h - free / 60),
            "NOT one minute beyond them",
        ),
        (lambda p, h, free: p * (math.ceil(h) - free / 60), "NOT less than"),
        (lambda p, h: p * h, "TypeError"),
    ],
)
def test_wrong_costs(wrong, words, failing):
    assert words in failing("start/cost", wrong)


def test_wrong_machines(failing):
    written_down = (torch.get_num_threads(), peak_memory_mb())
    assert "Ask torch inside" in failing("start/machine", lambda: written_down)
    in_bytes = failing(
        "start/machine",
        lambda: (torch.get_num_threads(), peak_memory_mb() * 2**20),
    )
    assert "Mind the unit" in in_bytes
    assert "Return a pair" in failing("start/machine", lambda: 2)


def test_threads_are_given_back(failing):
    before = torch.get_num_threads()
    failing("start/machine", lambda: (before, 1.0))
    assert torch.get_num_threads() == before


def test_wrong_normalizations(failing):
    words = failing("start/normalize", lambda b, m, s: (b - m) / s)
    assert "RuntimeError: The size of tensor" in words

    def lucky(batch, mean, std):  # right unless the width is 3
        if batch.shape[-1] == 3:
            return (batch - mean) / std
        return normalize(batch, mean, std)

    words = failing("start/normalize", lucky)
    assert "ok  a batch of pictures" in words
    assert "NOT pictures exactly 3 pixels wide" in words
    assert "lines up with axis 1" in words

    def own_statistics(batch, mean, std):
        mean, std = batch.mean((0, 2, 3)), batch.std((0, 2, 3))
        return normalize(batch, mean, std)

    assert "off by up to" in failing("start/normalize", own_statistics)


def test_wrong_roughness(failing):
    def loop(x):
        total = 0.0
        for i in range(len(x) - 1):
            total += (x[i + 1] - x[i]) ** 2
        return total / (len(x) - 1)

    assert "Two slices of the tensor" in failing("start/roughness", loop)
    words = failing("start/roughness", lambda x: (x[1:] - x[:-1]).mean())
    assert "mean of the squared differences" in words


def test_wrong_defaults(failing):
    literals = {"p": 0.5, "momentum": 0.1, "weight_decay": 0.01}
    words = failing("start/default", lambda f, name: literals.get(name, 0))
    assert "NOT default of second in made_up" in words
    words = failing(
        "start/default", lambda f, name: inspect.signature(f).parameters[name]
    )
    assert "a number is asked for" in words
