"""Checks of the restoration GAN: turns, standing still, distance, twins."""

import copy
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.generative.collapse import twin_share
from sevenlessons.generative.frechet import frechet_distance
from sevenlessons.generative.switch import AdaptiveSwitch
from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

from .lesson7_gan_cases import (
    fooling_step,
    same_gradient,
    small_networks,
)

__all__ = [
    "check_fooling_step",
    "check_frechet_by_hand",
    "check_turns",
    "check_twins",
]


@exercise(
    "lesson7/turns",
    takes="losses, threshold",
    asks="Return the list of who took each step, critic or generator.",
)
def check_turns(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check golden sequences, a loss at the threshold, and no step at all."""
    drawn = [trial.random.uniform(0, 1) for _ in range(40)]
    for words, losses, threshold, hint in [
        (
            "a critic that learns",
            [0.9, 0.6, 0.4, 0.9, 0.6, 0.4],
            0.5,
            "The critic begins. A loss below the threshold ends its turn "
            "with this step; the next step is the generator's.",
        ),
        (
            "low losses of the generator",
            [0.4, 0.1, 0.9, 0.2, 0.3, 0.8],
            0.5,
            "After one step of the generator comes the critic, whatever the "
            "generator's loss.",
        ),
        (
            "exactly at the threshold",
            [0.5, 0.5, 0.25, 0.5],
            0.5,
            "Equal to the threshold is not below it.",
        ),
        (
            "another threshold",
            [0.6, 0.4, 0.3, 0.2, 0.36, 0.34],
            0.35,
            "The threshold is the second argument.",
        ),
        ("no step at all", [], 0.5, ""),
        ("forty losses", drawn, 0.6, ""),
    ]:
        switch = AdaptiveSwitch(threshold)
        for loss in losses:
            switch.step(loss)
        if not trial.equal(
            words, answer, [losses, threshold], switch.log, hint=hint
        ):
            return


@exercise(
    "lesson7/fooling_step",
    takes="generator, critic, spoiled, optimizer",
    asks="Take one step of the generator and return its loss as a float; "
    "the critic must stand still and be given back as it came.",
)
def check_fooling_step(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the step, and every number, gradient, mode of the critic."""
    for training in (True, False):
        generator, critic = small_networks(trial.random.randrange(10**6))
        critic.train(training)
        for parameter in critic.parameters():
            if parameter.requires_grad:
                parameter.grad = torch.randn_like(parameter)
        twin, judge = copy.deepcopy((generator, critic))
        before = copy.deepcopy(critic)  # without gradients
        gradients = [
            None if p.grad is None else p.grad.clone()
            for p in critic.parameters()
        ]
        spoiled = torch.randn(7, 4, generator=trial.generator)
        sgd = torch.optim.SGD(generator.parameters(), lr=0.3)
        expected = fooling_step(
            twin, judge, spoiled, torch.optim.SGD(twin.parameters(), lr=0.3)
        )
        mode = "training" if training else "evaluation"
        words = f"a critic that comes in {mode} mode"
        got = trial.call(
            words, answer, [generator, critic, spoiled, sgd], may_change=True
        )
        wrong = difference(got, expected, 1e-5)
        first, other = generator.state_dict(), twin.state_dict()
        old, now = before.state_dict(), critic.state_dict()
        for name, passed, detail in [
            (
                "the critic's weights and statistics",
                all(torch.equal(old[key], now[key]) for key in old),
                "a number in the critic has changed. In training mode its "
                "batch norm follows the data: put it into eval mode.",
            ),
            (
                "the critic's gradients",
                all(
                    same_gradient(old_one, p.grad)
                    for old_one, p in zip(
                        gradients, critic.parameters(), strict=True
                    )
                ),
                "a gradient of the critic has changed. Its parameters must "
                "not ask for one: `requires_grad_(False)` before.",
            ),
            (
                "who asks for gradients afterwards",
                [p.requires_grad for p in before.parameters()]
                == [p.requires_grad for p in critic.parameters()],
                "afterwards another set of the critic's parameters asks for "
                "gradients. Note before which ones did; one did not.",
            ),
            (
                "the critic's mode afterwards",
                critic.training == training,
                "afterwards the critic was in the other mode.",
            ),
            (
                f"the loss, {words}",
                not wrong,
                f"{wrong} The loss is the mean cross-entropy of the critic's "
                "scores with the answer real, by a critic in eval mode.",
            ),
            (
                f"the generator, {words}",
                all(
                    torch.allclose(first[key], other[key], atol=1e-6)
                    for key in first
                ),
                "the generator's weights are not those after one step of "
                "the optimizer on this loss.",
            ),
        ]:
            if not trial.expect(name, passed, detail):
                return


@exercise(
    "lesson7/frechet_by_hand",
    takes="real, made",
    asks="Return the squared Fréchet distance of two sets of rows, a float.",
)
def check_frechet_by_hand(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check equal sets, shifts, spreads, and columns that go together."""

    def rows(count: int, columns: int) -> Tensor:
        return torch.randn(
            count, columns, generator=trial.generator, dtype=torch.float64
        )

    mixed = torch.tensor(
        [[2.0, 1.5, 0.0], [0.0, 1.0, -0.8], [0.4, 0.0, 0.5]],
        dtype=torch.float64,
    )
    same, cloud = rows(12, 3), rows(40, 3)
    for words, real, made, hint in [
        ("equal sets", same, same.clone(), "Equal sets have distance 0."),
        (
            "a shift",
            same,
            same + 2,
            "A shift alone counts as the squared distance of the means.",
        ),
        (
            "half the spread",
            cloud,
            cloud / 2,
            "Twice the trace of the root of the product is taken off the "
            "two traces; covariances divide by N - 1.",
        ),
        (
            "columns that go together",
            cloud @ mixed,
            rows(25, 3),
            "The root is that of a matrix, not of each of its numbers.",
        ),
    ]:
        expected = frechet_distance(real, made)
        if not trial.equal(
            words, answer, [real, made], expected, tolerance=1e-5, hint=hint
        ):
            return


@exercise(
    "lesson7/twins",
    takes="real, made",
    asks="Return the share of made rows with a twin among the made ones.",
)
def check_twins(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check one answer, a few answers, none, and a middle that is known."""

    def rows(count: int) -> Tensor:
        return torch.randn(
            count, 5, generator=trial.generator, dtype=torch.float64
        )

    line = torch.tensor([[0.0], [1.0], [2.0], [10.0], [30.0]]).double()
    planted = torch.tensor([[0.0], [0.2], [5.0], [5.3], [9.0]]).double()
    real = rows(30)
    few = real[:3].repeat(5, 1)
    few += rows(15) / 10**4
    for words, known, made, hint in [
        (
            "one answer for all",
            real,
            real[:1].repeat(8, 1),
            "A row is not its own twin, but equal rows are twins.",
        ),
        ("three answers", real, few, ""),
        ("no twin", real, 9 * rows(10), ""),
        (
            "pairs at 0.2 and at 0.3",
            line,
            planted,
            "A quarter of the median of the nearest distances between real "
            "rows, which is 1 here. A mean would be drawn off by far rows.",
        ),
        ("real against real", real, rows(30), ""),
    ]:
        expected = twin_share(known, made)
        if not trial.equal(
            words, answer, [known, made], expected, tolerance=1e-9, hint=hint
        ):
            return
