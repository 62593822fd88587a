"""HTML from the executed notebooks, or nothing to do."""

import os
import shutil
import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path

from .execute import commit
from .keys import digest
from .layout import Book

__all__ = ["build_site"]


def _sources(book: Book) -> Iterator[Path]:
    folders = (
        book.root / "book",
        book.root / "scripts" / "launch",
        book.package,
        book.build / "notebooks",
        book.build / "files",
    )
    for folder in folders:
        yield from (p for p in folder.rglob("*") if p.is_file())
    names = ("_config.yml", "_toc.yml", "requirements.txt")
    yield from (book.root / name for name in names)
    yield from (book.results, book.receipts)


def site_key(book: Book) -> str:
    """Return a digest of everything that the HTML is made from."""
    parts = [commit(book.root)]  # the pages show when they last changed
    for path in sorted(_sources(book)):
        if "__pycache__" in path.parts or not path.is_file():
            continue
        name = path.relative_to(book.root).as_posix()
        parts.append(f"{name} {digest(path.read_bytes())}")
    return digest("\n".join(parts))


def build_site(book: Book) -> bool:
    """Build the HTML if any of its inputs changed; return whether it is good.

    Every warning is a failure. Sphinx forgets the warnings of pages that it
    does not read again, so after a failure everything is built anew.
    """
    done, html = book.build / "site.key", book.build / "html"
    key = site_key(book)
    made = html.is_dir() and (book.build / "launch").is_dir()
    if done.is_file() and done.read_text() == key and made:
        print("html: unchanged")
        return True
    if not done.is_file():
        for folder in (book.build / ".doctrees", html):
            shutil.rmtree(folder, ignore_errors=True)
    done.unlink(missing_ok=True)
    log = book.build / "sphinx.log"
    command = [str(Path(sys.executable).with_name("jupyter-book")), "build"]
    command += ["-W", "-n", "--keep-going", "."]
    env = os.environ | {"PYTHONPATH": str(book.code), "MPLBACKEND": "agg"}
    with log.open("w", encoding="utf-8") as file:
        built = subprocess.run(
            command,
            cwd=book.root,
            env=env,
            stdout=file,
            stderr=subprocess.STDOUT,
            stdin=subprocess.DEVNULL,
            check=False,
        )
    lines = log.read_text(encoding="utf-8").splitlines()
    if built.returncode:
        loud = [x for x in lines if "WARNING" in x or "ERROR" in x]
        print("\n".join(loud or lines[-40:]))
        print(f"html: failed; the whole log is in {log}")
        return False
    done.write_text(key)
    return True
