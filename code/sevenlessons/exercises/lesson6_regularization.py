"""Checks of dropout, batch norm's memory, folding, and group norm."""

from collections.abc import Callable
from typing import Any

import torch
from torch import Tensor
from torch.nn import functional

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.scratch.batch_norm import BatchNorm

__all__ = [
    "check_folded",
    "check_grouped",
    "check_kept_mean",
    "check_remembered",
]


def _numbers(trial: Trial, *shape: int) -> Tensor:
    return torch.randn(*shape, generator=trial.generator, dtype=torch.float64)


@exercise(
    "lesson6/kept_mean",
    takes="x, p, training",
    asks="Set numbers to zero at random, and keep the mean.",
)
def check_kept_mean(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the ends, predictions, the scale, and how the zeros fall."""
    x = _numbers(trial, 4, 5)
    for words, p, training, expected, hint in (
        ("predicting", 0.4, False, x, "Without training nothing happens."),
        ("p = 0", 0.0, True, x, "Nothing is dropped, nothing is scaled."),
        ("p = 1", 1.0, True, torch.zeros_like(x), "Mind 0 / 0."),
    ):
        if not trial.equal(
            words, answer, [x, p, training], expected, hint=hint
        ):
            return
    p = round(trial.random.choice((0.15, 0.2, 0.75, 0.8)), 2)
    x = _numbers(trial, 300, 400).abs() + 1
    words = f"training, p = {p}"
    first = trial.call(words, answer, [x, p, True])
    if not trial.expect(
        f"{words}: a tensor of the same shape",
        isinstance(first, Tensor) and first.shape == x.shape,
        f"Expected a tensor of shape {tuple(x.shape)}.",
    ):
        return
    zero = first == 0
    share = zero.double().mean().item()
    # 120,000 numbers: a deviation of 0.0012, so this is ten of them
    if not trial.expect(
        f"{words}: a share p of zeros",
        abs(share - p) < 0.012,
        f"{share:.1%} of the numbers are zero; p is the chance to be dropped.",
    ):
        return
    wanted = x[~zero] / (1 - p)
    if not trial.expect(
        f"{words}: what is kept is divided by 1 - p",
        torch.allclose(first[~zero].double(), wanted, rtol=1e-5),
        "Otherwise the mean falls with every layer.",
    ):
        return
    lines = torch.cat([zero.double().mean(0), zero.double().mean(1)])
    if not trial.expect(
        f"{words}: each number has its own luck",
        bool((lines - p).abs().max() < 0.2),
        "Whole rows or columns fell together.",
    ):
        return
    again = trial.call(words, answer, [x, p, True])
    both = (zero & (again == 0)).double().mean().item()
    if not trial.expect(
        f"{words}: other zeros the next time",
        abs(both - p * p) < 0.02,
        "Two calls must draw two masks that have nothing to do with each "
        "other.",
    ):
        return
    x = _numbers(trial, 1, 10).abs() + 1
    calls = [trial.call(words, answer, [x, p, True]) for _ in range(200)]
    counts = torch.tensor([(call == 0).sum().item() for call in calls])
    # ten throws of a coin: a variance of 10 p (1 - p), met within a tenth
    trial.expect(
        f"{words}: the number of zeros varies from call to call",
        counts.double().var().item() > 5 * p * (1 - p),
        "A fixed number of zeros is no chance for each number on its own.",
    )


@exercise(
    "lesson6/remembered",
    takes="batches, momentum, x",
    asks="Return what batch norm answers for x after it was trained on some "
    "batches.",
)
def check_remembered(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check the answer from memory after one batch and after ten."""
    momentum = round(trial.random.uniform(0.15, 0.35), 2)
    cases: list[tuple[str, list[int], tuple[int, ...], float, str]] = [
        (
            "one batch",
            [4],
            (3,),
            0.1,
            "The memory starts at mean 0 and variance 1 and takes momentum "
            "of the new, with the variance over n - 1.",
        ),
        (
            "ten batches",
            [trial.random.randint(3, 6) for _ in range(10)],
            (2,),
            momentum,
            "Every batch moves the memory, in its order.",
        ),
        (
            "ten batches of pictures",
            [trial.random.randint(2, 4) for _ in range(10)],
            (3, 2, 4),
            momentum,
            "Rows, heights and widths count alike; channels stand on axis 1.",
        ),
    ]
    for words, counts, shape, share, hint in cases:
        layer = BatchNorm(shape[0], momentum=share).double()
        spread = 1 + 2 * torch.arange(shape[0], dtype=torch.float64)
        batches = [
            (_numbers(trial, n, *shape) * 3 + step)
            .movedim(1, -1)
            .mul(spread)
            .movedim(-1, 1)
            for step, n in enumerate(counts)
        ]
        for batch in batches:
            layer(batch)
        x = _numbers(trial, 2, *shape) * 3 + 5
        expected = layer.eval()(x).detach()
        if not trial.equal(
            words,
            answer,
            [batches, share, x],
            expected,
            tolerance=1e-6,
            hint=f"{hint} Then x is judged by the memory alone: minus the "
            "mean, divided by the root of the variance plus 1e-5.",
        ):
            return


@exercise(
    "lesson6/folded",
    takes="weight, bias, mean, var, gamma, beta, eps",
    asks="Fold a batch norm into the convolution before it.",
)
def check_folded(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check that one convolution says what two layers said."""
    for words, has_bias, eps, size in (
        ("a bias of zero", False, 1e-5, 3),
        ("a bias", True, 1e-5, 3),
        ("a large eps", True, 0.5, 1),
        ("more outputs than inputs", True, 0.1, 2),
    ):
        inputs = trial.random.randint(2, 3)
        outputs = inputs + trial.random.randint(1, 3)
        weight = _numbers(trial, outputs, inputs, size, size)
        bias = _numbers(trial, outputs) * has_bias
        mean, beta = _numbers(trial, outputs), _numbers(trial, outputs)
        var = _numbers(trial, outputs).square() + 0.3
        gamma = _numbers(trial, outputs) + 2
        args = [weight, bias, mean, var, gamma, beta, eps]
        found = trial.call(words, answer, args)
        pair = isinstance(found, (tuple, list)) and len(found) == 2
        if not trial.expect(
            f"{words}: a weight and a bias",
            pair
            and all(isinstance(part, Tensor) for part in found)
            and found[0].shape == weight.shape
            and found[1].shape == bias.shape,
            f"Expected a pair of tensors of shapes {tuple(weight.shape)} and "
            f"{tuple(bias.shape)}.",
        ):
            return
        x = _numbers(trial, 2, inputs, 6, 5)
        before = functional.batch_norm(
            functional.conv2d(x, weight, bias),
            mean,
            var,
            gamma,
            beta,
            training=False,
            eps=eps,
        )
        now = functional.conv2d(x, *(part.double() for part in found))
        if not trial.expect(
            f"{words}: the outputs stayed",
            torch.allclose(now, before, rtol=1e-4, atol=1e-4),
            "Each output channel is scaled by gamma / sqrt(var + eps). The "
            "old bias loses the mean first, is scaled alike, and gets beta.",
        ):
            return


@exercise(
    "lesson6/grouped",
    takes="x, num_groups, gamma, beta",
    asks="Normalize groups of channels, picture by picture.",
)
def check_grouped(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check pictures, sequences and rows against torch."""
    for words, num_groups, each, after, hint in (
        ("pictures", 2, 3, (4, 3), "A group is some neighboring channels."),
        ("one group", 1, 4, (3, 2), "One group is all channels."),
        ("a channel each", 3, 1, (2, 5), "Channels alone: instance norm."),
        ("sequences", 3, 2, (4,), "Any number of axes may follow."),
        ("rows", 2, 4, (), "No axes may follow, too."),
    ):
        channels = num_groups * each
        level = torch.arange(channels, dtype=torch.float64)
        x = _numbers(trial, 5, channels, *after)
        x = (x.movedim(1, -1) * (1 + level) + 3 * level).movedim(-1, 1)
        x[0] *= 4  # rows differ, so that no other row may be looked at
        gamma = _numbers(trial, channels) + 2
        beta = _numbers(trial, channels)
        expected = functional.group_norm(x, num_groups, gamma, beta)
        if not trial.equal(
            words,
            answer,
            [x.contiguous(), num_groups, gamma, beta],
            expected,
            tolerance=1e-5,
            hint=f"{hint} Mean and variance (over n) are those of one group "
            "of one row; 1e-5 is added to the variance. Scale and shift "
            "belong to channels.",
        ):
            return
