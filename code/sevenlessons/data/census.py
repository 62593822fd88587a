"""Census answers of 1994, and who earned more than 50,000 dollars a year.

One row a person. `?` stands where somebody gave no answer: it is kept as an
answer of its own, because not answering may tell something too. `fnlwgt` is
the number of people of the country that a row stands for.
"""

from pathlib import Path

import numpy as np
import pandas as pd

from .cache import ensure

__all__ = ["blank", "load"]

TARGET = "income"
INCOMES = ("<=50K", ">50K")
COLUMNS = (
    "age",
    "workclass",
    "fnlwgt",
    "education",
    "education_num",
    "marital_status",
    "occupation",
    "relationship",
    "race",
    "sex",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
    "native_country",
    TARGET,
)
NUMBERS = (
    "age",
    "fnlwgt",
    "education_num",
    "capital_gain",
    "capital_loss",
    "hours_per_week",
)
CATEGORIES = tuple(c for c in COLUMNS if c not in (*NUMBERS, TARGET))
# the columns that the course uses
COURSE_NUMBERS = ("age", "fnlwgt", "education_num")
COURSE_CATEGORIES = (
    "workclass",
    "education",
    "marital_status",
    "occupation",
    "relationship",
    "race",
)

_PERSONS = 32_561


def load(folder: Path | None = None) -> pd.DataFrame:
    """Return all persons, in the order of the file.

    Parameters
    ----------
    folder
        Where the file is; fetched when None.

    Returns
    -------
    pandas.DataFrame
        The columns `COLUMNS`: whole numbers in `NUMBERS`, text in the
        others. 24 rows are exact copies of others;
        ``drop_duplicates(ignore_index=True)`` leaves them out.

    Raises
    ------
    FileNotFoundError
        If the folder does not hold the file.
    ValueError
        If the file is not the one this book knows.

    Examples
    --------
    >>> load().iloc[0][["age", "income"]].tolist()  # doctest: +SKIP
    [39, '<=50K']

    """
    folder = ensure("adult") if folder is None else Path(folder)
    path = folder / "adult.data"
    if not path.is_file():
        raise FileNotFoundError(
            f"no such file: {path.as_posix()}; leave the folder out, and it "
            "is fetched"
        )
    try:
        table = pd.read_csv(
            path,
            header=None,
            names=list(COLUMNS),
            index_col=False,
            skipinitialspace=True,
            keep_default_na=False,
            dtype=dict.fromkeys(NUMBERS, "int64"),
        )
    except (ValueError, UnicodeDecodeError) as error:
        raise ValueError(
            f"{path} is not the table this book knows: {error}; delete the "
            "file, and it is fetched again"
        ) from error
    strange = sorted(set(table[TARGET].unique()) - set(INCOMES), key=str)
    if len(table) != _PERSONS or strange:
        raise ValueError(
            f"{path}: expected {_PERSONS} persons with an income of "
            f"{' or '.join(INCOMES)}, got {len(table)} persons"
            + (f" and the income {strange[0]!r}" if strange else "")
            + "; delete the file, and it is fetched again"
        )
    return table


def blank(
    table: pd.DataFrame, column: str, *, share: float = 0.015, seed: int = 0
) -> pd.DataFrame:
    """Return a copy of `table` in which a share of a column is missing.

    The census file has no gaps in its numbers. Tables elsewhere have, so
    the lesson makes some.

    Parameters
    ----------
    table
        Any table.
    column
        A column of numbers; it becomes floating point.
    share
        Of the rows, in ``[0, 1)``; rounded to whole rows.
    seed
        Which rows: the same seed, the same rows.

    Examples
    --------
    >>> made = blank(pd.DataFrame({"age": range(10)}), "age", share=0.2)
    >>> int(made["age"].isna().sum())
    2

    """
    if column not in table:
        raise ValueError(
            f"no column {column!r}; the table has {', '.join(table.columns)}"
        )
    if not 0 <= share < 1:
        raise ValueError(f"share must be in [0, 1), got {share}")
    rng = np.random.default_rng(seed)
    rows = rng.permutation(len(table))[: round(share * len(table))]
    values = table[column].to_numpy(dtype="float64", copy=True)
    values[rows] = np.nan
    return table.assign(**{column: values})
