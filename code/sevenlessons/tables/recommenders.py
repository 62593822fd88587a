"""Rules that decide what to show, from what was shown and clicked so far.

A rule takes two arrays of counts, shows and clicks, shape ``(..., K)`` for K
items, and returns with which probability each item is shown next. Rules can
be wrapped: `exploring` and `capped` change what another rule says.
"""

from __future__ import annotations

from collections.abc import Callable

import numpy as np

__all__ = ["at_random", "by_clicks", "by_rate", "capped", "exploring"]

Rule = Callable[[np.ndarray, np.ndarray], np.ndarray]


def at_random(shows: np.ndarray, clicks: np.ndarray) -> np.ndarray:
    """Show each item equally often, whatever happened before.

    Examples
    --------
    >>> at_random(np.zeros(4), np.zeros(4)).tolist()
    [0.25, 0.25, 0.25, 0.25]

    """
    return np.full(clicks.shape, 1 / clicks.shape[-1])


def by_clicks(power: float = 1.0) -> Rule:
    """Return a rule that shows what was clicked most, the more the stronger.

    Parameters
    ----------
    power
        Probabilities go as ``(clicks + 1) ** power``: 0 is random, 1 in
        proportion, 2 favors the leader. At least 0.

    Examples
    --------
    >>> rule = by_clicks(power=2)
    >>> rule(np.zeros(2), np.array([2.0, 0.0])).tolist()
    [0.9, 0.1]

    """
    if power < 0:
        raise ValueError(
            f"power must be at least 0, got {power}; 0 shows all alike"
        )

    def rule(shows: np.ndarray, clicks: np.ndarray) -> np.ndarray:
        return _shares((clicks + 1) ** power)

    return rule


def by_rate(power: float = 1.0) -> Rule:
    """Return a rule that asks how often what was *shown* got a click.

    Parameters
    ----------
    power
        Probabilities go as ``((clicks + 1) / (shows + 2)) ** power``, so
        an item that was never shown is taken for a middling one. At least 0.

    Examples
    --------
    >>> rule = by_rate()
    >>> rule(np.array([98.0, 8.0]), np.array([9.0, 2.0])).round(2).tolist()
    [0.25, 0.75]

    """
    if power < 0:
        raise ValueError(
            f"power must be at least 0, got {power}; 0 shows all alike"
        )

    def rule(shows: np.ndarray, clicks: np.ndarray) -> np.ndarray:
        return _shares(((clicks + 1) / (shows + 2)) ** power)

    return rule


def exploring(rule: Rule, share: float) -> Rule:
    """Return a rule that shows a random item in a share of all cases.

    Parameters
    ----------
    rule
        What decides in the other cases.
    share
        In ``[0, 1]``.

    Examples
    --------
    >>> rule = exploring(by_clicks(power=2), share=0.5)
    >>> rule(np.zeros(2), np.array([2.0, 0.0])).tolist()
    [0.7, 0.3]

    """
    if not 0 <= share <= 1:
        raise ValueError(
            f"share must be in [0, 1], got {share}; 1 is always at random"
        )

    def mixed(shows: np.ndarray, clicks: np.ndarray) -> np.ndarray:
        told = rule(shows, clicks)
        return (1 - share) * told + share / told.shape[-1]

    return mixed


def capped(rule: Rule, most: float) -> Rule:
    """Return a rule that shows no item in more than a share of all cases.

    What is cut off goes to the items below the cap, in proportion to what
    they have, until none is above it; in equal parts if they have nothing.

    Parameters
    ----------
    rule
        What is capped.
    most
        Largest share of one item, in ``(0, 1]``, and at least one over the
        number of items.

    Examples
    --------
    >>> rule = capped(by_clicks(power=1), most=0.5)
    >>> rule(np.zeros(3), np.array([5.0, 1.0, 0.0])).round(3).tolist()
    [0.5, 0.333, 0.167]

    """
    if not 0 < most <= 1:
        raise ValueError(
            f"most must be in (0, 1], got {most}; 1 cuts nothing off"
        )

    def cut(shows: np.ndarray, clicks: np.ndarray) -> np.ndarray:
        told = rule(shows, clicks)
        items = told.shape[-1]
        if most * items < 1 - 1e-9:
            raise ValueError(
                f"most must be at least 1/{items} for {items} items, got "
                f"{most}; the shares could not add up to one"
            )
        full = np.zeros(told.shape, dtype=bool)
        for _ in range(items):
            over = (told > most + 1e-12) & ~full
            if not over.any():
                break
            full |= over
            left = 1 - most * full.sum(axis=-1, keepdims=True)
            rest = np.where(full, 0.0, told)
            nothing = rest.sum(axis=-1, keepdims=True) <= 0
            rest = np.where(nothing & ~full, 1.0, rest)
            total = rest.sum(axis=-1, keepdims=True)
            grown = rest * left / np.where(total > 0, total, 1)
            told = np.where(full, most, grown)
        return told

    return cut


def _shares(weights: np.ndarray) -> np.ndarray:
    """Return weights divided by their sum."""
    total = weights.sum(axis=-1, keepdims=True)
    return np.asarray(weights / total)
