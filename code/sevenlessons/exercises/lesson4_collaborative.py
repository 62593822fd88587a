"""Checks of the page on ratings: ranking by bias, the range, neighbors."""

from collections.abc import Callable
from numbers import Integral
from typing import Any

import torch
from torch import Tensor

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = ["check_neighbors", "check_range", "check_ranking"]


def _whole(trial: Trial, low: int, high: int, count: int) -> Tensor:
    return torch.randint(low, high, (count,), generator=trial.generator)


def _is_whole(number: Any) -> bool:
    number = number.item() if isinstance(number, Tensor) else number
    return isinstance(number, Integral) and not isinstance(number, bool)


@exercise(
    "lesson4/ranked_by_bias",
    takes="bias, counts, min_count",
    asks="Return the numbers of the films with at least min_count ratings, "
    "the one with the highest bias first.",
)
def check_ranking(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check rankings: films, not places among the kept ones."""
    size = trial.random.randint(30, 60)
    bias = torch.randperm(size, generator=trial.generator) / size - 0.5
    counts = _whole(trial, 0, 40, size)
    counts[bias.argmax()] = 3  # the best of all has few ratings
    counts[:3] = torch.tensor([2, 20, 19])
    cases = [
        (
            "all films are kept",
            torch.tensor([0.3, -0.2, 0.5, 0.1]),
            torch.tensor([30, 22, 25, 99]),
            20,
            "The highest bias comes first.",
        ),
        (
            "one film has too few ratings",
            torch.tensor([0.9, -0.2, 0.5, 0.1, -0.7]),
            torch.tensor([19, 20, 25, 99, 21]),
            20,
            "Return the numbers of the films in the full list, not their "
            "places among those that are kept; min_count itself is enough.",
        ),
        ("many films", bias, counts, 20, ""),
        ("another minimum", bias, counts, 11, "Use min_count as given."),
        (
            "no film has as many",
            torch.tensor([0.1, 0.2]),
            torch.tensor([4, 0]),
            5,
            "Then the answer is empty.",
        ),
    ]
    for words, biases, seen, min_count, hint in cases:
        rows = [
            (-float(b), i)
            for i, (b, n) in enumerate(zip(biases, seen, strict=True))
            if int(n) >= min_count
        ]
        expected = [i for _, i in sorted(rows)]
        got = trial.call(words, answer, [biases, seen, min_count])
        numbers = got.tolist() if isinstance(got, Tensor) else got
        right = isinstance(numbers, list) and numbers == expected
        if right and not all(_is_whole(n) for n in numbers):
            right, hint = False, "The number of a film is a whole number."
        detail = f"you returned {numbers}, which is not right. {hint}"
        if not trial.expect(words, right, detail):
            return


@exercise(
    "lesson4/in_range",
    takes="scores, low, high",
    asks="Return the scores squeezed between low and high by a sigmoid.",
)
def check_range(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check values, the ends, the gradient there, and the way back."""
    low = trial.random.uniform(-3.0, 1.0)
    high = low + trial.random.uniform(2.0, 7.0)
    middle = torch.zeros(3)
    if not trial.equal(
        "a score of 0 is the middle of the range",
        answer,
        [middle, low, high],
        torch.full((3,), (low + high) / 2),
        tolerance=1e-5,
        hint="The sigmoid of 0 is one half: half way from low to high.",
    ):
        return
    far = torch.tensor([-200.0, -40.0, 40.0, 200.0])
    if not trial.equal(
        "scores far out come to the ends, and are finite",
        answer,
        [far, low, high],
        torch.tensor([low, low, high, high]),
        tolerance=1e-5,
        hint="exp of a large number is infinite; torch.sigmoid knows how to "
        "avoid that.",
    ):
        return
    ratings = low + (high - low) * torch.rand(
        2, 5, generator=trial.generator
    ).clamp(0.02, 0.98)
    share = (ratings - low) / (high - low)
    if not trial.equal(
        "the scores of known ratings give these ratings back",
        answer,
        [torch.log(share / (1 - share)), low, high],
        ratings,
        tolerance=1e-4,
        hint="The way back is log(s / (1 - s)) of the share s of the range.",
    ):
        return
    words = "the gradient is small near the ends, and a number"
    scores = torch.tensor([-90.0, -3.0, 0.0, 2.0, 90.0])
    scores.requires_grad_()
    found = trial.call(words, answer, [scores, low, high], may_change=True)
    if not isinstance(found, Tensor) or not found.requires_grad:
        trial.stop(words, "no gradient flows back; use torch functions only")
    (gradient,) = torch.autograd.grad(found.sum(), scores)
    half = torch.sigmoid(scores.detach())
    expected = (high - low) * half * (1 - half)
    right = torch.allclose(gradient, expected, atol=1e-5)
    trial.expect(
        words,
        right,
        "the gradient is not that of a sigmoid: no clamp, and nothing that "
        "becomes infinite on the way.",
    )


@exercise(
    "lesson4/neighbors",
    takes="factors, film, k",
    asks="Return the numbers of the k films whose factors have the largest "
    "cosine to those of one film, itself left out, the nearest first.",
)
def check_neighbors(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check neighbors against brute force, lengths and signs mixed."""
    toy = torch.tensor(
        [[1.0, 0.0], [9.0, 9.0], [0.5, 0.1], [-3.0, 0.0], [0.0, 2.0]]
    )
    # directions a step apart, so that no two films are equally near
    steps = 0.09 * torch.randperm(16, generator=trial.generator)
    lengths = 0.2 + 5 * torch.rand(16, 1, generator=trial.generator)
    fan = lengths * torch.stack([steps.cos(), steps.sin()], dim=1)
    # the asked one at an end of the fan: from there all angles differ
    end = int(steps.argmin())
    count = trial.random.randint(20, 30)
    wide = torch.randn(count, 6, generator=trial.generator)
    wide *= 0.1 + 4 * torch.rand(count, 1, generator=trial.generator)
    asked = trial.random.randrange(1, count)
    cases: list[tuple[str, Tensor, int, int, str]] = [
        (
            "a long vector is not nearer than a short one",
            toy,
            0,
            2,
            "Divide by the lengths: only the direction counts.",
        ),
        (
            "the opposite direction is the farthest",
            toy,
            3,
            4,
            "A cosine of minus one is the smallest; do not take its size.",
        ),
        ("a fan of directions", fan, end, 5, ""),
        ("random factors", wide, asked, 7, ""),
        (
            "the longest vector is not near everything",
            wide,
            int(wide.norm(dim=1).argmin()),
            count - 1,
            "",
        ),
    ]
    for words, factors, film, k, hint in cases:
        row = factors[film].double()
        pairs = []
        for i, other in enumerate(factors.double()):
            if i != film:
                cosine = other @ row / other.norm() / row.norm()
                pairs.append((-float(cosine), i))
        expected = [i for _, i in sorted(pairs)[:k]]
        got = trial.call(words, answer, [factors, film, k])
        numbers = got.tolist() if isinstance(got, Tensor) else got
        right = (
            isinstance(numbers, list)
            and numbers == expected
            and not any(isinstance(n, bool | float) for n in numbers)
        )
        own = isinstance(numbers, list) and film in numbers
        detail = f"you returned {numbers}, which is not right. {hint}"
        if own:
            detail += " The film itself does not count."
        if not trial.expect(words, right, detail):
            return
