"""Checks of forecasts: the score, the best state, widths, drawn shops."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.tables.embeddings import embedding_size
from sevenlessons.training.percentage_error import rmspe_of_logs

__all__ = [
    "check_best_state",
    "check_input_width",
    "check_rmspe_from_logs",
    "check_score_of_draw",
]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson6/rmspe_from_logs",
    takes="prediction, target",
    asks="Return the root mean squared percentage error of the sales whose "
    "logarithms are given, as a number.",
)
def check_rmspe_from_logs(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check closed cases, then random days."""
    target = 8 + _numbers(trial, trial.random.randint(4, 9))
    factor = torch.tensor([1.5, 0.5, 1.0, 1.0], dtype=torch.float64)
    cases = [
        ("all exactly right", target.clone(), target, ""),
        (
            "all twice as much",
            target + math.log(2),
            target,
            "Twice as much is off by 1, the whole of the sales; divide by "
            "the true sales, not by those predicted.",
        ),
        (
            "one half too high, one half too low, two right",
            target[:4] + factor.log(),
            target[:4],
            "Square the shares, take the mean, then the root; turn the "
            "logarithms back first.",
        ),
        (
            "random days",
            target + 0.5 * _numbers(trial, len(target)),
            target,
            "The shares are those of the sales, exp(prediction - target) - 1.",
        ),
    ]
    for words, said, true, hint in cases:
        expected = 0.0 if said.equal(true) else rmspe_of_logs(said, true)
        if not trial.equal(
            words,
            answer,
            [said, true],
            float(expected),
            tolerance=1e-9,
            hint=hint,
        ):
            return


def _kept(scores: list[float], patience: int) -> tuple[int, int]:
    """Return the epoch kept and the epochs run."""
    for run in range(1, len(scores) + 1):
        kept = scores.index(min(scores[:run])) + 1
        if run - kept == patience:
            return kept, run
    return scores.index(min(scores)) + 1, len(scores)


@exercise(
    "lesson6/best_state",
    takes="scores, patience",
    asks="Return the epoch whose state is kept, from 1, and how many epochs "
    "were run.",
)
def check_best_state(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check stops, ties, and runs that never stop."""
    low = trial.random.uniform(0.1, 0.2)
    falling = [low + 0.01 * step for step in range(6, 0, -1)]
    cases = [
        ("always better", falling, 2, "Without a stop all epochs are run."),
        (
            "worse once, then better",
            [low + 0.3, low + 0.4, low + 0.2, low + 0.3, low + 0.1],
            2,
            "The count starts anew with every improvement.",
        ),
        (
            "the best comes after the stop",
            [low + 0.3, low + 0.2, low + 0.4, low + 0.5, low],
            2,
            "Nobody sees what comes after the stop.",
        ),
        (
            "an equal score",
            [low + 0.2, low + 0.1, low + 0.1, low + 0.1, low],
            2,
            "An equal score is no improvement, and the first one is kept.",
        ),
        (
            "better than the last, not than the best",
            [low, low + 0.4, low + 0.3, low + 0.2, low - 0.05],
            3,
            "Compare with the best so far, not with the epoch before.",
        ),
        ("patience of one", [low, low + 0.1, low - 0.1], 1, ""),
        ("a single epoch", [low], 3, ""),
    ]
    for _ in range(5):
        scores = [trial.random.randint(1, 6) / 10 for _ in range(12)]
        patience = trial.random.randint(1, 4)
        cases.append(("random scores", scores, patience, ""))
    for words, scores, patience, hint in cases:
        if not trial.equal(
            words,
            answer,
            [scores, patience],
            _kept(scores, patience),
            hint=hint,
        ):
            return


@exercise(
    "lesson6/input_width",
    takes="sizes, num_numbers",
    asks="Return how many inputs the first linear layer gets.",
)
def check_input_width(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check single columns, long ones, and the course's 24."""
    course = [1116, 8, 4, 13, 32, 3, 26, 27, 5, 4, 4, 24]
    course += [9, 13, 53, 22, 7, 7, 4, 4, 9, 9, 3, 3]
    some = [trial.random.randint(2, 3000) for _ in range(8)]
    cases = [
        ("the course's network", course, 16, "217 numbers and 16 make 233."),
        ("a column of four", [4], 0, "Round; 3.48 becomes 3."),
        ("a column of eight", [8], 0, "Round; 5.13 becomes 5."),
        ("a column of ten", [10], 0, "Round; 5.81 becomes 6."),
        (
            "very many values",
            [10**6, 2],
            3,
            "No embedding is longer than 600, each by itself.",
        ),
        ("numbers only", [], 7, ""),
        ("random columns", some, trial.random.randint(1, 9), ""),
    ]
    for words, sizes, count, hint in cases:
        expected = sum(embedding_size(n) for n in sizes) + count
        if not trial.equal(words, answer, [sizes, count], expected, hint=hint):
            return


@exercise(
    "lesson6/score_of_draw",
    takes="shares, shops, drawn",
    asks="Return the RMSPE of the days of the drawn shops.",
)
def check_score_of_draw(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check repeats, shops left out, and shops of unequal length."""
    one, two, three = trial.random.sample(range(10, 99), 3)
    shops = [one, two, one, three, two, one, one]
    shares = 0.1 + _numbers(trial, len(shops)).abs()
    cases = [
        ("each shop once", [two, one, three], ""),
        (
            "a shop twice, another not at all",
            [one, three, three],
            "A shop that was drawn twice brings its days twice; one that "
            "was not drawn brings none.",
        ),
        ("one shop three times", [two, two, two], ""),
        (
            "shops of unequal length",
            [one, two],
            "All days count alike: one mean over all of them, then the root.",
        ),
    ]
    for _ in range(4):
        drawn = [trial.random.choice([one, two, three]) for _ in range(3)]
        cases.append(("a random draw", drawn, ""))
    for words, drawn, hint in cases:
        days = [shares[i] for shop in drawn for i in _days(shops, shop)]
        expected = torch.stack(days).square().mean().sqrt().item()
        if not trial.equal(
            words,
            answer,
            [shares, shops, drawn],
            expected,
            tolerance=1e-9,
            hint=hint,
        ):
            return


def _days(shops: list[int], shop: int) -> list[int]:
    return [i for i, name in enumerate(shops) if name == shop]
