"""The notebooks that nbval gets, and the kernels that answer them.

Each notebook has the cells of the executed one; the tagged cells hold the
committed references in place of their outputs, all others hold none. Each
names a kernel of its own, because a page has an environment of its own.
"""

import json
import os
import shutil
import sys
from collections.abc import Iterable
from dataclasses import dataclass, field
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from scripts.bookrun.execute import environment
from scripts.bookrun.layout import PACKAGE, Book
from scripts.bookrun.pages import code_cells

from .references import CHECK, Cell, outputs_of, pair

__all__ = ["AGAIN", "PUBLISHED", "Subject", "build_folder", "prepare"]

TOOLS = Path(__file__).resolve().parents[2]
PUBLISHED, AGAIN = "published", "again"
MOVE = (  # an empty folder, as the runner has it, then the usual kernel
    "import os, sys; os.chdir(sys.argv[1]); os.execv(sys.executable,"
    " [sys.executable, '-m', 'ipykernel_launcher', *sys.argv[2:]])"
)


@dataclass
class Subject:
    """A page that nbval shall judge."""

    name: str
    notebook: NotebookNode
    device: str = "cpu"
    cells: list[Cell] | None = None  # its references
    found: dict[int, Cell] = field(init=False)

    def __post_init__(self) -> None:
        self.found, _ = pair(self.notebook, self.cells or [])

    @property
    def seconds(self) -> float:
        """Return how long the published run took."""
        return float(self.notebook.metadata[PACKAGE]["receipt"]["seconds"])


def build_folder(book: Book) -> Path:
    """Return the folder in which nbval works."""
    return book.build / "nbval"


def _with_references(subject: Subject, kernel: str) -> NotebookNode:
    notebook = nbformat.from_dict(json.loads(json.dumps(subject.notebook)))
    for number, cell in enumerate(code_cells(notebook), 1):
        tags = [t for t in cell.metadata.get("tags", []) if t != CHECK]
        known = subject.found.get(number)
        cell.outputs = outputs_of(known) if known else []
        # nbval compares no cell that has no number
        cell.execution_count = number if known else None
        if known:
            tags.append(CHECK)
        if "skip-execution" in tags and "nbval-skip" not in tags:
            tags.append("nbval-skip")  # nbval knows its own name only
        cell.metadata.tags = tags
    notebook.metadata.kernelspec = {
        "name": kernel,
        "display_name": kernel,
        "language": "python",
    }
    return notebook


def _write_kernel(
    book: Book, name: str, argv: list[str], env: dict[str, str]
) -> None:
    path = build_folder(book) / "kernels" / name / "kernel.json"
    path.parent.mkdir(parents=True, exist_ok=True)
    spec = {"argv": argv, "env": env, "display_name": name}
    spec |= {"language": "python", "metadata": {}}
    path.write_text(json.dumps(spec, indent=1), encoding="utf-8")


def _replay_kernel(book: Book, subject: Subject, name: str) -> None:
    argv = [sys.executable, "-m", f"{__package__}.replay"]
    env = {
        "PYTHONPATH": str(TOOLS),
        "REPLAY_NOTEBOOK": str(book.notebook(subject.name)),
    }
    _write_kernel(book, name, [*argv, "-f", "{connection_file}"], env)


def _real_kernel(book: Book, subject: Subject, name: str) -> None:
    folder = build_folder(book) / "work" / subject.name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    argv = [sys.executable, "-c", MOVE, str(folder), "-f"]
    wanted = environment(book, subject.name, subject.device)
    env = {k: v for k, v in wanted.items() if os.environ.get(k) != v}
    env["PYTHONPATH"] = wanted["PYTHONPATH"]
    _write_kernel(book, name, [*argv, "{connection_file}"], env)


def prepare(book: Book, subjects: Iterable[Subject], part: str) -> list[Path]:
    """Write notebooks and kernels of a pass; return the notebooks.

    Parameters
    ----------
    book
        The book.
    subjects
        The pages.
    part
        `PUBLISHED`: kernels that give the outputs of the published run;
        `AGAIN`: kernels that execute.

    """
    folder, paths = build_folder(book) / part, []
    shutil.rmtree(folder, ignore_errors=True)
    for subject in subjects:
        kernel = f"{part}.{subject.name.replace('/', '.')}"
        if part == PUBLISHED:
            _replay_kernel(book, subject, kernel)
        else:
            _real_kernel(book, subject, kernel)
        path = folder / f"{subject.name}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        notebook = _with_references(subject, kernel)
        path.write_text(nbformat.writes(notebook), encoding="utf-8")
        paths.append(path)
    return paths
