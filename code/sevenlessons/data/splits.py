"""Cut a table into rows to learn from and rows to judge by.

Three ways for three kinds of data: at random, by group (rows that resemble
each other stay together), by time (the future is judged). Each returns two
tables, rows in their old order and under their old index; each is decided by
a seed alone.
"""

import numpy as np
import pandas as pd

from .strata import Groups, column_values, make_strata, share_out

__all__ = [
    "check_disjoint",
    "group_folds",
    "group_split",
    "random_split",
    "time_split",
]

Split = tuple[pd.DataFrame, pd.DataFrame]


def _check_request(table: pd.DataFrame, valid: float) -> None:
    if not isinstance(table, pd.DataFrame):
        raise TypeError(
            f"table must be a pandas DataFrame, got {type(table).__name__}"
        )
    if not 0 < valid < 1:
        raise ValueError(
            f"valid must be a share of the rows in (0, 1), got {valid}"
        )
    if len(table) < 2:
        raise ValueError(
            f"a split needs at least 2 rows, the table has {len(table)}"
        )


def _pick(
    members: list[np.ndarray], target: int, rng: np.random.Generator
) -> np.ndarray:
    """Take groups in random order while they fit; at least the smallest."""
    taken: list[np.ndarray] = []
    room = target
    for place in rng.permutation(len(members)):
        if len(members[place]) <= room:
            taken.append(members[place])
            room -= len(members[place])
    return np.concatenate(taken or [min(members, key=len)])


def _cut(table: pd.DataFrame, is_valid: np.ndarray) -> Split:
    return table[~is_valid], table[is_valid]


def random_split(
    table: pd.DataFrame,
    *,
    valid: float = 0.2,
    seed: int = 0,
    stratify: Groups | None = None,
) -> Split:
    """Return train and valid rows, drawn at random.

    Parameters
    ----------
    table
        One row a sample; samples must not resemble each other in pairs.
    valid
        Share of rows to judge by, in ``(0, 1)``.
    seed
        The same seed gives the same split.
    stratify
        Column (name or values) whose values are spread evenly; each needs
        two rows.

    Examples
    --------
    >>> train, valid = random_split(pd.DataFrame({"x": range(10)}))
    >>> len(train), len(valid)
    (8, 2)

    """
    _check_request(table, valid)
    return group_split(
        table, range(len(table)), valid=valid, seed=seed, stratify=stratify
    )


def group_split(
    table: pd.DataFrame,
    groups: Groups,
    *,
    valid: float = 0.2,
    seed: int = 0,
    stratify: Groups | None = None,
) -> Split:
    """Return train and valid rows with every group on one side.

    Groups are taken in random order while they fit, so the number of valid
    rows is at most one group away from the share asked for (with `stratify`:
    for each class).

    Parameters
    ----------
    table
        One row a sample.
    groups
        Column (name or values): rows with the same value stay together.
    valid, seed, stratify
        As in `random_split`; each class needs two groups.

    Examples
    --------
    >>> visits = pd.DataFrame({"patient": [1, 1, 2, 3, 3, 4]})
    >>> train, valid = group_split(visits, "patient", valid=0.4)
    >>> check_disjoint(train, valid, "patient")

    """
    _check_request(table, valid)
    rng = np.random.default_rng(seed)
    strata = make_strata(table, groups, stratify, minimum=2)
    sizes = [sum(len(rows) for rows in members) for members in strata]
    is_valid = np.zeros(len(table), bool)
    targets = share_out(sizes, valid)
    for members, target in zip(strata, targets, strict=True):
        is_valid[_pick(members, target, rng)] = True
    return _cut(table, is_valid)


def group_folds(
    table: pd.DataFrame,
    groups: Groups,
    *,
    num_folds: int = 5,
    seed: int = 0,
    stratify: Groups | None = None,
) -> list[Split]:
    """Return folds: every row is judged once, every group on one side.

    The largest groups are dealt first, each to the fold that has fewest rows
    of its class.

    Parameters
    ----------
    table, groups, seed, stratify
        As in `group_split`; each class needs `num_folds` groups.
    num_folds
        At least 2.

    Examples
    --------
    >>> visits = pd.DataFrame({"patient": [1, 1, 2, 3, 3, 4]})
    >>> folds = group_folds(visits, "patient", num_folds=3)
    >>> [len(valid) for _, valid in folds]
    [2, 2, 2]

    """
    _check_request(table, valid=0.5)
    if num_folds < 2:
        raise ValueError(f"num_folds must be at least 2, got {num_folds}")
    rng = np.random.default_rng(seed)
    fold_of = np.zeros(len(table), int)
    total = np.zeros(num_folds, int)
    for members in make_strata(table, groups, stratify, minimum=num_folds):
        shuffled = [members[place] for place in rng.permutation(len(members))]
        count = np.zeros(num_folds, int)
        for rows in sorted(shuffled, key=len, reverse=True):
            fold = np.lexsort((total, count))[0]
            fold_of[rows] = fold
            count[fold] += len(rows)
            total[fold] += len(rows)
    return [_cut(table, fold_of == fold) for fold in range(num_folds)]


def time_split(
    table: pd.DataFrame, column: str, *, valid: float = 0.2
) -> Split:
    """Return the earlier rows to learn from, the later ones to judge by.

    Rows of the same time stay on one side: the cut falls between two times,
    as near as possible to the share asked for.

    Examples
    --------
    >>> sales = pd.DataFrame({"day": [3, 1, 2, 2, 1], "sold": range(5)})
    >>> train, valid = time_split(sales, "day")
    >>> sorted(train["day"]), list(valid["day"])
    ([1, 1, 2, 2], [3])

    """
    _check_request(table, valid)
    times = pd.Series(column_values(table, column, "time")).infer_objects()
    moments = np.sort(times.unique())
    if len(moments) < 2:
        raise ValueError(
            f"all rows have the same {column!r} ({moments[0]}); a split by "
            "time needs two times"
        )
    values = times.to_numpy()
    later = np.array([(values >= moment).sum() for moment in moments[1:]])
    cut = moments[1:][np.abs(later - valid * len(table)).argmin()]
    return _cut(table, values >= cut)


def check_disjoint(
    train: pd.DataFrame, valid: pd.DataFrame, column: str
) -> None:
    """Raise if a value of `column` occurs on both sides of a split.

    Examples
    --------
    >>> train = pd.DataFrame({"patient": [1, 2]})
    >>> check_disjoint(train, pd.DataFrame({"patient": [2]}), "patient")
    Traceback (most recent call last):
    ValueError: 1 value of 'patient' is on both sides: 2; ...

    """
    left, right = (
        set(column_values(t, column, column)) for t in (train, valid)
    )
    shared = sorted(left & right, key=str)
    if shared:
        values = "value" if len(shared) == 1 else "values"
        verb = "is" if len(shared) == 1 else "are"
        raise ValueError(
            f"{len(shared)} {values} of {column!r} {verb} on both sides: "
            f"{', '.join(map(str, shared[:5]))}; split with group_split"
        )
