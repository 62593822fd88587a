"""What is written where, and what is taken away again."""

from collections.abc import Iterable
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from scripts.bookrun.execute import commit

from .address import Site
from .notebook import pin

__all__ = ["build_commit", "pin_all", "prune", "write"]


def build_commit(root: Path) -> str:
    """Return the commit that is checked out at `root`, or nothing.

    It ends in `-dirty` where files differ from it.
    """
    found = commit(root, digits=40)
    return "" if found == "unknown" else found


def write(path: Path, notebook: NotebookNode) -> bool:
    """Write `notebook`, if it is not there already; return if it was not."""
    nbformat.validate(notebook)
    text = nbformat.writes(notebook, version=4) + "\n"
    if path.is_file() and path.read_text(encoding="utf-8") == text:
        return False
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_suffix(".part")
    part.write_text(text, encoding="utf-8")
    part.replace(path)
    return True


def pin_all(folder: Path, site: Site, revision: str) -> None:
    """Make every notebook below `folder` install the package of `revision`."""
    for path in folder.rglob("*.ipynb"):
        notebook = nbformat.read(path, as_version=4)
        if "sevenlessons" in notebook.metadata:
            write(path, pin(notebook, site, revision))


def prune(folder: Path, keep: Iterable[str]) -> None:
    """Delete notebooks below `folder` whose page is not in `keep`."""
    names = set(keep)
    for path in folder.rglob("*.ipynb"):
        name = path.relative_to(folder).with_suffix("").as_posix()
        if name not in names:
            path.unlink()
