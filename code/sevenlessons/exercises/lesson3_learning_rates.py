"""Checks of the page on rates: restarts, a curve, snapshots, decay alone."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe
from sevenlessons.training.curves import (
    Curve,
    constant,
    cosine,
    cosine_restarts,
    triangular,
)

__all__ = [
    "check_chosen_rate",
    "check_decay_alone",
    "check_restart_rate",
    "check_snapshot_average",
]


@exercise(
    "lesson3/restart_rate",
    takes="step, high, low, first",
    asks="Return the rate of a cosine with restarts at a step; each cycle is "
    "twice as long as the one before.",
)
def check_restart_rate(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check rates in the first cycles, at restarts and just before them."""
    first = trial.random.randint(3, 12)
    high = trial.random.uniform(0.1, 2)
    low = high * trial.random.uniform(0.01, 0.2)
    curve = cosine_restarts(high, low, first, 2)
    way = (
        "In a cycle of n steps, step k has gone k / n of the way: the last "
        "one is not yet at `low`."
    )
    cases = [
        ("the very first step", 0, "It starts at `high`."),
        ("within the first cycle", first // 2, way),
        ("the last step of the first cycle", first - 1, way),
        ("the first restart", first, "A new cycle begins at `high` again."),
        (
            "within the second cycle",
            first + trial.random.randint(1, 2 * first - 1),
            "The second cycle has 2 first steps.",
        ),
        (
            "the second restart",
            3 * first,
            "It comes after first + 2 first steps.",
        ),
        (
            "within the fourth cycle",
            7 * first + trial.random.randint(1, 8 * first - 1),
            "",
        ),
    ]
    for words, step, hint in cases:
        expected = curve(step, 10**6)
        args = [step, high, low, first]
        if not trial.equal(
            words, answer, args, expected, tolerance=1e-9, hint=hint
        ):
            return
    trial.equal(
        "down to a rate of zero",
        answer,
        [4, 1.0, 0.0, 8],
        0.5,
        tolerance=1e-9,
    )


@exercise(
    "lesson3/chosen_rate",
    takes="lrs, losses",
    asks="Return a good learning rate, given the rates and the noisy losses "
    "of a run of the finder.",
)
def check_chosen_rate(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the choice on ten bowls whose largest stable rate is known."""
    for number in range(10):
        limit = 10.0 ** trial.random.uniform(-3, 0)
        lrs, losses = _finder_on_a_bowl(trial, limit, number)
        words = f"curve {number + 1} of 10"
        got = trial.call(words, answer, [lrs, losses])
        try:
            rate = float(got)
        except (TypeError, ValueError, RuntimeError):
            trial.stop(words, f"One rate is asked for, not {describe(got)}.")
        side = "large" if rate > limit else "small"
        cause = (
            "The lowest point of the curve is no choice: the trial goes on "
            "falling for a few steps after the rate has become too large."
            if side == "large"
            else "A training would creep. Neighbors differ by noise: smooth "
            "the losses before you look for a slope."
        )
        if not trial.expect(
            words,
            limit / 30 <= rate <= limit,
            f"Steps on this bowl fly off above {limit:.2g}. You chose "
            f"{rate:.2g}, which is too {side}. {cause}",
        ):
            return


def _finder_on_a_bowl(
    trial: Trial, limit: float, number: int
) -> tuple[list[float], list[float]]:
    """Return a run of the finder where the largest stable rate is known.

    Start, end and number of steps differ, so that the place in the list says
    nothing. Far above the limit the loss stays at a ceiling, as that of a
    ruined network does.
    """
    below = trial.random.uniform(2.5, 3.5) + 2 * (number % 2)
    above = trial.random.uniform(0.6, 1.0) + 2 * (number // 2 % 2)
    steps = round((below + above) * trial.random.uniform(24, 36))
    curvature = torch.logspace(-1.2, 0, 20, dtype=torch.float64) * 2 / limit
    sizes = 0.8 + 0.4 * torch.rand(20, generator=trial.generator).double()
    weights = sizes / curvature.sqrt()
    ceiling = trial.random.uniform(3, 9)
    lrs, losses, ruined = [], [], False
    for step in range(steps):
        lr = limit * 10 ** ((below + above) * step / (steps - 1) - below)
        noise = torch.randn((), generator=trial.generator).item()
        loss = 0.3 + (curvature * weights**2).sum().item() / 20
        ruined = ruined or not loss < ceiling
        lrs.append(lr)
        losses.append((ceiling if ruined else loss) * (1 + 0.002 * noise))
        weights = weights - lr * curvature * weights
    return lrs, losses


@exercise(
    "lesson3/snapshot_average",
    takes="scores, target",
    asks="Return the classes that the mean probabilities of several "
    "snapshots choose, and the share of them that is right.",
)
def check_snapshot_average(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check ensembles whose members differ in how sure they are."""
    for words, count, rows, classes in [
        ("three snapshots, four classes", 3, 200, 4),
        ("three snapshots, ten classes", 3, 150, 10),
        ("five snapshots, two classes", 5, 120, 2),
    ]:
        sure = torch.linspace(0.5, 6, count)[:, None, None]
        scores = sure * torch.randn(
            count, rows, classes, generator=trial.generator
        )
        target = torch.randint(classes, (rows,), generator=trial.generator)
        right = scores.softmax(dim=-1).mean(dim=0).argmax(dim=1)
        got = trial.call(words, answer, [scores, target])
        if not isinstance(got, tuple | list) or len(got) != 2:
            trial.stop(
                words,
                f"The classes and a share are asked for, not {describe(got)}.",
            )
        chosen = _whole_numbers(got[0])
        wrong = rows if len(chosen) != rows else int((chosen != right).sum())
        if not trial.expect(
            f"{words}: the classes",
            wrong == 0,
            f"{wrong} of {rows} differ. First the softmax of each snapshot, "
            "then the mean of the probabilities, then the largest. Means of "
            "scores and votes are something else.",
        ):
            return
        share = (right == target).double().mean().item()
        try:
            off = abs(float(got[1]) - share)
        except (TypeError, ValueError, RuntimeError):
            off = math.inf
        if not trial.expect(
            f"{words}: the share that is right",
            off < 1e-6,
            f"Of the classes that you returned {share:.4f} are right, you "
            f"say {describe(got[1])}.",
        ):
            return


def _whole_numbers(value: Any) -> Tensor:
    """Return a list of classes as a tensor; an empty one if it is none."""
    try:
        numbers = torch.as_tensor(value).flatten()
    except (TypeError, ValueError, RuntimeError):
        return torch.zeros(0)
    return torch.zeros(0) if numbers.is_complex() else numbers


@exercise(
    "lesson3/decay_alone",
    takes="lrs, decay",
    asks="Return the share of a weight that is left after all steps of a "
    "schedule, if weight decay alone acts on it.",
)
def check_decay_alone(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the share against torch's SGD with a gradient of zero."""
    steps = trial.random.randint(30, 60)
    high = trial.random.uniform(0.1, 1)
    schedules: list[tuple[str, Curve, int]] = [
        ("one step", constant(high), 1),
        ("a constant rate", constant(high), steps),
        ("a cosine", cosine(high, 0.0), steps),
        ("up and down twice", triangular(0.01, high, steps // 4), steps),
    ]
    for words, curve, count in schedules:
        decay = trial.random.uniform(0.01, 0.5)
        lrs = [curve(step, count) for step in range(count)]
        weight = torch.ones(1, dtype=torch.float64, requires_grad=True)
        optimizer = torch.optim.SGD([weight], lr=1.0, weight_decay=decay)
        for lr in lrs:
            optimizer.param_groups[0]["lr"] = lr
            weight.grad = torch.zeros_like(weight)
            optimizer.step()
        if not trial.equal(
            words,
            answer,
            [lrs, decay],
            weight.item(),
            tolerance=1e-9,
            hint="Each step takes lr times decay times the weight off it, so "
            "it keeps the share 1 - lr * decay of what is there.",
        ):
            return
