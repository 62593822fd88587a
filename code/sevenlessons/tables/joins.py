"""Join two tables, and hear what went wrong.

Two mistakes are silent in most tools. A key that the second table lacks
leaves gaps; a key that it has twice multiplies rows, and each copy counts in
training. `left_join` names the first and refuses the second.
"""

from __future__ import annotations

from collections.abc import Sequence

import pandas as pd

from .checks import check_names, check_table, first_place

__all__ = ["left_join"]


def left_join(
    left: pd.DataFrame, right: pd.DataFrame, on: Sequence[str]
) -> tuple[pd.DataFrame, pd.DataFrame]:
    """Return `left` with the columns of `right`, and the keys it lacks.

    Parameters
    ----------
    left
        Keeps its rows, their order and index.
    right
        Has each key once.
    on
        Columns of both that together are the key.

    Returns
    -------
    joined : pandas.DataFrame
        As many rows as `left`; the new columns are missing where `right`
        lacks the key.
    lacking : pandas.DataFrame
        Each key that `right` lacks, once, with the number of `rows` of
        `left` that have it; no row if all keys were found.

    Raises
    ------
    ValueError
        If a key stands in `right` more than once, a key is missing or called
        ``rows``, or both tables have a column of the same name besides the
        key.
    TypeError
        If a key column has another type on each side.

    Examples
    --------
    >>> shops = pd.DataFrame({"shop": [1, 2, 3], "state": ["NW", "BE", "?"]})
    >>> names = {"state": ["BE", "NW"], "name": ["Berlin", "Westphalia"]}
    >>> joined, lacking = left_join(shops, pd.DataFrame(names), ["state"])
    >>> joined["name"].tolist()[:2], lacking["state"].tolist()
    (['Westphalia', 'Berlin'], ['?'])

    """
    keys = check_names(on, "on")
    if not keys:
        raise ValueError("on must name at least one column, got none")
    if "rows" in keys:
        raise ValueError(
            "a key must not be called 'rows', the count of what is lacking "
            "is; rename the column in both tables"
        )
    check_table(left, keys)
    check_table(right, keys)
    _check_keys(left, right, keys)
    both = sorted(set(left) & set(right) - set(keys), key=str)
    if both:
        raise ValueError(
            f"both tables have a column {both[0]!r}; rename or drop one, or "
            "make it part of the key"
        )
    joined = left.merge(right, how="left", on=keys, validate="many_to_one")
    joined.index = left.index
    asked, there = (pd.MultiIndex.from_frame(t[keys]) for t in (left, right))
    lacking = left.loc[~asked.isin(there), keys].value_counts(sort=False)
    return joined, lacking.rename("rows").reset_index()


def _check_keys(
    left: pd.DataFrame, right: pd.DataFrame, keys: list[str]
) -> None:
    for side, table in (("left", left), ("right", right)):
        gaps = table[keys].isna().any(axis=1)
        if gaps.any():
            raise ValueError(
                f"a key is missing in {gaps.sum()} of {len(table)} rows of "
                f"the {side} table, first in row "
                f"{table.index[first_place(gaps)]!r}; fill it, or leave "
                "these rows out"
            )
    for key in keys:
        kinds = left[key].dtype, right[key].dtype
        if kinds[0] != kinds[1]:
            raise TypeError(
                f"key {key!r} is {kinds[0]} in the left table and {kinds[1]} "
                "in the right one; turn one into the other's type"
            )
    again = right.duplicated(keys)
    if again.any():
        first = right.loc[again, keys].iloc[0].to_dict()
        raise ValueError(
            f"{again.sum()} keys stand in the right table more than once, "
            f"such as {first}; the join would multiply rows: keep one row a "
            "key"
        )
