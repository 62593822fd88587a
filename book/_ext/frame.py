"""Build all pages again when what is around their text has changed.

Sphinx knows when a text changed. When only a style sheet, a template or one
of these extensions did, it says that nothing is out of date and leaves the
old site. Digests of those files as configuration values make it notice.
"""

import hashlib
import shutil
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.config import Config

READ = ("_ext",)  # the texts must be read again
WRITTEN = ("_static", "_templates")  # the pages must be written again


def digest(book: Path, folders: tuple[str, ...]) -> str:
    """Return a digest of all files in some folders of the book."""
    found = hashlib.sha256()
    for folder in folders:
        for path in sorted((book / folder).rglob("*")):
            if path.is_file() and path.suffix != ".pyc":
                found.update(path.relative_to(book).as_posix().encode())
                found.update(path.read_bytes())
    return found.hexdigest()


def look(app: Sphinx, config: Config) -> None:
    book = Path(app.confdir, "book")
    config.book_extensions = digest(book, READ)
    config.book_look = digest(book, WRITTEN)


def drop_sources(app: Sphinx) -> None:
    """Let the pages of highlighted source be written anew, too.

    viewcode looks at the age of a module only, not at the frame of its page.
    """
    stamp = Path(app.outdir, ".frame")
    now = f"{app.config.book_extensions} {app.config.book_look}"
    if stamp.is_file() and stamp.read_text(encoding="utf-8") == now:
        return
    shutil.rmtree(Path(app.outdir, "_modules"), ignore_errors=True)
    stamp.parent.mkdir(parents=True, exist_ok=True)
    stamp.write_text(now, encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_config_value("book_extensions", "", "env", types=[str])
    app.add_config_value("book_look", "", "html", types=[str])
    app.connect("config-inited", look)
    app.connect("builder-inited", drop_sources)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
