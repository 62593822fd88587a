"""One threshold a group: what it takes to give groups the same rate.

The threshold is the score of a row, so that the rate wanted is met as nearly
from above as the rows allow: one row less would fall short.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

import numpy as np

from .group_rates import truth_values

__all__ = ["decide", "true_positive_thresholds"]


def true_positive_thresholds(
    scores: Any, target: Any, group: Any, rate: float
) -> dict[Any, float]:
    """Return for each group the highest threshold that finds enough.

    Parameters
    ----------
    scores
        The higher, the more likely a yes, shape ``(N,)``.
    target
        Ones and zeros, shape ``(N,)``.
    group
        The group of each row, shape ``(N,)``.
    rate
        True-positive rate wanted, in ``(0, 1]``: the share of the yes rows
        of each group that are called yes when scores *at least* as high as
        the threshold are.

    Returns
    -------
    dict
        Group to threshold. Equal scores fall on one side together, so a
        group with ties may get more than it needs.

    Raises
    ------
    ValueError
        If lengths differ, a score is not finite, a target is neither 0 nor
        1, the rate is out of range or a group has no yes row.

    Examples
    --------
    >>> scores = [0.9, 0.6, 0.3, 0.8, 0.4, 0.2]
    >>> found = true_positive_thresholds(
    ...     scores, [1, 1, 0, 1, 1, 1], list("aaabbb"), rate=0.5
    ... )
    >>> found
    {'a': 0.9, 'b': 0.4}

    """
    said = np.asarray(scores, dtype="float64")
    truth = truth_values(target, "target")
    names = np.asarray(group, dtype=object)
    if not said.shape == truth.shape == names.shape or said.ndim != 1:
        raise ValueError(
            "expected scores, target and group of the same shape (N,), got "
            f"{said.shape}, {truth.shape} and {names.shape}"
        )
    _check_finite(said)
    if not 0 < rate <= 1:
        raise ValueError(
            f"rate must be in (0, 1], got {rate}; give a share, not percent"
        )
    found = {}
    for name in sorted(set(names.tolist()), key=str):
        yes = np.sort(said[(names == name) & truth])[::-1]
        if not len(yes):
            raise ValueError(
                f"group {name!r} has no row whose target is 1; without one "
                "its true-positive rate is not defined"
            )
        # rounding must not ask for a row more: 0.1 * 30 is above 3
        needed = int(np.ceil(rate * len(yes) - 1e-9))
        found[name] = float(yes[max(needed, 1) - 1])
    return found


def decide(
    scores: Any, group: Any, thresholds: Mapping[Any, float]
) -> np.ndarray:
    """Return who is called yes when each group has its own threshold.

    Parameters
    ----------
    scores, group
        As in `true_positive_thresholds`.
    thresholds
        Group to threshold; a score equal to it is a yes.

    Raises
    ------
    ValueError
        If lengths differ, a score is not finite or a group has no
        threshold.

    Examples
    --------
    >>> decide([0.5, 0.5], ["a", "b"], {"a": 0.5, "b": 0.6}).tolist()
    [True, False]

    """
    said = np.asarray(scores, dtype="float64")
    names = np.asarray(group, dtype=object)
    if said.shape != names.shape or said.ndim != 1:
        raise ValueError(
            "expected scores and group of the same shape (N,), got "
            f"{said.shape} and {names.shape}"
        )
    _check_finite(said)
    unknown = sorted(set(names.tolist()) - set(thresholds), key=str)
    if unknown:
        raise ValueError(
            f"no threshold for group {unknown[0]!r}; there are thresholds "
            f"for {', '.join(map(repr, thresholds))}"
        )
    return said >= np.array([thresholds[name] for name in names.tolist()])


def _check_finite(scores: np.ndarray) -> None:
    """Refuse scores that are missing or infinite."""
    wrong = int((~np.isfinite(scores)).sum())
    if wrong:
        raise ValueError(
            f"scores must be finite, got {wrong} that are not; leave these "
            "rows out"
        )
