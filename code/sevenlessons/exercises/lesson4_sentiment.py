"""Checks of the text classifier: pooling, locked masks, rates by group."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = ["check_group_rates", "check_locked_dropout", "check_pool"]


def _pooled(outputs: Tensor, lengths: Tensor) -> Tensor:
    """Return last, largest and mean, text by text."""
    rows = []
    for row, length in zip(outputs, lengths.tolist(), strict=True):
        real = row[:length]
        rows.append(torch.cat([real[-1], real.amax(0), real.mean(0)]))
    return torch.stack(rows)


@exercise(
    "lesson4/pool",
    takes="outputs, lengths",
    asks="Return for each text its last, largest and mean output, side by "
    "side, over its first `length` steps only.",
)
def check_pool(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against a loop, with padding of any content and length."""
    generator = torch.Generator().manual_seed(trial.random.randrange(2**31))

    def case(num: int, steps: int, width: int) -> tuple[Tensor, Tensor]:
        outputs = torch.randn(num, steps, width, generator=generator)
        lengths = torch.randint(1, steps + 1, (num,), generator=generator)
        return outputs, lengths

    full = torch.randn(3, 4, 2, generator=generator)
    negative = -1 - torch.rand(4, 6, 3, generator=generator)
    negative[:, 3:] = 0  # zeros as padding are the largest
    loud = torch.randn(3, 5, 4, generator=generator)
    loud[:, 2:] = 50.0
    single = torch.randn(2, 7, 3, generator=generator)
    cases = [
        (
            "no padding",
            full,
            torch.tensor([4, 4, 4]),
            "Order: last, largest, mean.",
        ),
        (
            "all outputs below zero, padding of zeros",
            negative,
            torch.tensor([3, 1, 2, 3]),
            "Padding must not be the largest, nor the last, nor part of "
            "the mean.",
        ),
        (
            "loud padding",
            loud,
            torch.tensor([1, 2, 2]),
            "The last real step is number length - 1; the mean divides by "
            "the length.",
        ),
        ("texts of one word", single, torch.tensor([1, 1]), ""),
        ("random lengths", *case(9, 12, 5), ""),
        ("other random lengths", *case(6, 20, 3), ""),
    ]
    for words, outputs, lengths, hint in cases:
        if not trial.equal(
            words,
            answer,
            [outputs, lengths],
            _pooled(outputs, lengths),
            tolerance=1e-5,
            hint=hint,
        ):
            return
    outputs, lengths = case(5, 8, 4)
    longer = torch.cat([outputs, torch.full((5, 6, 4), 9.0)], dim=1)
    trial.equal(
        "more padding changes nothing",
        answer,
        [longer, lengths],
        _pooled(outputs, lengths),
        tolerance=1e-5,
    )


@exercise(
    "lesson4/locked_dropout",
    takes="x, p",
    asks="Return x, shape (N, T, E), with a share p of the columns of each "
    "text zero at every step, and the others scaled so that the mean stays.",
)
def check_locked_dropout(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check what must hold for any mask: shared, scaled, of the right size."""
    torch.manual_seed(trial.random.randrange(2**31))
    x = 1 + torch.rand(3, 4, 5)
    if not trial.equal(
        "p = 0 leaves everything", answer, [x, 0.0], x, tolerance=1e-6
    ):
        return
    for p in (0.25, 0.6):
        x = 1 + torch.rand(40, 6, 80)
        words = f"p = {p}"
        got = trial.call(words, answer, [x, p])
        if not isinstance(got, Tensor) or got.shape != x.shape:
            trial.stop(words, "Return a tensor of the shape of x.")
        mask = (got / x).detach()
        dropped = mask == 0
        if not trial.expect(
            f"{words}: the same columns at every step",
            bool((dropped == dropped[:, :1]).all()),
            "Draw one mask of shape (N, 1, E) for all steps of a text.",
        ):
            return
        differ = bool((dropped[0, 0] != dropped[1:, 0]).any(dim=1).all())
        if not trial.expect(
            f"{words}: each text has a mask of its own",
            differ,
            "Each text draws its own columns.",
        ):
            return
        share = dropped[:, 0].float().mean().item()  # 3200 draws
        if not trial.expect(
            f"{words}: that share is zero",
            abs(share - p) < 0.06,
            f"With p = {p} yours drops {share:.2f} of the columns.",
        ):
            return
        kept = mask[~dropped]
        if not trial.expect(
            f"{words}: the mean stays",
            bool(((kept - 1 / (1 - p)).abs() < 1e-4).all()),
            "Divide what is kept by the share that is kept, 1 - p.",
        ):
            return
        again = trial.call(words, answer, [x, p])
        if not trial.expect(
            f"{words}: a new mask at each call",
            not torch.equal(again == 0, got == 0),
            "Draw anew each time.",
        ):
            return


@exercise(
    "lesson4/group_rates",
    takes="lr, num_groups, first, factor",
    asks="Return one rate a group, early to late: 0 for groups before "
    "`first`, lr for the last, and each earlier one divided by factor.",
)
def check_group_rates(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check frozen groups and equal factors, `first` counted either way."""
    random = trial.random
    cases = [
        ("everything learns", 0.1, 3, 0, 3.0, "The last group has lr itself."),
        ("only the head", 0.01, 4, 3, 2.6, "A frozen group has rate 0."),
        (
            "only the head, counted from the end",
            0.02,
            5,
            -1,
            2.6,
            "first = -1 is the last group, as in freeze_to.",
        ),
        ("the last two of four", 0.5, 4, -2, 2.0, ""),
        ("one group", 0.3, 1, 0, 3.0, ""),
        ("one rate for all", 0.2, 4, 1, 1.0, ""),
    ]
    for _ in range(3):
        number = random.randint(3, 7)
        first = random.randint(-number, number - 1)
        lr, factor = random.uniform(0.001, 1), random.uniform(1.2, 4)
        cases.append(("random groups", lr, number, first, factor, ""))
    for words, lr, number, first, factor, hint in cases:
        start = first % number
        expected = [
            lr / factor ** (number - 1 - i) if i >= start else 0.0
            for i in range(number)
        ]
        if not trial.equal(
            words,
            answer,
            [lr, number, first, factor],
            expected,
            tolerance=1e-9,
            hint=hint,
        ):
            return
