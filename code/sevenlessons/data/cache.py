"""The cache of verified files: `ensure` is what every data set calls.

`ensure("deep_sky")` returns the folder that holds the files. On the first
call it fetches them, checks every byte and moves the folder into place in one
step, under a lock; later calls compare a stamp and the sizes of the files.
`verify` reads every byte again.
"""

import json
import os
import shutil
import tempfile
from pathlib import Path

import platformdirs
from filelock import FileLock, Timeout

from .archives import (
    BrokenArchive,
    extract,
    file_sha256,
    listing_sha256,
)
from .catalogue import DataSet, Source, find_set
from .commands import SourceFailed
from .reports import FetchEvent, FetchReporter, Report, megabytes
from .sources import obtain

__all__ = [
    "DataUnavailable",
    "archives_folder",
    "cache_root",
    "ensure",
    "is_present",
    "verify",
]

_STAMP = ".complete"


class DataUnavailable(RuntimeError):
    """No source could deliver; the message says what can be done."""


def cache_root(root: str | os.PathLike[str] | None = None) -> Path:
    """Return the cache folder: argument, ``SEVENLESSONS_DATA``, user cache.

    Examples
    --------
    >>> cache_root("some/folder").as_posix()
    'some/folder'

    """
    given = root or os.environ.get("SEVENLESSONS_DATA")
    return Path(given or platformdirs.user_cache_dir("sevenlessons"))


def archives_folder(
    archives: str | os.PathLike[str] | None = None,
) -> Path | None:
    """Return the folder of archives brought by hand, if one is named.

    Examples
    --------
    >>> archives_folder("usb/stick").as_posix()
    'usb/stick'

    """
    given = archives or os.environ.get("SEVENLESSONS_ARCHIVES")
    return Path(given) if given else None


def _stamped(entry: DataSet, folder: Path) -> dict[str, str]:
    """Return the SHA-256 of each file as stamped, or {} if anything is off."""
    try:
        text = (folder / _STAMP).read_text(encoding="utf-8")
        stamp = json.loads(text)
        if stamp["content"] != entry.content.fingerprint:
            return {}
        files: dict[str, list[str | int]] = stamp["files"]
        for name, (size, _) in files.items():
            if (folder / name).stat().st_size != size:
                return {}
        return {name: str(digest) for name, (_, digest) in files.items()}
    except (OSError, ValueError, KeyError, TypeError):
        return {}


def _write_stamp(
    entry: DataSet, folder: Path, digests: dict[str, str]
) -> None:
    files = {
        name: [(folder / name).stat().st_size, digest]
        for name, digest in sorted(digests.items())
    }
    stamp = {"content": entry.content.fingerprint, "files": files}
    (folder / _STAMP).write_text(json.dumps(stamp), encoding="utf-8")


def _differences(entry: DataSet, folder: Path) -> list[str]:
    """Return what differs from the catalogue, reading every byte."""
    content, known = entry.content, _stamped(entry, folder)
    names = list(content.files) or list(known)
    if content.tree is not None and not names:
        return ["files are missing or have another size"]
    found, bad = {}, []
    for name in names:
        try:
            found[name] = file_sha256(folder / name)
        except OSError:
            bad.append(f"{name} is missing")
            continue
        spec = content.files.get(name)
        if found[name] != (spec.sha256 if spec else known[name]):
            bad.append(f"{name} has another SHA-256")
    if content.tree is not None and not bad:
        if listing_sha256(found) != content.tree.sha256:
            bad.append("the listing of the files differs")
    return bad


def is_present(
    name: str, *, root: str | os.PathLike[str] | None = None
) -> bool:
    """Tell whether the files of data set `name` lie in the cache.

    Examples
    --------
    >>> is_present("adult", root="no such folder")
    False

    """
    return bool(_stamped(find_set(name), cache_root(root) / name))


def verify(
    name: str, *, root: str | os.PathLike[str] | None = None
) -> list[str]:
    """Read every byte of data set `name` again; return what is wrong.

    Returns
    -------
    list of str
        One line a difference; empty when all is well.

    Examples
    --------
    >>> verify("adult", root="no such folder")
    ['adult.data is missing']

    """
    return _differences(find_set(name), cache_root(root) / name)


