"""Roles for numbers in the prose that this page did not measure.

`` {quoted}`7.1 % <fast.ai, lesson 1, 2018>` `` shows a figure of somebody
else, with its source as a tooltip. `` {result}`lesson1/size_gain:.3f` ``
shows a number of the ledger that another page recorded, and links to it; the
page is written anew when the ledger changes. Without a format the ledger's
number has four digits.
"""

import json
import re
from html import escape
from pathlib import Path

from docutils import nodes
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util import logging
from sphinx.util.docutils import SphinxRole

LEDGER = "_build/results.json"
PARTS = re.compile(r"^(?P<shown>.+?)\s*<(?P<source>[^<>]+)>$", re.DOTALL)
FORMAT = re.compile(r"[+,]?(\.\d+)?[%fge]")
logger = logging.getLogger(__name__)


class Quoted(SphinxRole):
    """A figure with the source that it comes from."""

    def run(self) -> tuple[list[nodes.Node], list]:
        match = PARTS.match(self.text)
        if not match:
            logger.warning(
                "{quoted}`%s` names no source; write {quoted}`7.1 %% <who,"
                " where, when>`",
                self.text,
                location=self.get_location(),
            )
            return [nodes.Text(self.text)], []
        words = match["shown"]
        source = escape(" ".join(match["source"].split()), quote=True)
        start = f'<span class="quoted" title="from {source}">'
        # for the page alone: notebooks keep the words without the tooltip
        marks = {"format": "html", "only_page": True}
        return [
            nodes.raw("", start, **marks),
            nodes.Text(words),
            nodes.raw("", "</span>", **marks),
        ], []


def number(value: float, form: str) -> str:
    """Return `value` in the form that the role asks for.

    >>> number(0.92163, ".1%"), number(0.92163, "")
    ('92.2%', '0.9216')
    """
    return format(value, form or ".4g")


class Result(SphinxRole):
    """A number of the ledger, linked to the page that recorded it."""

    def rows(self) -> dict[str, dict]:
        path = Path(self.env.app.confdir, LEDGER)
        self.env.note_dependency(str(path))
        if not path.is_file():
            return {}
        found = json.loads(path.read_text(encoding="utf-8"))
        return {row["key"]: row for row in found}

    def run(self) -> tuple[list[nodes.Node], list]:
        key, _, form = self.text.partition(":")
        rows = self.rows()
        end = next((e for e in ("_low", "_high") if key.endswith(e)), "")
        row = rows.get(key) or rows.get(key.removesuffix(end))
        wrong = ""
        if row is None:
            wrong = "no page records it; see the ledger for the names"
        elif form and not FORMAT.fullmatch(form):
            wrong = "its format must look like :.3f, :.1% or :,.0f"
        elif key not in rows and not row["interval"]:
            wrong = "that result has no interval"
        if wrong:
            logger.warning(
                "{result}`%s`: %s",
                self.text,
                wrong,
                location=self.get_location(),
            )
            return [nodes.Text(self.text)], []
        value = row["value"]
        if key not in rows:
            value = row["interval"][end == "_high"]
        link = pending_xref(
            self.rawtext,
            nodes.inline("", number(value, form)),
            refdomain="std",
            reftype="doc",
            reftarget=f"/book/{row['page']}",
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        return [link], []


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_role("quoted", Quoted())
    app.add_role("result", Result())
    return {"parallel_read_safe": True, "parallel_write_safe": True}
