"""Categories as plain values, so that they compare alike and fit into JSON."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd

__all__ = ["plain_value", "plain_values"]


def plain_values(table: pd.DataFrame, column: str) -> pd.Series:
    """Return a column of categories as plain Python values.

    Raises
    ------
    TypeError
        If a value is no text, whole number or truth value.

    Examples
    --------
    >>> plain_values(pd.DataFrame({"level": [3.0, None]}), "level").tolist()
    [3, None]

    """
    try:
        values = [plain_value(value) for value in table[column]]
    except TypeError as error:
        raise TypeError(
            f"column {column!r} must hold text, whole numbers or truth "
            f"values: {error}"
        ) from None
    return pd.Series(values, index=table.index, dtype=object)


def plain_value(value: Any) -> Any:
    """Return a category as text, whole number or truth value, or None.

    A whole number may have become floating point, because of a gap elsewhere
    in its column; it becomes whole again.

    Examples
    --------
    >>> plain_value(np.float64(3)), plain_value(float("nan"))
    (3, None)

    """
    if isinstance(value, np.generic):
        value = value.item()
    if isinstance(value, float) and value.is_integer():
        return int(value)
    if isinstance(value, str | bool | int):
        return value
    if value is None or value is pd.NA or value is pd.NaT or value != value:
        return None
    raise TypeError(
        f"got {value!r}; numbers with fractions belong to the numeric "
        "columns, or into bins"
    )
