"""Checks of the best counter: known pairs, averaged weights, counting on."""

from collections.abc import Callable
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from sevenlessons.data.human_numbers import in_words
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = ["check_averaged", "check_counted_on", "check_memorized"]


@exercise(
    "lesson7/memorized",
    takes="learned, line",
    asks="Return the share of the words of a line, from the second on, that "
    "follow the word before them somewhere in the learned line.",
)
def check_memorized(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check pairs that are new, turned round, and words never seen."""
    drawn = torch.randint(3, 9, (40,), generator=trial.generator).tolist()
    for words, learned, line, hint in [
        ("all pairs known", [1, 2, 3, 1], [1, 2, 3, 1, 2], ""),
        (
            "a pair turned round",
            [1, 2, 3],
            [1, 2, 1, 2],
            "A pair has an order: 2 after 1 is not 1 after 2.",
        ),
        (
            "known words, new pairs",
            [1, 2, 3, 4],
            [1, 3, 4, 2, 3],
            "Both words may be known and the pair new.",
        ),
        ("words never seen", [1, 2], [7, 8, 1, 2], ""),
        ("lines of draws", drawn[:20], drawn[20:], "Count each place once."),
    ]:
        pairs = set(pairwise(learned))
        places = list(pairwise(line))
        expected = sum(pair in pairs for pair in places) / len(places)
        if not trial.equal(
            words,
            answer,
            [learned, line],
            expected,
            tolerance=1e-9,
            hint=hint,
        ):
            return


@exercise(
    "lesson7/averaged",
    takes="states, keep",
    asks="Return the running average of the weights after each step: share "
    "keep of the old average, the rest of the new weights.",
)
def check_averaged(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check one state, two, many, and an average that keeps nothing."""
    for count, keep in ((1, 0.9), (2, 0.75), (7, 0.5), (5, 0.0)):
        shape = trial.random.randint(1, 4), trial.random.randint(1, 4)
        states = [
            torch.randn(shape, generator=trial.generator) for _ in range(count)
        ]
        expected = _average(states, keep)
        if not trial.equal(
            f"{count} states, keep {keep}",
            answer,
            [states, keep],
            expected,
            tolerance=1e-5,
            hint="The average begins as the first state; then each new one "
            "comes in with the share 1 - keep.",
        ):
            return


def _average(states: list[Tensor], keep: float) -> Tensor:
    average = states[0].clone()
    for state in states[1:]:
        average = keep * average + (1 - keep) * state
    return average


@exercise(
    "lesson7/counted_on",
    takes="written, expected",
    asks="Return the share of rows that count on rightly to the end, and how "
    "many numbers are right, on average, before the first wrong one.",
)
def check_counted_on(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check mistakes early and late, unfinished numbers, more than asked."""
    starts = [trial.random.randint(1, 9980) for _ in range(4)]
    runs = [[in_words(n + i) for i in range(5)] for n in starts]
    right = [_line(run) for run in runs]
    middle = [[*run[:2], ["thousand"], *run[3:]] for run in runs]
    hundred = [in_words(8), in_words(9)]
    for words, written, expected, found, hint in [
        ("all right", right, runs, (1.0, 5.0), ""),
        (
            "more than was asked for",
            [[*line, "ten", ","] for line in right],
            runs,
            (1.0, 5.0),
            "What comes after the expected numbers does not matter.",
        ),
        (
            "the third is wrong, the fourth is right again",
            [_line(run) for run in middle],
            runs,
            (0.0, 2.0),
            "Stop at the first wrong number of a row.",
        ),
        (
            "the last number has no comma after it",
            [line[:-1] for line in right],
            runs,
            (0.0, 4.0),
            "Without its comma a number may go on: it does not count.",
        ),
        (
            "a number that goes on",
            [["eight", ",", "nine", "hundred", ","]],
            [hundred],
            (0.0, 1.0),
            "Compare whole numbers: nine hundred is not nine.",
        ),
        (
            "two rows right, one wrong at once, one stops",
            [right[0], ["one", *right[1]], right[2], []],
            runs,
            (0.5, 2.5),
            "Every row counts alike, also one in which nothing is right.",
        ),
    ]:
        if not trial.equal(
            words,
            answer,
            [written, expected],
            found,
            tolerance=1e-9,
            hint=hint,
        ):
            return


def _line(run: list[list[str]]) -> list[str]:
    return [word for number in run for word in [*number, ","]]
