"""Checks of page "without a server": center of mass, softmax, payload."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = ["check_center_shift", "check_payload_bytes", "check_safe_softmax"]


def _center(image: Tensor, axis: int) -> float:
    """Return the center of mass along `axis`, in pixels."""
    mass = image.double().sum(dim=1 - axis)
    places = torch.arange(len(mass)) + 0.5
    return float((mass * places).sum() / mass.sum())


def _blob(trial: Trial, height: int, width: int) -> Tensor:
    """Return random ink in a random corner, no shift of it near a tie."""
    while True:
        image = torch.zeros(height, width, dtype=torch.uint8)
        high = trial.random.randint(3, height // 2)
        wide = trial.random.randint(3, width // 2)
        top = trial.random.randint(0, height - high)
        left = trial.random.randint(0, width - wide)
        shape = (high, wide)
        ink = torch.randint(0, 256, shape, generator=trial.generator)
        image[top : top + high, left : left + wide] = ink.byte()
        shifts = [n / 2 - _center(image, a) for a, n in enumerate(image.shape)]
        clear = all(abs(s % 1 - 0.5) > 0.05 for s in shifts)
        if clear and abs(shifts[0] - shifts[1]) > 1:
            return image


@exercise(
    "lesson2/center_shift",
    takes="image",
    asks="Return (down, right): the whole pixels that bring the center of "
    "mass nearest to the middle.",
)
def check_center_shift(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check random blobs in corners, and one that is in the middle."""
    middle = torch.zeros(8, 6, dtype=torch.uint8)
    middle[3:5, 2:4] = 255
    cases = {"a dot that is in the middle already": middle}
    for height, width in ((28, 28), (40, 28), (28, 50)):
        cases[f"random ink, {height} by {width} pixels"] = _blob(
            trial, height, width
        )
    for words, image in cases.items():
        got = trial.call(words, answer, [image])
        try:
            down, right = (float(value) for value in got)
        except (TypeError, ValueError, RuntimeError):
            trial.stop(
                words,
                "Two numbers, (down, right), are asked for, not "
                f"{describe(got)}.",
            )
        centers = [_center(image, axis) for axis in (0, 1)]
        wanted = tuple(
            round(side / 2 - center)
            for side, center in zip(image.shape, centers, strict=True)
        )
        trial.expect(
            words,
            (down, right) == wanted,
            f"The center of mass is {centers[0]:.2f} from the top and "
            f"{centers[1]:.2f} from the left of {tuple(image.shape)} pixels, "
            f"so {wanted} is right; you returned ({down:g}, {right:g}). "
            "Weigh each row by its ink, then each column.",
        )


@exercise(
    "lesson2/safe_softmax",
    takes="scores",
    asks="Return the probabilities of a list of scores, also of large ones.",
)
def check_safe_softmax(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check small, large, very negative and equal scores against torch."""
    count = trial.random.randint(3, 12)
    small = [trial.random.uniform(-4, 4) for _ in range(count)]
    far = trial.random.uniform(900, 3000)
    cases = {
        "small scores": small,
        "one score": [trial.random.uniform(-3, 3)],
        "equal scores": [trial.random.uniform(-3, 3)] * count,
        "scores above 900": [score + far for score in small],
        "scores below -900": [score - far for score in small],
        "one score far above the others": [*small, far],
    }
    for words, scores in cases.items():
        got = trial.call(words, answer, [scores])
        try:
            values = [float(value) for value in got]
        except (TypeError, ValueError, RuntimeError):
            trial.stop(
                words,
                f"A list of numbers is asked for, not {describe(got)}.",
            )
        exact = torch.tensor(scores, dtype=torch.float64).softmax(0).tolist()
        good = len(values) == len(exact) and all(
            math.isclose(a, b, rel_tol=1e-6, abs_tol=1e-9)
            for a, b in zip(values, exact, strict=True)
        )
        if not trial.expect(
            words,
            good,
            f"You returned {describe(got)}. Divide each power by the sum of "
            "all, and take the largest score away from all before.",
        ):
            return


@exercise(
    "lesson2/payload_bytes",
    takes="shapes, bits",
    asks="Return how many bytes weights of these shapes take together.",
)
def check_payload_bytes(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check random shapes at each width, a single number, and an odd count."""

    def shapes() -> list[tuple[int, ...]]:
        return [
            tuple(trial.random.choices(range(2, 9), k=axes))
            for axes in trial.random.choices(range(1, 5), k=6)
        ]

    def size(given: list[tuple[int, ...]], bits: int) -> int:
        return sum(math.ceil(math.prod(s) * bits / 8) for s in given)

    cases: list[tuple[str, list[tuple[int, ...]], int]] = [
        (f"{bits} bits a weight", shapes(), bits) for bits in (32, 16, 8)
    ]
    odd = 2 * trial.random.randint(3, 40) + 1
    cases += [
        ("a single number, of shape ()", [(), (3,)], 32),
        ("an odd count of 4 bits: half a byte is a byte", [(odd,), (7,)], 4),
        ("no weights at all", [], 16),
    ]
    for words, given, bits in cases:
        trial.equal(words, answer, [given, bits], size(given, bits))
