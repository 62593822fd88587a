"""Checks of convolution by hand: a shape, channels, a shift, a field."""

from collections.abc import Callable, Sequence
from itertools import product
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe

__all__ = [
    "check_answer_shape",
    "check_depthwise",
    "check_moving_kernel",
    "check_receptive_size",
]


@exercise(
    "lesson6/answer_shape",
    takes="picture_shape, weight_shape, stride, padding, dilation",
    asks="Return the shape of the answer of a convolution.",
)
def check_answer_shape(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check shapes against torch, over a product of settings."""
    draw = trial.random
    plain: list[Any] = [(2, 3, 28, 20), (8, 3, 3, 3), (1, 1), (0, 0), (1, 1)]
    cases = [("a plain convolution", plain, "")]
    for words, place, value, hint in (
        ("a border", 3, (1, 2), "Padding is added at both ends."),
        (
            "a stride that does not come out even",
            2,
            (4, 7),
            "A window that would reach over the end does not count.",
        ),
        (
            "gaps in the kernel",
            4,
            (3, 2),
            "A kernel of k numbers with gaps of d covers d (k - 1) + 1 "
            "pixels.",
        ),
        (
            "groups",
            1,
            (6, 1, 5, 2),
            "How many channels come out says the first axis of the weights.",
        ),
    ):
        case = list(plain)
        case[place] = value
        cases.append((words, case, hint))
    settings = list(product((1, 2, 3), (0, 1, 2), (1, 2, 4)))
    for _ in range(12):
        kernel = [draw.randint(1, 5), draw.randint(1, 5)]
        rows, columns = draw.sample(settings, 2)
        pairs = [list(pair) for pair in zip(rows, columns, strict=True)]
        size = [
            gap * (k - 1) + 1 + draw.randint(0, 30)
            for k, gap in zip(kernel, pairs[2], strict=True)
        ]
        n, channels, made = draw.sample(range(1, 10), 3)
        case = [(n, channels, *size), (made, channels, *kernel)]
        cases.append(("random settings", case + list(map(tuple, pairs)), ""))
    for words, args, hint in cases:
        if not trial.equal(words, answer, args, _shape(*args), hint=hint):
            return


def _shape(
    picture: Sequence[int],
    weight: Sequence[int],
    stride: tuple[int, int],
    padding: tuple[int, int],
    dilation: tuple[int, int],
) -> tuple[int, ...]:
    """Return the shape that torch gives, without computing a number."""
    made = functional.conv2d(
        torch.empty(*picture, device="meta"),
        torch.empty(*weight, device="meta"),
        stride=stride,
        padding=padding,
        dilation=dilation,
        groups=picture[1] // weight[1],
    )
    return tuple(made.shape)


@exercise(
    "lesson6/depthwise",
    takes="x, weight, stride, padding",
    asks="Convolve each channel with a kernel of its own.",
)
def check_depthwise(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check values against torch with as many groups as channels."""
    cases = [
        ("one channel", (2, 1, 5, 6), (3, 3), 1, 0, ""),
        (
            "three channels",
            (2, 3, 6, 5),
            (3, 3),
            1,
            0,
            "Channel c of the answer sees channel c of the picture alone, "
            "through weight[c, 0].",
        ),
        (
            "a kernel that is not square",
            (1, 4, 6, 7),
            (2, 3),
            1,
            0,
            "Rows first. The kernel is not turned around.",
        ),
        ("a stride", (2, 3, 9, 8), (3, 2), 2, 0, "The stride is for both."),
        (
            "a border",
            (2, 2, 5, 4),
            (3, 3),
            1,
            1,
            "The border holds zeros, on all four sides.",
        ),
        ("stride and border", (1, 5, 8, 9), (4, 3), 3, 2, ""),
    ]
    for words, shape, kernel, stride, padding, hint in cases:
        x = _numbers(trial, *shape)
        weight = _numbers(trial, shape[1], 1, *kernel)
        expected = functional.conv2d(
            x, weight, stride=stride, padding=padding, groups=shape[1]
        )
        args = [x, weight, stride, padding]
        if not trial.equal(
            words, answer, args, expected, tolerance=1e-9, hint=hint
        ):
            return


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


# what moves where: rows down, columns to the right
_MOVES = {"up": (-1, 0), "down": (1, 0), "left": (0, -1), "right": (0, 1)}


@exercise(
    "lesson6/moving_kernel",
    takes="direction",
    asks="Return a kernel that moves the picture by one pixel.",
)
def check_moving_kernel(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that a random picture is shifted, in all four directions."""
    directions = list(_MOVES)
    trial.random.shuffle(directions)
    for direction in directions:
        words = f"a picture that goes {direction}"
        kernel = trial.call(words, answer, [direction])
        if not trial.expect(
            f"{direction}: a tensor of 3 by 3 numbers",
            isinstance(kernel, Tensor) and kernel.shape == (3, 3),
            f"Expected a tensor of shape (3, 3), got {describe(kernel)}.",
        ):
            return
        down, right = _MOVES[direction]
        picture = _numbers(trial, 1, 1, 6, 4)
        wide = functional.pad(picture, (1, 1, 1, 1))
        expected = wide[:, :, 1 - down : 7 - down, 1 - right : 5 - right]
        moved = functional.conv2d(
            picture, kernel.detach().double()[None, None], padding=1
        )
        if not trial.expect(
            words,
            moved.shape == expected.shape
            and bool((moved - expected).abs().max() < 1e-9),
            f"After functional.conv2d with padding=1 a picture is not moved "
            f"{direction} by one pixel, with zeros coming in. Each pixel of "
            "the answer must be one neighbor's value: ask which one.",
        ):
            return


@exercise(
    "lesson6/receptive_size",
    takes="layers",
    asks="Return how many pixels a number after a stack of layers can see.",
)
def check_receptive_size(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check stacks against the pixels that get a gradient."""
    draw = trial.random
    cases = [
        ("one layer", [(3, 1, 1)], ""),
        (
            "two layers",
            [(3, 1, 1), (5, 1, 1)],
            "The second layer adds what its window covers beyond one number.",
        ),
        (
            "a stride in the first layer",
            [(3, 2, 1), (3, 1, 1)],
            "After a stride of 2, neighbors are 2 pixels apart.",
        ),
        (
            "a stride in the last layer",
            [(3, 1, 1), (3, 2, 1)],
            "A stride only matters for the layers after it.",
        ),
        (
            "gaps",
            [(3, 1, 2), (3, 1, 4)],
            "With gaps of d a window covers d (k - 1) + 1 numbers.",
        ),
        (
            "two strides",
            [(2, 2, 1), (3, 2, 1), (3, 1, 2)],
            "Strides multiply.",
        ),
        ("a kernel of one pixel", [(3, 2, 1), (1, 3, 1), (3, 1, 1)], ""),
    ]
    for _ in range(8):
        stack = [
            (draw.randint(1, 5), draw.randint(1, 3), draw.randint(1, 3))
            for _ in range(draw.randint(2, 4))
        ]
        cases.append(("a random stack", stack, ""))
    for words, layers, hint in cases:
        expected = _seen(layers)
        if not trial.equal(words, answer, [layers], expected, hint=hint):
            return


def _seen(layers: Sequence[tuple[int, int, int]]) -> int:
    """Return from where to where one number has a gradient, in pixels."""
    line = torch.ones(1, 1, 1500, dtype=torch.float64, requires_grad=True)
    x = line
    for kernel, stride, dilation in layers:
        ones = torch.ones(1, 1, kernel, dtype=torch.float64)
        x = functional.conv1d(x, ones, stride=stride, dilation=dilation)
    (grad,) = torch.autograd.grad(x[0, 0, 0], line)
    where = grad[0, 0].nonzero()
    return int(where.max() - where.min()) + 1
