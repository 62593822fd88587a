"""A list of moves, on the disk before the first file moves.

`quarantine` reads it to find the way back, so it must outlast a power cut.
"""

import csv
import os
from collections.abc import Iterable
from dataclasses import astuple, dataclass, fields
from pathlib import Path

__all__ = ["Move", "read_journal", "write_journal"]

UNFINISHED = ".unfinished"  # ends the name of a journal that is being written


@dataclass(frozen=True)
class Move:
    """One file on its way, or a folder that was made for one.

    Parameters
    ----------
    source
        Where the file was, as ``a/b``; empty for a folder.
    target
        Where it goes.
    sha256
        Of its content; empty for a folder.

    Examples
    --------
    >>> Move("pets/1.jpg", "pets_quarantine/1.jpg", "ab12").source
    'pets/1.jpg'

    """

    source: str
    target: str
    sha256: str


_COLUMNS = [column.name for column in fields(Move)]


def write_journal(moves: Iterable[Move], path: Path) -> None:
    """Write the moves as csv and see them safely on the disk.

    The file appears whole or not at all.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     place = Path(folder) / "moves.csv"
    ...     write_journal([Move("a", "b", "ab12")], place)
    ...     read_journal(place)
    [Move(source='a', target='b', sha256='ab12')]

    """
    unfinished = path.with_name(path.name + UNFINISHED)
    with open(unfinished, "w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file)
        writer.writerow(_COLUMNS)
        writer.writerows(astuple(move) for move in moves)
        file.flush()
        os.fsync(file.fileno())
    os.replace(unfinished, path)
    # the name of the file, and that of its folder, are kept by the folders
    for folder in (path.parent, path.parent.parent):
        _keep_names(folder)


def read_journal(path: Path) -> list[Move]:
    """Return the moves of a journal, in its order.

    Examples
    --------
    >>> read_journal(Path("moves.csv"))  # doctest: +SKIP
    [Move(source='pets/1.jpg', ...)]

    """
    with open(path, encoding="utf-8", newline="") as file:
        return [Move(**row) for row in csv.DictReader(file)]


def _keep_names(folder: Path) -> None:
    """See the names in a folder safely on the disk, where one can."""
    if os.name == "nt":  # Windows opens no folders
        return
    number = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(number)
    finally:
        os.close(number)
