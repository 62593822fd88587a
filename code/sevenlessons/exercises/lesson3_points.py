"""Checks of the page on points: units, pixels, a mirror, an absurd label."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = [
    "check_mirror",
    "check_rms_pixels",
    "check_robust_fit",
    "check_unit",
]


@exercise(
    "lesson3/unit",
    takes="column, row, height, width",
    asks="Return (x, y) in [-1, 1] of a place in pixels.",
)
def check_unit(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check corners, the middle, and random places of wide pictures."""
    height, width = trial.random.randint(40, 90), trial.random.randint(99, 300)
    cases = [
        ("the upper left corner", 0.0, 0.0, ""),
        ("the lower right corner", float(width), float(height), ""),
        (
            "the lower left corner of a wide picture",
            0.0,
            float(height),
            "x belongs to the column and the width, y to the row and the "
            "height.",
        ),
        ("the middle", width / 2, height / 2, ""),
        *(
            (
                words,
                trial.random.uniform(0, width),
                trial.random.uniform(0, height),
                "The edges are -1 and 1: a whole width is two units.",
            )
            for words in ("any place", "any other place")
        ),
    ]
    for words, column, row, hint in cases:
        got = trial.call(words, answer, [column, row, height, width])
        try:
            x, y = (float(value) for value in got)
        except (TypeError, ValueError):
            trial.stop(
                words, f"Two numbers are asked for, not {describe(got)}"
            )
        # there and back: the pixels must be the ones we began with
        back = ((x + 1) / 2 * width, (y + 1) / 2 * height)
        right = abs(back[0] - column) < 1e-6 and abs(back[1] - row) < 1e-6
        detail = (
            f"You returned ({x:.4g}, {y:.4g}), which lies at column "
            f"{back[0]:.4g} and row {back[1]:.4g}. {hint}"
        )
        if not trial.expect(words, right, detail.strip()):
            return


@exercise(
    "lesson3/rms_pixels",
    takes="mse, side",
    asks="Return the root of the mean squared distance in pixels.",
)
def check_rms_pixels(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against distances of random points, measured in pixels."""
    hints = (
        "The picture is two units wide: one unit is half a side.",
        "A squared distance is the sum of two squared errors, one a "
        "coordinate; the mean squared error is their mean.",
    )
    for number, words in enumerate(("200 points", "30 points", "one point")):
        count = (200, 30, 1)[number]
        side = trial.random.randint(50, 500)
        errors = 0.3 * _normal(trial, count, 2)
        distances = (errors * side / 2).norm(dim=1)
        expected = distances.square().mean().sqrt().item()
        mse = errors.square().mean().item()
        hint = hints[number] if number < 2 else ""
        if not trial.equal(
            f"{words} in a picture of {side} px",
            answer,
            [mse, side],
            expected,
            tolerance=1e-6 * expected,
            hint=hint,
        ):
            return
    trial.equal("no error at all", answer, [0.0, 100], 0.0, tolerance=1e-9)


@exercise(
    "lesson3/mirror",
    takes="images, points",
    asks="Return images and points, mirrored left and right.",
)
def check_mirror(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that a drawn dot stays under its point, and twice is nothing."""
    for words, height, width in (
        ("a dot in a square picture", 24, 24),
        ("a dot in a wide picture", 16, 40),
        ("a dot in a tall picture", 36, 20),
    ):
        count = trial.random.randint(2, 5)
        columns = _places(trial, count, width)
        rows = _places(trial, count, height)
        images = torch.zeros(count, 3, height, width)
        images[torch.arange(count), :, rows, columns] = 1.0
        points = torch.stack(
            [(columns * 2 + 1) / width - 1, (rows * 2 + 1) / height - 1], 1
        )
        moved, found = _pair(trial, words, answer, images, points)
        light = moved[:, 0].flatten(1).argmax(1)
        at = torch.stack([light % width, light // width], dim=1)
        said = (found + 1) / 2 * torch.tensor([width, height]) - 0.5
        if not trial.expect(
            words,
            torch.equal(moved, images.flip(-1)),
            "The picture is not mirrored left and right: flip its last axis.",
        ) or not trial.expect(
            f"{words}: the point lies on it",
            bool((said - at).abs().max() < 0.1),
            f"The dot is at column {at[0, 0]:.0f} and row {at[0, 1]:.0f}, "
            f"your point at {said[0, 0]:.1f} and {said[0, 1]:.1f}. Left and "
            "right: which of x and y changes, and how?",
        ):
            return
        again, back = _pair(trial, words, answer, moved, found)
        trial.expect(
            f"{words}: twice is as before",
            torch.equal(again, images)
            and torch.allclose(back, points, atol=1e-6),
            "Mirrored twice, picture and point must be what they were.",
        )


@exercise(
    "lesson3/robust_fit",
    takes="inputs, points",
    asks="Return weights (D, 2) that fit most points, though one is absurd.",
)
def check_robust_fit(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the median error against that of least squares."""
    for words, rows, columns, absurd in (
        ("no absurd label", 60, 3, 0.0),
        ("one absurd label among 60", 60, 3, 80.0),
        ("one absurd label among 100, far below", 100, 4, -150.0),
        ("one absurd label among 40", 40, 2, 60.0),
        # absurd, but in no way out of range: no cut at a fixed size finds it
        ("one label among 60 that is wrong by 6", 60, 2, 6.0),
    ):
        inputs = _normal(trial, rows, columns).float()
        inputs[:, -1] = 1.0
        truth = 0.3 * _normal(trial, columns, 2).float()
        clean = inputs @ truth + 0.02 * _normal(trial, rows, 2).float()
        points = clean.clone()
        points[trial.random.randrange(rows)] += absurd
        got = trial.call(words, answer, [inputs, points])
        if not isinstance(got, Tensor) or got.shape != truth.shape:
            trial.stop(
                words,
                f"A tensor of shape {tuple(truth.shape)} is asked for, not "
                f"{describe(got)}.",
            )
        square = torch.linalg.lstsq(inputs, points).solution
        mine, least = (
            (inputs @ w.detach().float() - clean).norm(dim=1).median().item()
            for w in (got, square)
        )
        # without an absurd label least squares is best: at most half more
        bound = least / 3 if absurd else 1.5 * least
        if not trial.expect(
            words,
            mine < bound,
            f"Your median error is {mine:.3g}, least squares has "
            f"{least:.3g}; below {bound:.3g} is asked for. "
            + (
                "Use smooth_l1_loss, so that a point very far away pulls no "
                "harder than one not quite so far; and drop no point by a "
                "size chosen by hand."
                if absurd
                else "Take more steps, with a rate that gets smaller."
            ),
        ):
            return


def _pair(
    trial: Trial,
    words: str,
    answer: Callable[..., Any],
    images: Tensor,
    points: Tensor,
) -> tuple[Tensor, Tensor]:
    """Return the two tensors of an answer; stop if it gives others."""
    got = trial.call(words, answer, [images, points])
    fits = (
        isinstance(got, tuple | list)
        and len(got) == 2
        and all(isinstance(part, Tensor) for part in got)
        and got[0].shape == images.shape
        and got[1].shape == points.shape
    )
    if not fits:
        trial.stop(
            words,
            "Images and points are asked for, in the shapes that were given: "
            f"return images, points. Not {describe(got)}",
        )
    return got[0], got[1]


def _places(trial: Trial, count: int, below: int) -> Tensor:
    return torch.randint(below, (count,), generator=trial.generator)


def _normal(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator).double()
