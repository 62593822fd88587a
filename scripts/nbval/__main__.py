"""Command line: `python -m scripts.nbval validate|references [options]`."""

import argparse
import os
import sys
from pathlib import Path

from scripts.bookrun.layout import Book
from scripts.bookrun.pages import page_names

from . import references
from .faults import page_faults
from .validate import VARIABLE, seconds_allowed, validate

ROOT = Path(__file__).resolve().parents[2]


def parser() -> argparse.ArgumentParser:
    """Return the parser of the command line."""
    found = argparse.ArgumentParser(
        prog="python -m scripts.nbval",
        description="Compare what tagged cells print with what is committed.",
    )
    found.add_argument(
        "what",
        choices=("validate", "references"),
        help="validate: compare; references: write the committed outputs"
        " from the executed notebooks, for a person to look at and commit",
    )
    found.add_argument("--page", action="append", help="such as start/run")
    found.add_argument("--root", type=Path, default=ROOT, help="of the book")
    return found


def write_references(book: Book, pages: list[str] | None) -> list[str]:
    """Write references, print what changed; return the faults."""
    faults, changed = [], 0
    for page in pages or page_names(book):
        notebook, device, stale = references.published(book, page)
        if stale:
            faults.append(
                f"{page}: its executed notebook is not of this page"
                f" ({', '.join(stale[:3])}); run `make book`"
            )
        if notebook is None:
            continue
        found = page_faults(notebook)
        if found:
            faults += [f"{page}: {fault}" for fault in found]
            continue
        diff = references.write(book, page, notebook, device)
        if diff:
            changed += 1
            print(diff)
    for path in references.orphans(book) if pages is None else []:
        path.unlink()
        changed += 1
        print(f"{path.relative_to(book.root)}: taken out, it has no page")
    print(f"references: {changed} files changed", end="")
    print("; look at every line, then commit" if changed else "")
    return faults


def main(argv: list[str] | None = None) -> int:
    """Run the command; return the exit status."""
    args = parser().parse_args(argv)
    book, pages = Book(args.root.resolve()), args.page
    if args.what == "references":
        faults = write_references(book, pages)
    else:
        allowed = seconds_allowed(os.environ.get(VARIABLE))
        faults = validate(book, pages, allowed=allowed)
    for fault in faults:
        print(f"FAULT  {fault}")
    if faults:
        print(f"nbval: red: {len(faults)} faults")
    return 1 if faults else 0


if __name__ == "__main__":
    sys.exit(main())
