"""Make columns ready for a network: fill gaps, number categories, scale.

Three processors, in the order of their use. Each learns from the training
rows alone; see `processor` for what they share.
"""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any, ClassVar

import numpy as np
import pandas as pd

from .checks import as_numbers, first_place, shown
from .processor import Processor
from .values import plain_value, plain_values

__all__ = ["Categorify", "FillMissing", "Standardize"]


class FillMissing(Processor):
    """Put the training median into gaps, and note in a column where.

    A column ``<name>_missing`` (truth values) is added for each column that
    had gaps in the training rows. A gap in another column of later rows is
    filled too, but leaves no note: a network could not have learned from it.

    Parameters
    ----------
    columns
        Columns of numbers.

    Attributes
    ----------
    medians_
        Column to the median of its training values.
    flags_
        Columns that got a note.

    Examples
    --------
    >>> train = pd.DataFrame({"years": [9.0, None, 13.0, 10.0]})
    >>> FillMissing(["years"]).fit_transform(train)["years"].tolist()
    [9.0, 10.0, 13.0, 10.0]

    """

    learned = ("medians_", "flags_")
    kinds: ClassVar = {"medians_": "number", "flags_": "names"}

    def learn(self, table: pd.DataFrame) -> None:
        self.medians_: dict[str, float] = {}
        self.flags_: list[str] = []
        for column in self.columns:
            values = as_numbers(table, column, missing=True)
            gaps = np.isnan(values)
            if gaps.all():
                raise ValueError(
                    f"column {column!r} is missing in all {len(values)} "
                    "training rows, so there is no median; leave it out"
                )
            self.medians_[column] = float(np.median(values[~gaps]))
            if gaps.any():
                self.flags_.append(column)

    def change(self, table: pd.DataFrame) -> pd.DataFrame:
        changed: dict[str, Any] = {}
        for column in self.columns:
            values = as_numbers(table, column, missing=True)
            gaps = np.isnan(values)
            changed[column] = np.where(gaps, self.medians_[column], values)
            if column in self.flags_:
                flag = f"{column}_missing"
                changed[flag] = gaps | _earlier(table, flag)
        return table.assign(**changed)


def _earlier(table: pd.DataFrame, flag: str) -> np.ndarray:
    """Return the notes of an earlier filling, or none."""
    if flag not in table:
        return np.zeros(len(table), bool)
    if table[flag].dtype.kind != "b":
        raise ValueError(
            f"the table has a column {flag!r} already, and it holds no truth "
            "values; rename it, the filling needs this name"
        )
    return table[flag].to_numpy()


class Categorify(Processor):
    """Give each category a number; 0 is for all that was never seen.

    Missing values get 0 as well. Numbers are given in alphabetical order,
    or in the order of an ordered pandas category.

    Parameters
    ----------
    columns
        Columns of text, whole numbers or truth values.
    min_count
        A category that comes less often in the training rows counts as
        unseen. With 1, number 0 is trained only if values are missing.

    Attributes
    ----------
    categories_
        Column to its categories, the first being number 1.

    Examples
    --------
    >>> train = pd.DataFrame({"sex": ["Male", "Female", "Male"]})
    >>> later = pd.DataFrame({"sex": ["Female", "unknown", None]})
    >>> Categorify(["sex"]).fit(train).transform(later)["sex"].tolist()
    [1, 0, 0]

    """

    learned = ("categories_",)
    kinds: ClassVar = {"categories_": "categories"}

    def __init__(self, columns: Sequence[str], *, min_count: int = 1) -> None:
        super().__init__(columns)
        if min_count < 1:
            raise ValueError(f"min_count must be at least 1, got {min_count}")
        self.min_count = min_count

    @property
    def sizes_(self) -> dict[str, int]:
        """How many numbers each column uses, number 0 counted."""
        self.check_fitted()
        return {c: len(v) + 1 for c, v in self.categories_.items()}

    def learn(self, table: pd.DataFrame) -> None:
        self.categories_: dict[str, list[Any]] = {}
        for column in self.columns:
            values = plain_values(table, column)
            counts = values.value_counts()
            kept = set(counts.index[counts >= self.min_count])
            if not kept:
                raise ValueError(
                    f"column {column!r} has no category that comes "
                    f"{self.min_count} times in the {len(values)} training "
                    "rows; leave the column out, or lower min_count"
                )
            kinds = {type(value) for value in values.dropna()}
            if len(kinds) > 1:
                names = sorted(kind.__name__ for kind in kinds)
                raise TypeError(
                    f"column {column!r} mixes {' and '.join(names)}; make "
                    "it one kind, for instance with .astype(str)"
                )
            dtype = table[column].dtype
            if isinstance(dtype, pd.CategoricalDtype) and dtype.ordered:
                ordered = [plain_value(c) for c in dtype.categories]
            else:
                ordered = sorted(kept)
            self.categories_[column] = [v for v in ordered if v in kept]

    def change(self, table: pd.DataFrame) -> pd.DataFrame:
        changed = {}
        for column in self.columns:
            known = self.categories_[column]
            values = plain_values(table, column)
            kind = type(known[0])
            strange = values.notna() & ~values.map(
                lambda value, kind=kind: type(value) is kind
            )
            if strange.any():
                i = first_place(strange)
                raise TypeError(
                    f"column {column!r} held {kind.__name__} when it was "
                    f"learned, such as {known[0]!r}; got "
                    f"{shown(values, i)}; convert it first"
                )
            number = {value: i for i, value in enumerate(known, start=1)}
            codes = values.map(number).fillna(0).to_numpy()
            changed[column] = codes.astype("int64")
        return table.assign(**changed)


class Standardize(Processor):
    """Subtract the training mean and divide by the standard deviation.

    A column that is constant in the training rows becomes 0 there: its
    deviation counts as 1.

    Parameters
    ----------
    columns
        Columns of numbers without gaps.

    Attributes
    ----------
    means_, stds_
        Column to mean and standard deviation of its training values.

    Notes
    -----
    Equal to scikit-learn's ``StandardScaler``.

    Examples
    --------
    >>> normalize = Standardize(["age"]).fit(pd.DataFrame({"age": [30, 50]}))
    >>> normalize.transform(pd.DataFrame({"age": [40, 60]}))["age"].tolist()
    [0.0, 2.0]

    """

    learned = ("means_", "stds_")
    kinds: ClassVar = {"means_": "number", "stds_": "positive"}

    def learn(self, table: pd.DataFrame) -> None:
        self.means_: dict[str, float] = {}
        self.stds_: dict[str, float] = {}
        for column in self.columns:
            values = as_numbers(table, column)
            constant = bool((values == values[0]).all())
            self.means_[column] = float(
                values[0] if constant else values.mean()
            )
            self.stds_[column] = 1.0 if constant else float(values.std())

    def change(self, table: pd.DataFrame) -> pd.DataFrame:
        return table.assign(
            **{
                column: (as_numbers(table, column) - self.means_[column])
                / self.stds_[column]
                for column in self.columns
            }
        )
