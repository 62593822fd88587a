"""Run every page once more from nothing and compare with the runs kept.

A seeded page on the same machine must give the same numbers, bit for bit.
The second run goes to a folder of its own and is thrown away.
"""

import json
import tempfile
from pathlib import Path
from typing import Any

from nbformat import NotebookNode

from . import store
from .layout import PACKAGE, Book
from .pages import code_cells, page_names
from .run import run

__all__ = ["differences", "repeat"]

CHECKED = "nbval-check-output"


def _text(cell: NotebookNode) -> str:
    """Return what a cell showed, without numbers of its own display.

    The kernel hands out what was printed now and then, by its clock: the same
    lines come in one piece or in two. So pieces of one stream are joined.
    """
    shown: list[Any] = []
    last = None
    for output in cell.outputs:
        stream = output.get("name")  # None for what is no stream
        if stream is not None and stream == last:
            shown[-1] += output["text"]
        else:
            shown.append(output.get("text") or output.get("data"))
        last = stream
    return json.dumps(shown, sort_keys=True)


def differences(
    first: NotebookNode, second: NotebookNode
) -> list[tuple[str, bool]]:
    """Return first line of each cell whose output differs, and if it may.

    A cell may differ if it shows a time or a memory; one that is tagged as
    deterministic may not.
    """
    found = []
    pairs = zip(code_cells(first), code_cells(second), strict=True)
    for old, new in pairs:
        if _text(old) != _text(new):
            line = old.source.strip().partition("\n")[0]
            may = CHECKED not in old.metadata.get("tags", [])
            found.append((line, may))
    return found


def _other_files(first: NotebookNode, second: NotebookNode) -> list[str]:
    """Return the published files that differ; one may hold a date."""
    old, new = (
        run.metadata.get(PACKAGE, {}).get("files", {})
        for run in (first, second)
    )
    return sorted(n for n in {*old, *new} if old.get(n) != new.get(n))


def _ledger(path: Path) -> dict[str, dict[str, Any]]:
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["key"]: row for row in rows}


def repeat(
    book: Book,
    pages: list[str] | None = None,
    *,
    device: str = "cpu",
    jobs: int | None = None,
) -> list[str]:
    """Run `pages` again from nothing; return what came out differently.

    Parameters
    ----------
    book
        A book whose pages were executed.
    pages
        Names of pages; all pages by default.
    device
        `cpu` or `cuda`.
    jobs
        How many pages run at once.

    """
    faults: list[str] = []
    with tempfile.TemporaryDirectory(prefix="repeat-") as folder:
        again = Book(book.root, Path(folder))
        report = run(again, pages, device=device, jobs=jobs, fresh=True)
        faults += report.faults
        same, cells = 0, 0
        for name in pages or page_names(book):
            old, new = store.load(book, name), store.load(again, name)
            if old is None or new is None:
                continue
            other = differences(old, new)
            cells += len(code_cells(old))
            same += len(code_cells(old)) - len(other)
            for file in _other_files(old, new):
                print(f"{name}: published another {file}")
            for line, may in other:
                print(f"{name}: another output of the cell `{line}`")
                if not may:
                    faults.append(f"{name}: `{line}` is not deterministic")
        before, after = _ledger(book.results), _ledger(again.results)
    for key, row in after.items():
        if row != before.get(key):
            faults.append(
                f"{key}: {before.get(key, {}).get('value')} became"
                f" {row['value']}"
            )
    print(
        f"repeat: {same} of {cells} cells gave the same output bit for bit,"
        f" {len(after)} results compared, {len(faults)} faults"
    )
    return faults
