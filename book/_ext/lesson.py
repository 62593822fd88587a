"""Directives for the first page of a lesson.

`lesson-pages` lists each page below it with its own sentence *After this page
you can*, the number of its exercises, and time and memory of its run. Nothing
of that is typed a second time. `lesson-heading` is a heading without a
number: those that count would take the numbers of the pages.
"""

import json
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxDirective

RECEIPTS = "_build/receipts.json"
PROMISE = re.compile(r"\*\*After this page you can\*\*\s+(.+?)\n\s*\n", re.S)
ROLE = re.compile(r"\{[\w:-]+\}`([^`<]*?)(?:\s*<[^`>]*>)?`")
EXERCISE = re.compile(r"^`{3,}\{exercise\}", re.M)
logger = logging.getLogger(__name__)


def promise(text: str) -> str:
    r"""Return what a page says that its reader will be able to do.

    >>> promise("**After this page you can** use {term}`nets <net>`.\n\n")
    'Use nets.'
    """
    found = PROMISE.search(text)
    if found is None:
        return ""
    words = " ".join(ROLE.sub(r"\1", found[1]).split())
    return words[:1].upper() + words[1:]


def cost(row: dict | None) -> str:
    """Return time and memory of a run in words.

    >>> cost({"seconds": 41.6, "peak_memory_mb": 812.2})
    '42 s, 812 MB'
    >>> cost(None)
    'not run yet'
    """
    if row is None:
        return "not run yet"
    return f"{row['seconds']:.0f} s, {row['peak_memory_mb']:.0f} MB"


class LessonPages(SphinxDirective):
    """A table of the pages in the folder of this one."""

    def receipts(self) -> dict[str, dict]:
        path = Path(self.env.app.confdir, RECEIPTS)
        self.env.note_dependency(str(path))
        if not path.is_file():
            return {}
        rows = json.loads(path.read_text(encoding="utf-8"))
        return {row["page"]: row for row in rows}

    def link(self, page: str) -> nodes.Node:
        return pending_xref(
            "",
            nodes.inline(text=page),
            refdomain="std",
            reftype="doc",
            reftarget=f"/{page}",
            refdoc=self.env.docname,
            refexplicit=False,
            refwarn=True,
        )

    def row(self, cells: list[nodes.Node]) -> nodes.row:
        row = nodes.row()
        for cell in cells:
            row += nodes.entry("", nodes.paragraph("", "", cell))
        return row

    def run(self) -> list[nodes.Node]:
        home = self.env.docname
        site_map = self.env.external_site_map
        pages = [str(name) for name in site_map[home].child_files()]
        receipts = self.receipts()
        rows = []
        for page in pages:
            source = Path(self.env.doc2path(page))
            self.env.note_dependency(str(source))
            text = source.read_text(encoding="utf-8")
            able = promise(text)
            if not able:
                logger.warning(
                    "%s has no sentence '**After this page you can** ...'",
                    page,
                    location=self.get_location(),
                )
            number = len(EXERCISE.findall(text))
            run = cost(receipts.get(page.removeprefix("book/")))
            facts = f"{run}; {number} exercises"
            cells = [self.link(page), nodes.Text(able), nodes.Text(facts)]
            rows.append(self.row(cells))
        group = nodes.tgroup("", cols=3)
        for width in (22, 53, 25):
            group += nodes.colspec("", colwidth=width)
        heads = ("Page", "After it you can", "Took")
        head = self.row([nodes.Text(words) for words in heads])
        group += nodes.thead("", head)
        group += nodes.tbody("", *rows)
        return [nodes.table("", group, classes=["lesson-pages"])]


class LessonHeading(SphinxDirective):
    """A heading of the second level that is not counted."""

    required_arguments = 1
    final_argument_whitespace = True

    def run(self) -> list[nodes.Node]:
        words = self.arguments[0]
        name = nodes.make_id(words)
        html = f'<h2 class="lesson-heading" id="{name}">{escape(words)}</h2>'
        return [nodes.raw("", html, format="html")]


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("lesson-heading", LessonHeading)
    app.add_directive("lesson-pages", LessonPages)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
