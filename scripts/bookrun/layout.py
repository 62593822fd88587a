"""Where the files of a book lie, seen from its root folder."""

from dataclasses import dataclass
from pathlib import Path

__all__ = ["Book"]

PACKAGE = "sevenlessons"


@dataclass(frozen=True)
class Book:
    """The paths of one book.

    Parameters
    ----------
    root
        Folder with `_toc.yml`, `book/` and `code/`.
    made
        Folder of everything that can be made again; `_build` by default.

    Examples
    --------
    >>> Book(Path("/b")).notebook("lesson1/classify").as_posix()
    '/b/_build/notebooks/lesson1/classify.ipynb'

    """

    root: Path
    made: Path | None = None

    @property
    def toc(self) -> Path:
        """Return the table of contents."""
        return self.root / "_toc.yml"

    @property
    def code(self) -> Path:
        """Return the folder that holds the import package."""
        return self.root / "code"

    @property
    def package(self) -> Path:
        """Return the import package."""
        return self.code / PACKAGE

    @property
    def catalogue(self) -> Path:
        """Return the file that describes all data sets."""
        return self.package / "data" / "catalogue.json"

    @property
    def build(self) -> Path:
        """Return the folder of everything that can be made again."""
        return self.made or self.root / "_build"

    @property
    def expected(self) -> Path:
        """Return the file of bands."""
        return self.root / "book" / "expected.toml"

    @property
    def results(self) -> Path:
        """Return the results ledger."""
        return self.build / "results.json"

    @property
    def receipts(self) -> Path:
        """Return the list of receipts."""
        return self.build / "receipts.json"

    def source(self, page: str) -> Path:
        """Return the text of `page`, named without its folder `book/`."""
        return self.root / "book" / f"{page}.md"

    def notebook(self, page: str) -> Path:
        """Return the executed notebook of `page`."""
        return self.build / "notebooks" / f"{page}.ipynb"

    def files(self, page: str) -> Path:
        """Return the folder of the files that `page` publishes."""
        return self.build / "files" / page
