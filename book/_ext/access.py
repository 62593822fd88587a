"""Mend what others' HTML does not tell a screen reader.

pandas writes tables without scopes and an empty header cell in their corner;
docutils writes bibliographies as lists whose children are no list items; the
theme's sidebar is no region that one could jump to.
"""

import re

from docutils import nodes
from sphinx.application import Sphinx

FRAME = re.compile(r'<table[^>]*class="dataframe.*?</table>', re.DOTALL)
HEAD = re.compile(r"<thead>.*?</thead>", re.DOTALL)
SIDEBAR = '<div id="pst-primary-sidebar"'


def scoped(table: str) -> str:
    """Return a table of pandas with scopes and without an empty header.

    >>> scoped('<thead><th></th><th>n</th></thead><tbody><th>0</th></tbody>')
    '<thead><td></td><th scope="col">n</th></thead>\
<tbody><th scope="row">0</th></tbody>'
    """
    table = table.replace("<th></th>", "<td></td>")
    table = HEAD.sub(
        lambda head: head[0].replace("<th>", '<th scope="col">'), table
    )
    return table.replace("<th>", '<th scope="row">')


def mend_frames(app: Sphinx, doctree: nodes.document) -> None:
    for node in doctree.findall(nodes.raw):
        text = node.astext()
        if "dataframe" in text:
            node.children = [
                nodes.Text(FRAME.sub(lambda found: scoped(found[0]), text))
            ]


def mend_lists(body: str) -> str:
    """Return the HTML of a page with bibliographies that are lists.

    >>> mend_lists('<div class="citation" role="doc-biblioentry">')
    '<div class="citation" role="listitem">'
    """
    return body.replace('role="doc-biblioentry"', 'role="listitem"')


def name_regions(html: str) -> str:
    """Return the frame of a page with a sidebar that has a name."""
    named = '<div role="navigation" aria-label="Book" id="pst-primary-sidebar"'
    return html.replace(SIDEBAR, named)


def mend_page(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    context["name_regions"] = name_regions
    if "body" in context:
        context["body"] = mend_lists(context["body"])


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("doctree-read", mend_frames)
    app.connect("html-page-context", mend_page)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
