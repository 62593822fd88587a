"""Checks of the page on running the book: a bill, a machine."""

import math
from collections.abc import Callable
from typing import Any

import torch

from sevenlessons.page.machine import peak_memory_mb
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = ["check_cost", "check_machine"]

MACHINE = "Return a pair: the thread count and the peak memory in MB."


@exercise(
    "start/cost",
    takes="price_per_hour, hours, free_minutes",
    asks="Return what hours of a rented machine cost, when every hour begun "
    "after the free minutes is charged in full.",
)
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


@exercise(
    "start/machine",
    takes="",
    asks="Return how many threads torch uses, and the peak memory of this "
    "process in MB.",
)
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
    except (TypeError, ValueError, RuntimeError):
        trial.stop(words, f"You returned {describe(got)}. {MACHINE}")
