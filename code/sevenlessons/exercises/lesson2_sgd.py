"""Checks of the page on SGD: momentum, a rate, a parabola, an order."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe
from sevenlessons.scratch.descent import gradient_descent
from sevenlessons.scratch.least_squares import least_squares

__all__ = [
    "check_batch_order",
    "check_largest_rate",
    "check_momentum",
    "check_parabola",
]


class _Slope:
    """The gradient of a random bowl, as a function of the weights."""

    def __init__(self, curvature: Tensor, bottom: Tensor) -> None:
        self.curvature, self.bottom = curvature, bottom

    def __call__(self, weights: Tensor) -> Tensor:
        return self.curvature @ (weights - self.bottom)

    def __repr__(self) -> str:
        return "gradient"


@exercise(
    "lesson2/momentum",
    takes="gradient, weights, lr, momentum, steps",
    asks="Return the weights after so many steps of gradient descent with "
    "momentum, as torch.optim.SGD takes them.",
)
def check_momentum(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check walks with momentum against torch's, up to 50 steps."""
    cases = [
        ("one step follows the gradient", 0.9, 1, ""),
        (
            "two steps: a share of the first is kept",
            0.5,
            2,
            "The velocity is momentum times the old velocity plus the "
            "gradient, with the full weight of the gradient.",
        ),
        ("50 steps without momentum", 0.0, 50, ""),
        ("50 steps with momentum", trial.random.uniform(0.6, 0.9), 50, ""),
        ("50 steps with much momentum", 0.97, 50, ""),
    ]
    for words, momentum, steps, hint in cases:
        size = trial.random.randint(2, 5)
        mixed = _normal(trial, size, size)
        curvature = mixed @ mixed.T / size + 0.1 * torch.eye(size).double()
        slope = _Slope(curvature, _normal(trial, size))
        lr = trial.random.uniform(0.02, 0.1)
        weights = _normal(trial, size)
        moved = weights.clone().requires_grad_()
        optimizer = torch.optim.SGD([moved], lr=lr, momentum=momentum)
        for _ in range(steps):
            moved.grad = slope(moved.detach())
            optimizer.step()
        expected = moved.detach()
        args = [slope, weights, lr, momentum, steps]
        # float64, 50 steps of rounding
        if not trial.equal(
            words, answer, args, expected, tolerance=1e-8, hint=hint
        ):
            return