def ensure(
    name: str,
    *,
    root: str | os.PathLike[str] | None = None,
    archives: str | os.PathLike[str] | None = None,
    report: Report | None = None,
) -> Path:
    """Return the folder with the verified files of data set `name`.

    Parameters
    ----------
    name
        A name of the catalogue; `python -m sevenlessons data` lists them.
    root
        Cache folder; see `cache_root`.
    archives
        Folder of archives brought by hand; see `archives_folder`.
    report
        Called with each `FetchEvent`; prints progress when None.

    Raises
    ------
    ValueError
        If there is no such data set.
    DataUnavailable
        If no source could deliver.

    """
    entry, home = find_set(name), cache_root(root).expanduser()
    if _stamped(entry, home / name):
        return home / name
    return _Fetch(
        entry, home, archives_folder(archives), report or FetchReporter()
    ).run()


class _Fetch:
    """One fetch of one data set into the cache."""

    def __init__(
        self, entry: DataSet, root: Path, archives: Path | None, report: Report
    ) -> None:
        self.entry = entry
        self.root = root
        self.archives = archives
        self.report = report
        self.final = root / entry.name

    def say(self, step: str, text: str = "", **sizes: int) -> None:
        event = FetchEvent(name=self.entry.name, step=step, text=text, **sizes)
        self.report(event)

    def run(self) -> Path:
        name = self.entry.name
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            lock = FileLock(self.root / f".{name}.lock")
            with self._acquire(lock):
                if not _stamped(self.entry, self.final):
                    self._fetch()
        except PermissionError as error:
            raise DataUnavailable(
                f"cannot write to the cache folder {self.root}: {error}; set "
                "SEVENLESSONS_DATA to a folder that you may write to"
            ) from error
        return self.final

    def _acquire(self, lock: FileLock) -> FileLock:
        try:
            lock.acquire(timeout=0.2)
        except Timeout:
            self.say("waiting", "another process is fetching it; waiting")
        else:
            lock.release()
        return lock

    def _fetch(self) -> None:
        for left in self.root.glob(f".{self.entry.name}.tmp-*"):
            shutil.rmtree(left, ignore_errors=True)  # of a killed process
        tried = []
        for source in self._ordered():
            for last in (False, True):
                self.say("source", f"asking {source.label}")
                try:
                    self._from(source)
                except BrokenArchive as error:
                    reason = str(error)
                    self.say("failed", reason)
                except SourceFailed as error:
                    reason, last = str(error), True
                    self.say("failed", reason)
                else:
                    size = megabytes(self.entry.content.size)
                    self.say("done", f"{size}. Licence: {self.entry.licence}")
                    return
                if last:
                    break
            tried.append(f"  - {source.label}: {reason}")
        raise DataUnavailable(self._message(tried))

    def _ordered(self) -> list[Source]:
        """Return the sources, those whose archive lies at hand first."""

        def at_hand(source: Source) -> bool:
            folder = self.archives
            if folder is None or not source.archive:
                return False
            return (folder / source.archive).is_file()

        return sorted(self.entry.sources, key=lambda s: not at_hand(s))

    def _from(self, source: Source) -> None:
        prefix = f".{self.entry.name}.tmp-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=self.root) as tmp:
            down, staged = Path(tmp) / "down", Path(tmp) / "staged"
            down.mkdir()
            staged.mkdir()

            def watch(received: int) -> None:
                self.say("bytes", received=received, total=source.size)

            path = obtain(source, down, self.archives, watch)
            digests = extract(source, self.entry.content, path, staged)
            _write_stamp(self.entry, staged, digests)
            if self.final.exists():  # damaged or older: steps aside
                os.replace(self.final, Path(tmp) / "old")
            os.replace(staged, self.final)

    def _message(self, tried: list[str]) -> str:
        name, sources = self.entry.name, self.entry.sources
        files = [s.archive for s in sources if s.archive]
        return "\n".join(
            [
                f"no source could deliver {name!r}; tried, in this order:",
                *tried,
                "Without a network, one of these helps:",
                f"  - put {' or '.join(files)} into a folder and set "
                "SEVENLESSONS_ARCHIVES to it;",
                f"  - copy the folder {name!r} from another computer's cache "
                f"into {self.root}.",
            ]
        )
