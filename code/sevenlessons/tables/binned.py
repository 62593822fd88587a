"""Numbers as categories: the range that a number falls into.

A linear layer can only raise or lower its answer along a number. A range
has an embedding of its own, so a network can treat 30 to 35 hours a week
unlike 36 to 40, and a capital gain of 0 unlike all others.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import ClassVar

import numpy as np
import pandas as pd

from .checks import as_numbers
from .processor import Processor

__all__ = ["Binned"]


class Binned(Processor):
    """Add a column ``<name>_bin`` with the number of the range.

    A value that fills at least ``1 / bins`` of the training rows, such as
    the 0 of a capital gain or a week of 40 hours, has a range of its own.
    The other values are cut into at most `bins` ranges with equally many
    rows each. Number 0 is for missing values; the ranges count from 1.

    Parameters
    ----------
    columns
        Columns of numbers. They stay in the table as they are.
    bins
        At least 2.

    Attributes
    ----------
    edges_
        Column to the lower ends of all ranges but the first, rising.

    Examples
    --------
    >>> train = pd.DataFrame({"gain": [0, 0, 0, 5, 6, 0, 0, 9]})
    >>> binned = Binned(["gain"], bins=3).fit(train)
    >>> binned.transform(train)["gain_bin"].tolist()
    [2, 2, 2, 3, 4, 2, 2, 5]

    """

    learned = ("edges_",)
    kinds: ClassVar = {"edges_": "rising"}

    def __init__(self, columns: Sequence[str], *, bins: int = 20) -> None:
        super().__init__(columns)
        if bins < 2:
            raise ValueError(f"bins must be at least 2, got {bins}")
        self.bins = bins
        clashing = [c for c in self.columns if f"{c}_bin" in self.columns]
        if clashing:
            raise ValueError(
                f"the ranges of {clashing[0]!r} are written to "
                f"'{clashing[0]}_bin', which is a column already; rename it"
            )

    @property
    def sizes_(self) -> dict[str, int]:
        """How many numbers each new column uses, number 0 counted."""
        self.check_fitted()
        return {f"{c}_bin": len(e) + 2 for c, e in self.edges_.items()}

    def learn(self, table: pd.DataFrame) -> None:
        self.edges_: dict[str, list[float]] = {}
        for column in self.columns:
            values = as_numbers(table, column, missing=True)
            values = values[~np.isnan(values)]
            if not len(values):
                raise ValueError(
                    f"column {column!r} is missing in all {len(table)} "
                    "training rows; leave it out"
                )
            found, counts = np.unique(values, return_counts=True)
            often = found[counts * self.bins >= len(values)]
            rest = values[~np.isin(values, often)]
            edges = [often, np.nextafter(often, np.inf)]
            if len(rest):
                shares = np.linspace(0, 1, self.bins + 1)[1:-1]
                edges.append(np.quantile(rest, shares))
            self.edges_[column] = np.unique(np.concatenate(edges)).tolist()

    def change(self, table: pd.DataFrame) -> pd.DataFrame:
        changed = {}
        for column in self.columns:
            values = as_numbers(table, column, missing=True)
            places = np.searchsorted(self.edges_[column], values, side="right")
            numbers = np.where(np.isnan(values), 0, places + 1)
            changed[f"{column}_bin"] = numbers.astype("int64")
        return table.assign(**changed)
