"""Checks of the page of pictures from noise: arc, classes, neighbors."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = [
    "check_classes_made",
    "check_nearest_known",
    "check_noise_walk",
]


def _walk(start: Tensor, end: Tensor, steps: int) -> Tensor:
    cosine = (start @ end / start.norm() / end.norm()).clamp(-1, 1)
    angle = cosine.acos()
    shares = torch.linspace(0, 1, steps, dtype=start.dtype)[:, None]
    return (
        ((1 - shares) * angle).sin() * start + (shares * angle).sin() * end
    ) / angle.sin()


@exercise(
    "lesson7/noise_walk",
    takes="start, end, steps",
    asks="Return noises from start to end along the arc, a row a step.",
)
def check_noise_walk(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a right angle, any angle, and other lengths."""

    def drawn(count: int) -> Tensor:
        noise = torch.randn(
            count, generator=trial.generator, dtype=torch.float64
        )
        return 3 * noise / noise.norm()

    first = torch.zeros(4, dtype=torch.float64)
    second = first.clone()
    first[0] = second[1] = 2.0
    for words, start, end, steps, hint in [
        (
            "a right angle",
            first,
            second,
            3,
            "The middle of the straight line is too near to zero: its "
            "length must be that of both ends.",
        ),
        (
            "a right angle in five steps",
            first,
            second,
            5,
            "Each step turns by the same angle: a straight line that is "
            "stretched to the right length goes too fast in its middle.",
        ),
        ("32 numbers", drawn(32), drawn(32), 6, ""),
        ("three numbers", drawn(3), drawn(3), 4, ""),
    ]:
        if not trial.equal(
            words,
            answer,
            [start, end, steps],
            _walk(start, end, steps),
            tolerance=1e-5,
            hint=hint,
        ):
            return


class _Copies(nn.Module):
    """A generator whose picture is its noise; spoiled while it trains."""

    def forward(self, noise: Tensor) -> Tensor:
        return torch.zeros_like(noise) if self.training else noise


@exercise(
    "lesson7/classes_made",
    takes="generator, judge, noise, share",
    asks="Return how many classes have at least that share of the pictures.",
)
def check_classes_made(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check rare classes, the border, the mode, and both networks."""
    for words, counts, share, expected, hint in [
        (
            "three classes of five",
            [10, 0, 5, 0, 5],
            0.1,
            3,
            "The class of a picture is the place of its largest score.",
        ),
        (
            "a rare class, and one just on the border",
            [13, 4, 1, 0, 2],
            0.1,
            3,
            "At least the share: the border counts; below it does not.",
        ),
        ("one class", [0, 0, 0, 20, 0], 0.05, 1, ""),
    ]:
        target = torch.tensor(
            [k for k, many in enumerate(counts) for _ in range(many)]
        )
        order = torch.randperm(len(target), generator=trial.generator)
        noise = torch.eye(5)[target[order]] * 3
        noise = noise + torch.rand(noise.shape, generator=trial.generator)
        generator, judge = _Copies().train(), _Copies().train()
        got = trial.call(
            words, answer, [generator, judge, noise, share], may_change=True
        )
        if not trial.expect(
            words,
            isinstance(got, int) and got == expected,
            f"expected the whole number {expected}, you returned {got!r}. "
            f"{hint} Both networks must be in evaluation mode meanwhile.",
        ):
            return
        if not trial.expect(
            "both networks are in training mode again",
            generator.training and judge.training,
            "they came in training mode and left in evaluation mode: set it "
            "back.",
        ):
            return


@exercise(
    "lesson7/nearest_known",
    takes="made, known",
    asks="Return the row of the nearest known picture, and how far it is.",
)
def check_nearest_known(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check bytes that would wrap around, a copy, and other counts."""
    dark = torch.zeros(1, 2, 2, dtype=torch.uint8)
    light = torch.full((1, 2, 2), 200, dtype=torch.uint8)
    for words, made, known, hint in [
        (
            "black, with a near and a far picture",
            dark,
            torch.cat([light + 55, dark + 3]),
            "Bytes cannot be negative: 0 - 255 is 1. Go to floats first.",
        ),
        ("light, with darker ones", light, torch.cat([dark, light - 90]), ""),
        (
            "three made, six known, one copied",
            *_with_a_copy(trial),
            "The distance is the root of the sum of squares.",
        ),
    ]:
        far = (
            (made[:, None].double() - known[None].double())
            .flatten(2)
            .norm(dim=2)
        )
        least, rows = far.min(dim=1)
        if not trial.equal(
            words,
            answer,
            [made, known],
            (rows, least.float()),
            tolerance=1e-2,
            hint=hint,
        ):
            return


def _with_a_copy(trial: Trial) -> tuple[Tensor, Tensor]:
    known = torch.randint(
        256, (6, 3, 3), generator=trial.generator, dtype=torch.uint8
    )
    made = torch.randint(
        256, (3, 3, 3), generator=trial.generator, dtype=torch.uint8
    )
    made[1] = known[4]
    return made, known
