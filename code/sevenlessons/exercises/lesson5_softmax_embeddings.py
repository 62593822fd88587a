"""Checks of softmax, cross-entropy and embeddings: values and gradients."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.cross_entropy import (
    cross_entropy,
    cross_entropy_gradient,
)
from sevenlessons.scratch.embedding import embedding, embedding_gradient
from sevenlessons.scratch.softmax import log_softmax

__all__ = [
    "check_fetch_and_pull",
    "check_log_softmax",
    "check_scores_gradient",
    "check_smoothed_cross_entropy",
]

_SIZES = [(3, 4), (1, 2), (5, 3), (4, 7)]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


def _classes(trial: Trial, rows: int, classes: int) -> Tensor:
    """Return right classes; the first is the last class, so both are met."""
    drawn = torch.randint(classes, (rows,), generator=trial.generator)
    drawn[0] = classes - 1
    return drawn


@exercise(
    "lesson5/log_softmax",
    takes="scores",
    asks="Return the logarithm of softmax along the last axis, also for "
    "scores of 10,000 and of minus infinity.",
)
def check_log_softmax(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check values, hostile scores, and the gradient."""
    plain, rows = _numbers(trial, 5), 3 * _numbers(trial, 3, 4)
    # a high row, a low row, and one with both: each has its own largest
    signs = torch.tensor([[1, 1, 1], [-1, -1, -1], [-1, 1, -1]])
    far = 1e4 * signs + _numbers(trial, 3, 3)
    forbidden = _numbers(trial, 2, 4)
    forbidden[0, 1] = forbidden[1, 3] = -torch.inf
    cases = [
        ("five scores", plain, ""),
        (
            "a row at a time",
            rows,
            "Each row is one set of scores: sum along the last axis, and "
            "keep that axis (`keepdim=True`) for the subtraction.",
        ),
        (
            "scores of plus and minus 10,000",
            far,
            "exp of a large score is infinite, and the logarithm of a share "
            "that was rounded to 0 is too. Subtract the largest score of "
            "each row first, and do not take the logarithm of a share.",
        ),
        (
            "only very low scores",
            -1e4 + _numbers(trial, 3, 2),
            "Subtract the largest score, whatever its sign.",
        ),
        (
            "a score of minus infinity",
            forbidden,
            "A score of minus infinity has the logarithm minus infinity, and "
            "the others share as if it were not there.",
        ),
        ("two axes before", _numbers(trial, 2, 3, 4), ""),
    ]
    for words, scores, hint in cases:
        expected = log_softmax(scores, -1)
        if not trial.equal(
            words, answer, [scores], expected, tolerance=1e-9, hint=hint
        ):
            return
    for scores in (rows, far):
        given = scores.clone().requires_grad_()
        value = trial.call("gradient", answer, [given], may_change=True)
        weight = _numbers(trial, *scores.shape)
        if not (isinstance(value, Tensor) and value.requires_grad):
            trial.expect(
                "gradient",
                False,
                "what you returned has lost its graph: stay with operations "
                "on tensors, without `.item()`, `.detach()` of the whole or "
                "`no_grad`.",
            )
            return
        (found,) = torch.autograd.grad(
            (value * weight).sum(), given, allow_unused=True
        )
        total = weight.sum(-1, keepdim=True)
        expected = weight - scores.softmax(-1) * total
        off = "missing" if found is None else difference(found, expected, 1e-9)
        if not trial.expect(
            "gradient",
            not off,
            f"the gradient is {off}. The largest score may be subtracted as "
            "a plain number; all else must stay in the graph.",
        ):
            return


@exercise(
    "lesson5/smoothed_cross_entropy",
    takes="logits, target, smoothing",
    asks="Return the mean cross-entropy of scores and class numbers with "
    "label smoothing.",
)
def check_smoothed_cross_entropy(
    trial: Trial, answer: Callable[..., Any]
) -> None:
    """Check without smoothing, with it, at its end, and large scores."""
    for words, smoothing, scale, hint in [
        (
            "no smoothing",
            0.0,
            2.0,
            "Without smoothing it is the mean of minus the logarithm of the "
            "probability of the right class.",
        ),
        (
            "smoothing",
            0.05 * trial.random.randint(2, 6),
            2.0,
            "The share goes evenly to ALL classes, the right one included: "
            "(1 - smoothing) times the one-hot truth, plus smoothing / C.",
        ),
        ("all of it smooth", 1.0, 2.0, "With 1, all classes count alike."),
        ("large scores", 0.1, 1e4, "Take the logarithm of softmax stably."),
    ]:
        for rows, classes in _SIZES:
            logits = scale * _numbers(trial, rows, classes)
            target = _classes(trial, rows, classes)
            expected = cross_entropy(logits, target, label_smoothing=smoothing)
            if not trial.equal(
                f"{words}: {rows} rows of {classes} classes",
                answer,
                [logits, target, smoothing],
                expected,
                tolerance=1e-7,
                hint=hint,
            ):
                return


@exercise(
    "lesson5/scores_gradient",
    takes="logits, target",
    asks="Return the gradient of the mean cross-entropy by the scores, "
    "without autograd.",
)
def check_scores_gradient(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that no graph is needed, then p - y over the rows."""
    for scale in (1.0, 5.0, 1e4):
        for rows, classes in _SIZES:
            logits = scale * _numbers(trial, rows, classes)
            target = _classes(trial, rows, classes)
            expected = cross_entropy_gradient(logits, target)
            with torch.inference_mode():
                right = trial.equal(
                    f"{rows} rows of {classes} classes, scores of about "
                    f"{scale:g}",
                    answer,
                    [logits, target],
                    expected,
                    tolerance=1e-9,
                    hint="Softmax along the classes, less a 1 at the right "
                    "class of each row; and the loss is a mean over rows.",
                )
            if not right:
                return


@exercise(
    "lesson5/fetch_and_pull",
    takes="numbers, weight, gradient",
    asks="Return the rows of a table that the numbers name, and the gradient "
    "that the table gets.",
)
def check_fetch_and_pull(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check repeats, rows never fetched, one row alone, and no row."""
    for words, count, rows, hint in [
        ("each row once", 0, 4, "Rows come in the order of the numbers."),
        (
            "a row fetched again and again",
            7,
            3,
            "A row that was fetched several times gets the SUM of its "
            "gradients.",
        ),
        (
            "rows never fetched",
            3,
            9,
            "The gradient has the shape of the table; rows that were not "
            "fetched get zeros.",
        ),
        ("one row, many times", 5, 1, ""),
        ("nothing fetched", -1, 4, "Without numbers the gradient is zero."),
    ]:
        width = trial.random.randint(2, 5)
        if count == 0:
            numbers = torch.randperm(rows, generator=trial.generator)
        else:
            numbers = torch.randint(
                rows, (max(count, 0),), generator=trial.generator
            )
        if count > 1:
            numbers[0] = numbers[-1]  # at least one repeat
        weight = _numbers(trial, rows, width)
        gradient = _numbers(trial, len(numbers), width)
        expected = (
            embedding(numbers, weight),
            embedding_gradient(numbers, gradient, rows),
        )
        if not trial.equal(
            words,
            answer,
            [numbers, weight, gradient],
            expected,
            tolerance=1e-9,
            hint=hint,
        ):
            return
