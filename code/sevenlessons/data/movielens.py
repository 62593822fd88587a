"""MovieLens 100k: who gave which film how many stars, 1997 and 1998.

Users and films are numbered from 0 here, as an embedding wants them; in the
files they count from 1. Films keep their number as identity: several share a
title.
"""

from collections.abc import Mapping
from pathlib import Path

import pandas as pd

from .cache import ensure

__all__ = ["load_films", "load_ratings", "load_users"]

_USERS, _FILMS, _RATINGS = 943, 1682, 100_000
_NO_TITLE = 267  # a film without a title, in the original too
_TITLE_IN_THE_WAY = 1412  # "(1995) (V)": its year stands in the title


def load_ratings(folder: Path | None = None) -> pd.DataFrame:
    """Return all ratings, in the order of the file (mixed, not by time).

    Parameters
    ----------
    folder
        Where the files are; fetched when None.

    Returns
    -------
    pandas.DataFrame
        Columns ``user`` (0 to 942), ``item`` (the film, 0 to 1681),
        ``rating`` (1.0 to 5.0) and ``timestamp`` (seconds since 1970). No
        pair of user and film comes twice.

    Raises
    ------
    FileNotFoundError
        If the file is not in the folder.
    ValueError
        If the file is not the one this book knows.

    Examples
    --------
    >>> load_ratings().iloc[0].astype(int).tolist()  # doctest: +SKIP
    [195, 241, 3, 881250949]

    """
    table, path = _read(
        folder,
        "ml-100k.inter",
        {
            "user_id:token": "user",
            "item_id:token": "item",
            "rating:float": "rating",
            "timestamp:float": "timestamp",
        },
        _RATINGS,
    )
    table["user"] = _whole(table, "user", 1, _USERS, path) - 1
    table["item"] = _whole(table, "item", 1, _FILMS, path) - 1
    table["rating"] = _whole(table, "rating", 1, 5, path).astype(float)
    table["timestamp"] = _whole(table, "timestamp", 0, 2**33, path)
    twice = table.duplicated(["user", "item"])
    if twice.any():
        raise ValueError(
            f"{path}: expected one rating a user and film, got two in line "
            f"{int(twice.idxmax()) + 2}; delete the file, and it is fetched "
            "again"
        )
    return table


def load_films(folder: Path | None = None) -> pd.DataFrame:
    """Return the films; the index is the number that `load_ratings` uses.

    Parameters
    ----------
    folder
        As in `load_ratings`.

    Returns
    -------
    pandas.DataFrame
        Columns ``title``, ``year`` (a number; 0 where nobody knows) and
        ``genres`` (a tuple of names).

    Raises
    ------
    FileNotFoundError, ValueError
        As in `load_ratings`.

    Examples
    --------
    >>> load_films().loc[0, "title"]  # doctest: +SKIP
    'Toy Story'

    """
    table, path = _read(
        folder,
        "ml-100k.item",
        {
            "item_id:token": "item",
            "movie_title:token_seq": "title",
            "release_year:token": "year",
            "class:token_seq": "genres",
        },
        _FILMS,
    )
    _check_numbered(table, "item", path)
    table.loc[_NO_TITLE - 1, ["title", "year"]] = ["(no title)", "0"]
    late = table["title"].str.extract(r"^(.*) \((\d{4})\)$").dropna()
    if late.index.tolist() == [_TITLE_IN_THE_WAY - 1]:
        table.loc[late.index, ["title", "year"]] = late.to_numpy()
    table["year"] = _whole(table, "year", 0, 1998, path)
    table["genres"] = [tuple(text.split()) for text in table["genres"]]
    return table[["title", "year", "genres"]]


def load_users(folder: Path | None = None) -> pd.DataFrame:
    """Return the users; the index is the number that `load_ratings` uses.

    Parameters
    ----------
    folder
        As in `load_ratings`.

    Returns
    -------
    pandas.DataFrame
        Columns ``age`` (years), ``gender`` (F or M, all that was asked),
        ``occupation`` (21 words) and ``zip_code`` (text).

    Raises
    ------
    FileNotFoundError, ValueError
        As in `load_ratings`.

    Examples
    --------
    >>> load_users().iloc[0].tolist()  # doctest: +SKIP
    [24, 'M', 'technician', '85711']

    """
    table, path = _read(
        folder,
        "ml-100k.user",
        {
            "user_id:token": "user",
            "age:token": "age",
            "gender:token": "gender",
            "occupation:token": "occupation",
            "zip_code:token": "zip_code",
        },
        _USERS,
    )
    _check_numbered(table, "user", path)
    table["age"] = _whole(table, "age", 1, 120, path)
    return table[["age", "gender", "occupation", "zip_code"]]


def _read(
    folder: Path | None, name: str, columns: Mapping[str, str], rows: int
) -> tuple[pd.DataFrame, Path]:
    """Return the texts of a file under our names of its columns."""
    folder = ensure("movielens_100k") if folder is None else Path(folder)
    path = folder / name
    if not path.is_file():
        raise FileNotFoundError(
            f"no such file: {path.as_posix()}; leave the folder out, and "
            "all files are fetched"
        )
    try:
        table = pd.read_csv(
            path, sep="\t", dtype=str, keep_default_na=False, quoting=3
        )
    except (UnicodeDecodeError, pd.errors.ParserError) as error:
        raise ValueError(
            f"{path} is no table in UTF-8 with tabs; delete the file, and "
            "it is fetched again"
        ) from error
    if list(table.columns) != list(columns) or len(table) != rows:
        raise ValueError(
            f"{path}: expected {rows} rows of {', '.join(columns)}, got "
            f"{len(table)} of {', '.join(table.columns)}; delete the file, "
            "and it is fetched again"
        )
    return table.rename(columns=columns), path


def _whole(
    table: pd.DataFrame, column: str, low: int, high: int, path: Path
) -> pd.Series:
    """Return a column as whole numbers from `low` to `high`."""
    numbers = pd.to_numeric(table[column], errors="coerce")
    good = numbers.between(low, high) & (numbers % 1 == 0)
    if not good.all():
        row = int((~good).idxmax())
        raise ValueError(
            f"{path}, line {row + 2}: {column} must be a whole number from "
            f"{low} to {high}, got {table.loc[row, column]!r}; delete the "
            "file, and it is fetched again"
        )
    return numbers.astype("int64")


def _check_numbered(table: pd.DataFrame, column: str, path: Path) -> None:
    expected = [str(number) for number in range(1, len(table) + 1)]
    if table[column].tolist() != expected:
        raise ValueError(
            f"{path}: expected the numbers 1 to {len(table)} in order in "
            "the first column; delete the file, and it is fetched again"
        )
