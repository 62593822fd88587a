"""Checks of the page on fine-tuning: rates, curves, gentle unfreezing."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = [
    "check_gentle_rates",
    "check_spread_rates",
    "check_steepest_rate",
]


@exercise(
    "lesson1/spread_rates",
    takes="low, high, groups",
    asks="Return as many rates as there are groups, from `low` to `high`, "
    "each the same factor above the last; one group gets `high`.",
)
def check_spread_rates(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check rates that grow by equal factors from group to group."""
    hint = "Equal factors, not equal steps: each rate is the last one times r."
    trial.equal(
        "three groups from 1e-6 to 1e-4",
        answer,
        [1e-6, 1e-4, 3],
        [1e-6, 1e-5, 1e-4],
        tolerance=1e-12,
        hint=hint,
    )
    groups = trial.random.randint(4, 9)
    low = 10.0 ** trial.random.uniform(-7, -5)
    ratio = trial.random.uniform(20, 500)
    step = ratio ** (1 / (groups - 1))
    trial.equal(
        f"{groups} groups between two rates drawn afresh",
        answer,
        [low, low * ratio, groups],
        [low * step**i for i in range(groups)],
        tolerance=low * 1e-6,
        hint=hint,
    )
    trial.equal(
        "one group gets the upper rate",
        answer,
        [1e-5, 1e-3, 1],
        [1e-3],
        tolerance=1e-12,
        hint="With one group there is only the head: give it `high`.",
    )


@exercise(
    "lesson1/steepest_rate",
    takes="lrs, losses",
    asks="Return the learning rate from which the loss falls most to the "
    "next.",
)
def check_steepest_rate(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the rate of steepest fall on 20 curves with a known answer."""
    wrong, example = [], None
    for _ in range(20):
        lrs, losses, steepest = _curve(trial)
        got = trial.call("a smooth curve", answer, [lrs, losses])
        try:
            off = abs(math.log(float(got) / lrs[steepest]))
        except (TypeError, ValueError, RuntimeError):
            trial.stop("returns a positive rate", f"Got {describe(got)}.")
        if not off <= math.log(lrs[1] / lrs[0]) * 1.5:
            example = example or [lrs, losses]
            wrong.append(float(got))
    detail = ""
    if wrong:
        detail = (
            f"{len(wrong)} of 20 are off; on the first, shown here, you said "
            f"{wrong[0]:.2e}, and the loss falls fastest elsewhere. "
            "Compare neighbours: the rates have equal factors, so the "
            "steepest fall is the most negative difference of two losses."
        )
    trial.expect(
        "within one grid step on 20 curves", not wrong, detail, given=example
    )


@exercise(
    "lesson1/gentle_rates",
    takes="head_lr",
    asks="Return two rates, for the body and for the head, with which "
    "training on after unfreezing does no harm.",
)
def check_gentle_rates(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that fine-tuning with the reader's rates does no harm."""
    harmed, gained, example, worst = 0, 0.0, "", None
    for _ in range(8):
        seed, lr = trial.random.randrange(2**31), trial.random.uniform(0.4, 1)
        rates = trial.call("two rates from the head's", answer, [lr])
        try:
            body_lr, head_lr = (float(rate) for rate in rates)
        except (TypeError, ValueError, RuntimeError):
            trial.stop(
                "returns two rates",
                f"Got {describe(rates)}; return (body_lr, head_lr).",
            )
        if not (body_lr > 0 and head_lr > 0):
            trial.stop(
                "both rates are positive",
                f"Got {describe(rates)}: a rate of 0 trains nothing.",
            )
        before, after = _fine_tune(seed, lr, body_lr, head_lr)
        gained += (before - after) / 8
        if not after <= before + 1e-4:
            harmed += 1
            worst = [lr]
            example = f"from {before:.3f} to {after:.3f}"
    # By chance even gentle rates do a little harm once in some hundred runs.
    trial.expect(
        "the validation loss does not rise in eight small experiments",
        harmed <= 1,
        f"It rose in {harmed} of 8, once {example}. The body was trained "
        "before: give it a much smaller rate than the head had, and lower "
        "the head's too.",
        given=worst,
    )
    if harmed <= 1:
        trial.expect(
            "and it still learns",
            gained > 2e-4,
            "The loss stays where it was: the rates are too small to change "
            "anything in ten steps.",
        )


def _curve(trial: Trial) -> tuple[list[float], list[float], int]:
    """Return rates, losses and the index where the fall is steepest."""
    steps, low = 80, 1e-6
    lrs = [low * 10 ** (7 * i / (steps - 1)) for i in range(steps)]
    centre = trial.random.uniform(25, 55)
    width = trial.random.uniform(2.5, 6)
    losses = [
        2.5
        - 1.8 / (1 + math.exp(-(i - centre) / width))
        + 0.3 * math.exp((i - steps) / 3)
        for i in range(steps)
    ]
    falls = [losses[i + 1] - losses[i] for i in range(steps - 1)]
    return lrs, losses, falls.index(min(falls))


def _fine_tune(
    seed: int, lr: float, body_lr: float, head_lr: float
) -> tuple[float, float]:
    """Return the validation loss before and after unfreezing a small net."""
    generator = torch.Generator().manual_seed(seed)
    inputs = torch.randn(1500, 8, generator=generator)
    target = (inputs[:, 0] * inputs[:, 1] > 0).long()
    model = _pretrained(generator)
    train, valid = slice(0, 500), slice(500, None)

    def loss(rows: slice) -> Tensor:
        logits = model(inputs[rows])
        return nn.functional.cross_entropy(logits, target[rows])

    def descend(groups: list[dict[str, Any]], steps: int) -> None:
        optimizer = torch.optim.SGD(groups, momentum=0.9)
        for _ in range(steps):
            optimizer.zero_grad()
            loss(train).backward()
            optimizer.step()

    # First the head alone, as the page does, to where it hardly moves.
    descend([{"params": model[2].parameters(), "lr": lr}], 60)
    before = loss(valid).item()
    descend(
        [
            {"params": model[0].parameters(), "lr": body_lr},
            {"params": model[2].parameters(), "lr": head_lr},
        ],
        10,
    )
    return before, loss(valid).item()


def _pretrained(generator: torch.Generator) -> nn.Sequential:
    """Return a net whose first layer already sees the sign of a product."""
    first = nn.Linear(8, 16)
    model = nn.Sequential(first, nn.ReLU(), nn.Linear(16, 2))
    with torch.no_grad():
        for parameter in model.parameters():
            noise = torch.randn(parameter.shape, generator=generator)
            parameter.copy_(noise * 0.05)
        directions = torch.tensor([[1, 1], [-1, -1], [1, -1], [-1, 1]])
        first.weight[:, :2] += directions.repeat(4, 1).float()
    return model