@exercise(
    "lesson2/largest_rate",
    takes="inputs",
    asks="Return the learning rate above which gradient descent on the mean "
    "squared error of a linear model flies off.",
)
def check_largest_rate(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a rate: walks arrive at 0.99 of it, and fly off at 1.01."""
    cases = [
        ("a line through 50 points", 2, 50, 1.0),
        ("a line, x measured in small units", 2, 80, 30.0),
        ("four columns", 4, 60, 3.0),
        ("one column", 1, 25, 0.2),
    ]
    for words, columns, rows, spread in cases:
        inputs = spread * _normal(trial, rows, columns)
        inputs[:, -1] = 1.0
        got = trial.call(words, answer, [inputs])
        try:
            rate = float(got)
        except (TypeError, ValueError, RuntimeError):
            trial.stop(words, f"One number is asked for, not {describe(got)}.")
        if not 0 < rate < float("inf"):
            trial.stop(words, f"A rate is positive, you returned {rate:.4g}.")
        below = _grows(inputs, 0.99 * rate)
        above = _grows(inputs, 1.01 * rate)
        detail = (
            f"At 0.99 times your {rate:.4g} a walk flies off: it is too large."
            if below
            else f"At 1.01 times your {rate:.4g} a walk still arrives: it is "
            "too small."
        )
        hint = (
            " The limit is 2 over the largest eigenvalue of the curvature, "
            "2 / N times the inputs' transpose times the inputs."
        )
        if not trial.expect(words, not below and above, detail + hint):
            return


def _grows(inputs: Tensor, lr: float) -> bool:
    """Say whether a walk along the steepest direction flies off."""
    steepest = torch.linalg.eigh(inputs.T @ inputs)[1][:, -1]
    flat = torch.zeros(len(inputs), dtype=inputs.dtype)
    path = gradient_descent(inputs, flat, steepest, lr=lr, steps=200)
    return not bool(path[-1].norm() < 1)


@exercise(
    "lesson2/parabola",
    takes="x, y",
    asks="Return the three weights of a x² + b x + c with the smallest mean "
    "squared error.",
)
def check_parabola(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check parabolas against least squares, for narrow and wide x."""
    cases = [
        ("x from -1 to 1", 100, -1.0, 1.0, ""),
        ("other points, other weights", 60, -1.0, 1.0, ""),
        (
            "x from -3 to 3",
            80,
            -3.0,
            3.0,
            " With wider x the same rate may fly off: take it from the data.",
        ),
        ("x from -1 to 2", 90, -1.0, 2.0, " Take the rate from the data."),
    ]
    for words, n, low, high, hint in cases:
        uniform = torch.rand(n, generator=trial.generator).double()
        x = low + (high - low) * uniform
        columns = torch.stack([x**2, x, torch.ones_like(x)], dim=1)
        y = columns @ (2 * _normal(trial, 3)) + 0.2 * _normal(trial, n)
        best = least_squares(columns, y)
        got = trial.call(words, answer, [x, y])
        try:
            numbers = torch.as_tensor(got).flatten()
            weights = numbers[: 0 if numbers.is_complex() else 4].double()
        except (TypeError, ValueError, RuntimeError):
            weights = torch.zeros(0)
        if len(weights) != 3:
            trial.stop(
                words,
                f"Three numbers a, b, c are asked for, not {describe(got)}.",
            )
        gap = (weights - best).abs().max().item()
        if not trial.expect(
            words,
            gap < 1e-3,
            f"You returned {_shown(weights)}; the lowest loss is at "
            f"{_shown(best)}, in the order a, b, c.{hint}",
        ):
            return


def _shown(weights: Tensor) -> str:
    return ", ".join(f"{w:.4g}" for w in weights.tolist())


@exercise(
    "lesson2/batch_order",
    takes="n, batch_size, epochs, seed",
    asks="Return for each epoch the batches of row numbers: each row once an "
    "epoch, shuffled by the seed.",
)
def check_batch_order(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check an order: full batches, each row once, new in every epoch."""
    for words, n, batch_size in [
        ("12 rows in batches of 4", 12, 4),
        ("a last batch that is short", 50, 8),
        ("batches larger than the data", 30, 64),
    ]:
        seed, epochs = trial.random.randrange(10**6), 3
        args = [n, batch_size, epochs, seed]
        order = _order(trial, words, answer, args)
        if not trial.expect(
            f"{words}: as many epochs as asked for",
            len(order) == epochs,
            f"Your list has {len(order)} epochs, {epochs} were asked for.",
        ):
            return
        sizes = [batch_size] * (n // batch_size)
        sizes += [n % batch_size] * bool(n % batch_size)
        got_sizes = [len(batch) for batch in order[0]]
        flat = [[row for batch in one for row in batch] for one in order]
        if not (
            trial.expect(
                f"{words}: each row once an epoch",
                all(sorted(rows) == list(range(n)) for rows in flat),
                "In an epoch some row is missing, or comes twice. Shuffle "
                "the numbers 0 to n - 1, and cut.",
            )
            and trial.expect(
                f"{words}: sizes of the batches",
                got_sizes == sizes,
                f"Your batches hold {got_sizes} rows, expected {sizes}.",
            )
            and trial.expect(
                f"{words}: an epoch has an order of its own",
                flat[0] != flat[1] != flat[2] and flat[0] != list(range(n)),
                "Two epochs have the same order, or it is not shuffled at "
                "all. Make one generator before the loop over the epochs.",
            )
            and trial.expect(
                f"{words}: the seed decides",
                order == _order(trial, words, answer, args)
                and order
                != _order(trial, words, answer, [*args[:3], seed + 1]),
                "The same seed should give the same order, another seed "
                "another one. Seed a generator with it.",
            )
        ):
            return


def _order(
    trial: Trial, words: str, answer: Callable[..., Any], args: list[Any]
) -> list[list[list[int]]]:
    got = trial.call(words, answer, args)
    try:
        return [[[int(row) for row in b] for b in epoch] for epoch in got]
    except (TypeError, ValueError, RuntimeError):
        trial.stop(
            words,
            "A list of epochs is asked for, each a list of batches, each a "
            f"list of row numbers, not {describe(got)}.",
        )


def _normal(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator).double()
