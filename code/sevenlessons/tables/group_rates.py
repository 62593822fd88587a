"""Error rates group by group: who pays for which mistake.

`decision_rates` counts one table of two by two. `group_rates` does so for
each group of a column, in one table to read or to draw.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

import numpy as np
import pandas as pd

__all__ = ["DecisionRates", "decision_rates", "group_rates", "truth_values"]


@dataclass(frozen=True)
class DecisionRates:
    """The four counts of yes-or-no decisions, and the rates made of them.

    A rate without a row that it could be counted on is NaN.

    Parameters
    ----------
    true_positives, false_positives, true_negatives, false_negatives
        How many were called yes and are, called yes and are not, called no
        and are not, called no and are.

    Examples
    --------
    >>> one = DecisionRates(60, 20, 100, 20)
    >>> one.base_rate, one.precision, one.false_negative_rate
    (0.4, 0.75, 0.25)

    """

    true_positives: int
    false_positives: int
    true_negatives: int
    false_negatives: int

    @property
    def people(self) -> int:
        """How many rows there are."""
        return self.positives + self.negatives

    @property
    def positives(self) -> int:
        """How many rows are a yes in truth."""
        return self.true_positives + self.false_negatives

    @property
    def negatives(self) -> int:
        """How many rows are a no in truth."""
        return self.true_negatives + self.false_positives

    @property
    def base_rate(self) -> float:
        """Share of all rows that are a yes in truth."""
        return _share(self.positives, self.people)

    @property
    def chosen(self) -> float:
        """Share of all rows that were called yes."""
        return _share(self.true_positives + self.false_positives, self.people)

    @property
    def error(self) -> float:
        """Share of all rows that were called wrong."""
        return _share(self.false_positives + self.false_negatives, self.people)

    @property
    def false_positive_rate(self) -> float:
        """Of those that are a no, the share called yes."""
        return _share(self.false_positives, self.negatives)

    @property
    def false_negative_rate(self) -> float:
        """Of those that are a yes, the share called no."""
        return _share(self.false_negatives, self.positives)

    @property
    def precision(self) -> float:
        """Of those called yes, the share that are."""
        called = self.true_positives + self.false_positives
        return _share(self.true_positives, called)


COLUMNS = (
    "people",
    "positives",
    "base_rate",
    "chosen",
    "error",
    "false_positive_rate",
    "false_negative_rate",
    "precision",
)


def decision_rates(target: Any, decided: Any) -> DecisionRates:
    """Count right and wrong decisions of both kinds.

    Parameters
    ----------
    target
        What is true: ones and zeros, or truth values, shape ``(N,)``.
    decided
        What was decided, in the same form.

    Raises
    ------
    ValueError
        If the two are not equally long, there is no row, or a value is
        neither 0 nor 1.

    Notes
    -----
    The counts are those of scikit-learn's ``confusion_matrix``.

    Examples
    --------
    >>> found = decision_rates([1, 1, 0, 0], [1, 0, 0, 0])
    >>> found.error, found.false_negative_rate, found.precision
    (0.25, 0.5, 1.0)

    """
    truth, called = (
        truth_values(target, "target"),
        truth_values(decided, "decided"),
    )
    if truth.shape != called.shape or not len(truth):
        raise ValueError(
            "expected target and decided of the same length, at least 1, got "
            f"{len(truth)} and {len(called)}"
        )
    return DecisionRates(
        true_positives=int((truth & called).sum()),
        false_positives=int((~truth & called).sum()),
        true_negatives=int((~truth & ~called).sum()),
        false_negatives=int((truth & ~called).sum()),
    )


def group_rates(target: Any, decided: Any, group: Any) -> pd.DataFrame:
    """Return the rates of each group, largest group first.

    Parameters
    ----------
    target, decided
        As in `decision_rates`.
    group
        The group of each row, shape ``(N,)``; none may be missing.

    Returns
    -------
    pandas.DataFrame
        One row a group with the columns of `COLUMNS`: rows (people), yes
        rows (positives) and the six rates of `DecisionRates`. Groups of
        equal size stand in the order of their names.

    Raises
    ------
    ValueError
        If lengths differ, there is no row, a group is missing, or a value is
        neither 0 nor 1.

    Examples
    --------
    >>> found = group_rates([1, 0, 1, 0, 0], [0, 0, 1, 1, 0], list("aabbb"))
    >>> found["false_negative_rate"].to_dict()
    {'b': 0.0, 'a': 1.0}

    """
    truth, called = (
        truth_values(target, "target"),
        truth_values(decided, "decided"),
    )
    names = pd.Series(np.asarray(group, dtype=object))
    if not len(truth) == len(called) == len(names) or not len(truth):
        raise ValueError(
            "expected target, decided and group of the same length, at least "
            "1, got "
            f"{len(truth)}, {len(called)} and {len(names)}"
        )
    if names.isna().any():
        raise ValueError(
            f"group is missing in {int(names.isna().sum())} rows; give them "
            "a name of their own, such as 'not stated'"
        )
    found = {}
    for name in sorted(names.unique(), key=str):
        rows = (names == name).to_numpy()
        rates = decision_rates(truth[rows], called[rows])
        found[name] = {column: getattr(rates, column) for column in COLUMNS}
    made = pd.DataFrame.from_dict(found, orient="index", columns=list(COLUMNS))
    made.index.name = "group"
    return made.sort_values("people", ascending=False, kind="stable")


def truth_values(values: Any, name: str) -> np.ndarray:
    """Return ones and zeros as truth values, or say what else was found.

    Parameters
    ----------
    values
        Ones and zeros, or truth values, shape ``(N,)``.
    name
        What a message calls them.

    Raises
    ------
    ValueError
        If the shape is another, or a value is neither 0 nor 1.

    Examples
    --------
    >>> truth_values([1, 0], "target")
    array([ True, False])

    """
    found = np.asarray(values)
    if found.ndim != 1:
        raise ValueError(f"{name} must have the shape (N,), got {found.shape}")
    strange = [v for v in pd.unique(found).tolist() if v not in (0, 1)]
    if strange:
        raise ValueError(
            f"{name} must hold ones and zeros, got {strange[0]!r}; compare "
            "probabilities with a threshold first, and leave missing values "
            "out"
        )
    return found.astype(bool)


def _share(part: int, total: int) -> float:
    return part / total if total else float("nan")
