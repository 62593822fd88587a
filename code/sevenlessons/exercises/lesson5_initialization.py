"""Checks of the start: equal units, a gain, LSUV, running statistics."""

from collections.abc import Callable, Sequence
from itertools import pairwise
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.batch_norm import remember

__all__ = [
    "check_equal_start",
    "check_lsuv_weights",
    "check_measured_gain",
    "check_running_statistics",
]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson5/equal_start",
    takes="x, y, hidden, start, steps, lr",
    asks="Train a network whose weights all start at one number, and return "
    "both weights.",
)
def check_equal_start(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the weights after some steps, from zero and from elsewhere."""
    cases = [
        ("one step", 0.3, 1, 0.1, "Count the steps."),
        ("several steps", 0.2, 6, 0.05, "Forget old gradients each step."),
        ("a negative start", -0.4, 4, 0.05, ""),
        (
            "a start at zero",
            0.0,
            5,
            0.1,
            "At zero both gradients are zero, so nothing moves at all.",
        ),
    ]
    for words, start, steps, lr, hint in cases:
        width, hidden, outputs = trial.random.sample(range(2, 7), 3)
        # float32, as the weights of nn.Linear are
        x = _numbers(trial, 9, width).float()
        y = _numbers(trial, 9, outputs).float()
        expected = _trained(x, y, hidden, start, steps, lr)
        rule = (
            f"{hint} The answers are tanh(x @ first.T) @ second.T, without "
            "biases, and the loss is the mean of all squared differences."
        )
        args = [x, y, hidden, start, steps, lr]
        if not trial.equal(
            words, answer, args, expected, tolerance=1e-5, hint=rule.strip()
        ):
            return
        first, second = trial.call(words, answer, args)
        same = (first - first[0]).abs().max() + (
            second - second[:, :1]
        ).abs().max()
        if not trial.expect(
            f"{words}: all hidden units are still equal",
            bool(same < 1e-5),
            "Units that start alike get the same gradient in every step.",
        ):
            return


def _trained(
    x: Tensor, y: Tensor, hidden: int, start: float, steps: int, lr: float
) -> tuple[Tensor, Tensor]:
    """Return both weights, by the gradients on paper."""
    first = torch.full((hidden, x.shape[1]), start, dtype=x.dtype)
    second = torch.full((y.shape[1], hidden), start, dtype=x.dtype)
    for _ in range(steps):
        h = (x @ first.T).tanh()  # (N, hidden)
        error = 2 * (h @ second.T - y) / y.numel()
        inner = error @ second * (1 - h**2)
        first, second = first - lr * inner.T @ x, second - lr * error.T @ h
    return first, second


@exercise(
    "lesson5/measured_gain",
    takes="activation",
    asks="Return the gain that keeps the size of a signal through an "
    "activation.",
)
def check_measured_gain(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check known and drawn activations against a fine sum over the bell."""
    a = trial.random.uniform(0.3, 0.9)
    b = trial.random.uniform(1.2, 2.0)
    shift = trial.random.uniform(0.5, 1.0)
    cases: list[tuple[str, Callable[[Tensor], Tensor], str]] = [
        ("ReLU", torch.relu, "The root of 2 for a ReLU."),
        ("tanh", torch.tanh, "Measure; 5/3 is a rule of thumb."),
        (
            "sigmoid",
            torch.sigmoid,
            "What counts is the mean square; the mean is part of it.",
        ),
        ("GELU", torch.nn.functional.gelu, ""),
        (
            "a bent line of random slopes",
            lambda z: torch.where(z > 0, b * z, a * z),
            "Not every activation keeps a half.",
        ),
        (
            "a shifted tanh",
            lambda z: torch.tanh(z) + shift,
            "What counts is the mean square; the mean is part of it.",
        ),
    ]
    z = torch.linspace(-8, 8, 20_001, dtype=torch.float64)
    bell = torch.exp(-(z**2) / 2)
    bell = bell / bell.sum()
    for words, activation, hint in cases:
        expected = (bell * activation(z) ** 2).sum().rsqrt().item()
        rule = (
            f"{hint} Send a million numbers with the standard deviation 1 "
            "through it; the gain is 1 over the root of the mean square of "
            "what comes out."
        )
        if not trial.equal(
            words,
            answer,
            [activation],
            expected,
            tolerance=0.02 * expected,
            hint=rule.strip(),
        ):
            return


@exercise(
    "lesson5/running_statistics",
    takes="batches, momentum",
    asks="Return the running mean and the running variance after some "
    "batches.",
)
def check_running_statistics(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check batches of rows and of pictures, with and without momentum."""
    momentum = round(trial.random.uniform(0.15, 0.35), 2)
    cases: list[tuple[str, list[tuple[int, ...]], float | None, str]] = [
        (
            "one batch",
            [(5, 3)],
            0.1,
            "The memory starts at mean 0 and variance 1, keeps 1 - momentum "
            "of itself and takes momentum of the new. Its variance is the "
            "unbiased one.",
        ),
        ("several batches", [(4, 2), (6, 2), (3, 2)], momentum, ""),
        (
            "no momentum",
            [(4, 3), (3, 3), (5, 3), (6, 3)],
            None,
            "None weighs all batches alike: the new one gets 1 / its number.",
        ),
        (
            "pictures",
            [(2, 3, 4, 2), (3, 3, 4, 2)],
            0.5,
            "Rows, heights and widths count alike; channels stand on axis 1.",
        ),
    ]
    for words, shapes, share, hint in cases:
        batches = [3 * _numbers(trial, *shape) + 5 for shape in shapes]
        mean, var = torch.zeros(2, shapes[0][1], dtype=torch.float64)
        var += 1
        for step, x in enumerate(batches, 1):
            rows = x.movedim(1, -1).flatten(0, -2)
            remember(mean, rows.mean(0), share, step)
            remember(var, rows.var(0), share, step)
        if not trial.equal(
            words,
            answer,
            [batches, share],
            (mean, var),
            tolerance=1e-6,
            hint=hint,
        ):
            return


@exercise(
    "lesson5/lsuv_weights",
    takes="x, weights",
    asks="Return the weights of a ReLU network, scaled so that each layer "
    "puts out the standard deviation 1.",
)
def check_lsuv_weights(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that outputs have the size 1, and directions stayed."""
    for words, depth, size in (
        ("one layer", 1, 3.0),
        ("three layers", 3, 0.1),
        ("five wide layers", 5, 20.0),
    ):
        widths = [trial.random.randint(12, 20) for _ in range(depth + 1)]
        weights = [
            size * trial.random.uniform(0.5, 2) * _numbers(trial, n, m)
            for m, n in pairwise(widths)
        ]
        x = 4 * _numbers(trial, 60, widths[0]) + 1
        expected = _unit_variance(x, weights)
        if not trial.equal(
            words,
            answer,
            [x, weights],
            expected,
            # torch.std over n - 1 or over n: a thousandth, both are fine
            tolerance=2e-3 * max(w.abs().max().item() for w in expected),
            hint="Go from the first layer to the last. Divide a weight by the "
            "standard deviation of all numbers of its output, before the "
            "ReLU, and only then compute the input of the next.",
        ):
            return


def _unit_variance(x: Tensor, weights: Sequence[Tensor]) -> list[Tensor]:
    scaled = []
    for weight in weights:
        scaled.append(weight / (x @ weight.T).std())
        x = (x @ scaled[-1].T).relu()
    return scaled
