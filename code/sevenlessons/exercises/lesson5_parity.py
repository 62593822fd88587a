"""Checks of the parity page: a size, a mistake, a matrix, a gradient."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.page.wording import describe
from sevenlessons.scratch.toeplitz import toeplitz_matrix
from sevenlessons.scratch.windows import output_size

__all__ = [
    "check_conv_backward",
    "check_conv_matrix",
    "check_conv_size",
    "check_find_mistakes",
]


@exercise(
    "lesson5/conv_size",
    takes="size, kernel_size, stride, padding, dilation",
    asks="Return at how many places the window of a convolution fits along "
    "one axis.",
)
def check_conv_size(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check each argument alone, then many random settings."""
    cases = [
        ("a window that slides by one", (28, 3, 1, 0, 1), ""),
        ("a border", (28, 3, 1, 1, 1), "Padding is added at both ends."),
        (
            "a stride that does not come out even",
            (10, 3, 4, 0, 1),
            "A window that would reach over the end does not count: round "
            "down.",
        ),
        (
            "gaps in the kernel",
            (20, 3, 1, 0, 4),
            "With gaps of d the window covers d (k - 1) + 1 pixels.",
        ),
        ("a window as large as the picture", (9, 9, 3, 0, 1), ""),
        ("one pixel", (1, 1, 5, 0, 3), ""),
    ]
    for _ in range(12):
        kernel, gap = trial.random.randint(1, 7), trial.random.randint(1, 4)
        edge, step = trial.random.randint(0, 3), trial.random.randint(1, 5)
        size = gap * (kernel - 1) + 1 + trial.random.randint(0, 40)
        cases.append(("random settings", (size, kernel, step, edge, gap), ""))
    for words, (size, kernel, step, edge, gap), hint in cases:
        expected = output_size(
            size, kernel, stride=step, padding=edge, dilation=gap
        )
        args = [size, kernel, step, edge, gap]
        if not trial.equal(words, answer, args, expected, hint=hint):
            return


def _by_the_largest(x: Tensor) -> Tensor:
    x = x - x.max(dim=1, keepdim=True).values.detach()
    return x - x.exp().sum(dim=1, keepdim=True).log()


def _moved(x: Tensor) -> Tensor:
    return x - x.mean(dim=1, keepdim=True)


RIGHT: list[Callable[[Tensor], Tensor]] = [
    lambda x: functional.log_softmax(x, dim=1),
    lambda x: x - x.logsumexp(dim=1, keepdim=True),
    _by_the_largest,
]
PLANTED: dict[str, tuple[Callable[[Tensor], Tensor], str]] = {
    "a value that is off by a little": (
        lambda x: x.log_softmax(dim=1) + 1e-6,
        "One of them is off by 1e-6. In float64 that is no rounding: take a "
        "small tolerance, and numbers in float64.",
    ),
    "a value of the wrong axis": (
        lambda x: x.log_softmax(dim=0),
        "One of them works along the wrong axis. Try rows and columns that "
        "differ in number.",
    ),
    "a gradient": (
        lambda x: x - x.logsumexp(dim=1, keepdim=True).detach(),
        "One of them has right values and a wrong gradient.",
    ),
    "a gradient that a plain sum hides": (
        lambda x: x.log_softmax(dim=1) + _moved(x) - _moved(x).detach(),
        "One of them has a wrong gradient that vanishes in a plain sum of "
        "its numbers: weigh them unevenly before backward.",
    ),
    "large numbers": (
        lambda x: (x.exp() / x.exp().sum(dim=1, keepdim=True)).log(),
        "One of them fails for numbers in the hundreds, where e^x is too "
        "large or too small. NaN and infinity are not equal to a number.",
    ),
    "nothing but NaN in some rows": (
        lambda x: x.log_softmax(dim=1) + 0 * (x / 2).exp().pow(8),
        "One of them gives NaN for large numbers. NaN > limit is false: ask "
        "whether all are close, not whether one is far.",
    ),
    "negative numbers": (
        lambda x: x.clamp(min=0).log_softmax(dim=1),
        "One of them is wrong for negative numbers only.",
    ),
    "one row only": (
        lambda x: x - x.logsumexp(dim=1, keepdim=True)[:1],
        "One of them is right for the first row only.",
    ),
}


