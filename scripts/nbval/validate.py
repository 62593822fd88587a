"""Both passes of nbval over the book, and what they did not look at."""

import os
import platform
import time
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from scripts.bookrun.keys import digest
from scripts.bookrun.layout import Book
from scripts.bookrun.pages import code_cells, page_names

from . import references
from .faults import page_faults, reference_faults
from .judge import Verdict, judge
from .prepare import AGAIN, PUBLISHED, TOOLS, Subject, build_folder

__all__ = ["Found", "collect", "fitting", "seconds_allowed", "validate"]

SECONDS = 60.0
VARIABLE = "NBVAL_SECONDS"


@dataclass
class Found:
    """The pages with code, and what is wrong before nbval starts."""

    subjects: list[Subject] = field(default_factory=list)  # sound ones
    faults: list[str] = field(default_factory=list)
    silent: list[str] = field(default_factory=list)  # no such references


def seconds_allowed(text: str | None) -> float:
    """Return the seconds of pages to run again; `all` is without limit.

    >>> seconds_allowed("all"), seconds_allowed(None)
    (inf, 60.0)
    """
    if text is None or not text.strip():
        return SECONDS
    if text.strip() == "all":
        return float("inf")
    try:
        return float(text)
    except ValueError:
        raise SystemExit(
            f"{VARIABLE} must be a number of seconds or `all`, got {text!r}"
        ) from None


def _collect_page(book: Book, page: str, found: Found) -> None:
    notebook, device, stale = references.published(book, page)
    if stale:
        found.faults.append(
            f"{page}: its executed notebook is not of this page"
            f" ({', '.join(stale[:3])}); run `make book`"
        )
    if notebook is None:
        return
    path = references.reference_path(book, page, device)
    where = path.relative_to(book.root).as_posix()
    cells = references.read(book, page, device)
    faults = page_faults(notebook)
    if cells is None and device != "cpu":
        found.silent.append(f"{page} ran on {device}, there is no {where}")
    elif not faults:
        faults += reference_faults(page, notebook, cells, where)
    found.faults += [f"{page}: {fault}" for fault in faults]
    if not faults:
        found.subjects.append(Subject(page, notebook, device, cells))


def collect(book: Book, pages: list[str] | None = None) -> Found:
    """Return the pages to judge with what is wrong already."""
    found = Found()
    for page in pages or page_names(book):
        try:
            _collect_page(book, page, found)
        except (FileNotFoundError, ValueError, KeyError) as error:
            found.faults.append(f"{page}: {type(error).__name__}: {error}")
    if pages is None:
        for path in references.orphans(book):
            name = path.relative_to(book.root).as_posix()
            found.faults.append(f"{name} belongs to no page; take it out")
    return found


def fitting(subjects: list[Subject], allowed: float) -> list[Subject]:
    """Return the quickest pages that together fit into `allowed` seconds."""
    chosen, spent = [], 0.0
    for subject in sorted(subjects, key=lambda s: s.seconds):
        spent += subject.seconds
        if spent <= allowed:
            chosen.append(subject)
    return chosen


def _read_by_us(book: Book, subjects: list[Subject]) -> Iterator[Path]:
    yield from (book.notebook(s.name) for s in subjects)
    yield from references.folder(book).rglob("*.json")
    yield from (TOOLS / "scripts" / "nbval").glob("*.*")
    yield from (TOOLS / "scripts" / "bookrun").glob("*.py")


def _key(book: Book, subjects: list[Subject], again: list[Subject]) -> str:
    """Return a digest of everything that decides the outcome."""
    parts = [platform.python_version(), *(s.name for s in again), "|"]
    parts += [s.name for s in subjects]
    for path in sorted(_read_by_us(book, subjects)):
        parts.append(f"{path} {digest(path.read_bytes())}")
    return digest("\n".join(parts))


def _say(what: str, verdict: Verdict, pages: int, start: float) -> None:
    print(
        f"nbval: {what}: {pages} pages, {verdict.ran} cells ran,"
        f" {len(verdict.compared)} outputs equal their references,"
        f" faults: {len(verdict.faults)},"
        f" {time.perf_counter() - start:.0f} s",
        flush=True,
    )


def _confess(found: Found, again: list[Subject], allowed: float) -> None:
    """Print what was not compared."""
    cells = sum(len(code_cells(s.notebook)) for s in found.subjects)
    tagged = sum(len(s.found) for s in found.subjects)
    print(
        f"nbval: not compared: the outputs of {cells - tagged} of {cells}"
        f" code cells, which lack the tag {references.CHECK} (bands and"
        " assertions judge them); pictures, HTML, timings"
    )
    for line in found.silent:
        print(f"nbval: NOT COMPARED: {line}")
    names = {s.name for s in again}
    slow = [s for s in found.subjects if s.name not in names]
    if slow:
        text = ", ".join(f"{s.name} ({s.seconds:.0f} s)" for s in slow)
        print(f"nbval: not run again ({VARIABLE}={allowed:g}): {text}")


def validate(
    book: Book, pages: list[str] | None = None, *, allowed: float = SECONDS
) -> list[str]:
    """Run both passes; return all faults.

    Parameters
    ----------
    book
        A book whose pages were executed.
    pages
        Names of pages; all by default.
    allowed
        Seconds that the pages of the second pass took when they ran last,
        summed.

    """
    os.environ.setdefault("JUPYTER_PREFER_ENV_PATH", "1")
    found = collect(book, pages)
    again = fitting(found.subjects, allowed)
    green = build_folder(book) / "green.key"
    key = _key(book, found.subjects, again)
    if not found.faults and green.is_file() and green.read_text() == key:
        _confess(found, again, allowed)
        print("nbval: unchanged since it was green")
        return []
    green.unlink(missing_ok=True)
    faults = list(found.faults)
    if not found.subjects:
        return faults or ["no page with code: nothing was compared"]
    start = time.perf_counter()
    verdict = judge(book, found.subjects, PUBLISHED)
    _say("published runs", verdict, len(found.subjects), start)
    faults += [f"published run of {fault}" for fault in verdict.faults]
    if again and not faults:
        start = time.perf_counter()
        verdict = judge(book, again, AGAIN)
        _say("run again", verdict, len(again), start)
        faults += [f"second run of {fault}" for fault in verdict.faults]
    elif again:
        print("nbval: not run again: mend the faults first")
    _confess(found, again, allowed)
    if not faults and pages is None:
        green.write_text(key, encoding="utf-8")
    return faults
