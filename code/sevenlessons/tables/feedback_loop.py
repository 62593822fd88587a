"""A recommender that learns from its own clicks, many times over.

Each round visitors are shown items by a rule, some of them click, and the
rule gets both counts for the next round. The taste of the visitors never
changes: whatever changes is the doing of the loop.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np

from .recommenders import Rule

__all__ = ["LoopHistory", "simulate_loop"]


@dataclass(frozen=True)
class LoopHistory:
    """What was shown and clicked in each round of each run.

    Attributes
    ----------
    shows, clicks
        Counts, shape ``(rounds, runs, groups, items)``.

    """

    shows: np.ndarray
    clicks: np.ndarray

    def item_shares(self) -> np.ndarray:
        """Return the share of each item among all that a round showed.

        Shape ``(rounds, runs, items)``; the groups are added up.
        """
        shown = self.shows.sum(axis=2)
        return np.asarray(shown / shown.sum(axis=-1, keepdims=True))

    def top_share(self) -> np.ndarray:
        """Return the share of the most shown item, ``(rounds, runs)``."""
        return np.asarray(self.item_shares().max(axis=-1))

    def late_shares(self, last: int = 20) -> np.ndarray:
        """Return the share of each item over the `last` rounds together.

        Shape ``(runs, items)``. One round has few visitors, and its largest
        share is partly luck; many rounds together show what is lasting.
        """
        if not 1 <= last <= len(self.shows):
            raise ValueError(
                f"last must be from 1 to {len(self.shows)} rounds, got {last}"
            )
        shown = self.shows[-last:].sum(axis=(0, 2))
        return np.asarray(shown / shown.sum(axis=-1, keepdims=True))

    def group_shares(self) -> np.ndarray:
        """Return the share of each item within each group.

        Shape ``(rounds, runs, groups, items)``.
        """
        total = self.shows.sum(axis=-1, keepdims=True)
        return np.asarray(self.shows / total)

    def clicks_per_show(self) -> np.ndarray:
        """Return which share of all that was shown got a click.

        Shape ``(rounds, runs)``.
        """
        clicks = self.clicks.sum(axis=(2, 3))
        return np.asarray(clicks / self.shows.sum(axis=(2, 3)))


def simulate_loop(
    taste: Any,
    rule: Rule,
    *,
    rounds: int,
    visitors: int,
    runs: int,
    know_group: bool = False,
    seed: int = 0,
) -> LoopHistory:
    """Run the loop and return all that happened.

    Parameters
    ----------
    taste
        Probability that a visitor clicks what is shown, shape ``(K,)``, or
        ``(groups, K)`` if groups of visitors differ.
    rule
        What decides about the next round, see `recommenders`.
    rounds, runs
        How many rounds, and how often all of it.
    visitors
        Of each group in each round; each is shown one item.
    know_group
        Whether the rule is asked for each group with the counts of that
        group alone. Otherwise all groups are shown the same.
    seed
        Of the visitors.

    Raises
    ------
    ValueError
        If a taste is no probability, a count is below 1, or the rule
        returns something that is no probability.

    Examples
    --------
    >>> from sevenlessons.tables.recommenders import by_clicks
    >>> past = simulate_loop(
    ...     [0.2] * 5, by_clicks(2), rounds=30, visitors=50, runs=3
    ... )
    >>> past.top_share().shape, bool((past.shows >= past.clicks).all())
    ((30, 3), True)

    """
    liked = np.atleast_2d(np.asarray(taste, dtype="float64"))
    if liked.ndim != 2 or not ((liked >= 0) & (liked <= 1)).all():
        raise ValueError(
            "taste must be probabilities of shape (K,) or (groups, K), got "
            f"{np.asarray(taste).tolist()}"
        )
    if min(rounds, visitors, runs) < 1:
        raise ValueError(
            "rounds, visitors and runs must be at least 1, got "
            f"{rounds}, {visitors} and {runs}"
        )
    rng = np.random.default_rng(seed)
    shape = (runs, *liked.shape)
    past_shows, past_clicks = np.zeros((2, *shape))
    shows = np.zeros((rounds, *shape), dtype="int64")
    clicks = np.zeros_like(shows)
    for step in range(rounds):
        if know_group:
            told = rule(past_shows, past_clicks)
        else:
            one = rule(past_shows.sum(axis=1), past_clicks.sum(axis=1))
            told = np.broadcast_to(one[:, None], shape)
        _check(told, shape)
        shows[step] = rng.multinomial(visitors, told)
        clicks[step] = rng.binomial(shows[step], liked)
        past_shows += shows[step]
        past_clicks += clicks[step]
    return LoopHistory(shows, clicks)


def _check(told: np.ndarray, shape: tuple[int, ...]) -> None:
    total = told.sum(axis=-1)
    right = told.shape == shape and told.min() >= 0
    if not right or not abs(total - 1).max() <= 1e-6:  # false for NaN
        raise ValueError(
            "the rule must return probabilities that add up to one over the "
            f"items, got shape {told.shape} and sums from {total.min():.3g} "
            f"to {total.max():.3g}"
        )
