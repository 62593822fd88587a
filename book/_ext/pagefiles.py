"""Put the files that pages publish into the site, below `_files`.

A page's run leaves them in `_build/files/<lesson>/<page>` (the function
`sevenlessons.page.publish.publish`, the runner's `files.py`). Files of pages
that are gone are taken out of the site.
"""

import filecmp
import shutil
from pathlib import Path

from sphinx.application import Sphinx

SOURCE = "_build/files"
TARGET = "_files"


def source_of(app: Sphinx, docname: str) -> Path:
    """Return where the files of a page are; it may have none."""
    page = docname.removeprefix("book/")
    return Path(app.confdir, SOURCE, page)


def files_of(folder: Path) -> list[Path]:
    """Return the files below `folder`, sorted; links are none."""
    return [
        path
        for path in sorted(folder.rglob("*"))
        if path.is_file() and not path.is_symlink()
    ]


def same(first: Path, second: Path) -> bool:
    """Say whether both are files with the same content."""
    return second.is_file() and filecmp.cmp(first, second, shallow=False)


def copy(app: Sphinx, error: Exception | None) -> None:
    """Make `_files` what the pages of this site publish, and no more."""
    if error or app.builder.format != "html":
        return
    site, wanted = Path(app.outdir, TARGET), set()
    for docname in sorted(app.env.found_docs):
        source = source_of(app, docname)
        for path in files_of(source):
            page = docname.removeprefix("book/")
            target = site / page / path.relative_to(source)
            wanted.add(target)
            if not same(path, target):
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(path, target)
    for path in sorted(site.rglob("*"), reverse=True):
        if path.is_dir():
            if not any(path.iterdir()):
                path.rmdir()
        elif path not in wanted:
            path.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
