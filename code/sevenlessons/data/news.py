"""News articles of 2004 and 2005 in five topics, exact copies removed.

One file an article, one folder a topic. The first line of a file is its
title. Some articles were filed twice: a copy that is learned from and judged
by would make any model look better than it is.
"""

from pathlib import Path

import pandas as pd

from .cache import ensure

__all__ = ["load"]

TOPICS = ("business", "entertainment", "politics", "sports", "tech")
_FILES = 2225


def load(folder: Path | None = None) -> pd.DataFrame:
    """Return each article once: of exact copies, the first.

    Parameters
    ----------
    folder
        Where the folders of topics are; fetched when None.

    Returns
    -------
    pandas.DataFrame
        Columns ``text``, ``topic``, and ``file`` such as ``tech/001.txt``.
        Sorted by topic and file, rows numbered from 0.

    Raises
    ------
    FileNotFoundError
        If the folder, or a topic in it, is missing.
    ValueError
        If the number of files is not the one this book knows, or a file is
        empty.

    Notes
    -----
    The files are UTF-8 but for one in Latin-1. Copies filed under two topics
    count under the first.

    Examples
    --------
    >>> articles = load()  # doctest: +SKIP
    >>> len(articles), articles["text"].is_unique  # doctest: +SKIP
    (2127, True)

    """
    folder = ensure("bbc_news") if folder is None else Path(folder)
    rows = []
    for topic in TOPICS:
        paths = sorted((folder / topic).glob("*.txt"))
        if not paths:
            raise FileNotFoundError(
                f"no articles in {(folder / topic).as_posix()}; leave the "
                "folder out, and all files are fetched"
            )
        rows += [
            (_read(path), topic, f"{topic}/{path.name}") for path in paths
        ]
    if len(rows) != _FILES:
        raise ValueError(
            f"{folder}: expected {_FILES} articles, got {len(rows)}; delete "
            "the folder, and it is fetched again"
        )
    table = pd.DataFrame(rows, columns=["text", "topic", "file"])
    return table.drop_duplicates("text").reset_index(drop=True)


def _read(path: Path) -> str:
    content = path.read_bytes()
    try:
        text = content.decode("utf-8")
    except UnicodeDecodeError:
        text = content.decode("latin-1")  # which knows every byte
    if not text.strip():
        raise ValueError(
            f"{path} is empty; delete the folder, and it is fetched again"
        )
    return text.strip()
