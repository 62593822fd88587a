"""Fetch one data set: lock, source after source, check, move into place.

The work is done in a temporary folder inside the cache, so that the last step
is a rename: another process sees the complete folder or none.
"""

import os
import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from filelock import FileLock, Timeout

from .archives import BrokenArchive
from .catalogue import DataSet
from .commands import SourceFailed
from .records import Source
from .reports import FetchEvent, Report, megabytes
from .sources import obtain
from .stamps import is_stamped, write_stamp
from .unpack import differences, extract

__all__ = ["DataUnavailable", "Fetch"]


class DataUnavailable(RuntimeError):
    """No source could deliver; the message says what can be done."""


class Fetch:
    """One fetch of one data set into the cache.

    Parameters
    ----------
    entry
        The data set.
    root
        The cache folder; the files land in a folder of the set's name.
    archives
        Folder of archives brought by hand, or None.
    report
        Called with each `FetchEvent`.

    """

    def __init__(
        self, entry: DataSet, root: Path, archives: Path | None, report: Report
    ) -> None:
        self.entry = entry
        self.root = root
        self.archives = archives
        self.report = report
        self.final = root / entry.name

    def say(self, step: str, text: str = "", **sizes: int) -> None:
        """Report one event of this set."""
        event = FetchEvent(name=self.entry.name, step=step, text=text, **sizes)
        self.report(event)

    def run(self) -> Path:
        """Return the folder of the verified files, fetched if need be."""
        try:
            self.root.mkdir(parents=True, exist_ok=True)
            with self._locked():
                if not is_stamped(self.entry.content, self.final):
                    self._clean()
                    if not self._adopt():
                        self._fetch()
        except OSError as error:
            raise DataUnavailable(
                f"cannot write the cache folder {self.root} ({error}); set "
                "SEVENLESSONS_DATA to a folder that you may write to"
            ) from error
        return self.final

    @contextmanager
    def _locked(self) -> Iterator[None]:
        lock = FileLock(self.root / f".{self.entry.name}.lock")
        try:
            lock.acquire(timeout=0.2)
        except Timeout:
            self.say("waiting", "another process is fetching it; waiting")
            lock.acquire()
        try:
            yield
        finally:
            lock.release()

    def _clean(self) -> None:
        """Remove what a killed process left."""
        for left in self.root.glob(f".{self.entry.name}.tmp-*"):
            shutil.rmtree(left, ignore_errors=True)

    def _adopt(self) -> bool:
        """Take files that lie in place already, when every byte is right."""
        if differences(self.entry.content, self.final):
            return False
        write_stamp(self.entry.content, self.final)
        self.say("done", "the files in the cache are complete")
        return True

    def _fetch(self) -> None:
        self._need_space()
        tried = []
        for source in sorted(self.entry.sources, key=self._not_at_hand):
            reason = self._try(source)
            if not reason:
                size = megabytes(self.entry.content.size)
                self.say("done", f"{size}. Licence: {self.entry.licence}")
                return
            tried.append(f"  - {source.label}: {reason}")
        raise DataUnavailable(self._message(tried))

    def _try(self, source: Source) -> str:
        """Fetch from `source`; return "" or the reason why it failed."""
        reason = ""
        for attempt in (1, 2):
            again = ", once more" if attempt == 2 else ""
            self.say("source", f"from {source.label}{again}")
            try:
                self._from(source)
            except BrokenArchive as error:  # deleted; worth a second try
                reason = str(error)
                self.say("failed", reason)
                if not self._not_at_hand(source):
                    return reason
            except SourceFailed as error:
                self.say("failed", str(error))
                return str(error)
            else:
                return ""
        return reason

    def _from(self, source: Source) -> None:
        prefix = f".{self.entry.name}.tmp-"
        with tempfile.TemporaryDirectory(prefix=prefix, dir=self.root) as tmp:
            down, staged = Path(tmp) / "down", Path(tmp) / "staged"
            down.mkdir()
            staged.mkdir()

            def watch(received: int) -> None:
                if source.size:  # the folder may hold a second copy
                    received = min(received, source.size)
                self.say("bytes", received=received, total=source.size)

            path = obtain(source, down, self.archives, watch)
            extract(source, self.entry.content, path, staged)
            write_stamp(self.entry.content, staged)
            if self.final.exists():  # damaged or older: steps aside
                os.replace(self.final, Path(tmp) / "old")
            os.replace(staged, self.final)

    def _not_at_hand(self, source: Source) -> bool:
        if self.archives is None or not source.archive:
            return True
        return not (self.archives / source.archive).is_file()

    def _need_space(self) -> None:
        largest = max(source.size for source in self.entry.sources)
        need = largest + self.entry.content.size
        free = shutil.disk_usage(self.root).free
        if free < need:
            raise DataUnavailable(
                f"{self.entry.name} needs {megabytes(need)} for a while in "
                f"{self.root}, and {megabytes(free)} are free; set "
                "SEVENLESSONS_DATA to a folder on another disk"
            )

    def _message(self, tried: list[str]) -> str:
        name, sources = self.entry.name, self.entry.sources
        files = " or ".join(s.archive for s in sources if s.archive)
        return (
            f"no source could deliver {name!r}; tried, in this order:\n"
            + "\n".join(tried)
            + "\nWithout a network, one of these helps:"
            + f"\n  - put {files} into a folder and set "
            + "SEVENLESSONS_ARCHIVES to that folder;"
            + f"\n  - copy the folder {name!r} from another computer's cache "
            + f"into {self.root}."
        )
