"""Checks of the page on segmentation: IoU, a flip, a neighbor, a loss."""

import math
from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe
from sevenlessons.training.dice_loss import DiceLoss
from sevenlessons.training.pixels import confusion_counts, pixel_scores

__all__ = [
    "check_dice_loss",
    "check_flip_both",
    "check_mean_iou",
    "check_neighbor_masks",
]


@exercise(
    "lesson3/mean_iou",
    takes="counts",
    asks="Return the mean IoU of a confusion matrix of pixels, over the "
    "classes that are there or predicted.",
)
def check_mean_iou(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the mean on random pixels, absent classes and nothing at all."""
    size = trial.random.randint(3, 6)
    whole = _counts(trial, size)
    absent = _counts(trial, size)
    gone = trial.random.randrange(size)
    absent[gone], absent[:, gone] = 0, 0
    missed = _counts(trial, size)
    missed[:, gone] = 0
    missed[gone, (gone + 1) % size] += 5
    cases = [
        ("two classes", torch.tensor([[6, 2], [1, 3]]), ""),
        (
            f"{size} classes",
            whole,
            "Union: what is there plus what is predicted, less what is both.",
        ),
        (
            "a class that is neither there nor predicted",
            absent,
            "0 / 0 is no score: such a class counts in no mean.",
        ),
        (
            "a class that is there and never predicted",
            missed,
            "It is there, so it counts, with an IoU of 0.",
        ),
        ("all is right", torch.diag(torch.tensor([4, 9, 2])), ""),
        (
            "every pixel is void, so nothing was counted",
            torch.zeros(size, size, dtype=torch.long),
            "No class is left: return float('nan'), not 0 and no error.",
        ),
    ]
    for words, counts, hint in cases:
        expected = pixel_scores(counts)["mean_iou"]
        if not trial.equal(
            words, answer, [counts], expected, tolerance=1e-6, hint=hint
        ):
            return


def _counts(trial: Trial, size: int) -> Tensor:
    source = trial.generator
    truth = torch.randint(size, (400,), generator=source)
    other = torch.randint(size, (400,), generator=source)
    sure = torch.rand(400, generator=source) < 0.6
    predicted = torch.where(sure, truth, other)
    return confusion_counts(predicted, truth, size)


@exercise(
    "lesson3/flip_both",
    takes="images, masks, flips",
    asks="Mirror pictures and their masks together, left and right, where "
    "`flips` says so.",
)
def check_flip_both(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that masks still lie on what they mark, after the flips."""
    count = trial.random.randint(3, 6)
    height, width = trial.random.randint(6, 9), trial.random.randint(11, 15)
    some = torch.zeros(count, dtype=torch.bool)
    some[:: trial.random.randint(2, 3)] = True
    cases = [
        ("no flip", torch.zeros(count, dtype=torch.bool)),
        ("all flipped", torch.ones(count, dtype=torch.bool)),
        ("some flipped, some not", some),
        ("the others flipped", ~some),
    ]
    for words, flips in cases:
        images, masks = _drawn(trial, count, height, width)
        got = trial.call(words, answer, [images, masks, flips])
        new_images, new_masks = _two(trial, words, got, images, masks)
        lies = (new_images[:, 0] // 40 == new_masks).double().mean().item()
        if not trial.expect(
            f"{words}: each mask lies on its picture",
            lies == 1,
            f"Only {100 * lies:.1f} % of the pixels still lie under their "
            "own class. What moves the picture must move its mask.",
        ):
            return
        moved = torch.where(
            flips[:, None, None, None], images.flip(-1), images
        )
        if not trial.expect(
            f"{words}: the right pictures are mirrored",
            torch.equal(new_images, moved),
            _wrong_flip(new_images, images, moved, flips),
        ):
            return


def _drawn(
    trial: Trial, count: int, height: int, width: int
) -> tuple[Tensor, Tensor]:
    """Return pictures whose color says the class, and their masks."""
    masks = torch.randint(
        0, 5, (count, height, width), generator=trial.generator
    )
    noise = torch.randint(
        0, 40, (count, 3, height, width), generator=trial.generator
    )
    return (masks[:, None] * 40 + noise).to(torch.uint8), masks


def _two(
    trial: Trial, words: str, got: Any, images: Tensor, masks: Tensor
) -> tuple[Tensor, Tensor]:
    """Return the two tensors of an answer, or stop with what is wrong."""
    wanted = "Return two tensors: the pictures, then their masks."
    if not isinstance(got, tuple | list) or len(got) != 2:
        trial.stop(words, f"{wanted} You returned {describe(got)}.")
    for value, old in zip(got, (images, masks), strict=True):
        if (
            not isinstance(value, Tensor)
            or value.shape != old.shape
            or value.dtype != old.dtype
        ):
            trial.stop(
                words,
                f"{wanted} Expected {describe(old)}, got {describe(value)}.",
            )
    return got[0], got[1]


def _wrong_flip(
    got: Tensor, images: Tensor, moved: Tensor, flips: Tensor
) -> str:
    if torch.equal(got, images.flip(-1)):
        return "All were mirrored; only those with a True in `flips` should."
    if torch.equal(got, images):
        return "None was mirrored; those with a True in `flips` should be."
    upright = torch.where(flips[:, None, None, None], images.flip(-2), images)
    if torch.equal(got, upright):
        return "They stand on their heads: left and right is the last axis."
    wrong = (got != moved).flatten(1).any(dim=1)
    places = wrong.nonzero().flatten().tolist()
    return f"Wrong are the pictures number {', '.join(map(str, places))}."


@exercise(
    "lesson3/neighbor_masks",
    takes="masks, start, stop, gap",
    asks="For each slice from `start` to before `stop`, return the mask of "
    "the nearest slice that may be learned from.",
)
def check_neighbor_masks(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check copies against a loop over all slices, with and without gap."""
    count = trial.random.randint(18, 24)
    shape = (count, 2, 3)
    middle = trial.random.randint(7, 9)
    long = trial.random.randint(3, 4)
    cases = [
        ("one slice in the middle, no gap", middle, middle + 1, 0),
        ("a slab in the middle, no gap", middle, middle + long, 0),
        ("with a gap", middle, middle + long, trial.random.randint(2, 3)),
        ("the slab is at the lower end", 0, long, 2),
        ("the slab is at the upper end", count - long, count, 2),
    ]
    for words, start, stop, gap in cases:
        masks = torch.randint(9, shape, generator=trial.generator)
        masks[:, 0, 0] = torch.arange(count)  # no two are alike
        known = [i for i in range(count) if i < start - gap or i >= stop + gap]
        nearest = [
            min(known, key=lambda k: (abs(k - i), k))
            for i in range(start, stop)
        ]
        args = [masks, start, stop, gap]
        got = trial.call(words, answer, args)
        wrong = difference(got, masks[nearest])
        if not trial.expect(
            words,
            not wrong,
            f"You returned {describe(got)}, {wrong} "
            f"{_about(got, masks, known, nearest)}",
        ):
            return


def _about(
    got: Any, masks: Tensor, known: list[int], nearest: list[int]
) -> str:
    """Say which slices were copied, without saying which are right."""
    if not isinstance(got, Tensor) or got.shape != masks[nearest].shape:
        return f"One mask for each of the {len(nearest)} slices is asked for."
    if got.dtype != masks.dtype:
        return "Masks are copied, so they stay whole numbers."
    copied = got[:, 0, 0].tolist()
    forbidden = [i for i in copied if i not in known]
    if forbidden:
        return (
            f"Slice {forbidden[0]} was copied, which lies in the slab or in "
            "the gap, so nobody may learn from it."
        )
    if copied != nearest:
        return (
            "Each slice has a nearest one of its own; of two that are "
            "equally near take the lower."
        )
    return ""


@exercise(
    "lesson3/dice_loss",
    takes="scores, target",
    asks="Return one minus the mean soft Dice of the classes in `target`, "
    "as a tensor that has a gradient.",
)
def check_dice_loss(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check value and gradient against the formula, and 0 when perfect."""
    classes = trial.random.randint(3, 5)
    shape = (2, 4, trial.random.randint(5, 7))
    target = torch.randint(classes, shape, generator=trial.generator)
    absent = target.clone()
    absent[absent == 1] = 0
    sure = 60.0 * torch.nn.functional.one_hot(target, classes)
    noise = torch.randn(
        shape[0], classes, *shape[1:], generator=trial.generator
    ).double()
    cases = [
        ("a perfect and sure answer has loss 0", sure.movedim(-1, 1), target),
        ("random scores", noise, target),
        ("scores ten times as sure", 10 * noise, target),
        ("a class that is not in the target", noise.clone(), absent),
    ]
    hints = {
        2: "Dice is made of probabilities: softmax over the axis of classes.",
        3: "Leave out a class that the target does not have.",
    }
    for place, (words, scores, truth) in enumerate(cases):
        scores = scores.double()
        leaf = scores.clone().requires_grad_()
        expected = DiceLoss()(leaf, truth)
        (slope,) = torch.autograd.grad(expected, leaf)
        mine = scores.clone().requires_grad_()
        # the tensor itself, so that its gradient can be asked for
        got = trial.call(words, answer, [mine, truth], may_change=True)
        value = _as_number(trial, words, got)
        wrong = difference(value, expected.item(), 1e-9)
        hint = hints.get(place, "Sum over all pixels of the batch, then mean.")
        if not trial.expect(
            words, not wrong, f"You returned {value:.6g}, {wrong} {hint}"
        ):
            return
        _check_slope(trial, words, got, mine, slope)


def _as_number(trial: Trial, words: str, got: Any) -> float:
    if (
        not isinstance(got, Tensor)
        or got.numel() != 1
        or not got.is_floating_point()
    ):
        trial.stop(
            words,
            f"A tensor with one number is asked for, not {describe(got)}.",
        )
    value = float(got.detach())
    if math.isnan(value):
        trial.stop(words, "You returned nan: is a sum divided by zero?")
    return value


def _check_slope(
    trial: Trial, words: str, got: Tensor, mine: Tensor, slope: Tensor
) -> None:
    words = f"{words}: the gradient"
    if not got.requires_grad:
        trial.stop(
            words,
            "Your loss has no gradient, so nothing could learn from it. "
            "`argmax`, `.item()`, comparisons and `torch.no_grad` cut it off.",
        )
    (found,) = torch.autograd.grad(got.sum(), mine, allow_unused=True)
    near = found is not None and torch.allclose(found, slope, atol=1e-9)
    if not trial.expect(
        words,
        near,
        "The value is right, but its gradient is not that of the formula: a "
        "part of it is cut off.",
    ):
        trial.stop(words, "So training would go another way.")
