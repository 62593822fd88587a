"""Checks of the page on classification: ranks, pairs, leaks, intervals."""

from collections.abc import Callable, Mapping
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.intervals import wilson
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = [
    "check_another_seed",
    "check_leaky_groups",
    "check_most_confused",
    "check_top2_accuracy",
]


@exercise(
    "lesson1/top2_accuracy",
    takes="logits, target",
    asks="Return the share of rows whose true class is among the two highest "
    "scores.",
)
def check_top2_accuracy(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the share of rows whose class is among the two best scores."""
    for words, n, classes in (
        ("five classes, 40 photos", 40, 5),
        ("three classes, 25 photos", 25, 3),
        ("two classes: always right", 10, 2),
    ):
        logits, target = _scores(trial, n, classes)
        own = logits.gather(1, target[:, None])
        better = (logits > own).sum(dim=1)  # classes that beat the true one
        expected = (better < 2).double().mean().item()
        hint = "Take the two largest scores of each row with topk(2)."
        first = (better == 0).double().mean().item()
        if _close(trial.call(words, answer, [logits, target]), first):
            hint = "That is the ordinary accuracy: the best score only."
        trial.equal(
            words,
            answer,
            [logits, target],
            expected,
            tolerance=1e-6,
            hint=hint,
        )
    n = 2 * trial.random.randint(4, 9)
    logits, _ = _scores(trial, n, classes=5)
    ranks = logits.argsort(dim=1, descending=True)
    trial.equal(  # random rows alone let a wrong answer through by chance
        "the true class is first or second everywhere",
        answer,
        [logits, ranks[torch.arange(n), torch.arange(n) % 2]],
        1.0,
        tolerance=1e-6,
        hint="Take the two largest scores of each row with topk(2).",
    )


@exercise(
    "lesson1/most_confused",
    takes="matrix, minimum",
    asks="Return the mistakes that happened at least `minimum` times as "
    "(actual, predicted, count), the most frequent first.",
)
def check_most_confused(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check pairs read off a planted matrix: order and threshold."""
    size = trial.random.randint(4, 6)
    counts = trial.random.sample(range(3, 40), 4)
    cells = [(i, j) for i in range(size) for j in range(size) if i != j]
    planted = dict(zip(trial.random.sample(cells, 4), counts, strict=True))
    matrix = torch.zeros(size, size, dtype=torch.long)
    matrix += torch.diag(torch.full((size,), 50))
    for (row, column), count in planted.items():
        matrix[row, column] = count
    ranked = sorted(planted.items(), key=lambda item: -item[1])
    expected = [(row, column, count) for (row, column), count in ranked]
    trial.equal(
        "four planted pairs, most frequent first",
        answer,
        [matrix, 2],
        expected,
        hint="Rows are the truth, columns the prediction; the diagonal is "
        "no mistake; sort by count, largest first.",
    )
    minimum = ranked[1][1]
    trial.equal(
        f"only pairs that occur at least {minimum} times",
        answer,
        [matrix, minimum],
        expected[:2],
        hint="A pair that occurs exactly `minimum` times stays in.",
    )
    trial.equal(
        "a perfect matrix has no pair",
        answer,
        [torch.diag(torch.full((3,), 9)), 1],
        [],
    )


@exercise(
    "lesson1/leaky_groups",
    takes="train_groups, valid_groups",
    asks="Return the sorted list of groups that are on both sides of a split.",
)
def check_leaky_groups(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that the planted groups on both sides are found."""
    names = [f"object {i}" for i in trial.random.sample(range(1000), 24)]
    shared, train, valid = names[:3], names[3:17], names[17:]
    train = train * 2 + shared
    valid = valid + shared * 2
    trial.random.shuffle(train)
    trial.random.shuffle(valid)
    trial.equal(
        "three groups are on both sides",
        answer,
        [train, valid],
        sorted(shared),
        hint="Return each shared group once, in sorted order.",
    )
    trial.equal(
        "a clean split has none",
        answer,
        [sorted(set(train) - set(shared)), sorted(set(valid) - set(shared))],
        [],
    )


@exercise(
    "lesson1/another_seed",
    asks="Train the head with a seed of your own, and give a dictionary with "
    "'predicted', 'actual' and Wilson's 95 % 'interval' of its accuracy.",
)
def check_another_seed(trial: Trial, answer: Any) -> None:
    """Check an interval against the predictions it claims to describe."""
    names = {"predicted", "actual", "interval"}
    if not isinstance(answer, Mapping) or not names <= answer.keys():
        trial.stop(
            "the answer is a dictionary with three entries",
            "Expected keys 'predicted', 'actual', 'interval'.",
        )
    words = "predicted and actual hold one class number a photo"
    try:
        predicted = torch.as_tensor(answer["predicted"]).flatten().long()
        actual = torch.as_tensor(answer["actual"]).flatten().long()
        low, high = (float(end) for end in answer["interval"])
    except (TypeError, ValueError, RuntimeError) as error:
        trial.stop(words, f"It could not be read: {error}.")
    right = len(predicted) == len(actual) >= 50
    if not trial.expect(
        words,
        right,
        f"Got {len(predicted)} predictions for {len(actual)} photos; use the "
        "whole validation side.",
    ):
        return
    hits = int((predicted == actual).sum())
    trial.expect(
        "a trained head is right more often than not, and not always",
        len(actual) / 2 < hits < len(actual),
        f"{hits} of {len(actual)} are right: were the predictions taken from "
        "the head that you trained?",
    )
    expected = wilson(hits, len(actual))
    trial.expect(
        "the interval is Wilson's for these very predictions",
        abs(low - expected[0]) < 1e-4 and abs(high - expected[1]) < 1e-4,
        f"Recomputed from your predictions it does not come out as "
        f"({low:.4f}, {high:.4f}). Count the hits, then call "
        "wilson(hits, photos).",
    )


def _scores(trial: Trial, n: int, classes: int) -> tuple[Tensor, Tensor]:
    """Return scores without ties and targets, drawn afresh."""
    rows = [
        torch.randperm(classes, generator=trial.generator).double()
        for _ in range(n)
    ]
    noise = torch.rand(n, classes, generator=trial.generator) * 0.4
    target = torch.randint(classes, (n,), generator=trial.generator)
    return torch.stack(rows) + noise, target


def _close(got: Any, value: float) -> bool:
    try:
        return abs(float(got) - value) < 1e-6
    except (TypeError, ValueError, RuntimeError):
        return False
