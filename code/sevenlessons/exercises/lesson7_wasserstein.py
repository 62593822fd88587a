"""Checks of the page of heaps: exact distance, penalty, a fair estimate."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.generative.exact_distance import line_distance
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = [
    "check_fair_estimate",
    "check_line_distance",
    "check_slope_penalty",
]


@exercise(
    "lesson7/line_distance",
    takes="one, other",
    asks="Return the Wasserstein distance of two heaps of numbers.",
)
def check_line_distance(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check shifts, other widths, other counts, and ties."""

    def drawn(count: int) -> Tensor:
        return torch.randn(
            count, generator=trial.generator, dtype=torch.float64
        )

    heap = drawn(6)
    for words, one, other, hint in [
        ("a heap moved down by 3", heap, heap.flip(0) - 3, "Sort both first."),
        (
            "around the same middle, wider",
            heap,
            5 * heap - 4 * heap.mean(),
            "The means alone do not tell: each grain counts.",
        ),
        (
            "two grains against six",
            torch.tensor([0.0, 2.0], dtype=torch.float64),
            torch.tensor([1.0, 1, 1, 5, 5, 8], dtype=torch.float64),
            "With other counts, each grain of a heap has its share: repeat "
            "them until the counts agree, or add up the area between the "
            "two curves of shares.",
        ),
        ("five against seven", drawn(5), 2 * drawn(7) + 1, ""),
        ("the same heap", heap, heap.flip(0), ""),
    ]:
        if not trial.equal(
            words,
            answer,
            [one, other],
            line_distance(one, other),
            tolerance=1e-6,
            hint=hint,
        ):
            return


class _Bowl(nn.Module):
    """A critic whose slope differs from place to place."""

    def forward(self, points: Tensor) -> Tensor:
        return points.flatten(1).square().sum(1)


@exercise(
    "lesson7/slope_penalty",
    takes="critic, real, made, shares",
    asks="Return the mean of (slope - 1) squared at the points between.",
)
def check_slope_penalty(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check linear critics, a bowl, pictures, and that it can be trained."""

    def drawn(*shape: int) -> Tensor:
        return torch.randn(
            shape, generator=trial.generator, dtype=torch.float64
        )

    line = nn.Linear(3, 1).double()
    with torch.no_grad():
        line.weight.copy_(drawn(1, 3) + 2)
    shares = torch.linspace(0.05, 0.9, 4, dtype=torch.float64)
    slope = line.weight.detach().norm()
    for words, critic, shape, hint in [
        (
            "a linear critic",
            line,
            (4, 3),
            "The slope of a linear critic is the length of its weight, "
            "everywhere.",
        ),
        (
            "a bowl, where the place counts",
            _Bowl(),
            (4, 2),
            "Look at shares * real + (1 - shares) * made, a share a sample.",
        ),
        (
            "small pictures",
            _Bowl(),
            (4, 1, 2, 2),
            "The slope of a picture is one length over all its pixels.",
        ),
    ]:
        real, made = drawn(*shape), 2 * drawn(*shape) + 3
        part = shares.view(-1, *[1] * (len(shape) - 1))
        points = part * real + (1 - part) * made
        steep = (
            slope.expand(4)
            if critic is line
            else 2 * points.flatten(1).norm(dim=1)
        )
        got = trial.call(words, answer, [critic, real, made, shares])
        expected = (steep - 1).square().mean()
        near = (
            isinstance(got, Tensor)
            and got.shape == ()
            and abs(got.item() - expected.item()) < 1e-6 * (1 + expected)
        )
        if not trial.expect(
            words, bool(near), f"{hint} Expected {expected.item():.4f}."
        ):
            return
    real, made = drawn(4, 3), drawn(4, 3)
    got = trial.call(
        "a critic to train", answer, [line, real, made, shares],
        may_change=True,
    )  # fmt: skip
    trial.expect(
        "the critic can learn from it",
        got.requires_grad,
        "the penalty has no gradient: pass create_graph=True, and do not "
        "detach the slope.",
    )


@exercise(
    "lesson7/fair_estimate",
    takes="real_scores, made_scores, places, scores",
    asks="Return the difference of the mean scores over the steepest slope.",
)
def check_fair_estimate(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check falling slopes, places in any order, and uneven steps."""
    for words, sign, mixed, hint in [
        ("a critic that rises", 1.0, False, ""),
        (
            "a critic that falls steeply",
            -1.0,
            False,
            "A slope downward is a slope: take its size.",
        ),
        (
            "places in any order",
            -1.0,
            True,
            "Sort the places, and the scores along with them.",
        ),
    ]:
        steps = torch.rand(7, generator=trial.generator).double() + 0.2
        steps[3] = 0.1  # a short, steep step
        rises = torch.rand(7, generator=trial.generator).double()
        rises[3] = 2.0 + rises[3]
        places = steps.cumsum(0) - 2
        scores = sign * rises.cumsum(0)
        if sign < 0:
            scores = scores + 0.5 * places
        steepest = (scores.diff() / places.diff()).abs().max()
        real = torch.randn(5, generator=trial.generator).double() + 4
        made = torch.randn(3, generator=trial.generator).double()
        order = torch.tensor([3, 0, 5, 2, 6, 1, 4])  # parts the steep step
        if mixed:
            places, scores = places[order], scores[order]
        expected = ((real.mean() - made.mean()) / steepest).item()
        if not trial.equal(
            words,
            answer,
            [real, made, places, scores],
            expected,
            tolerance=1e-9,
            hint=hint,
        ):
            return
