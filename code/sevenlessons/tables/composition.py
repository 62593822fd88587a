"""Is one table made up like another? Look everywhere, and pay for looking.

Whoever compares the shares of a hundred categories finds a few that differ
by luck. So the largest difference is held against the largest differences of
tables that were mixed at random: the search is part of the test.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
import pandas as pd

__all__ = ["CompositionShift", "composition_shift"]


@dataclass(frozen=True)
class CompositionShift:
    """Where two tables differ most, and how often luck does as much.

    Attributes
    ----------
    column, category
        Where the standardized difference of shares is largest.
    first_share, second_share
        Share of that category in both tables.
    size
        The difference, in standard errors.
    p_value
        Share of random mixtures, the real one counted among them, whose
        largest difference anywhere is at least as large.

    """

    column: str
    category: str
    first_share: float
    second_share: float
    size: float
    p_value: float


def composition_shift(
    first: pd.DataFrame,
    second: pd.DataFrame,
    columns: Sequence[str],
    *,
    permutations: int = 199,
    seed: int = 0,
) -> CompositionShift:
    """Compare the shares of all categories of two tables in one test.

    Parameters
    ----------
    first, second
        Tables of rows that do not overlap.
    columns
        Columns of categories; compared as text.
    permutations
        How often the rows are dealt out anew, at least 19.
    seed
        Of the dealing.

    Raises
    ------
    ValueError
        If a table is empty, a column is missing, nothing varies, or there
        are too few permutations.

    Examples
    --------
    >>> first = pd.DataFrame({"sex": ["f"] * 40 + ["m"] * 60})
    >>> second = pd.DataFrame({"sex": ["f"] * 70 + ["m"] * 30})
    >>> found = composition_shift(first, second, ["sex"])
    >>> found.column, found.p_value
    ('sex', 0.005)

    """
    if not len(first) or not len(second) or not columns:
        raise ValueError(
            "expected rows in both tables and at least one column, got "
            f"{len(first)} and {len(second)} rows, {len(columns)} columns"
        )
    for side, table in (("first", first), ("second", second)):
        for name in columns:
            if name not in table:
                raise ValueError(
                    f"no column {name!r} in the {side} table; it has "
                    f"{', '.join(map(str, table.columns))}"
                )
    if permutations < 19:
        raise ValueError(
            f"permutations must be at least 19, got {permutations}; with "
            "fewer no p-value can reach 0.05"
        )
    both = pd.concat([first[list(columns)], second[list(columns)]])
    marks, places = _marks(both)
    total, count = len(both), len(first)
    shares = marks.mean(axis=0)
    error = np.sqrt(shares * (1 - shares) * (1 / count + 1 / (total - count)))
    rng = np.random.default_rng(seed)
    sides = np.zeros((permutations + 1, total), dtype="float32")
    sides[0, :count] = 1
    for row in sides[1:]:
        row[rng.choice(total, size=count, replace=False)] = 1
    ones = (sides @ marks.astype("float32")).astype("float64")
    difference = ones / count - (marks.sum(axis=0) - ones) / (total - count)
    sizes = np.abs(difference) / error
    largest = sizes.max(axis=1)
    best = int(sizes[0].argmax())
    column, category = places[best]
    reached = int((largest >= largest[0] - 1e-6).sum())
    return CompositionShift(
        column=column,
        category=category,
        first_share=float(ones[0, best] / count),
        second_share=float(
            (marks[:, best].sum() - ones[0, best]) / (total - count)
        ),
        size=float(largest[0]),
        p_value=reached / (permutations + 1),
    )


def _marks(both: pd.DataFrame) -> tuple[np.ndarray, list[tuple[str, str]]]:
    """Return a column of zeros and ones for each category that varies."""
    found, places = [], []
    for name in both.columns:
        values = both[name].astype(str).to_numpy()
        for category in sorted(set(values.tolist())):
            mark = values == category
            if not mark.all():
                found.append(mark)
                places.append((str(name), category))
    if not found:
        raise ValueError(
            "expected a column with at least two categories, got only "
            f"constant ones: {', '.join(map(str, both.columns))}"
        )
    return np.stack(found, axis=1).astype("float64"), places
