"""Permutation importance: how much worse it gets without a column.

Shuffle one column among the rows, so that it says nothing about them any
more, and look how far the score falls. The model is not trained again. Where
two columns say the same, each may look unimportant: the other is still there.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence

import numpy as np
import pandas as pd

from .checks import check_names, check_table

__all__ = ["permutation_importance"]


def permutation_importance(
    score: Callable[[pd.DataFrame], float],
    table: pd.DataFrame,
    columns: Sequence[str | Sequence[str]],
    *,
    repeats: int = 3,
    seed: int = 0,
) -> pd.DataFrame:
    """Return how far the score falls when a column is shuffled.

    Parameters
    ----------
    score
        Given a table, returns a number; higher is better. It must not look
        at the index of the rows.
    table
        Rows that the model has not learned from, the target among the
        columns if the score needs it.
    columns
        What to shuffle; columns in a list of their own are shuffled
        together, the same way.
    repeats
        Shuffles of each, at least 1.
    seed
        Of the shuffles.

    Returns
    -------
    pandas.DataFrame
        Indexed by column (names joined by `` + ``), largest first: ``mean``
        fall and the ``lowest`` and ``highest`` of the repeats.

    Examples
    --------
    >>> people = pd.DataFrame({"a": [0, 1] * 20, "b": 0, "y": [0, 1] * 20})
    >>> fall = permutation_importance(
    ...     lambda t: (t["a"] == t["y"]).mean(), people, ["a", "b"]
    ... )
    >>> fall["mean"].idxmax(), float(fall.loc["b", "mean"])
    ('a', 0.0)

    """
    if repeats < 1:
        raise ValueError(f"repeats must be at least 1, got {repeats}")
    groups = [[c] if isinstance(c, str) else list(c) for c in columns]
    check_table(table, check_names([c for group in groups for c in group]))
    rng = np.random.default_rng(seed)
    whole = score(table)
    falls: dict[str, list[float]] = {}
    for group in groups:
        falls[" + ".join(group)] = [
            whole - score(_shuffled(table, group, rng)) for _ in range(repeats)
        ]
    found = pd.DataFrame(
        {
            "mean": {name: float(np.mean(f)) for name, f in falls.items()},
            "lowest": {name: float(min(f)) for name, f in falls.items()},
            "highest": {name: float(max(f)) for name, f in falls.items()},
        }
    )
    return found.sort_values("mean", ascending=False, kind="stable")


def _shuffled(
    table: pd.DataFrame, group: list[str], rng: np.random.Generator
) -> pd.DataFrame:
    order = rng.permutation(len(table))
    return table.assign(**{c: table[c].array[order] for c in group})
