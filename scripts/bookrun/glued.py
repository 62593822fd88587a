"""Each number that the prose quotes was glued by the page.

Sphinx says so too, but only after the whole book has run; this says it when
the page has.
"""

import re

from nbformat import NotebookNode

from .pages import code_cells

__all__ = ["glued_faults"]

# `name`, `name:.2f`; not `page::name`, which another page glues
QUOTE = re.compile(r"\{glue:\w*\}`([^`:]+)(?::(?!:)[^`]*)?`")


def glued_faults(text: str, notebook: NotebookNode) -> list[str]:
    """Return faults for the quoted names that no cell of the run glued.

    >>> from nbformat.v4 import new_notebook
    >>> glued_faults("It is {glue:text}`share:.2f`.", new_notebook())[0][:47]
    'the text quotes share, which no cell has glued;'
    """
    known = {
        output.metadata.get("scrapbook", {}).get("name")
        for cell in code_cells(notebook)
        for output in cell.outputs
        if "metadata" in output
    }
    quoted = dict.fromkeys(QUOTE.findall(text))  # each once, in their order
    return [
        f"the text quotes {name}, which no cell has glued; mend the name or"
        f' add `glue("{name}", ...)`'
        for name in quoted
        if name not in known
    ]
