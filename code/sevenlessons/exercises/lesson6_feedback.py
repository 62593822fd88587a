"""Checks of feedback: a loop that explores, a cap, clicks per show."""

from collections.abc import Callable
from typing import Any

import numpy as np

from sevenlessons.page.registry import exercise
from sevenlessons.page.trial import Trial
from sevenlessons.tables.recommenders import capped

__all__ = ["check_cap_shares", "check_exploring_loop", "check_next_item"]

ROUNDS = 400
FIRST = "Of several items with the most clicks the first is shown."


@exercise(
    "lesson6/exploring_loop",
    takes="taste, explore, rounds, seed",
    asks="Return how often each item was shown in a loop that shows the most "
    "clicked item, or with probability explore a random one.",
)
def check_exploring_loop(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check what is certain, then what must hold within wide bounds."""
    seeds = [trial.random.randrange(10**6) for _ in range(20)]
    for words, taste, expected, hint in [
        ("everything is clicked", [1.0] * 4, [ROUNDS, 0, 0, 0], FIRST),
        ("nothing is clicked", [0.0] * 3, [ROUNDS, 0, 0], FIRST),
        (
            "the first is never clicked",
            [0.0, 1.0],
            [ROUNDS, 0],
            "Without exploring the others are never shown, so they can get "
            "no click: only clicks on what was shown count.",
        ),
    ]:
        given = [taste, 0.0, ROUNDS, seeds[0]]
        if not trial.equal(words, answer, given, expected, hint=hint):
            return
    shown = _shows(trial, answer, [0.2] * 5, 1.0, seeds)
    if shown is None:
        return
    share = shown.sum(axis=0) / shown.sum()
    if not trial.expect(
        "explore=1 shows everything equally often",
        bool((abs(share - 0.2) < 0.03).all()),
        "With explore=1 each of five items should get a fifth of the shows, "
        f"and over 20 seeds one got {share.max():.2f} and one "
        f"{share.min():.2f}. Draw from all items, and draw anew each round.",
    ):
        return
    shown = _shows(trial, answer, [0.0, 1.0], 0.5, seeds)
    if shown is None:
        return
    share = shown.sum(axis=0) / shown.sum()
    if not trial.expect(
        "an item that everybody clicks wins as soon as it is seen",
        bool(0.70 < share[1] < 0.80),
        "With explore=0.5 and two items of which only the second is ever "
        "clicked, it should get three quarters of the shows, and over 20 "
        f"seeds it got {share[1]:.2f}.",
    ):
        return
    shown = _shows(trial, answer, [0.05, 0.9], 0.5, seeds)
    if shown is None:
        return
    share = shown.sum(axis=0) / shown.sum()
    if not trial.expect(
        "clicks come with the probability of the item's taste",
        bool(0.66 < share[1] < 0.80),
        "With explore=0.5 and tastes 0.05 and 0.9 the second should soon "
        "lead and get nearly three quarters, and over 20 seeds it got "
        f"{share[1]:.2f}.",
    ):
        return
    shown = _shows(trial, answer, [0.0, 0.1], 0.5, seeds)
    if shown is None:
        return
    share = shown.sum(axis=0) / shown.sum()
    if not trial.expect(
        "the first click comes no earlier and no later than the taste says",
        bool(0.60 < share[1] < 0.80),
        "With explore=0.5 and tastes 0 and 0.1 the second should be clicked "
        "after some 40 rounds and get about seven tenths of all shows, and "
        f"over 20 seeds it got {share[1]:.2f}. Is a click as probable as the "
        "taste says?",
    ):
        return
    taste = [0.3] * 5
    tops = []
    for explore in (0.0, 0.3, 0.9):
        shown = _shows(trial, answer, taste, explore, seeds)
        if shown is None:
            return
        tops.append(float(shown.max(axis=1).mean() / ROUNDS))
    trial.expect(
        "the more it explores, the smaller is the top item's share",
        tops[0] > 0.97 and 0.68 < tops[1] < 0.85 and tops[2] < 0.42,
        f"Exploring 0, 0.3 and 0.9 gave top shares {tops[0]:.2f}, "
        f"{tops[1]:.2f} and {tops[2]:.2f}. With probability explore the item "
        "is random, otherwise it has the most clicks.",
    )


def _shows(
    trial: Trial,
    answer: Callable[..., Any],
    taste: list[float],
    explore: float,
    seeds: list[int],
) -> np.ndarray | None:
    """Return the shows of all seeds, or None if an answer is no such list."""
    words = f"explore={explore:g}, {len(taste)} items"
    found = []
    for seed in seeds:
        shows = trial.call(words, answer, [taste, explore, ROUNDS, seed])
        fits = (
            isinstance(shows, list)
            and len(shows) == len(taste)
            and all(isinstance(n, int) for n in shows)
            and sum(shows) == ROUNDS
        )
        if not fits:
            trial.expect(
                words,
                False,
                f"Expected a list of {len(taste)} whole numbers with the sum "
                f"{ROUNDS}, one show a round, got {shows!r}.",
            )
            return None
        found.append(shows)
    if 0 < explore and all(one == found[0] for one in found):
        trial.expect(
            words,
            False,
            "Twenty seeds gave the same shows. Take random.Random(seed).",
        )
        return None
    return np.array(found)


@exercise(
    "lesson6/cap_shares",
    takes="shares, most",
    asks="Return shares of which none is above most; what was cut off goes "
    "to the others in proportion.",
)
def check_cap_shares(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check none over, one over, one after the other, all equal, random."""
    weights = [trial.random.random() ** 4 + 0.01 for _ in range(6)]
    drawn = [w / sum(weights) for w in weights]
    cases = [
        ("none is above it", [0.4, 0.3, 0.3], 0.5, "Then nothing changes."),
        (
            "one is above it",
            [0.6, 0.3, 0.1],
            0.5,
            "What is left is shared in proportion: 0.3 to 0.1 stays three to "
            "one.",
        ),
        (
            "a second one is lifted above it",
            [0.55, 0.35, 0.1],
            0.4,
            "After the first cut look again: is another share above it now?",
        ),
        (
            "a third one, in turn",
            [0.6, 0.2, 0.12, 0.08],
            0.26,
            "Go on until no share is above it.",
        ),
        ("no room to spare", [0.7, 0.2, 0.1], 1 / 3, "All become equal."),
        ("random shares", drawn, 0.25, ""),
    ]
    for words, shares, most, hint in cases:
        expected = _capped(shares, most)
        if not trial.equal(
            words, answer, [shares, most], expected, tolerance=1e-9, hint=hint
        ):
            return


def _capped(shares: list[float], most: float) -> list[float]:
    told = np.array(shares)
    cut = capped(lambda shows, clicks: told, most)
    found: list[float] = cut(told, told).tolist()
    return found


@exercise(
    "lesson6/next_item",
    takes="shows, clicks",
    asks="Return the number of the item with the highest "
    "(clicks + 1) / (shows + 2).",
)
def check_next_item(trial: Trial, answer: Callable[..., Any]) -> None:
    """Check rate against count, the unseen, ties, then random counts."""
    cases = [
        (
            "fewer clicks, but a higher rate",
            [100, 10],
            [20, 5],
            "Clicks are divided by how often the item was shown.",
        ),
        (
            "never shown",
            [50, 0, 40],
            [10, 0, 12],
            "An item that was never shown has 1/2: it is tried.",
        ),
        (
            "one show, no click",
            [1, 30],
            [0, 12],
            "With the added numbers the first has 1/3, not 0.",
        ),
        (
            "one lucky click",
            [1, 100],
            [1, 80],
            "With the added numbers one click in one show is 2/3, not 1.",
        ),
        ("equal ones", [8, 3, 8], [5, 1, 5], "Of equal ones the first."),
        ("nothing was shown", [0, 0, 0], [0, 0, 0], "Then the first."),
    ]
    for _ in range(4):
        shows = [trial.random.randint(0, 60) for _ in range(6)]
        clicks = [trial.random.randint(0, n) for n in shows]
        cases.append(("random counts", shows, clicks, ""))
    for words, shows, clicks, hint in cases:
        rates = [(c + 1) / (s + 2) for s, c in zip(shows, clicks, strict=True)]
        expected = rates.index(max(rates))
        if not trial.equal(
            words, answer, [shows, clicks], expected, hint=hint
        ):
            return
