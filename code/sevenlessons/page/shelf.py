"""Several files to take away, in one table."""

from collections.abc import Sequence

from .download import Download
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
        If there is no file, two have one name, or a row does not fit the
        columns.

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
        names = [file.name for file in self.files]
        if len(set(names)) < len(names):
            raise ValueError(
                "expected files of different names, since a reader saves them "
                f"in one folder, got {', '.join(names)}"
            )
        self.table, self._marked = (
            table(
                [
                    [*cells, last]
                    for (_, cells), last in zip(rows, lasts, strict=True)
                ],
                columns=[*columns, "file"],
                caption=caption,
            )
            for lasts in (names, [self._mark(name) for name in names])
        )

    def __repr__(self) -> str:
        return repr(self.table)

    def _repr_html_(self) -> str:
        html = self._marked._repr_html_()
        for file in self.files:
            html = html.replace(self._mark(file.name), file.link(file.name))
        return html

    @staticmethod
    def _mark(name: str) -> str:
        """Return what holds the place of a link: no other cell has it."""
        return f"\ue000{name}\ue000"
