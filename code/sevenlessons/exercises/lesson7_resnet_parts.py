"""Checks of ResNet parts: maps side by side, a count, a direction, a vote."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor, nn

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.vision.residual_blocks import BasicBlock
from sevenlessons.vision.resnet import ResNet

__all__ = [
    "check_as_long",
    "check_resnet_parameters",
    "check_side_by_side",
    "check_vote",
]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


class _Mix(nn.Module):
    """A convolution of one pixel, then ReLU: cares about every channel."""

    def __init__(self, weight: Tensor) -> None:
        super().__init__()
        self.weight = weight

    def forward(self, x: Tensor) -> Tensor:
        if x.shape[1] != self.weight.shape[1]:
            raise ValueError(
                f"expected {self.weight.shape[1]} maps, got {x.shape[1]}; "
                "each layer reads all maps before it"
            )
        return torch.einsum("oc,nchw->nohw", self.weight, x).tanh()


@exercise(
    "lesson7/side_by_side",
    takes="x, layers",
    asks="Return all maps, the input first; each layer reads all before it.",
)
def check_side_by_side(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check no layer, one, and several that make unlike numbers of maps."""
    for words, channels, grown in [
        ("one layer", 3, (2,)),
        ("three layers", 2, (2, 2, 2)),
        ("layers of unlike growth", 4, (1, 3, 2)),
        ("no layer", 3, ()),
    ]:
        x = _numbers(trial, 2, channels, 3, 4)
        layers, expected = [], x
        for growth in grown:
            layer = _Mix(_numbers(trial, growth, expected.shape[1]))
            expected = torch.cat([expected, layer(expected)], 1)
            layers.append(layer)
        if not trial.equal(
            words,
            answer,
            [x, layers],
            expected,
            tolerance=1e-9,
            hint="The maps that came in are the first channels; what a layer "
            "makes comes after all before it, and the next layer reads all.",
        ):
            return


@exercise(
    "lesson7/resnet_parameters",
    takes="depths, num_classes",
    asks="Return how many parameters a ResNet of basic blocks has.",
)
def check_resnet_parameters(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the two published networks, and lists that nobody published."""
    drawn = [trial.random.randint(1, 4) for _ in range(4)]
    for words, depths, num_classes in [
        ("ResNet18", (2, 2, 2, 2), 1000),
        ("ResNet34", (3, 4, 6, 3), 1000),
        ("one block a stage, ten classes", (1, 1, 1, 1), 10),
        ("another list", tuple(drawn), trial.random.randint(2, 60)),
    ]:
        with torch.device("meta"):
            model = ResNet(BasicBlock, depths, num_classes)
        expected = sum(p.numel() for p in model.parameters())
        if not trial.equal(
            words,
            answer,
            [depths, num_classes],
            expected,
            hint="A batch norm has two numbers a channel that a gradient "
            "changes; the first block of stages 2, 3 and 4 has a shortcut "
            "with weights; the linear layer has a bias.",
        ):
            return


@exercise(
    "lesson7/as_long",
    takes="drawn, weight",
    asks="Return drawn, each filter as long as the same filter of weight.",
)
def check_as_long(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check convolutions, linear layers, and filters of unlike lengths."""
    for words, shape in [
        ("a convolution", (4, 3, 3, 2)),
        ("a linear layer", (3, 5)),
        ("as many filters as inputs", (4, 4, 1, 1)),
        ("a convolution of sound", (2, 3, 5)),
    ]:
        weight = _numbers(trial, *shape)
        each = torch.arange(1.0, 1.0 + shape[0], dtype=torch.float64)
        weight = weight * each.view(-1, *[1] * (len(shape) - 1))
        drawn = _numbers(trial, *shape)
        expected = torch.stack(
            [
                one * (other.norm() / one.norm())
                for one, other in zip(drawn, weight, strict=True)
            ]
        )
        if not trial.equal(
            words,
            answer,
            [drawn, weight],
            expected,
            tolerance=1e-9,
            hint="One length for each filter, taken over all its other axes; "
            "the directions stay those that were drawn.",
        ):
            return


@exercise(
    "lesson7/vote",
    takes="scores",
    asks="Return the classes with the largest mean probability.",
)
def check_vote(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check a boaster, a majority, large scores, and random ones."""
    lots = torch.tensor([[0.0, 3.0]])
    boaster = torch.tensor([[30.0, 0.0]])
    mild = torch.tensor([[0.0, 1.0]])
    for words, scores, hint in [
        (
            "one boaster among four",
            [boaster, lots, lots, lots],
            "Average probabilities: a score has no end, a probability has.",
        ),
        (
            "one certain, two in doubt",
            [boaster, mild, mild],
            "Do not count heads: how sure each one is counts too.",
        ),
        (
            "large scores",
            [boaster + 1000, lots + 1000, lots - 1000, lots],
            "A softmax must not overflow: torch's does not.",
        ),
        (
            "five networks, many rows",
            [4 * _numbers(trial, 50, 3) for _ in range(5)],
            "",
        ),
        ("one network", [_numbers(trial, 6, 4)], ""),
    ]:
        shares = torch.stack([one.softmax(1) for one in scores]).mean(0)
        if not trial.equal(
            words, answer, [scores], shares.argmax(1), hint=hint
        ):
            return
