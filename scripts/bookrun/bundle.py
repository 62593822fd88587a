"""The archives: the whole site, and the executed notebooks.

An archive of the same files is the same file: names are sorted and every
entry has the same date. A reader unpacks the site and opens `index.html`.
"""

import shutil
import zipfile
from collections.abc import Iterable
from pathlib import Path

from .layout import Book

__all__ = ["bundle", "write_zip"]

DATE = (1980, 1, 1, 0, 0, 0)
STORED = {".png", ".jpg", ".webp", ".woff", ".woff2", ".zip"}


def write_zip(path: Path, folder: Path, files: Iterable[Path]) -> int:
    """Write `files` of `folder` to the archive `path` in one step.

    Parameters
    ----------
    path
        The archive.
    folder
        Names inside start at its own name.
    files
        What goes in.

    Returns
    -------
    int
        Bytes of the archive.

    """
    path.parent.mkdir(parents=True, exist_ok=True)
    part = path.with_name(f"{path.name}.part")
    with zipfile.ZipFile(part, "w", zipfile.ZIP_DEFLATED) as archive:
        for file in sorted(files):
            name = f"{path.stem}/{file.relative_to(folder).as_posix()}"
            entry = zipfile.ZipInfo(name, DATE)
            entry.external_attr = 0o644 << 16
            kind = zipfile.ZIP_DEFLATED
            if file.suffix in STORED:
                kind = zipfile.ZIP_STORED
            entry.compress_type = kind
            archive.writestr(entry, file.read_bytes())
    part.replace(path)
    return path.stat().st_size


def bundle(book: Book) -> list[Path]:
    """Write both archives, and a copy of each into the site.

    Returns
    -------
    list of Path
        The archives in the build folder.

    """
    html = book.build / "html"
    downloads = html / "downloads"
    shutil.rmtree(downloads, ignore_errors=True)  # no archive in an archive
    folder = html / "_sources" / "book"  # the same runs, in plain Markdown
    if not any(folder.rglob("*.ipynb")):
        folder = book.build / "notebooks"
    notebooks = book.build / "seven-lessons-notebooks.zip"
    write_zip(notebooks, folder, folder.rglob("*.ipynb"))
    downloads.mkdir()
    shutil.copyfile(notebooks, downloads / notebooks.name)
    site = book.build / "seven-lessons-site.zip"
    files = [path for path in html.rglob("*") if path.is_file()]
    write_zip(site, html, files)
    shutil.copyfile(site, downloads / site.name)
    return [notebooks, site]
