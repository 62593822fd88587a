"""Checks of the U-Net page: unshuffle, ICNR, sizes of skips, their worth."""

import copy
from collections.abc import Callable, Sequence
from typing import Any

import torch
import torch.nn.functional as F
from torch import Tensor, nn

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.training.hooks import keep_outputs
from sevenlessons.vision.modes import evaluating
from sevenlessons.vision.small_unet import SmallUNet

__all__ = [
    "check_icnr_weight",
    "check_skip_costs",
    "check_skip_sizes",
    "check_unshuffle",
]

_APART = 0.02  # by how much a mistake must show, ten times the tolerance


@exercise(
    "lesson7/unshuffle",
    takes="x, factor",
    asks="Return smaller pictures with more channels: pixel shuffle undone.",
)
def check_unshuffle(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check factors 1 to 4, several channels, pictures that are not square."""
    for words, shape, factor in [
        ("one channel, factor 2", (1, 1, 4, 6), 2),
        ("three channels, factor 2", (2, 3, 4, 6), 2),
        ("factor 3", (2, 2, 9, 6), 3),
        ("factor 4", (1, 2, 4, 8), 4),
        ("factor 1", (2, 3, 2, 5), 1),
    ]:
        x = torch.randn(shape, generator=trial.generator)
        if not trial.equal(
            words,
            answer,
            [x, factor],
            F.pixel_unshuffle(x, factor),
            hint="`nn.PixelShuffle(factor)` of your answer must give `x` "
            "back: the square's rows come before its columns, and all "
            "pixels of one channel before those of the next.",
        ):
            return


@exercise(
    "lesson7/icnr_weight",
    takes="part, factor",
    asks="Return the weights of all factor * factor output channels, so that "
    "a pixel shuffle after the convolution repeats its pixels.",
)
def check_icnr_weight(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check by a convolution and a pixel shuffle, for factors 2, 3 and 1."""
    for words, shape, factor in [
        ("factor 3, four channels", (4, 2, 3, 3), 3),
        ("factor 3, one channel", (1, 3, 1, 1), 3),
        ("factor 2", (3, 2, 3, 3), 2),
        ("factor 1", (2, 2, 1, 1), 1),
    ]:
        part = torch.randn(shape, generator=trial.generator)
        weight = trial.call(words, answer, [part, factor])
        made = (shape[0] * factor**2, *shape[1:])
        right_shape = isinstance(weight, Tensor) and weight.shape == made
        if not trial.expect(
            f"{words}: shape",
            right_shape,
            f"expected a tensor of shape {made}, got "
            f"{tuple(getattr(weight, 'shape', ()))}.",
        ):
            return
        x = torch.randn(2, shape[1], 5, 4, generator=trial.generator)
        edge = shape[-1] // 2
        large = F.pixel_shuffle(F.conv2d(x, weight, padding=edge), factor)
        small = F.conv2d(x, part, padding=edge)
        nearest = small.repeat_interleave(factor, 2)
        nearest = nearest.repeat_interleave(factor, 3)
        wrong = difference(large, nearest, 1e-4)
        if not trial.expect(
            f"{words}: the nearest pixel",
            not wrong,
            f"{wrong} Which channels does pixel shuffle lay side by side?",
        ):
            return


@exercise(
    "lesson7/skip_sizes",
    takes="size, layers",
    asks="Return the heights and widths of the maps that skips carry, the "
    "largest first.",
)
def check_skip_sizes(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check three encoders against what hooks see, at odd sizes."""
    odd = 2 * trial.random.randint(20, 40) + 1
    even = 4 * trial.random.randint(10, 20) + 2
    for words, layers, size in [
        ("three halvings", [(3, 2, 1)] * 3, (odd, even)),
        (
            "layers that keep the size between",
            [(3, 1, 1), (3, 2, 1), (3, 1, 1), (1, 1, 0), (2, 2, 0)],
            (even, odd),
        ),
        (
            "a large stem, and a layer that cuts the border",
            [(7, 2, 3), (3, 2, 0), (3, 1, 1), (3, 1, 0), (3, 2, 1)],
            (odd, odd + 10),
        ),
    ]:
        if not trial.equal(
            words,
            answer,
            [size, layers],
            _seen(size, layers),
            hint="The picture is the first map. Of each size, only the last "
            "map counts, and the smallest size has no skip. A layer with "
            "kernel k, stride s and padding p makes (n + 2p - k) // s + 1 "
            "of n.",
        ):
            return


def _seen(
    size: tuple[int, int], layers: Sequence[tuple[int, int, int]]
) -> list[tuple[int, int]]:
    """Return what hooks see in a real encoder of these layers."""
    net = nn.Sequential(
        *[nn.Conv2d(1, 1, k, stride=s, padding=p) for k, s, p in layers]
    )
    names = {str(i): layer for i, layer in enumerate(net)}
    with torch.no_grad(), keep_outputs(names) as kept:
        net(torch.zeros(1, 1, *size))
    sizes = [size]
    for name in names:
        output = kept[name].output
        if output is not None and tuple(output.shape[2:]) != sizes[-1]:
            sizes.append((output.shape[2], output.shape[3]))
    return sizes[:-1]


@exercise(
    "lesson7/skip_costs",
    takes="model, images, target",
    asks="Return how much accuracy falls when one skip is cut, for each "
    "skip, the largest size first.",
)
def check_skip_costs(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check two depths, both modes, and that the model stays as it was."""
    for depth, training in [(2, False), (3, True)]:
        case = _case(depth, trial.random.randrange(10**6))
        if not _tells(*case):
            case = _case(depth, seed=0)  # this one does
        model, images, target = case
        model.train(training)
        expected = _costs(model, images, target)
        before = {k: v.clone() for k, v in model.state_dict().items()}
        words = f"{depth} skips, a model that comes in " + (
            "training mode" if training else "evaluation mode"
        )
        got = trial.call(
            words, answer, [model, images, target], may_change=True
        )
        wrong = difference(got, expected, 2e-3)
        if not trial.expect(
            words,
            not wrong,
            f"{wrong} A cost is the share of right pixels before less that "
            "after. `mix` reads the enlarged maps first and the skip behind "
            "them: cut the second half, at one size at a time. Measure in "
            "evaluation mode.",
        ):
            return
        same = all(
            torch.equal(value, before[name])
            for name, value in model.state_dict().items()
        )
        if not trial.expect(
            "the model as it was",
            same and model.training == training,
            "afterwards weights, remembered means or the mode had changed. "
            "Work on a copy (`copy.deepcopy`), or put everything back.",
        ):
            return


def _case(depth: int, seed: int) -> tuple[SmallUNet, Tensor, Tensor]:
    """Return a model, pictures, and its own answers, a tenth spoiled."""
    draw = torch.Generator().manual_seed(seed)
    model = SmallUNet(1, 3, width=4, depth=depth, seed=seed)
    images = torch.randn(6, 1, 24, 24, generator=draw)
    with torch.no_grad():
        model(2 * images + 1)  # something for the norms to remember
        with evaluating(model):
            middle = model(images).mean((0, 2, 3))
            model.last.get_parameter("bias").sub_(middle)
            target = model(images).argmax(1)
    spoiled = torch.rand(target.shape, generator=draw) < 0.1
    target[spoiled] = (target[spoiled] + 1) % 3
    return model, images, target


def _tells(model: SmallUNet, images: Tensor, target: Tensor) -> bool:
    """Return whether every usual mistake shows in these costs."""
    right = torch.tensor(_costs(model, images, target))
    mistakes = [torch.zeros_like(right), right.flip(0)]
    for how in ("training", "enlarged", "kept_cut"):
        costs = _costs(model, images, target, **{how: True})
        mistakes.append(torch.tensor(costs))
    return all((right - m).abs().max() > _APART for m in mistakes)


def _costs(
    model: SmallUNet,
    images: Tensor,
    target: Tensor,
    *,
    training: bool = False,
    enlarged: bool = False,
    kept_cut: bool = False,
) -> list[float]:
    """Return what each skip is worth to the accuracy, largest size first.

    Or what a mistake finds: training mode, the other half cut, cuts kept.
    """
    used = copy.deepcopy(model)  # training mode changes what norms remember
    used.train(training)

    def accuracy() -> float:
        return (used(images).argmax(1) == target).double().mean().item()

    costs = []
    with torch.no_grad():
        plain = accuracy()
        for level in reversed(list(used.levels)):
            weight = level.get_parameter("mix.0.weight")
            kept = weight.clone()
            middle = weight.shape[1] // 2
            weight[:, slice(middle) if enlarged else slice(middle, None)] = 0
            costs.append(plain - accuracy())
            if not kept_cut:
                weight.copy_(kept)
    return costs
