"""Move files as decided, into a folder beside the data, and move them back.

Nothing is ever deleted. Removed files go to the quarantine, relabeled ones to
the folder of their new label. A journal is written before the first file
moves, so that `undo_decisions` finds the way back from any point, also after
the power went off in the middle.
"""

import os
from collections.abc import Iterable
from pathlib import Path

from .decisions import Decision, one_a_file
from .duplicates import content_hash
from .journal import UNFINISHED, Move, read_journal, write_journal

__all__ = ["apply_decisions", "quarantine_folder", "undo_decisions"]

PathLike = str | os.PathLike[str]
_JOURNAL = "moves.csv"


def quarantine_folder(folder: PathLike) -> Path:
    """Return the folder beside `folder` that takes the removed files.

    Examples
    --------
    >>> quarantine_folder("photos").name
    'photos_quarantine'

    """
    folder = Path(folder).resolve()
    return folder.with_name(f"{folder.name}_quarantine")


def apply_decisions(
    decisions: Iterable[Decision], folder: PathLike, *, move_files: bool
) -> list[str]:
    """Move the files of `folder` as decided; say what moves where.

    Parameters
    ----------
    decisions
        Removed files go to `quarantine_folder`, under the same names;
        relabeled ones to ``folder/<label>/<name>``.
    folder
        The data set: a folder with one folder a label.
    move_files
        False only says what would be moved. There is no default: nothing
        moves without being asked for.

    Returns
    -------
    list of str
        One line a file.

    Raises
    ------
    FileNotFoundError
        If a file is not there.
    ValueError
        If a path leads out of the folder, through a link or not, or a file
        has two decisions.
    OSError
        If a file would have to go to another disk.
    FileExistsError
        If a place is taken, or earlier moves were not undone. In each case
        nothing has been moved.

    Examples
    --------
    >>> apply_decisions([], "no/such/folder", move_files=True)
    Traceback (most recent call last):
    NotADirectoryError: no such folder: no/such/folder

    """
    folder = _existing(folder)
    moves = _plan(one_a_file(decisions), folder)
    said = [f"{move.source} -> {move.target}" for move in moves]
    if not move_files or not moves:
        return said
    quarantine = quarantine_folder(folder)
    quarantine.mkdir(exist_ok=True)
    if any(not p.name.endswith(UNFINISHED) for p in quarantine.iterdir()):
        raise FileExistsError(
            f"{quarantine} holds files already; call undo_decisions first, "
            "or put them elsewhere"
        )
    new = {
        place
        for move in moves
        for place in (folder.parent / move.target).parents
        if not place.exists()
    }
    made = [Move("", p.relative_to(folder.parent).as_posix(), "") for p in new]
    write_journal([*moves, *made], quarantine / _JOURNAL)
    for move in moves:
        _move(folder.parent / move.source, folder.parent / move.target)
    return said


def undo_decisions(folder: PathLike) -> int:
    """Put every moved file back where it was; return how many were moved.

    Safe to call after an interruption, and twice.

    Raises
    ------
    FileNotFoundError
        If nothing was moved, or a file is in neither of its two places.
    FileExistsError
        If another file has taken the old place.
    ValueError
        If a moved file was changed since. In each case nothing has been
        moved back.

    Examples
    --------
    >>> undo_decisions("no/such/folder")
    Traceback (most recent call last):
    NotADirectoryError: no such folder: no/such/folder

    """
    folder = _existing(folder)
    quarantine = quarantine_folder(folder)
    journal = quarantine / _JOURNAL
    if not journal.is_file():
        raise FileNotFoundError(
            f"no {journal}: nothing was moved, or it is undone already"
        )
    lines = read_journal(journal)
    moves = [line for line in lines if line.source]
    back = [move for move in moves if _is_away(move, folder)]
    for move in reversed(back):
        _move(folder.parent / move.target, folder.parent / move.source)
    journal.unlink()
    made = {folder.parent / line.target for line in lines if not line.source}
    for place in [*sorted(made, reverse=True), quarantine]:
        if place.is_dir() and not any(place.iterdir()):
            place.rmdir()
    return len(back)


def _existing(folder: PathLike) -> Path:
    """Return the folder without links and dots; it must be there."""
    if not Path(folder).is_dir():
        raise NotADirectoryError(f"no such folder: {Path(folder).as_posix()}")
    return Path(folder).resolve()


def _plan(decisions: Iterable[Decision], folder: Path) -> list[Move]:
    """Return all moves; refuse whatever could go wrong before the first."""
    moves: list[Move] = []
    taken = {_key(quarantine_folder(folder) / _JOURNAL)}
    for decision in decisions:
        if decision.action == "keep":
            continue
        source = folder / decision.path
        if not source.is_file():
            raise FileNotFoundError(
                f"no such file: {decision.path} in {folder}; nothing was moved"
            )
        target = quarantine_folder(folder) / decision.path
        if decision.action == "relabel":
            target = folder / decision.label / source.name
        if source.resolve() != source or target.resolve() != target:
            raise ValueError(
                f"{decision.path} goes through a link; only files that lie "
                "in the folder itself are moved"
            )
        if target == source:
            continue
        # a folder on the way may have the name of a file, too
        names = {_key(place) for place in (target, *target.parents)}
        ground = next(place for place in target.parents if place.exists())
        if target.exists() or names & taken or not ground.is_dir():
            raise FileExistsError(
                f"{decision.path} cannot go to {target}: another file has "
                "that name; rename one of them. Nothing was moved"
            )
        if _disk(source) != _disk(ground):
            raise OSError(
                f"{decision.path} and {ground} are on different disks, and "
                "files only move within one; copy the data set to a folder "
                "on one disk. Nothing was moved"
            )
        if decision.label:  # removed files keep their folders, and so differ
            taken.add(_key(target))
        source_name = source.relative_to(folder.parent).as_posix()
        target_name = target.relative_to(folder.parent).as_posix()
        moves.append(Move(source_name, target_name, content_hash(source)))
    return moves


def _key(path: Path) -> str:
    """Return a path as a disk sees it that ignores capitals."""
    return path.as_posix().casefold()


def _disk(path: Path) -> int:
    return path.stat().st_dev


def _move(source: Path, target: Path) -> None:
    """Move one file; the folder may be new, the place must be free."""
    target.parent.mkdir(parents=True, exist_ok=True)
    if target.exists():
        raise FileExistsError(f"{target} appeared in the meantime; stopped")
    os.rename(source, target)


def _is_away(move: Move, folder: Path) -> bool:
    """Say whether a file has yet to go back; refuse if it cannot."""
    source, target = (folder.parent / p for p in (move.source, move.target))
    if not source.resolve().is_relative_to(folder):
        raise ValueError(
            f"the journal names {move.source}, which is not in {folder}; it "
            "was changed by hand"
        )
    if source.is_file() and content_hash(source) == move.sha256:
        return False  # it was never moved, or is back already
    if not target.exists():
        raise FileNotFoundError(
            f"{move.source} is neither there nor at {move.target}; it was "
            "moved or deleted by somebody else"
        )
    if source.exists():
        raise FileExistsError(
            f"{move.source} cannot come back: another file is there now; "
            "move it away first"
        )
    if content_hash(target) != move.sha256:
        raise ValueError(
            f"{move.target} was changed since it was moved; take it out of "
            "the quarantine by hand"
        )
    return True
