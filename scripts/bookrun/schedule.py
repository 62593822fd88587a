"""How many pages run at once, and which first."""

import os
from collections.abc import Iterable

from . import store
from .layout import PACKAGE, Book

__all__ = ["default_jobs", "longest_first", "seconds_of"]

FREE_MB = 2048  # what one more page at a time needs
UNKNOWN = 60.0  # seconds, for a page that never ran here


def default_jobs() -> int:
    """Return how many pages may run at once: a core and 2 GiB for each."""
    jobs = os.cpu_count() or 1
    try:
        pages = os.sysconf("SC_AVPHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        jobs = min(jobs, int(pages / 2**20 / FREE_MB))
    except (ValueError, OSError):
        pass
    return max(1, jobs)


def seconds_of(book: Book, page: str) -> float:
    """Return how long the last run of `page` took, stale or not."""
    old = store.load(book, page)
    if old is None:
        return UNKNOWN
    return float(old.metadata[PACKAGE]["receipt"]["seconds"])


def longest_first(book: Book, pages: Iterable[str]) -> list[str]:
    """Return `pages` in the order in which they should start.

    A long page that starts last leaves the other cores without work. Of pages
    that never ran here the longest text starts first.
    """

    def order(name: str) -> tuple[float, int]:
        source = book.source(name)
        size = source.stat().st_size if source.is_file() else 0
        return -seconds_of(book, name), -size

    return sorted(pages, key=order)
