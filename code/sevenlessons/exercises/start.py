"""Checks of Lesson 0: running the book, notebook skills, honest data."""

import inspect
import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.exercises import exercise
from sevenlessons.page.machine import peak_memory_mb
from sevenlessons.page.trial import Trial

__all__ = [
    "check_cost",
    "check_default",
    "check_machine",
    "check_normalize",
    "check_roughness",
]

MACHINE = "Return a pair: the thread count and the peak memory in MB."


@exercise("start/cost")
def check_cost(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a bill: free minutes first, then whole hours, rounded up."""
    price = round(trial.random.uniform(0.5, 4), 2)
    free = trial.random.randint(1, 5) * 10
    cases = [
        ("less than the free minutes costs nothing", free / 60 / 2),
        ("exactly the free minutes cost nothing", free / 60),
        ("one minute beyond them costs one whole hour", (free + 1) / 60),
        ("a whole number of hours beyond them", 3 + free / 60),
        ("a forgotten night", trial.random.uniform(8, 12)),
        ("a forgotten month", trial.random.uniform(700, 740)),
    ]
    hint = "Take the free minutes off first, then round up to whole hours."
    for words, hours in cases:
        billed = math.ceil(max(0.0, hours * 60 - free) / 60 - 1e-9)
        trial.equal(
            words,
            answer,
            [price, hours, free],
            price * billed,
            tolerance=1e-6 * max(1.0, price * billed),
            hint=hint,
        )


@exercise("start/machine")
def check_machine(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check threads and peak memory, asked again after both have changed."""
    before = torch.get_num_threads()
    threads, memory = _machine_now(trial, "gives two numbers", answer)
    trial.expect(
        "the thread count is what torch uses",
        threads == before,
        f"You returned {threads}; torch says otherwise. {MACHINE}",
    )
    trial.expect(
        "the memory is this process's peak, in MB",
        0.9 * peak_memory_mb() <= memory <= 3 * peak_memory_mb(),
        f"You returned {memory:.6g}. Mind the unit: Linux counts in KB, "
        "macOS in bytes; 1 MB is 1024 KB.",
    )
    try:
        torch.set_num_threads(before + 1)
        threads, _ = _machine_now(trial, "can be asked again", answer)
    finally:
        torch.set_num_threads(before)
    trial.expect(
        "the thread count follows when it is changed",
        threads == before + 1,
        f"After torch was given one thread more you still returned {threads}."
        " Ask torch inside the function instead of writing the number down.",
    )
    blocks: list[bytes] = []
    start = peak_memory_mb()
    while peak_memory_mb() < start + 64 and len(blocks) < 40:
        blocks.append(b"\x01" * 2**26)
    _, later = _machine_now(trial, "can be asked a third time", answer)
    trial.expect(
        "the memory rises after large blocks were made",
        later >= memory + 32,
        f"It was {memory:.6g} before and {later:.6g} after. Ask the "
        "operating system inside the function, for the peak.",
    )


def _machine_now(
    trial: Trial, words: str, answer: Callable[..., Any]
) -> tuple[float, float]:
    got = trial.call(words, answer, [])
    try:
        threads, memory = got
        return float(threads), float(memory)
    except (TypeError, ValueError):
        trial.stop(words, f"You returned {got!r}. {MACHINE}")


@exercise("start/normalize")
def check_normalize(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check broadcasting over the channel axis, for any height and width."""
    sizes = trial.random.sample(range(4, 12), 2)
    square = trial.random.randint(4, 9)
    cases = [
        ("a batch of pictures", (5, 3, *sizes)),
        ("a batch of one picture", (1, 3, square, square)),
        ("pictures exactly 3 pixels wide", (4, 3, square, 3)),
        ("pictures exactly 3 pixels high and wide", (2, 3, 3, 3)),
    ]
    hint = (
        "mean and std have one number a channel: give them a shape that "
        "lines up with axis 1, not with the width."
    )
    for words, shape in cases:
        batch = torch.rand(shape, generator=trial.generator)
        mean = torch.rand(3, generator=trial.generator)
        std = 0.5 + torch.rand(3, generator=trial.generator)
        trial.equal(
            words,
            answer,
            [batch, mean, std],
            _normalize_by_loop(batch, mean, std),
            tolerance=1e-5,
            hint=hint,
        )


def _normalize_by_loop(batch: Tensor, mean: Tensor, std: Tensor) -> Tensor:
    result = batch.clone()
    for i in range(len(batch)):
        for c in range(3):
            result[i, c] = (batch[i, c] - mean[c]) / std[c]
    return result


@exercise("start/roughness")
def check_roughness(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a loop replaced by tensor operations: equal and faster."""
    for words, size in [
        ("two numbers", 2),
        ("a handful of numbers", trial.random.randint(5, 8)),
        ("a thousand numbers", trial.random.randint(900, 1100)),
    ]:
        x = torch.randn(size, generator=trial.generator)
        expected = _roughness_by_loop(x.tolist())
        trial.equal(
            words,
            answer,
            [x],
            expected,
            tolerance=1e-4 * max(1.0, expected),
            hint="It is the mean of the squared differences of neighbours.",
        )
    words = "at least 5 times as fast as the loop on a million numbers"
    threads = torch.get_num_threads()
    try:
        torch.set_num_threads(1)  # waiting for others' cores is no slowness
        _race(trial, words, answer)
    finally:
        torch.set_num_threads(threads)


def _race(trial: Trial, words: str, answer: Callable[..., Any]) -> None:
    """Time the answer against the loop: first a few numbers, then many.

    A slow answer is found out on few numbers. On many, a busy machine gets
    several tries: others can only make a run slower.
    """
    for size, tries in ((20_000, 1), (1_000_000, 4)):
        x = torch.randn(size, generator=trial.generator)
        values = x.tolist()
        run = partial(trial.call, words, answer, [x])
        for _ in range(tries):
            yours = _seconds(run, 5)
            loop = _seconds(partial(_roughness_by_loop, values), 1)
            if yours <= (loop / 5 if tries > 1 else 5 * loop):
                break
        else:
            trial.stop(
                words,
                f"On {size:,} numbers the loop took {loop:.4f} s, yours "
                f"{yours:.4f} s. Two slices of the tensor replace the loop.",
            )
    trial.expect(words, True)


def _roughness_by_loop(x: list[float]) -> float:
    total = 0.0
    for i in range(len(x) - 1):
        total += (x[i + 1] - x[i]) ** 2
    return total / (len(x) - 1)


def _seconds(run: Callable[[], Any], times: int) -> float:
    best = math.inf
    for _ in range(times):
        start = time.perf_counter()
        run()
        best = min(best, time.perf_counter() - start)
    return best


@exercise("start/default")
def check_default(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check reading a default out of any signature."""
    fresh = trial.random.randint(2, 10**6)

    def made_up(first: int, second: int = fresh, *, third: str = "x") -> None:
        """Exist only for this check."""

    cases: list[tuple[Any, str]] = [
        (torch.nn.Dropout, "p"),
        (torch.nn.BatchNorm2d, "momentum"),
        (torch.optim.AdamW, "weight_decay"),
        (made_up, "second"),
        (made_up, "third"),
    ]
    for function, name in cases:
        trial.equal(
            f"default of {name} in {function.__name__}",
            answer,
            [function, name],
            inspect.signature(function).parameters[name].default,
            hint="`inspect.signature(function).parameters` knows them all.",
        )
