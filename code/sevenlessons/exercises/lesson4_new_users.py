"""Checks of new users and lists: fold-in, NDCG, the share of the popular."""

import math
from collections.abc import Callable
from typing import Any

import torch

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial

__all__ = ["check_fold_in", "check_ndcg", "check_popular_share"]


@exercise(
    "lesson4/fold_in",
    takes="factors, ratings, alpha",
    asks="Return the taste of a new user by ridge regression on fixed film "
    "factors.",
)
def check_fold_in(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check tastes against the normal equations."""
    cases = [
        ("one film, one factor", 1, 1, 1.0, "The penalty is on the left."),
        ("five films", 5, 3, 0.8, "Add alpha to the diagonal only."),
        ("another penalty", 4, 2, 7.5, "Use the alpha that is given."),
        ("fewer films than factors", 2, 6, 0.3, ""),
        ("many films", 60, 4, 2.0, "alpha is not multiplied by the films."),
        ("no film at all", 0, 3, 1.0, "Then the taste is all zeros."),
    ]
    for words, films, rank, alpha, hint in cases:
        factors, ratings = (
            torch.randn(*shape, generator=trial.generator, dtype=torch.float64)
            for shape in ((films, rank), (films,))
        )
        factors, ratings = factors + 0.2, ratings + 0.5
        left = factors.T @ factors
        left.diagonal().add_(alpha)
        expected = torch.linalg.inv(left) @ (factors.T @ ratings)
        if not trial.equal(
            words,
            answer,
            [factors, ratings, alpha],
            expected,
            tolerance=1e-6,
            hint=hint,
        ):
            return


def _best(hits: int) -> float:
    return sum(1 / math.log2(place + 2) for place in range(hits))


@exercise(
    "lesson4/ndcg",
    takes="ranked, liked, k",
    asks="Return the discounted gain of the first k, over that of the best "
    "list.",
)
def check_ndcg(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check lists: hits high and low, more or fewer liked than places."""
    films = trial.random.sample(range(100), 12)
    some = set(trial.random.sample(films, 5))
    outside = trial.random.randint(200, 300)
    cases = [
        ("a hit in second place", films, {films[1]}, 3, "Count from 1."),
        ("the best list", films, set(films[:3]), 5, "That is 1."),
        (
            "a hit behind place k",
            films,
            {films[1], films[6]},
            4,
            "Only the first k places count, but all liked films can be hit.",
        ),
        (
            "more liked films than places",
            films,
            set(films[1:9]),
            3,
            "The best list has no more hits than places.",
        ),
        (
            "a liked film that is not in the list",
            films,
            {films[2], outside},
            12,
            "The best list would hold it, too.",
        ),
        ("a random list", films, some, 7, ""),
        ("nothing is liked", films, set(), 5, "Then return 0."),
    ]
    for words, ranked, liked, k, hint in cases:
        gain = sum(
            1 / math.log2(place + 2)
            for place in range(k)
            if ranked[place] in liked
        )
        best = _best(min(k, len(liked)))
        expected = gain / best if liked else 0.0
        if not trial.equal(
            words,
            answer,
            [ranked, liked, k],
            expected,
            tolerance=1e-6,
            hint=hint,
        ):
            return


@exercise(
    "lesson4/popular_share",
    takes="counts, ranked",
    asks="Return the share of the recommendations that goes to the most "
    "rated tenth of the films.",
)
def check_popular_share(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check shares: of places in lists, not of films or users."""
    order = torch.randperm(30, generator=trial.generator)
    counts = torch.empty(30, dtype=torch.long)
    counts[order] = torch.arange(100, 130)
    top, rest = order[-3:], order[:-3]
    odd = torch.cat([counts, counts[:9] - 90])  # 39 films: still three
    low = rest[:6].reshape(2, 3)
    mixed = rest[:6].reshape(3, 2).clone()
    mixed[0, 0] = mixed[2, 1] = top[0]
    draws = torch.randint(30, (25, 6), generator=trial.generator)
    draws[0, 0], draws[1, 1] = top[0], rest[0]
    cases = [
        ("one of four", counts, torch.stack([top[:1], *rest[:3, None]]), ""),
        (
            "the same popular film twice",
            counts,
            mixed,
            "Each recommendation counts, not each film.",
        ),
        (
            "a number of films that ten does not divide",
            odd,
            torch.stack([top, rest[-3:]]),
            "The tenth is len(counts) // 10 films.",
        ),
        ("random lists", counts, draws, ""),
        ("none popular", counts, low, "Then the share is 0."),
        ("all popular", counts, top[None], "Then the share is 1."),
    ]
    for words, given, ranked, hint in cases:
        cut = len(given) // 10
        popular = set(given.sort().indices[-cut:].tolist())
        flat = ranked.flatten().tolist()
        expected = sum(film in popular for film in flat) / len(flat)
        if not trial.equal(
            words,
            answer,
            [given, ranked],
            expected,
            tolerance=1e-6,
            hint=hint,
        ):
            return
