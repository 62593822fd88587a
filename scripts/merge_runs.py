"""Gather the executed notebooks of all shards, or say why they are no run.

Usage: python -m scripts.merge_runs _build/shards --device cuda

Each shard is a folder with `notebooks/`, and `files/` where its pages publish
some. What comes out is `_build/notebooks` and `_build/files` as one machine
would have left them: every page of the table of contents once, from this
commit, on the device asked for. With a fault nothing is written.
"""

import argparse
import platform
import shutil
import sys
from pathlib import Path

import nbformat
from nbformat import NotebookNode

from scripts.bookrun import files, gates
from scripts.bookrun.execute import commit
from scripts.bookrun.layout import PACKAGE, Book
from scripts.shards import pages_to_run

__all__ = ["faults_of", "gather", "merge"]

ROOT = Path(__file__).resolve().parents[1]
NAMES = ("page", "device", "receipt", "inputs")


def gather(folder: Path) -> tuple[dict[str, list[Path]], list[str]]:
    """Return the notebooks of each page below `folder`, and faults.

    A link is refused: what it leads to is not what the shard sent.
    """
    inside = folder.resolve()
    homes = [folder / "notebooks", *sorted(folder.glob("*/notebooks"))]
    found: dict[str, list[Path]] = {}
    faults = []
    for home in homes:
        for path in sorted(home.rglob("*")):
            name = path.relative_to(folder).as_posix()
            if path.is_symlink() or inside not in path.resolve().parents:
                faults.append(f"{name}: is a link or lies outside {folder}")
            elif path.is_file() and path.suffix == ".ipynb":
                page = path.relative_to(home).with_suffix("").as_posix()
                found.setdefault(page, []).append(path)
    return found, faults


def _read(path: Path) -> NotebookNode | str:
    try:
        notebook = nbformat.read(path, as_version=4)
    except Exception as error:  # a broken file breaks in many ways
        return f"cannot be read as a notebook ({type(error).__name__})"
    known = notebook.metadata.get(PACKAGE, {})
    missing = [name for name in NAMES if not known.get(name)]
    if missing:
        return f"did not run: its metadata lacks {', '.join(missing)}"
    return notebook


def faults_of(page: str, path: Path, device: str, head: str) -> list[str]:
    """Return why the notebook at `path` is no run of `page`.

    Parameters
    ----------
    page
        The page that its place in the shard says.
    path
        The executed notebook.
    device
        What it must have run on: `cpu` or `cuda`.
    head
        The commit that it must have run at.

    """
    notebook = _read(path)
    if isinstance(notebook, str):
        return [notebook]
    known = notebook.metadata[PACKAGE]
    receipt, faults = known["receipt"], []
    if known["page"] != page or receipt.get("page") != page:
        faults.append(f"is the run of another page, {known['page']}")
    if known["device"] != device:
        faults.append(f"ran on {known['device']}, not on {device}")
    if not receipt.get("seconds", 0) > 0:
        faults.append(f"took {receipt.get('seconds')} s: it did not run")
    if receipt.get("commit") != head:
        faults.append(f"ran at {receipt.get('commit')}, this is {head}")
    here = ".".join(platform.python_version_tuple()[:2])
    if known["inputs"].get("python") != here:
        faults.append(
            f"ran on Python {known['inputs'].get('python')}, this is {here};"
            " give all jobs the same"
        )
    listed = known.get("files", {})
    faults += files.differences(_published(page, path), listed)
    return faults + gates.run_faults(notebook)


def _published(page: str, path: Path) -> Path:
    """Return where the shard has the files of `page`, a notebook of it."""
    shard = path.parents[page.count("/") + 1]
    return shard / "files" / page


def merge(
    book: Book, folder: Path, device: str, head: str | None = None
) -> list[str]:
    """Copy the runs of all shards to where the book builds from.

    Returns
    -------
    list of str
        What is wrong; if anything is, nothing was copied.

    """
    head = head or commit(book.root)
    wanted = pages_to_run(book)
    found, faults = gather(folder)
    for page, paths in found.items():
        if page not in wanted:
            faults.append(f"{page}: no page with code has this name")
            continue
        if len(paths) > 1:
            shards = [p.relative_to(folder).as_posix() for p in paths]
            faults.append(f"{page}: ran more than once: {', '.join(shards)}")
        for path in paths:
            wrong = faults_of(page, path, device, head)
            faults += [f"{page}: {fault}" for fault in wrong]
    for page in wanted:
        if page not in found:
            faults.append(f"{page}: no shard ran it")
    if faults:
        return faults
    _clear(book)
    for page in wanted:  # only names that the table of contents gives
        target = book.notebook(page)
        target.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(found[page][0], target)
        published = _published(page, found[page][0])
        if published.is_dir():
            shutil.copytree(published, book.files(page))
    return []


def _clear(book: Book) -> None:
    for folder in (book.build / "notebooks", book.files("")):
        shutil.rmtree(folder, ignore_errors=True)


def _summary(book: Book, device: str) -> list[str]:
    """Return who ran what for how long, and faults of the whole."""
    used, faults = 0, []
    for page in pages_to_run(book):
        notebook = nbformat.read(book.notebook(page), as_version=4)
        receipt = notebook.metadata[PACKAGE]["receipt"]
        print(f"{page:<28} {receipt['seconds']:7.1f} s  {receipt['device']}")
        used += receipt["device"] != "cpu"
    if device == "cuda" and not used:
        faults.append("not one page used the GPU, so this was no GPU run")
    return faults


def main(argv: list[str] | None = None) -> int:
    """Merge, print every fault; return the exit status."""
    parser = argparse.ArgumentParser(prog="python -m scripts.merge_runs")
    parser.add_argument("folder", type=Path, help="with one folder a shard")
    parser.add_argument("--root", type=Path, default=ROOT, help="of the book")
    parser.add_argument("--device", choices=("cpu", "cuda"), default="cuda")
    args = parser.parse_args(argv)
    book = Book(args.root.resolve())
    faults = merge(book, args.folder, args.device)
    faults = faults or _summary(book, args.device)
    for fault in faults:
        print(f"FAULT  {fault}")
    if faults:
        print(f"merge: red, {len(faults)} faults; nothing to build from")
        _clear(book)
        return 1
    print(f"merge: {len(pages_to_run(book))} pages, all on {args.device}")
    return 0


if __name__ == "__main__":
    sys.exit(main())
