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

    def _repr_html_(self) -> str:
        data = base64.b64encode(self.content).decode()
        size = f"{self.name}, {math.ceil(len(self.content) / 1024)} KiB"
        return (
            f'<p><a download="{escape(self.name)}" '
            f'href="data:{_TYPE};base64,{data}">{escape(self.words)}</a> '
            f"({escape(size)})</p>"
        )
