"""Checks of views, mixup, CutMix, and the mean of logarithms."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn.functional import one_hot

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe
from sevenlessons.vision.cutmix import paste
from sevenlessons.vision.mixup import mix
from sevenlessons.vision.test_time import average_scores, five_crops

__all__ = [
    "check_corner_views",
    "check_mean_of_logs",
    "check_mixup_batch",
    "check_paste_box",
]

_TOLERANCE = 1e-6


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.rand(*shape, generator=trial.generator, dtype=torch.float64)


def _rows(trial: Trial, count: int, classes: int) -> Tensor:
    """Return one-hot targets in which the first two rows differ."""
    target = torch.randint(classes, (count,), generator=trial.generator)
    if count > 1:
        target[1] = (target[0] + 1) % classes
    return one_hot(target, classes).double()


def _two_equal(
    trial: Trial,
    words: str,
    answer: Callable[..., Any],
    args: list[Any],
    expected: tuple[Tensor, Tensor],
    hints: tuple[str, str],
) -> bool:
    """Compare both tensors of an answer, each with a hint of its own."""
    got = trial.call(words, answer, args)
    if not isinstance(got, tuple | list) or len(got) != 2:
        return trial.expect(
            words,
            False,
            f"you returned {describe(got)}; return two tensors",
        )
    names = ("first", "second")
    for name, one, right, hint in zip(
        names, got, expected, hints, strict=True
    ):
        wrong = difference(one, right, _TOLERANCE)
        if wrong:
            return trial.expect(
                words,
                False,
                f"of what you returned the {name} is {describe(one)}, "
                f"{wrong} {hint}",
            )
    return trial.expect(words, True)


@exercise(
    "lesson6/corner_views",
    takes="images, size, center",
    asks="Return the crops of four corners and the center, and their weights.",
)
def check_corner_views(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check order and place of the crops, and what each counts."""
    hints = (
        "The order: top left, top right, bottom left, bottom right, center; "
        "shape (5, N, C, size, size).",
        "The center counts `center`, each corner a quarter of the rest.",
    )
    for count, height, width, size in (
        (1, 8, 8, 4),
        (2, 7, 11, 3),
        (3, 9, 5, 5),
        (2, 6, 6, 6),
    ):
        images = _numbers(trial, count, 3, height, width)
        center = trial.random.uniform(0.3, 0.9)
        corner = (1 - center) / 4
        expected = (
            torch.stack([view(images) for view in five_crops(size)]),
            torch.tensor([corner] * 4 + [center], dtype=torch.float64),
        )
        words = f"{count} of {height} x {width} pixels, crops of {size}"
        args = [images, size, center]
        if not _two_equal(trial, words, answer, args, expected, hints):
            return


@exercise(
    "lesson6/mixup_batch",
    takes="images, target, partner, shares",
    asks="Mix pictures and targets, each row with its partner.",
)
def check_mixup_batch(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the mixture, that targets sum to 1, and the symmetry."""
    hints = (
        "Row i is `shares[i]` of picture i and the rest of its partner.",
        "The targets are mixed with the same shares as the pictures.",
    )
    for count, channels, side, classes in (
        (2, 1, 2, 3),
        (4, 4, 4, 4),  # a wrong axis fits too
        (6, 3, 5, 2),
        (1, 2, 3, 5),
    ):
        images = _numbers(trial, count, channels, side, side)
        target = _rows(trial, count, classes)
        order = torch.randperm(count, generator=trial.generator)
        partner = order.roll(1)[order.argsort()]  # one round, nobody alone
        shares = 0.05 + 0.4 * _numbers(trial, count)
        args = [images, target, partner, shares]
        expected = (
            mix(images, images[partner], shares),
            mix(target, target[partner], shares),
        )
        words = f"{count} pictures, {classes} classes"
        if not _two_equal(trial, words, answer, args, expected, hints):
            return
        _, rows = trial.call(words, answer, args)
        sums = bool(((rows.sum(1) - 1).abs() < _TOLERANCE).all())
        trial.expect(f"{words}: each target sums to 1", sums, "one does not")
        back = [images[partner], target[partner], partner.argsort()]
        expected = (
            mix(images, images[partner], shares),
            mix(target, target[partner], shares),
        )
        words = f"{words}: partners changed over, the rest as share"
        back.append(1 - shares)
        if not _two_equal(trial, words, answer, back, expected, hints):
            return


def _inside(boxes: Tensor, height: int, width: int) -> Tensor:
    """Return boxes cut off at the border of the picture."""
    highest = torch.tensor([height, width, height, width])
    return torch.minimum(boxes.clamp(min=0), highest)


@exercise(
    "lesson6/paste_box",
    takes="images, target, partner, boxes",
    asks="Paste a box of each partner; mix targets by the pixels pasted.",
)
def check_paste_box(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check boxes inside, over the border, empty and whole."""
    hints = (
        "A box is top, left, bottom, right; bottom and right are the first "
        "row and column after it. Paste from the pictures as they were.",
        "Count the pixels that were pasted: what lies outside does not count.",
    )
    for words, height, width, boxes in (
        ("inside the picture", 6, 9, [[1, 2, 4, 8], [0, 0, 3, 3]]),
        ("over the border", 6, 9, [[-2, -3, 2, 4], [4, 6, 9, 13]]),
        ("an empty box and a whole one", 4, 5, [[2, 3, 2, 3], [0, 0, 4, 5]]),
        (
            "three in a round",
            5,
            5,
            [[0, 1, 3, 4], [-1, 3, 2, 7], [2, 0, 5, 2]],
        ),
    ):
        count = len(boxes)
        images = _numbers(trial, count, 3, height, width)
        target = _rows(trial, count, 4)
        partner = torch.arange(count).roll(1)
        given = torch.tensor(boxes)
        kept = _inside(given, height, width)
        pasted, rest = paste(images, images[partner], kept)
        area = (kept[:, 2] - kept[:, 0]) * (kept[:, 3] - kept[:, 1])
        rest = 1 - area.double() / (height * width)
        expected = pasted, mix(target, target[partner], rest)
        args = [images, target, partner, given]
        if not _two_equal(trial, words, answer, args, expected, hints):
            return


@exercise(
    "lesson6/mean_of_logs",
    takes="probabilities",
    asks="Average the logarithms over the views; return probabilities.",
)
def check_mean_of_logs(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against the package, and what a view that says zero does."""
    for count, views, classes in ((1, 2, 3), (4, 5, 2), (3, 3, 3), (2, 1, 6)):
        scores = 8 * _numbers(trial, count, views, classes)
        if not trial.equal(
            f"{count} pictures, {views} views, {classes} classes",
            answer,
            [scores.softmax(2)],
            average_scores(scores, average="logs"),
            tolerance=_TOLERANCE,
            hint="The mean over the views, axis 1, of the logarithms; then "
            "back with exp, and each row divided by its sum.",
        ):
            return
    even = trial.random.uniform(0.2, 0.8)
    said = torch.tensor(
        [[[1 - even, even, 0.0], [0.0, 0.5, 0.5]], [[0.5, 0.5, 0.0]] * 2],
        dtype=torch.float64,
    )
    expected = torch.tensor([[0, 1.0, 0], [0.5, 0.5, 0]], dtype=torch.float64)
    trial.equal(
        "a view that says zero",
        answer,
        [said],
        expected,
        tolerance=_TOLERANCE,
        hint="One view that rules a class out is a veto: that class gets 0.",
    )
