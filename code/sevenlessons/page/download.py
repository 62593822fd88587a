"""A file that a reader can take from the page, without a server."""

import base64
import math
import re

from .output import escape

__all__ = ["Download"]

_TYPE = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


class Download:
    """A link that carries its file: no server, nothing to load.

    Parameters
    ----------
    content
        The bytes of the file.
    name
        What it is saved as.
    words
        What the link says.

    Examples
    --------
    >>> from sevenlessons.page.download import Download
    >>> Download(b"PK", "ratings.xlsx", "Take the workbook")
    Take the workbook: ratings.xlsx

    """

    def __init__(self, content: bytes, name: str, words: str) -> None:
        if not re.fullmatch(r"[\w-]+\.xlsx", name):
            raise ValueError(
                "name must be letters, digits, _ and -, then .xlsx, got "
                f"{name!r}"
            )
        self.content, self.name, self.words = content, name, words

    def __repr__(self) -> str:
        return f"{self.words}: {self.name}"

    def link(self, words: str) -> str:
        """Return the link alone, to be put into a sentence or a table.

        Parameters
        ----------
        words
            What it says.

        """
        data = base64.b64encode(self.content).decode()
        return (
            f'<a download="{escape(self.name)}" '
            f'href="data:{_TYPE};base64,{data}">{escape(words)}</a>'
        )

    def _repr_html_(self) -> str:
        size = f"{self.name}, {math.ceil(len(self.content) / 1024)} KiB"
        return f"<p>{self.link(self.words)} ({escape(size)})</p>"