@exercise(
    "lesson5/find_mistakes",
    takes="candidates, reference",
    asks="Return the sorted names of the functions that differ from the "
    "reference, in value or gradient.",
)
def check_find_mistakes(trial: Trial, answer: Callable[..., Any]) -> None:
    """Plant each mistake among right functions, then none, then all."""

    def reference(x: Tensor) -> Tensor:
        return functional.log_softmax(x, dim=1)

    lists: list[tuple[str, list[str], str]] = [
        (f"finds {words}", [words], hint)
        for words, (_, hint) in PLANTED.items()
    ]
    lists.append(
        (
            "accuses nobody where all are right",
            [],
            "All of these are right: sums in another order differ by "
            "rounding, which is no mistake.",
        )
    )
    lists.append(("finds all of them", list(PLANTED), ""))
    for words, planted, hint in lists:
        functions = [(PLANTED[name][0], True) for name in planted]
        functions += [(f, False) for f in RIGHT]
        trial.random.shuffle(functions)
        names = trial.random.sample("abcdefghijklmnop", len(functions))
        named = list(zip(names, functions, strict=True))
        expected = sorted(name for name, (_, wrong) in named if wrong)
        candidates = {name: f for name, (f, _) in named}
        got = trial.call(words, answer, [candidates, reference])
        told = [*got] if isinstance(got, list | tuple) else [got]
        texts = all(isinstance(name, str) for name in told)
        if not trial.expect(
            words,
            texts and told == expected and not isinstance(got, str),
            f"of {len(names)} functions {len(expected)} were wrong"
            f" {expected}, and you returned {describe(got)}. {hint}",
            given=["candidates", "reference"],
        ):
            return


@exercise(
    "lesson5/conv_matrix",
    takes="kernel, n",
    asks="Return the matrix that does what the kernel does to n numbers in "
    "a row.",
)
def check_conv_matrix(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against the matrix of `scratch.toeplitz`, for several sizes."""
    for size, n in ((2, 4), (3, 8), (1, 3), (5, 5), (4, 9)):
        kernel = torch.randn(
            size, generator=trial.generator, dtype=torch.float64
        )
        expected = toeplitz_matrix(kernel[None, None, None], (1, n))
        if not trial.equal(
            f"a kernel of {size} on {n} numbers",
            answer,
            [kernel, n],
            expected,
            tolerance=1e-12,
            hint="Row i weighs the numbers from i to i + k - 1, the first of "
            "them with the first number of the kernel. There are n - k + 1 "
            "such places.",
        ):
            return


@exercise(
    "lesson5/conv_backward",
    takes="grad, x, kernel",
    asks="Return the gradients of a sliding weighted sum, by its input and "
    "by its kernel.",
)
def check_conv_backward(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check against autograd."""
    for size, n in ((2, 5), (3, 9), (1, 4), (4, 4), (5, 12)):
        x, kernel, grad = (
            torch.randn(m, generator=trial.generator, dtype=torch.float64)
            for m in (n, size, n - size + 1)
        )
        leaves = x.clone().requires_grad_(), kernel.clone().requires_grad_()
        y = leaves[0].unfold(0, size, 1) @ leaves[1]
        expected = torch.autograd.grad(y, leaves, grad)
        with torch.inference_mode():  # no autograd
            right = trial.equal(
                f"a kernel of {size} on {n} numbers",
                answer,
                [grad, x, kernel],
                expected,
                tolerance=1e-10,
                hint="A number of the input was in up to k windows: each "
                "sends its gradient, times the number of the kernel that it "
                "met. A number of the kernel met one input at every place.",
            )
        if not right:
            return
