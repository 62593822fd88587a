"""What a translation knows of its page, and what it finds on the way."""

import base64
import mimetypes
from dataclasses import dataclass, field
from pathlib import Path

from docutils import nodes

from .address import Site

__all__ = ["Code", "Context", "data_uri"]


@dataclass(frozen=True)
class Code:
    """A code cell of the page, between two pieces of Markdown.

    Parameters
    ----------
    number
        Its place among the code cells of the page.
    solution
        Whether it belongs to a solution.

    """

    number: int
    solution: bool = False


@dataclass
class Context:
    """The page that is translated.

    Parameters
    ----------
    docname
        Its name for Sphinx, such as `book/lesson1/classify`.
    site
        Where the book lives.
    source
        The folder that pictures are relative to.
    numbers
        Sphinx's numbers of figures, tables, exercises, by kind and id.
    formats
        How a number of a kind is written, such as `Fig. %s`.
    titles
        The titles of all pages.
    citations
        The Markdown of a cited work, by the id that links lead to.

    Attributes
    ----------
    cited
        The works that the page cited, in order.
    faults
        What could not be translated.

    """

    docname: str
    site: Site = field(default_factory=Site)
    source: Path = field(default_factory=Path)
    numbers: dict[str, dict[str, tuple[int, ...]]] = field(
        default_factory=dict
    )
    formats: dict[str, str] = field(default_factory=dict)
    titles: set[str] = field(default_factory=set)
    citations: dict[str, str] = field(default_factory=dict)
    cited: list[str] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)

    def label(self, kind: str, node: nodes.Element) -> str:
        """Return the name that the site gives to a numbered thing.

        >>> context = Context("p", numbers={"figure": {"a": (1, 2)}})
        >>> context.label("figure", nodes.figure(ids=["a"]))
        'Figure 1.2'
        """
        for name in node["ids"]:
            number = self.numbers.get(kind, {}).get(name)
            if number:
                dotted = ".".join(map(str, number))
                form = self.formats.get(kind, f"{kind.capitalize()} %s")
                return form % dotted
        return ""

    def cite(self, target: str) -> bool:
        """Note the work that a link leads to; return whether it is one."""
        anchor = target.rpartition("#")[2]
        work = self.citations.get(anchor)
        if work is None:
            return False
        if work not in self.cited:
            self.cited.append(work)
        return True

    def picture(self, uri: str) -> str:
        """Return an address under which a picture shows everywhere."""
        if uri.startswith(("https://", "http://", "data:")):
            return uri
        path = self.source / uri
        if not path.is_file():
            self.faults.append(f"the picture {uri} does not exist")
            return ""
        return data_uri(path)


def data_uri(path: Path) -> str:
    """Return the file at `path` as an address that holds its content."""
    kind = mimetypes.guess_type(path.name)[0] or "image/png"
    content = base64.b64encode(path.read_bytes()).decode("ascii")
    return f"data:{kind};base64,{content}"
