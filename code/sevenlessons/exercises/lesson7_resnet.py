"""Checks of residual networks: a changing block, a zero start, ways, norms."""

from collections.abc import Callable
from typing import Any

import torch
from torch import nn

from sevenlessons.page.compare import difference
from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.vision.residual_blocks import BasicBlock, Bottleneck

from .lesson7_resnet_cases import (
    learns,
    norms_by_name,
    shaken,
    sums_of_ways,
)

__all__ = [
    "check_changing_block",
    "check_gradient_norms",
    "check_ways_through",
    "check_zero_start",
]


@exercise(
    "lesson7/changing_block",
    takes="in_channels, out_channels, stride",
    asks="Return a residual block that may change channels and size, with "
    "torchvision's names.",
)
def check_changing_block(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check names, shapes, scores in both modes, and the plain shortcut."""
    for words, shape in [
        ("more channels, half the size", (4, 8, 2)),
        ("more channels, the same size", (3, 5, 1)),
        ("the same channels, half the size", (6, 6, 2)),
        ("nothing changes", (6, 6, 1)),
    ]:
        block = trial.call(words, answer, list(shape))
        if not isinstance(block, nn.Module):
            trial.stop(
                words, "Return a block that torch can train: an nn.Module."
            )
        right = shaken(BasicBlock(*shape), trial)
        missing = set(right.state_dict()) ^ set(block.state_dict())
        if not trial.expect(
            f"{words}: the names of torchvision",
            not missing,
            "its weights and those of torchvision's block differ in the names "
            f"{sorted(missing)[:4]}. The layers are conv1, bn1, conv2, bn2 "
            "and, only where the shape changes, downsample with a "
            "convolution and a norm; no convolution has a bias.",
        ):
            return
        try:
            block.load_state_dict(right.state_dict())
        except RuntimeError as error:
            trial.stop(words, f"The weights do not fit: {error}")
        x = torch.randn(3, shape[0], 7, 6, generator=trial.generator)
        for mode in ("training", "evaluation"):
            for one in (right, block):
                one.train(mode == "training")
            got = trial.call(f"{words}, in {mode}", block, [x])
            wrong = difference(got, right(x), 1e-4)
            if not trial.expect(
                f"{words}, in {mode} mode",
                not wrong,
                f"{wrong} The stride belongs to "
                "the first convolution and to the shortcut. The last ReLU "
                "comes after the sum, the first one between the two "
                "convolutions, and the shortcut has none.",
            ):
                return


@exercise(
    "lesson7/zero_start",
    takes="block",
    asks="Make a residual block begin as the identity, able to learn.",
)
def check_zero_start(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check both kinds, at step 0 and after one step; the rest untouched."""
    for words, block, inputs in [
        ("a block of two convolutions", BasicBlock(6, 6), 6),
        ("a bottleneck", Bottleneck(8, 2), 8),
    ]:
        shaken(block, trial)
        before = {k: v.clone() for k, v in block.state_dict().items()}
        back = trial.call(words, answer, [block], may_change=True)
        if not trial.expect(
            f"{words} comes back",
            back is block,
            "return the block that you were given, changed in place.",
        ):
            return
        x = torch.rand(4, inputs, 5, 5, generator=trial.generator)
        if not trial.expect(
            f"{words} passes on what comes in",
            not difference(block(x), x, 1e-6),
            "before the first step the answer is not the input. The change "
            "must be exactly 0: scale and shift of the last batch norm.",
        ):
            return
        last = "bn2" if isinstance(block, BasicBlock) else "bn3"
        touched = {
            name
            for name, tensor in block.state_dict().items()
            if not torch.equal(tensor, before[name])
            and not name.endswith(
                ("running_mean", "running_var", "num_batches_tracked")
            )
        }
        if not trial.expect(
            f"{words}: only the last norm is changed",
            touched <= {f"{last}.weight", f"{last}.bias"},
            f"these were changed too: {sorted(touched)}. Leave all but the "
            "last batch norm as it was.",
        ):
            return
        if not trial.expect(
            f"{words} can learn",
            learns(block, x),
            "after one step of training it still passes on what comes in. "
            "Something is frozen, or no gradient gets through.",
        ):
            return


@exercise(
    "lesson7/ways_through",
    takes="matrices",
    asks="Return a list: the sum of all ways through k of the blocks, for "
    "each k.",
)
def check_ways_through(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check no block, one, blocks that do not commute, and a deep stack."""
    for words, count, size in [
        ("no block", 0, 3),
        ("one block", 1, 2),
        ("two blocks", 2, 3),
        ("five blocks", 5, 2),
        ("sixteen blocks", 16, 2),
    ]:
        matrices = torch.randn(
            count, size, size, generator=trial.generator, dtype=torch.float64
        )
        if count == 2:  # the order matters for sure
            matrices[:] = 0.0
            matrices[0, 0, 1] = matrices[1, 1, 2] = 1.5
        expected = sums_of_ways(matrices)
        if not trial.equal(
            words,
            answer,
            [matrices],
            expected,
            tolerance=1e-6 * max(float(e.abs().max()) for e in expected),
            hint="There are count + 1 sums. Add the blocks one by one: each "
            "way so far goes around the new block, or through it. The first "
            "block meets x first, so it stands on the right.",
        ):
            return


@exercise(
    "lesson7/gradient_norms",
    takes="model, images, target",
    asks="Return the length of the gradient of each convolution's weight, "
    "by the layer's name.",
)
def check_gradient_norms(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the numbers, and that model, gradients and mode are as before."""
    for training, stride in [(True, 1), (False, 2)]:
        model = nn.Sequential(
            shaken(BasicBlock(2, 4, stride), trial),
            nn.Sequential(nn.BatchNorm2d(4), nn.Conv2d(4, 3, 3)),
            nn.AdaptiveAvgPool2d(1),
            nn.Flatten(),
            nn.Linear(3, 3),
        ).train(training)
        drawn = [
            torch.randn(parameter.shape, generator=trial.generator)
            for parameter in model.parameters()
        ]
        for parameter, gradient in zip(model.parameters(), drawn, strict=True):
            parameter.grad = gradient
        images = torch.randn(6, 2, 8, 8, generator=trial.generator)
        target = torch.arange(6) % 3
        expected = norms_by_name(model, images, target)
        grads = [gradient.clone() for gradient in drawn]
        state = {k: v.clone() for k, v in model.state_dict().items()}
        words = f"a model in {'training' if training else 'evaluation'} mode"
        got = trial.call(
            words, answer, [model, images, target], may_change=True
        )
        wrong = difference(got, expected, 1e-4)
        if not trial.expect(
            words,
            not wrong,
            f"{wrong} One number for each nn.Conv2d, by its name in "
            "named_modules(): the length of the gradient of its weight on "
            "this batch alone, in the mode in which the model came.",
        ):
            return
        same_grads = all(
            p.grad is not None
            and before is not None
            and torch.equal(p.grad, before)
            for p, before in zip(model.parameters(), grads, strict=True)
        )
        if not trial.expect(
            f"{words}: gradients as before",
            same_grads,
            "the model's own .grad was changed. `torch.autograd.grad` "
            "returns gradients and leaves .grad alone.",
        ):
            return
        if not trial.expect(
            f"{words}: everything else as before",
            model.training == training
            and all(
                torch.equal(tensor, state[name])
                for name, tensor in model.state_dict().items()
            ),
            "the model was changed: its mode, its weights, or what its batch "
            "norms remember. A forward pass in training mode moves them; "
            "put them back, or work on a copy of the model.",
        ):
            return
