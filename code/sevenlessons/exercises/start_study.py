"""Checks of the page on studying: shapes, loops, defaults."""

import inspect
import math
import time
from collections.abc import Callable
from functools import partial
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = ["check_default", "check_normalize", "check_roughness"]


@exercise(
    "start/normalize",
    takes="batch, mean, std",
    asks="Return the batch, shape (N, 3, H, W), less the mean of each colour "
    "channel, divided by its spread.",
)
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


@exercise(
    "start/roughness",
    takes="x",
    asks="Return the mean of the squared differences of neighbours in a "
    "tensor, without a loop.",
)
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
        run = partial(trial.call, words, answer, [x], may_change=True)
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


@exercise(
    "start/default",
    takes="function, name",
    asks="Return the default of the argument called `name` of any function "
    "or class.",
)
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
