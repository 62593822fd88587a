"""Checks of the page on tables: gaps, new categories, counts, calibration."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.tables.network import TabularNetwork, count_parameters
from sevenlessons.training.calibration import calibration

__all__ = [
    "check_calibration_curve",
    "check_category_numbers",
    "check_fill_missing",
    "check_num_parameters",
]

_KINDS = "clerk nurse farmer pilot baker tailor sailor guard teacher".split()


def _with_gaps(trial: Trial, count: int, gaps: int, spread: float) -> Tensor:
    """Return random numbers, `gaps` of them missing."""
    values = torch.randn(count, generator=trial.generator) * spread
    rows = torch.randperm(count, generator=trial.generator)[:gaps]
    values[rows] = torch.nan
    return values


@exercise(
    "lesson4/fill_missing",
    takes="train, test",
    asks="Return train filled with the training median, where it had gaps, "
    "test filled with the same number, where it had gaps.",
)
def check_fill_missing(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check filled tensors: the training median, whatever the test holds."""
    nan = torch.nan
    train = _with_gaps(trial, 30, 5, 2.0)
    cases = [
        (
            "one gap on each side",
            torch.tensor([1.0, nan, 3.0, 8.0]),
            torch.tensor([nan, 9.0]),
            "The test rows are filled with the median of the training rows.",
        ),
        (
            "an even number of training values",
            torch.tensor([1.0, 2.0, nan, 4.0, 9.0]),
            torch.tensor([5.0, nan]),
            "Of an even number of values take the mean of the two in the "
            "middle.",
        ),
        ("a skewed column", train.exp(), _with_gaps(trial, 9, 3, 1.0), ""),
        (
            "the same training rows, wild test rows",
            train.exp(),
            1e4 + _with_gaps(trial, 40, 4, 50.0),
            "Test rows must not change what the training rows are filled "
            "with.",
        ),
        ("no gap in the test rows", train, torch.tensor([1.5, 0.5]), ""),
        ("only gaps in the test rows", train, torch.full((4,), nan), ""),
    ]
    for words, train, test, hint in cases:
        values = sorted(train[~train.isnan()].tolist())
        half = len(values) // 2
        median = (values[half] + values[-half - 1]) / 2
        expected = []
        for rows in (train, test):
            filled = rows.clone()
            filled[rows.isnan()] = median
            expected += [filled, rows.isnan()]
        if not trial.equal(
            words,
            answer,
            [train, test],
            tuple(expected),
            tolerance=1e-5,
            hint=hint,
        ):
            return


