"""Files that a page makes and the site offers: models, tables, photos.

When the book is built, its runner says by the environment variable
``SEVENLESSONS_FILES`` where a page may leave files. They become part of the
site, below ``_files/<lesson>/<page>/``. Anywhere else nothing is copied.
"""

import os
import re
import shutil
from pathlib import Path

__all__ = ["publish"]

VARIABLE = "SEVENLESSONS_FILES"
NAME = re.compile(r"[a-z0-9][a-z0-9_-]*")
PART = re.compile(r"[A-Za-z0-9][A-Za-z0-9._-]*")


def publish(source: str | Path, name: str) -> None:
    """Offer a file, or all files of a folder, on the book's site.

    The site has them at ``_files/<lesson>/<page>/<name>/``. One line says
    what was published; it is the same where nothing is copied because the
    cell does not run for the site.

    Parameters
    ----------
    source
        A file, or a folder: of that, all files inside.
    name
        The folder on the site: small letters, digits, ``-`` and ``_``. Calls
        with the same name add to it; a file of the same name is replaced.

    Raises
    ------
    FileNotFoundError
        If `source` is not there, or a folder without files.
    ValueError
        If `name` or the name of a file could not stand in an address, or
        there is a link among the files.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     path = Path(folder, "model.txt")
    ...     size = path.write_text("weights")
    ...     publish(path, "toy")
    The site's build keeps a copy: toy/model.txt

    """
    source = Path(source)
    if not NAME.fullmatch(name):
        raise ValueError(
            "name must be small letters, digits, - and _, and begin with a "
            f"letter or digit, got {name!r}"
        )
    files = _files(source)
    kept = os.environ.get(VARIABLE)
    for relative, path in files.items():
        if kept:
            target = Path(kept, name, relative)
            target.parent.mkdir(parents=True, exist_ok=True)
            shutil.copyfile(path, target)
    shown = ", ".join(f"{name}/{relative}" for relative in list(files)[:4])
    more = f" and {len(files) - 4} more files" if len(files) > 4 else ""
    print(f"The site's build keeps a copy: {shown}{more}")


def _files(source: Path) -> dict[str, Path]:
    """Return the files of `source` by their name below it, sorted."""
    if not source.exists():
        raise FileNotFoundError(
            f"there is nothing to publish at {source}; write the file first"
        )
    if source.is_file():
        paths, folder = [source], source.parent
    else:
        paths, folder = sorted(source.rglob("*")), source
    found: dict[str, Path] = {}
    for path in paths:
        relative = path.relative_to(folder)
        if path.is_symlink():
            raise ValueError(
                f"{path} is a link; publish the file that it leads to"
            )
        if path.is_dir():
            continue
        for part in relative.parts:
            if not PART.fullmatch(part):
                raise ValueError(
                    f"{relative.as_posix()!r} cannot stand in an address; "
                    "rename it to letters, digits, '.', '-' and '_'"
                )
        found[relative.as_posix()] = path
    if not found:
        raise FileNotFoundError(
            f"{source} has no files to publish; write them first"
        )
    return found
