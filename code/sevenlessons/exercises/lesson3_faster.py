"""Checks of the page on speed: time to an accuracy, bfloat16, a scale."""

import math
from collections.abc import Callable
from typing import Any

import torch

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.loss_scaling import LossScaler

__all__ = ["check_scales", "check_time_to", "check_to_bfloat16"]


@exercise(
    "lesson3/time_to",
    takes="seconds, accuracies, wanted",
    asks="Return after how many seconds the accuracy is first reached, on "
    "straight lines between the measurements; infinity if it never is.",
)
def check_time_to(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check first crossings: between points, on one, before all, never."""
    cases = [
        ("half way between two", [2.0, 4.0], [0.5, 0.75], 0.625, ""),
        (
            "exactly at a measurement",
            [1.0, 2.0, 3.0],
            [0.25, 0.5, 0.75],
            0.5,
            "",
        ),
        (
            "reached at the first measurement already",
            [1.5, 3.0],
            [0.5, 0.75],
            0.25,
            "We know nothing from before the first measurement: answer its "
            "time.",
        ),
        (
            "never reached",
            [1.0, 2.0, 3.0],
            [0.25, 0.5, 0.625],
            0.75,
            "Then return float('inf').",
        ),
        (
            "reached, lost and reached again",
            [1.0, 2.0, 3.0, 4.0],
            [0.5, 0.75, 0.5, 1.0],
            0.625,
            "The first time counts.",
        ),
        (
            "not the last measurement",
            [1.0, 3.0, 4.0],
            [0.25, 0.75, 0.5],
            0.5,
            "The first time counts.",
        ),
    ]
    for _ in range(4):
        count = trial.random.randint(4, 9)
        seconds = [0.5]
        for _ in range(count - 1):
            seconds.append(seconds[-1] + trial.random.uniform(0.5, 3))
        accuracies = [trial.random.uniform(0.3, 0.9) for _ in seconds]
        wanted = trial.random.uniform(0.5, 0.85)
        cases.append(("a random walk", seconds, accuracies, wanted, ""))
    for words, seconds, accuracies, wanted, hint in cases:
        if not trial.equal(
            words,
            answer,
            [seconds, accuracies, wanted],
            _first_time(seconds, accuracies, wanted),
            tolerance=1e-9,
            hint=hint,
        ):
            return


def _first_time(
    seconds: list[float], accuracies: list[float], wanted: float
) -> float:
    for i, (now, reached) in enumerate(zip(seconds, accuracies, strict=True)):
        if reached < wanted:
            continue
        if i == 0:
            return now
        share = (wanted - accuracies[i - 1]) / (reached - accuracies[i - 1])
        return seconds[i - 1] + share * (now - seconds[i - 1])
    return math.inf


@exercise(
    "lesson3/to_bfloat16",
    takes="values",
    asks="Return each float32 number rounded to the nearest bfloat16, as "
    "float32, halfway cases to the even last bit.",
)
def check_to_bfloat16(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check rounding against torch's: ties, both signs, all sizes."""
    draw = torch.randn(200, generator=trial.generator)
    wide = draw * 10.0 ** torch.randint(
        -30, 30, (200,), generator=trial.generator
    )
    steps = torch.arange(1, 40)
    cases = [
        ("small whole numbers stay", torch.arange(-8.0, 9.0), ""),
        (
            "to the nearest, not towards zero",
            torch.tensor([1 + 2**-8 + 2**-12, -1 - 2**-8 - 2**-12]),
            "Cutting the last 16 bits off rounds towards zero.",
        ),
        ("numbers near 1", 1 + draw.abs() / 10, ""),
        (
            "halfway: to the even last bit",
            1 + steps * 2.0**-8,
            "Add 0x7FFF plus the last bit that is kept, then cut off.",
        ),
        ("negative numbers", -draw.abs(), ""),
        ("very large and very small ones", wide, ""),
        ("two axes", draw.reshape(20, 10), ""),
    ]
    for words, values, hint in cases:
        expected = values.float().bfloat16().float()
        if not trial.equal(
            words, answer, [values.float()], expected, hint=hint
        ):
            return


@exercise(
    "lesson3/scales",
    takes="finite, scale, interval",
    asks="Return the scale after each step: halved if the gradients were not "
    "finite, doubled after so many good steps in a row.",
)
def check_scales(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check sequences of scales; they are those of torch's GradScaler."""
    yes, no = True, False
    cases = [
        ("a bad step halves", [no], 8.0, 2, ""),
        ("good steps double", [yes, yes], 8.0, 2, ""),
        (
            "a bad step begins the count anew",
            [yes, yes, no, yes, yes, yes],
            64.0,
            3,
            "Count good steps in a row: a bad one sets the count to zero.",
        ),
        (
            "doubling begins the count anew",
            [yes] * 7,
            1.0,
            3,
            "After doubling count from zero again.",
        ),
        (
            "the golden sequence",
            [yes, no, yes, yes, yes, no, no, yes, yes, yes, yes, yes, yes],
            65536.0,
            3,
            "",
        ),
        ("every good step doubles", [yes, yes, no, yes], 2.0, 1, ""),
        ("no step at all", [], 4.0, 2, ""),
    ]
    for _ in range(3):
        many = [trial.random.random() < 0.8 for _ in range(30)]
        interval = trial.random.randint(2, 5)
        cases.append(("30 steps", many, 1024.0, interval, ""))
    for words, finite, scale, interval, hint in cases:
        scaler = LossScaler(scale, interval=interval)
        expected = []
        for ok in finite:
            scaler.update(ok)
            expected.append(scaler.scale)
        if not trial.equal(
            words, answer, [finite, scale, interval], expected, hint=hint
        ):
            return
