"""Checks of the page on segmentation: IoU, a flip, a neighbor, a loss."""

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

_SMOOTHING = 1e-5  # what a small number above and below the bar may change


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
    nothing = torch.zeros(size, size, dtype=torch.long)
    cases = {
        "two classes": torch.tensor([[6, 2], [1, 3]]),
        f"{size} classes": whole,
        "a class that is neither there nor predicted": absent,
        "a class that is there and never predicted": missed,
        "every pixel is void, so nothing was counted": nothing,
    }
    hints = [
        "Union: what is there plus what is predicted, less what is both.",
        "",
        "0 / 0 is no score: such a class counts in no mean.",
        "It is there, so it counts, with an IoU of 0.",
        "No class is left: return float('nan'), not 0 and no error.",
    ]
    for (words, counts), hint in zip(cases.items(), hints, strict=True):
        expected = pixel_scores(counts)["mean_iou"]
        if not trial.equal(
            words, answer, [counts], expected, tolerance=1e-6, hint=hint
        ):
            return


def _counts(trial: Trial, size: int) -> Tensor:
    pairs = torch.randint(size, (2, 400), generator=trial.generator)
    pairs[1, :250] = pairs[0, :250]
    return confusion_counts(pairs[0], pairs[1], size)


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
    some = torch.arange(count) % trial.random.randint(2, 3) == 0
    cases = {
        "no flip": some & ~some,
        "all flipped": some | ~some,
        "some flipped, some not": some,
        "the others flipped": ~some,
    }
    for words, flips in cases.items():
        images, masks = _drawn(trial, count, height, width)
        chosen = flips[:, None, None]
        expected = (
            torch.where(chosen[:, None], images.flip(-1), images),
            torch.where(chosen, masks.flip(-1), masks),
        )
        got = trial.call(words, answer, [images, masks, flips])
        wrong = difference(got, expected)
        detail = f"You returned {describe(got)}, {wrong} {_about_pair(got)}"
        if not trial.expect(words, not wrong, detail):
            return


def _drawn(
    trial: Trial, count: int, height: int, width: int
) -> tuple[Tensor, Tensor]:
    """Return pictures whose color says the class, and their masks."""
    shape, source = (count, height, width), trial.generator
    masks = torch.randint(5, shape, generator=source)
    noise = torch.randint(40, (count, 3, *shape[1:]), generator=source)
    return (masks[:, None] * 40 + noise).to(torch.uint8), masks


def _about_pair(got: Any) -> str:
    """Say how well pictures and masks agree, where both are there."""
    try:
        pictures, masks = got
        lies = (pictures[:, 0] // 40 == masks).double().mean().item()
    except Exception:  # not two, or no tensors that fit each other
        return "Return two tensors: the pictures, then their masks."
    if lies < 1:
        return (
            f"Only {100 * lies:.1f} % of the pixels still lie under their "
            "own class. What moves the picture must move its mask."
        )
    return (
        "Each mask lies on its picture, but the wrong ones were mirrored, or "
        "the wrong way: left and right is the last axis."
    )


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
        about = _about(got, masks, known)
        said = f"You returned {describe(got)}, {wrong} {about}"
        if not trial.expect(words, not wrong, said):
            return


def _about(got: Any, masks: Tensor, known: list[int]) -> str:
    """Say which slices were copied, without saying which are right."""
    if not isinstance(got, Tensor) or got.shape[1:] != masks.shape[1:]:
        return "One mask for each slice of the slab is asked for."
    forbidden = [i for i in got[:, 0, 0].tolist() if i not in known]
    if forbidden:
        where = "which lies in the slab or in the gap: nobody learns from it"
        return f"Slice {forbidden[0]} was copied, {where}."
    return (
        "Each slice has a nearest one of its own; of two that are equally "
        "near take the lower."
    )


@exercise(
    "lesson3/dice_loss",
    takes="scores, target",
    asks="Return one minus the mean soft Dice of the classes in `target`, "
    "as a tensor that has a gradient.",
)
def check_dice_loss(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check value and gradient against the formula, and 0 when perfect."""
    classes = trial.random.randint(3, 5)
    width, source = trial.random.randint(5, 7), trial.generator
    target = torch.randint(classes, (2, 4, width), generator=source)
    absent = target.clone()
    absent[absent == 1] = 0
    sure = 60.0 * torch.nn.functional.one_hot(target, classes)
    noise = torch.randn(2, classes, 4, width, generator=source)
    cases = [
        ("a perfect and sure answer has loss 0", sure.movedim(-1, 1), target),
        ("random scores", noise, target),
        ("scores ten times as sure", 10 * noise, target),
        ("a class that is not in the target", noise.clone(), absent),
    ]
    sums = (
        "Sum over all pixels of the batch, divide, then take the mean of the "
        "classes. A small number against 0 / 0: 1e-6 at most."
    )
    hints = {
        2: "Dice is made of probabilities: softmax over the axis of classes.",
        3: "Leave out a class that the target does not have.",
    }
    for place, (words, scores, truth) in enumerate(cases):
        scores = scores.double()
        leaf, mine = (scores.clone().requires_grad_() for _ in range(2))
        expected = DiceLoss()(leaf, truth)
        (slope,) = torch.autograd.grad(expected, leaf)
        # `mine` itself, so that its gradient can be asked for
        got = trial.call(words, answer, [mine, truth], may_change=True)
        value = _as_number(trial, words, got)
        wrong = difference(value, expected.item(), _SMOOTHING)
        hint = hints.get(place, sums)
        said = f"You returned {value:.6g}, {wrong} {hint}"
        if not trial.expect(words, not wrong, said):
            return
        _check_slope(trial, words, got, mine, slope)


def _as_number(trial: Trial, words: str, got: Any) -> float:
    """Return the loss, or stop with why it is none."""
    known = isinstance(got, Tensor) and got.is_floating_point()
    if not known or got.numel() != 1:
        said = f"A tensor with one number is asked for, not {describe(got)}."
        trial.stop(words, said)
    if got.isnan():
        trial.stop(words, "You returned nan: is a sum divided by zero?")
    return float(got.detach())


def _check_slope(
    trial: Trial, words: str, got: Tensor, mine: Tensor, slope: Tensor
) -> None:
    """Compare the gradient of a loss whose value is right."""
    words, found = f"{words}: the gradient", None
    if got.requires_grad:
        (found,) = torch.autograd.grad(got.sum(), mine, allow_unused=True)
    if found is None:
        trial.stop(
            words,
            "Your loss has no gradient, so nothing could learn from it. "
            "`argmax`, `.item()`, comparisons and `torch.no_grad` cut it off.",
        )
    if not trial.expect(words, torch.allclose(found, slope, 1e-4, 1e-7)):
        trial.stop(words, "A part of the gradient is cut off.")
