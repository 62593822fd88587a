"""Checks of the digits page: stop on NaN, a layer, dealt rows, patience."""

import math
from collections.abc import Callable, Sequence
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

from .lesson5_digits_deals import deal_fault, left_fault, order_fault
from .lesson5_digits_faults import (
    Trained,
    layer_fault,
    start_fault,
    stop_fault,
    train_plainly,
    train_with,
)

__all__ = [
    "check_deal_rows",
    "check_kaiming_linear",
    "check_nan_stopper",
    "check_stop_early",
]


@exercise(
    "lesson5/nan_stopper",
    takes="",
    asks="Return a callback that stops at a loss that is no finite number "
    "and leaves the model as it was before that batch.",
)
def check_nan_stopper(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a clean training, then bad batches at several places."""
    batches = [
        (
            torch.randn(6, 3, generator=trial.generator),
            torch.randn(6, 1, generator=trial.generator),
        )
        for _ in range(4)
    ]

    def spoiled(
        place: int, value: float = math.nan
    ) -> list[tuple[Tensor, Tensor]]:
        changed = [(x.clone(), y.clone()) for x, y in batches]
        changed[place][math.isinf(value)][2, 0] = value  # inf: the target
        return changed

    seed, late = trial.random.randint(0, 10**6), trial.random.randint(2, 3)
    cases = [
        ("a training without a bad batch", [batches], 2 * batches),
        ("NaN in a batch", [spoiled(late)], batches[:late]),
        ("NaN in the first batch", [spoiled(0)], []),
        ("an infinite number", [spoiled(1, math.inf)], batches[:1]),
        (
            "NaN in the second fit",
            [batches, spoiled(1)],
            [*batches, *batches, batches[0]],
        ),
    ]
    for words, fits, good in cases:
        callback = trial.call(words, answer, [])
        if isinstance(callback, type):
            name = callback.__name__
            trial.stop(
                words,
                f"You returned the class {name}; return an object of it: "
                f"{name}().",
            )

        def train(it: Any = callback, given: Any = fits) -> Trained:
            return train_with(it, given, seed)

        fault = stop_fault(
            trial.call(words, train, []),
            train_plainly(good, seed),
            clean=len(good) == 8,
        )
        if not trial.expect(words, not fault, fault):
            return


@exercise(
    "lesson5/kaiming_linear",
    takes="in_features, out_features",
    asks="Return a linear layer as a module, with Kaiming's start and a bias "
    "of zeros.",
)
def check_kaiming_linear(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the shapes, the start's statistics, the product, gradients."""
    for inputs, outputs in ((90, 800), (700, 120), (1, 3)):
        sizes = (inputs + trial.random.randint(0, 9), outputs)
        words = f"{sizes[0]} inputs, {sizes[1]} outputs"
        with torch.random.fork_rng(devices=[]):
            torch.manual_seed(trial.random.randint(0, 10**6))
            one, two = (trial.call(words, answer, sizes) for _ in range(2))
        fault = layer_fault(one, *sizes) or layer_fault(two, *sizes)
        fault = fault or start_fault(one, two)
        if not trial.expect(words, not fault, fault):
            return
        if not _multiplies(trial, words, one, sizes[0]):
            return


def _multiplies(trial: Trial, words: str, layer: Any, inputs: int) -> bool:
    """Say whether it computes the product plus the bias, with gradients."""
    with torch.no_grad():
        layer.bias += torch.randn(layer.bias.shape, generator=trial.generator)
    for shape in ((5, inputs), (2, 3, inputs), (inputs,)):
        x = torch.randn(shape, generator=trial.generator)
        expected = x @ layer.weight.detach().T + layer.bias.detach()
        if not trial.equal(
            f"{words}, input {shape}",
            lambda x: layer(x).detach(),
            [x],
            expected,
            tolerance=1e-4 * max(1.0, expected.abs().max().item()),
            hint="The weight has the shape (outputs, inputs): turn it over, "
            "and add the bias. Axes in front stay as they are.",
        ):
            return False
    if layer(torch.ones(2, inputs)).requires_grad:
        layer(torch.ones(2, inputs)).sum().backward()
    return trial.expect(
        "gradients arrive",
        all(p.grad is not None and p.grad.any() for p in layer.parameters()),
        "after `backward` a parameter has no gradient. Use the parameters "
        "themselves in `forward`, not copies of them.",
    )


@exercise(
    "lesson5/deal_rows",
    takes="num_rows, batch_size, drop_last, generator",
    asks="Return a list of batches, each a list of row numbers in random "
    "order, each row once.",
)
def check_deal_rows(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that each row comes once, in an order that is drawn anew."""

    def dealt(
        rows: int, size: int, drop_last: bool, generator: torch.Generator
    ) -> list[list[int]] | None:
        words = f"{rows} rows by {size}, drop_last={drop_last}"
        given = [rows, size, drop_last, generator]
        batches = trial.call(words, answer, given, may_change=True)
        fault = deal_fault(batches, rows, size, drop_last)
        if not trial.expect(words, not fault, fault):
            return None
        return [[int(row) for row in batch] for batch in batches]

    odd = trial.random.choice([13, 14, 15])
    for rows, size, drop_last in (
        (12, 4, False),
        (odd, 4, False),
        (odd, 4, True),
        (12, 4, True),
        (3, 8, False),
        (3, 8, True),
        (7, 1, False),
    ):
        start = torch.Generator().manual_seed(trial.random.randint(0, 10**6))
        if dealt(rows, size, drop_last, start) is None:
            return
    seed = trial.random.randint(0, 10**6)
    start, again = (torch.Generator().manual_seed(seed) for _ in range(2))
    epochs = [dealt(62, 5, True, start) for _ in range(8)]
    repeated = dealt(62, 5, True, again)
    whole = [epoch for epoch in epochs if epoch is not None]
    if len(whole) == len(epochs) and repeated is not None:
        fault = order_fault(whole, repeated) or left_fault(whole, 62)
        trial.expect("the order of several epochs", not fault, fault)


@exercise(
    "lesson5/stop_early",
    takes="losses, patience",
    asks="Return the epoch after which early stopping ends the training, and "
    "the epoch whose weights are kept.",
)
def check_stop_early(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check falls, rises, ties, a late recovery and losses that are NaN."""
    drawn = [round(trial.random.uniform(0.1, 2), 2) for _ in range(12)]
    scale = trial.random.choice([0.5, 1.0, 2.0])
    nan = math.nan
    cases: list[tuple[str, list[float], int, str]] = [
        ("the loss falls to the end", [4, 3, 2, 1], 2, ""),
        (
            "it rises, and patience runs out",
            [3, 2, 4, 5, 6, 7],
            2,
            "Count the epochs since the best one; at `patience` of them stop.",
        ),
        (
            "it would have recovered later",
            [3, 2, 4, 5, 1, 0.5],
            2,
            "What comes after the stop was never trained.",
        ),
        (
            "a new best starts the count anew",
            [5, 6, 4, 6, 3, 6, 2, 6, 6],
            2,
            "After a new best the count begins at zero.",
        ),
        (
            "an equal loss is no better",
            [3, 2, 2, 2, 2, 2],
            3,
            "Only a smaller loss counts as better.",
        ),
        (
            "compared with the best, not with the epoch before",
            [1, 5, 4, 3, 2],
            3,
            "Compare with the best loss so far.",
        ),
        ("NaN is no better", [1, nan, nan, 0.5], 2, "NaN is never better."),
        ("one epoch", [1], 1, ""),
        ("random losses", drawn, trial.random.randint(1, 4), ""),
    ]
    for words, shape, patience, hint in cases:
        losses = [scale * loss for loss in shape]
        expected = _stopped(losses, patience)
        if not trial.equal(
            words, answer, [losses, patience], expected, hint=hint
        ):
            return


def _stopped(losses: Sequence[float], patience: int) -> tuple[int, int]:
    """Return the last epoch trained and the best one, both from 0."""
    kept = 0
    for epoch, loss in enumerate(losses):
        if loss < losses[kept]:
            kept = epoch
        if epoch - kept >= patience:
            return epoch, kept
    return len(losses) - 1, kept
