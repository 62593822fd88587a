"""Faults of a page that no comparison of outputs would notice.

nbval passes over in silence what it has no stored output for, what a comment
tells it to ignore and what the book itself skips. And what differs from run
to run must not be compared at all.
"""

import re
from collections.abc import Iterator

from nbformat import NotebookNode

from scripts.bookrun.pages import code_cells

from .references import CHECK, Cell, output_texts, pair

__all__ = ["cell_name", "page_faults", "reference_faults"]

SKIP, NBVAL_SKIP = "skip-execution", "nbval-skip"
OTHERS = ("nbval-ignore-output", "nbval-raises-exception")
COMMENT = re.compile(r"^\s*#+\s*(NBVAL_\w+|PYTEST_VALIDATE_\w+)\s*$", re.M)
NOISE = {
    "an address in memory": r"\b0x[0-9a-fA-F]{6,}",
    "a time": r"\d ?(?:ns|µs|μs|us|ms|s|sec|seconds?|minutes?)\b"
    r"|\b\d\d:\d\d:\d\d\b",
    "rounding noise": r"\d\.\d{7,}|\de-(?:0[7-9]|[1-9]\d)",
    "a path of this machine": r"(?:^|[\s'\"(=])(?:/(?:home|root|tmp|Users|var)"
    r"/|[A-Z]:\\)",
}
COMMAND = "python -m scripts.nbval references"


def cell_name(number: int, source: str) -> str:
    r"""Return how faults call a cell.

    >>> cell_name(3, "x = 1\nx")
    'code cell 3 (x = 1)'
    """
    return f"code cell {number} ({source.strip().partition(chr(10))[0][:60]})"


def _noise(cell: NotebookNode) -> Iterator[str]:
    text = "\n".join(
        part for output in output_texts(cell) for part in output.values()
    )
    for what, pattern in NOISE.items():
        found = re.search(pattern, text, re.MULTILINE)
        if found:
            line = text[: found.end()].splitlines()[-1]
            yield (
                f"is tagged {CHECK}, but shows {what} ({line.strip()[-60:]});"
                " print what is the same in every run, or take the tag away"
            )


def _cell_faults(cell: NotebookNode) -> Iterator[str]:
    tags = set(cell.metadata.get("tags", []))
    marker = COMMENT.search(cell.source)
    if marker:
        yield (f"the comment {marker[1]} steers nbval past the tags; use tags")
    for other in OTHERS:
        if other in tags:
            yield f"the tag {other} is not used in this book; take it away"
    if NBVAL_SKIP in tags and SKIP not in tags:
        yield (
            f"is tagged {NBVAL_SKIP}, but the book runs it; take the tag away"
        )
    if CHECK not in tags:
        return
    if SKIP in tags:
        yield f"is tagged {CHECK} and {SKIP}: it has nothing to compare"
    elif not any(part for o in output_texts(cell) for part in o.values()):
        yield (
            f"is tagged {CHECK}, but shows no text: nothing would be"
            " compared; print a shape, a count or an equality"
        )
    yield from _noise(cell)


def page_faults(notebook: NotebookNode) -> list[str]:
    """Return faults of an executed page, references left aside."""
    faults, tagged = [], False
    for number, cell in enumerate(code_cells(notebook), 1):
        tagged = tagged or CHECK in cell.metadata.get("tags", [])
        name = cell_name(number, cell.source)
        faults += [f"{name}: {fault}" for fault in _cell_faults(cell)]
    if not tagged:
        faults.append(
            f"no cell is tagged {CHECK}; tag one whose output is the same on"
            " every machine: a shape, a count, an equality"
        )
    return faults


def reference_faults(
    page: str, notebook: NotebookNode, cells: list[Cell] | None, where: str
) -> list[str]:
    """Return how the committed references of `page` do not fit it.

    Parameters
    ----------
    page
        Its name.
    notebook
        Its executed notebook.
    cells
        The committed entries; `None` where there is no file.
    where
        Name of the file, for the message.

    """
    mend = f"run `{COMMAND} --page {page}`, look at the diff, commit {where}"
    if cells is None:
        return [f"there is no {where}; {mend}"]
    found, left = pair(notebook, cells)
    faults = []
    for number, cell in enumerate(code_cells(notebook), 1):
        if CHECK in cell.metadata.get("tags", []) and number not in found:
            name = cell_name(number, cell.source)
            faults.append(f"{name}: is tagged, but has no reference; {mend}")
    for known in left:
        faults.append(
            f"the reference of the cell ({known['cell'][:60]}) has no cell:"
            f" it was changed, untagged or taken out; {mend}"
        )
    return faults