@exercise(
    "lesson4/category_numbers",
    takes="train, later",
    asks="Number the categories of train from 1 by letter; return the numbers "
    "of later, 0 for what train does not hold.",
)
def check_category_numbers(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check numbers of known and unseen categories."""
    known = trial.random.sample(_KINDS, 6)
    train = known + trial.random.choices(known, k=20)
    trial.random.shuffle(train)
    mixed = trial.random.choices([*_KINDS, "astronaut", ""], k=25)
    cases: list[tuple[str, list[str], list[str], str]] = [
        (
            "all known",
            ["pilot", "baker", "pilot"],
            ["baker", "pilot"],
            "The first by letter is number 1; a category that comes twice "
            "has one number.",
        ),
        (
            "one that was never seen",
            ["pilot", "baker"],
            ["guard", "pilot", "baker"],
            "What was never seen gets 0, and moves no other number.",
        ),
        ("many rows", train, trial.random.choices(known, k=12), ""),
        ("many rows, new ones among them", train, mixed, ""),
        ("nothing known", ["pilot"], ["baker", "nurse"], "Each unseen is 0."),
        ("no later row", train, [], "No row, no number: an empty list."),
    ]
    for words, train, later, hint in cases:
        names = sorted(set(train))
        expected = [
            names.index(name) + 1 if name in names else 0 for name in later
        ]
        if not trial.equal(words, answer, [train, later], expected, hint=hint):
            return


@exercise(
    "lesson4/num_parameters",
    takes="sizes, num_numbers, layers, num_outputs",
    asks="Return how many parameters TabularNetwork has.",
)
def check_num_parameters(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check counts against networks that are built."""

    def some(low: int, high: int, count: int) -> list[int]:
        return [trial.random.randint(low, high) for _ in range(count)]

    cases: list[tuple[str, list[int], int, list[int], int, str]] = [
        (
            "no hidden layer",
            some(3, 12, 2),
            0,
            [],
            2,
            "Each embedding table has sizes times embedding_size(size) "
            "numbers; the last layer has a constant for each output.",
        ),
        (
            "numbers, no hidden layer",
            some(3, 12, 2),
            trial.random.randint(2, 5),
            [],
            3,
            "Numbers run through batch normalization: two parameters each.",
        ),
        (
            "one hidden layer",
            some(4, 40, 3),
            trial.random.randint(1, 5),
            some(5, 20, 1),
            2,
            "A hidden layer: weights, constants, and two parameters of batch "
            "normalization for each of its outputs.",
        ),
        *(
            (
                f"random network {i}",
                some(2, 60, trial.random.randint(2, 7)),
                trial.random.randint(0, 6),
                some(3, 40, trial.random.randint(2, 4)),
                trial.random.randint(1, 4),
                "",
            )
            for i in (1, 2, 3)
        ),
    ]
    for words, sizes, num_numbers, layers, num_outputs, hint in cases:
        network = TabularNetwork(
            sizes, num_numbers, num_outputs, layers=layers, seed=0
        )
        if not trial.equal(
            words,
            answer,
            [sizes, num_numbers, layers, num_outputs],
            count_parameters(network),
            hint=hint,
        ):
            return


@exercise(
    "lesson4/calibration_curve",
    takes="said, target",
    asks="Return the mean probability and the share of ones in each of ten "
    "ranges that has rows, as two lists.",
)
def check_calibration_curve(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check curves with full and empty ranges, ends and border included."""

    def rows(count: int, low: float, high: float) -> tuple[Tensor, Tensor]:
        share = torch.rand(count, generator=trial.generator)
        said = low + (high - low) * share
        # keep off the borders: rounding may put a number on either side
        said = (said * 10).floor().clamp(max=9) / 10 + 0.01 + 0.08 * share
        chance = torch.rand(count, generator=trial.generator)
        return said, (chance < said).long()

    ends = torch.tensor([0.02, 0.04, 0.97, 1.0, 0.55, 0.0])
    cases: list[tuple[str, Tensor, Tensor, str]] = [
        (
            "two ranges with rows",
            torch.tensor([0.11, 0.17, 0.83]),
            torch.tensor([0, 1, 1]),
            "The mean of what was said in a range, not the middle of the "
            "range; ranges without rows are left out.",
        ),
        ("many rows", *rows(300, 0.0, 1.0), ""),
        (
            "low probabilities only",
            *rows(80, 0.0, 0.5),
            "The ranges divide 0 to 1, not the lowest to the highest "
            "probability.",
        ),
        (
            "the probabilities 0 and 1",
            ends,
            torch.tensor([0, 1, 1, 1, 0, 0]),
            "A probability of 1 belongs to the last range, one of 0 to the "
            "first.",
        ),
        (
            "on the border of two ranges",
            torch.tensor([0.0, 0.06, 0.44, 0.5, 0.56]),
            torch.tensor([0, 1, 0, 0, 1]),
            "A probability on a border belongs to the lower one, 0 to the "
            "first range.",
        ),
        ("a single row", torch.tensor([0.43]), torch.tensor([0]), ""),
    ]
    for words, said, target, hint in cases:
        found = calibration(said, target)
        expected = found.predicted.tolist(), found.happened.tolist()
        if not trial.equal(
            words, answer, [said, target], expected, tolerance=1e-5, hint=hint
        ):
            return
