"""Say how a download goes: a bar on a terminal, a few lines in a log.

Everything goes to standard output. A terminal gets one line that is redrawn;
a log gets a line at the start, at each quarter of a large file and at
the end; a notebook
gets one short line when the set is there.
"""

import sys
import time
from collections.abc import Callable
from dataclasses import dataclass
from typing import TextIO

__all__ = ["FetchEvent", "FetchReporter", "megabytes"]

_WORTH_A_LINE = 20_000_000  # bytes
Report = Callable[["FetchEvent"], None]


@dataclass(frozen=True, kw_only=True)
class FetchEvent:
    """Something that happened while a data set was fetched.

    Parameters
    ----------
    name
        The data set.
    step
        ``"source"`` (a source is asked), ``"bytes"`` (some arrived),
        ``"unpack"``, ``"failed"``, ``"waiting"`` (another process fetches)
        or ``"done"``.
    text
        What to say: the source, the reason, the licence.
    received
        Bytes so far.
    total
        Bytes expected; 0 where unknown.

    """

    name: str
    step: str
    text: str = ""
    received: int = 0
    total: int = 0


def megabytes(size: float) -> str:
    """Return a size in bytes as text, in MB of a million bytes.

    Examples
    --------
    >>> megabytes(9_139_322)
    '9.1 MB'

    """
    return f"{size / 1e6:.1f} MB"


class FetchReporter:
    """Write the events of a download to a stream.

    Parameters
    ----------
    stream
        Where to; standard output when None.
    style
        ``"bar"``, ``"log"`` or ``"notebook"``; chosen by the stream when
        None.

    Examples
    --------
    >>> report = FetchReporter(style="notebook")
    >>> report(FetchEvent(name="adult", step="done", text="4.0 MB"))
    adult: 4.0 MB

    """

    def __init__(
        self, stream: TextIO | None = None, *, style: str | None = None
    ) -> None:
        styles = ("bar", "log", "notebook")
        if style is not None and style not in styles:
            raise ValueError(
                f"style must be one of {', '.join(styles)}, got {style!r}"
            )
        self.stream = stream if stream is not None else sys.stdout
        self.style = style or _style_of(self.stream)
        self._quarter = 0
        self._drawn = 0
        self._when = 0.0

    def __call__(self, event: FetchEvent) -> None:
        if event.step == "bytes":
            self._bytes(event)
        elif event.step == "done" or self.style != "notebook":
            self._quarter = 0
            self._line(f"{event.name}: {event.text}")

    def _bytes(self, event: FetchEvent) -> None:
        if self.style == "notebook":
            return
        share = min(1.0, event.received / event.total) if event.total else 0.0
        if self.style == "bar":
            self._redraw(event, share)
        elif event.total >= _WORTH_A_LINE and int(share * 4) > self._quarter:
            self._quarter = int(share * 4)
            self._line(f"{event.name}: {25 * self._quarter:3d} %")

    def _redraw(self, event: FetchEvent, share: float) -> None:
        now = time.monotonic()
        if now - self._when < 0.1:
            return
        self._when = now
        bar = ("#" * round(24 * share)).ljust(24, ".")
        size = megabytes(event.received)
        if event.total:
            size = f"{size} of {megabytes(event.total)}"
        text = f"{event.name} [{bar}] {100 * share:3.0f} %  {size}"
        self.stream.write("\r" + text.ljust(self._drawn))
        self._drawn = len(text)
        self.stream.flush()

    def _line(self, text: str) -> None:
        if self._drawn:
            self.stream.write("\r" + " " * self._drawn + "\r")
            self._drawn = 0
        self.stream.write(text + "\n")
        self.stream.flush()


def _style_of(stream: TextIO) -> str:
    if type(stream).__module__.startswith("ipykernel"):
        return "notebook"
    return "bar" if stream.isatty() else "log"
