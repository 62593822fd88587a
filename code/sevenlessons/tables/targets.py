"""The column to be predicted: never filled, never guessed.

A gap in a feature can be filled; a row whose answer is missing can neither
be learned from nor judged, and is refused.
"""

from __future__ import annotations

import pandas as pd
import torch
from torch import Tensor

from .checks import as_numbers, check_table, first_place, row_name, shown

__all__ = ["class_target", "number_target"]


def class_target(
    table: pd.DataFrame, column: str, classes: tuple[str, ...] | list[str]
) -> Tensor:
    """Return the class number of each row.

    Parameters
    ----------
    table
        One row a sample.
    column
        The column with the classes.
    classes
        All classes in the order of their numbers.

    Returns
    -------
    Tensor
        int64, shape ``(N,)``.

    Raises
    ------
    ValueError
        If a target is missing, or is none of `classes`.

    Examples
    --------
    >>> people = pd.DataFrame({"income": [">50K", "<=50K"]})
    >>> class_target(people, "income", ["<=50K", ">50K"])
    tensor([1, 0])

    """
    check_table(table, [column])
    series = table[column].astype(object)
    _check_present(series, column)
    number = {value: i for i, value in enumerate(classes)}
    strange = ~series.isin(list(number))
    if strange.any():
        i = first_place(strange)
        raise ValueError(
            f"target {column!r} must be one of {list(classes)}, got "
            f"{shown(series, i)}; correct the row, or list the class"
        )
    return torch.tensor(series.map(number).to_list(), dtype=torch.int64)


def number_target(table: pd.DataFrame, column: str) -> Tensor:
    """Return the number of each row, as a target for a regression.

    Returns
    -------
    Tensor
        float32, shape ``(N, 1)``, as a network with one output gives it.

    Raises
    ------
    TypeError
        If the column holds no numbers.
    ValueError
        If a target is missing, infinite, or too large for float32.

    Examples
    --------
    >>> number_target(pd.DataFrame({"sales": [3, 5]}), "sales").T
    tensor([[3., 5.]])

    """
    check_table(table, [column])
    _check_present(table[column], column)
    found = torch.tensor(as_numbers(table, column)).float()
    if found.isinf().any():
        i = first_place(found.isinf().numpy())
        raise ValueError(
            f"target {column!r} must fit into float32, got "
            f"{shown(table[column], i)}; give it in larger units, or its "
            "logarithm"
        )
    return found[:, None]


def _check_present(series: pd.Series, column: str) -> None:
    gaps = series.isna()
    if gaps.any():
        raise ValueError(
            f"target {column!r} is missing in {gaps.sum()} of {len(series)} "
            f"rows, first in row {row_name(series, first_place(gaps))}; "
            f"leave them out with table.dropna(subset=[{column!r}])"
        )
