"""Plan which pages each GPU job runs, by the seconds that they took before.

Usage: python -m scripts.shards --shards 2 --receipts receipts.json

Longest first, each into the shard that has the least to do so far. A page
without a receipt counts as 60 s. Prints the matrix that a GitHub workflow
reads; what a person wants to know goes to stderr.
"""

import argparse
import json
import sys
from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from scripts.bookrun.layout import Book
from scripts.bookrun.pages import page_names, read_page

__all__ = ["matrix", "pages_to_run", "plan", "seconds_of"]

ROOT = Path(__file__).resolve().parents[1]
UNKNOWN = 60.0  # seconds of a page that nobody timed


def pages_to_run(book: Book) -> list[str]:
    """Return the pages of `book` that have code, in reading order."""
    names = page_names(book)
    return [name for name in names if read_page(book, name).notebook]


def seconds_of(path: Path) -> dict[str, float]:
    """Return the seconds of each page in a list of receipts.

    A file that is not there has none: the first run has no earlier one.
    """
    if not path.is_file():
        return {}
    receipts = json.loads(path.read_text(encoding="utf-8"))
    return {row["page"]: float(row["seconds"]) for row in receipts}


def plan(
    pages: Iterable[str], seconds: Mapping[str, float], shards: int
) -> list[list[str]]:
    """Share `pages` out to at most `shards` lists, none of them empty.

    >>> plan(["a", "b", "c"], {"a": 10, "b": 70}, 2)
    [['b'], ['c', 'a']]
    """
    pages = list(pages)
    if shards < 1:
        raise ValueError(f"received {shards} shards; there must be one")
    if len(set(pages)) < len(pages):
        raise ValueError(f"a page is listed twice in {', '.join(pages)}")
    cost = {page: seconds.get(page, UNKNOWN) for page in pages}
    found: list[list[str]] = [[] for _ in range(min(shards, len(pages)))]
    for page in sorted(pages, key=lambda name: -cost[name]):
        least = min(found, key=lambda part: sum(cost[p] for p in part))
        least.append(page)
    return found


def matrix(
    parts: list[list[str]], seconds: Mapping[str, float]
) -> dict[str, Any]:
    """Return the matrix of a GitHub workflow: one entry for each shard."""
    return {
        "include": [
            {
                "shard": number,
                "pages": " ".join(part),
                "seconds": round(sum(seconds.get(p, UNKNOWN) for p in part)),
            }
            for number, part in enumerate(parts, 1)
        ]
    }


def main(argv: list[str] | None = None) -> int:
    """Print the matrix; return the exit status."""
    parser = argparse.ArgumentParser(
        prog="python -m scripts.shards",
        description="Plan which pages each GPU job runs.",
    )
    parser.add_argument("--root", type=Path, default=ROOT, help="of the book")
    parser.add_argument("--receipts", type=Path, required=True)
    parser.add_argument("--shards", type=int, default=1)
    args = parser.parse_args(argv)
    pages = pages_to_run(Book(args.root.resolve()))
    if not pages:
        print("no page has code: nothing to plan", file=sys.stderr)
        return 1
    seconds = seconds_of(args.receipts)
    found = matrix(plan(pages, seconds, args.shards), seconds)
    for row in found["include"]:
        line = f"{row['shard']}: {row['seconds']} s  {row['pages']}"
        print(line, file=sys.stderr)
    print(json.dumps(found))
    return 0


if __name__ == "__main__":
    sys.exit(main())
