"""Several files to take away, in one table."""

from collections.abc import Sequence

from .download import Download
from .output import escape
from .tables import table

__all__ = ["Shelf"]


class Shelf:
    """A table whose last column holds the files.

    Parameters
    ----------
    columns
        What the columns before the files are called.
    rows
        A file, and what stands before it, for each row.
    caption
        A line above the table.

    Raises
    ------
    ValueError
        If there is no file, or a row does not fit the columns.

    Examples
    --------
    >>> from sevenlessons.page.download import Download
    >>> from sevenlessons.page.shelf import Shelf
    >>> file = Download(b"PK", "entropy.xlsx", "Take it")
    >>> Shelf(["workbook", "sheets"], [(file, ["entropy", 4])])
    workbook  sheets  file
    entropy        4  entropy.xlsx

    """

    def __init__(
        self,
        columns: Sequence[str],
        rows: Sequence[tuple[Download, Sequence[object]]],
        caption: str = "",
    ) -> None:
        if not rows:
            raise ValueError("a shelf needs at least one file, got none")
        self.files = [file for file, _ in rows]
        self.table = table(
            [[*cells, file.name] for file, cells in rows],
            columns=[*columns, "file"],
            caption=caption,
        )

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        html = self.table._repr_html_()
        for file in self.files:
            link = file.link(file.name)
            html = html.replace(f">{escape(file.name)}</td>", f">{link}</td>")
        return html
