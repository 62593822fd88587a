"""Rows by class and group: what a fair split has to deal out.

A *group* is rows that must stay together; a *stratum* is all groups of one
class. `splits` draws from each stratum on its own, so that every class is
spread evenly.
"""

from collections.abc import Sequence
from typing import Any, TypeAlias

import numpy as np
import pandas as pd

from .classes import check_classes

__all__ = ["column_values", "make_strata", "share_out"]

# a column by name, or one value a row
Groups: TypeAlias = str | Sequence[Any] | np.ndarray | pd.Series


def column_values(
    table: pd.DataFrame, values: Groups, what: str
) -> np.ndarray:
    """Return a column by name, or values given one a row; none missing.

    Raises
    ------
    ValueError
        If there is no such column, or not one value a row.

    Examples
    --------
    >>> column_values(pd.DataFrame({"x": [3, 4]}), "x", "groups").tolist()
    [3, 4]

    """
    if isinstance(values, str):
        if values not in table.columns:
            has = ", ".join(str(name) for name in table.columns)
            raise ValueError(f"no column {values!r}; the table has: {has}")
        values = table[values]
    column = pd.Series(values).reset_index(drop=True)
    if len(column) != len(table):
        raise ValueError(
            f"{what} must have one value a row, got {len(column)} values for "
            f"{len(table)} rows"
        )
    if column.isna().any():
        raise ValueError(
            f"{what} is missing in {int(column.isna().sum())} rows; fill "
            "them (a value of its own for each row stands alone)"
        )
    return column.to_numpy(object)


def make_strata(
    table: pd.DataFrame, groups: Groups, stratify: Groups | None, minimum: int
) -> list[list[np.ndarray]]:
    """Return, for each class, its groups, each as an array of row places.

    A group with several classes counts for the rarest of them. Without
    `stratify` there is one class.

    Raises
    ------
    ValueError
        If a class has fewer than `minimum` rows or groups.

    Examples
    --------
    >>> table = pd.DataFrame({"patient": [7, 7, 8], "ill": ["no"] * 3})
    >>> make_strata(table, "patient", "ill", 2)
    [[array([0, 1]), array([2])]]

    """
    numbers, _ = pd.factorize(column_values(table, groups, "groups"))
    order = np.argsort(numbers, kind="stable")
    starts = np.flatnonzero(np.diff(numbers[order])) + 1
    members = np.split(order, starts)
    if stratify is None:
        if len(members) < minimum:
            raise ValueError(
                f"at least {minimum} groups are needed, got {len(members)}; "
                "rows of one group must stay together"
            )
        return [members]
    labels = column_values(table, stratify, "stratify")
    check_classes(labels, minimum=minimum)
    counts = pd.Series(labels).value_counts().to_dict()
    strata: dict[Any, list[np.ndarray]] = {label: [] for label in counts}
    for rows in members:
        rarest = min(labels[rows], key=lambda label: (counts[label], label))
        strata[rarest].append(rows)
    for label, found in strata.items():
        if len(found) < minimum:
            raise ValueError(
                f"class {label!r} has {len(found)} groups of its own, at "
                f"least {minimum} are needed; collect more, leave the class "
                "out, or split without stratify"
            )
    return [strata[label] for label in sorted(strata, key=str)]


def share_out(sizes: Sequence[int], share: float) -> list[int]:
    """Return rows of each class to judge by; their sum is right too.

    Every class keeps at least one row on each side.

    Examples
    --------
    >>> share_out([3, 3, 4], 0.5)
    [2, 1, 2]

    """
    exact = share * np.array(sizes)
    rows = np.floor(exact).astype(int)
    rest = int(np.floor(share * sum(sizes) + 0.5)) - int(rows.sum())
    rows[np.argsort(rows - exact, kind="stable")[:rest]] += 1
    return rows.clip(1, np.array(sizes) - 1).tolist()
