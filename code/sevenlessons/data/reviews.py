"""Sentences of film reviews, each with how people felt about it.

Twenty people rated each sentence from -4, very negative, to 4, very positive;
the file holds the mean. One sentence a line: number, tab, rating, tab, text.
"""

from pathlib import Path

import pandas as pd

from .cache import ensure

__all__ = ["load", "load_clear"]

_SENTENCES = 10_605


def load(folder: Path | None = None) -> pd.DataFrame:
    """Return all sentences with their mean rating, in the order of the file.

    Parameters
    ----------
    folder
        Where the file is; fetched when None.

    Returns
    -------
    pandas.DataFrame
        Columns ``text`` and ``rating`` (from -4 to 4), one row a sentence.

    Raises
    ------
    ValueError
        If the file is not the one this book knows.

    Examples
    --------
    >>> load().iloc[2].tolist()  # doctest: +SKIP
    ['Effective but too tepid biopic', -0.6]

    """
    folder = ensure("movie_sentences") if folder is None else Path(folder)
    path = folder / "movie.txt"
    texts, ratings = [], []
    for number, line in enumerate(_lines(path), start=1):
        parts = line.split("\t")
        if len(parts) != 3 or parts[0] != str(number) or not parts[2].strip():
            raise ValueError(
                f"{path}, line {number}: expected the number {number}, a "
                "rating and a sentence with tabs between them, got "
                f"{line[:60]!r}; delete the file, and it is fetched again"
            )
        texts.append(parts[2].strip())
        ratings.append(_rating(parts[1], path, number))
    return pd.DataFrame({"text": texts, "rating": ratings})


def load_clear(
    threshold: float = 0.5, folder: Path | None = None
) -> pd.DataFrame:
    """Return the sentences that are clearly positive or clearly negative.

    Parameters
    ----------
    threshold
        Sentences rated within this distance of 0 are left out; in [0, 4).
    folder
        As in `load`.

    Returns
    -------
    pandas.DataFrame
        Columns ``text``, ``rating``, and ``label``: 1 for positive, 0 for
        negative. Rows numbered from 0.

    Raises
    ------
    ValueError
        If `threshold` is out of range.

    Examples
    --------
    >>> clear = load_clear()  # doctest: +SKIP
    >>> len(clear), int(clear["label"].sum())  # doctest: +SKIP
    (10043, 4982)

    """
    if not 0 <= threshold < 4:
        raise ValueError(
            f"threshold must be a rating in [0, 4), got {threshold}; ratings "
            "go from -4 to 4"
        )
    table = load(folder)
    clear = table[table["rating"].abs() > threshold].reset_index(drop=True)
    return clear.assign(label=(clear["rating"] > 0).astype(int))


def _lines(path: Path) -> list[str]:
    if not path.is_file():
        raise FileNotFoundError(
            f"no such file: {path.as_posix()}; leave the folder out, and "
            "all files are fetched"
        )
    try:
        lines = path.read_text(encoding="utf-8").splitlines()
    except UnicodeDecodeError as error:
        raise ValueError(
            f"{path} is no text in UTF-8; delete the file, and it is fetched "
            "again"
        ) from error
    if len(lines) != _SENTENCES:
        raise ValueError(
            f"{path}: expected {_SENTENCES} sentences, one a line, got "
            f"{len(lines)}; delete the file, and it is fetched again"
        )
    return lines


def _rating(text: str, path: Path, number: int) -> float:
    try:
        rating = float(text)
    except ValueError:
        rating = float("nan")
    if not -4 <= rating <= 4:
        raise ValueError(
            f"{path}, line {number}: a rating is a number from -4 to 4, got "
            f"{text!r}; delete the file, and it is fetched again"
        )
    return rating
