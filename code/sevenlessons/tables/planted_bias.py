"""Spoil a table on purpose, to see whether anybody would find it.

`hide_positives` makes a label biased: yes rows of some people are written
down as no. `thin_out` makes a sample biased: some people are left out.
"""

from __future__ import annotations

from typing import Any

import numpy as np

__all__ = ["hide_positives", "thin_out"]


def hide_positives(
    target: Any, rows: Any, *, share: float, seed: int = 0
) -> np.ndarray:
    """Return labels in which a share of the yes rows of a group became no.

    Parameters
    ----------
    target
        Ones and zeros, shape ``(N,)``.
    rows
        True for the people whose labels suffer, shape ``(N,)``.
    share
        Of their yes rows, in ``[0, 1]``; rounded to whole rows.
    seed
        Which ones.

    Raises
    ------
    ValueError
        If shapes differ, a target is neither 0 nor 1, or the share is out
        of range.

    Examples
    --------
    >>> hide_positives([1, 1, 0, 1], [True, True, True, False], share=1.0)
    array([0, 0, 0, 1])

    """
    truth, chosen = np.asarray(target), _checked(rows, share)
    if truth.shape != chosen.shape:
        raise ValueError(
            "expected target and rows of the same shape (N,), got "
            f"{truth.shape} and {chosen.shape}"
        )
    strange = truth[(truth != 0) & (truth != 1)]
    if len(strange):
        raise ValueError(
            f"target must hold ones and zeros, got {strange[0]!s}; write "
            "yes as 1 and no as 0"
        )
    made = truth.copy()
    made[_some(np.flatnonzero(chosen & (truth == 1)), share, seed)] = 0
    return made


def thin_out(rows: Any, *, share: float, seed: int = 0) -> np.ndarray:
    """Return which rows stay when a share of some rows is left out.

    Parameters
    ----------
    rows
        True for the people of whom some are left out, shape ``(N,)``.
    share
        Of them, in ``[0, 1]``; rounded to whole rows.
    seed
        Which ones.

    Returns
    -------
    numpy.ndarray
        True for the rows that stay, shape ``(N,)``.

    Raises
    ------
    ValueError
        If `rows` are no truth values or the share is out of range.

    Examples
    --------
    >>> int(thin_out([True] * 10 + [False] * 5, share=0.4).sum())
    11

    """
    chosen = _checked(rows, share)
    stay = np.ones(len(chosen), dtype=bool)
    stay[_some(np.flatnonzero(chosen), share, seed)] = False
    return stay


def _some(places: np.ndarray, share: float, seed: int) -> np.ndarray:
    rng = np.random.default_rng(seed)
    return rng.permutation(places)[: round(share * len(places))]


def _checked(rows: Any, share: float) -> np.ndarray:
    chosen = np.asarray(rows)
    if chosen.ndim != 1 or chosen.dtype != bool:
        raise ValueError(
            "rows must be truth values of shape (N,), got "
            f"{chosen.dtype} of shape {chosen.shape}"
        )
    if not 0 <= share <= 1:
        raise ValueError(
            f"share must be in [0, 1], got {share}; 1 is all of them"
        )
    return chosen
