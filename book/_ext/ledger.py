"""Directive `results-table`: the ledger with the bands of its numbers.

With `:lesson: lesson2` only the numbers of that lesson, without bands.

The table is complete without a script; `results.js` makes its header cells
sort. The page depends on the ledger's file: a changed number is a new table.
"""

import json
import sys
from html import escape
from pathlib import Path
from typing import ClassVar

from docutils import nodes
from docutils.parsers.rst import directives
from sphinx.addnodes import pending_xref
from sphinx.application import Sphinx
from sphinx.util.docutils import SphinxDirective

HEADS = (
    ("result", "text"),
    ("value", "number"),
    ("95 % interval", "none"),
    ("beside it", "none"),
    ("band", "none"),
    ("n", "number"),
    ("seeds", "number"),
)


def number(value: float) -> str:
    """Return `value` with four digits.

    >>> number(0.89817), number(43), number(0.5)
    ('0.8982', '43', '0.5')
    """
    return f"{value:.4g}" if abs(value) < 1e4 else f"{value:,.0f}"


def band_text(band: dict | None) -> str:
    """Return the band in words, such as `0.87 to 0.95`."""
    if band is None:
        return "none"
    low, high = band.get("min"), band.get("max")
    if low is None:
        return f"at most {number(high)}"
    if high is None:
        return f"at least {number(low)}"
    return f"{number(low)} to {number(high)}"


BRIEF = (  # columns of the table of one lesson, as wide as the text
    ("result", "text"),
    ("value", "number"),
    ("beside it", "none"),
)


def brief_cells(row: dict) -> list[str]:
    """Return value with interval, and baselines, as HTML."""
    value, span, beside, *_ = cells(row, None)
    inside = span.removeprefix("<td>").removesuffix("</td>")
    if inside:
        value = value.replace("</td>", f"<br><small>{inside}</small></td>")
    return [value, beside]


def cells(row: dict, band: dict | None) -> list[str]:
    """Return the cells of a row after its key, as HTML."""
    interval = row["interval"]
    span = " to ".join(number(end) for end in interval) if interval else ""
    beside = "<br>".join(
        f"{escape(name)}: {number(value)}"
        for name, value in row["baselines"].items()
    )
    unit = f" {escape(row['unit'])}" if row["unit"] else ""
    why = escape(band["why"], quote=True) if band else ""
    return [
        f'<td data-sort="{row["value"]}">{number(row["value"])}{unit}</td>',
        f"<td>{span}</td>",
        f"<td>{beside}</td>",
        f"<td>{band_text(band)}<br><small>{why}</small></td>",
        f'<td data-sort="{row["n"]}">{row["n"]:,}</td>',
        f'<td data-sort="{row["seeds"]}">{row["seeds"]}</td>',
    ]


class ResultsTable(SphinxDirective):
    """The ledger as one sortable table."""

    option_spec: ClassVar = {"lesson": directives.unchanged_required}

    def _key_cell(self, row: dict) -> list[nodes.Node]:
        """Return the key, linked to the page that recorded the number."""
        target = f"/book/{row['page']}"
        link = pending_xref(
            "",
            nodes.literal(text=row["key"]),
            refdomain="std",
            reftype="doc",
            reftarget=target,
            refdoc=self.env.docname,
            refexplicit=True,
            refwarn=True,
        )
        start = f'<th scope="row" data-sort="{escape(row["key"])}">'
        head = nodes.raw("", start, format="html")
        holder = nodes.inline("", "", link)
        rest = f"<br><small>{escape(row['data'])}</small></th>"
        return [head, holder, nodes.raw("", rest, format="html")]

    def run(self) -> list[nodes.Node]:
        root = Path(self.env.app.confdir)
        ledger, bands_file = (
            root / "_build/results.json",
            root / "book/expected.toml",
        )
        for path in (ledger, bands_file):
            self.env.note_dependency(str(path))
        if str(root) not in sys.path:
            sys.path.insert(0, str(root))
        from scripts.bookrun.results import (  # noqa: PLC0415
            band_for,
            load_bands,
        )

        rows = []
        if ledger.is_file():
            rows = json.loads(ledger.read_text(encoding="utf-8"))
        lesson = self.options.get("lesson", "")
        if lesson:
            rows = [r for r in rows if r["page"].startswith(f"{lesson}/")]
        columns = BRIEF if lesson else HEADS
        bands = load_bands(bands_file)
        heads = "".join(
            f'<th scope="col" data-kind="{kind}">{escape(name)}</th>'
            for name, kind in columns
        )
        wide, brief = ("", " brief") if lesson else (" full-width", "")
        label = f"Results of {lesson}" if lesson else "All results"
        html = (
            f'<div class="table-scroll{wide}" tabindex="0" role="region"'
            f' aria-label="{label}"><table class="results-table{brief}">'
            f"<thead><tr>{heads}</tr></thead><tbody>"
        )
        found: list[nodes.Node] = [nodes.raw("", html, format="html")]
        for row in rows:
            band = band_for(bands, row["key"], row["device"])
            found.append(nodes.raw("", "<tr>", format="html"))
            found += self._key_cell(row)
            rest = brief_cells(row) if lesson else cells(row, band)
            found.append(nodes.raw("", "".join(rest) + "</tr>", format="html"))
        end = "</tbody></table></div>"
        found.append(nodes.raw("", end, format="html"))
        self.env.metadata[self.env.docname]["results-table"] = True
        return found


def add_script(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    """Load the sorting script only where there is a table."""
    if app.env.metadata.get(pagename, {}).get("results-table"):
        app.add_js_file("results.js", loading_method="defer")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_directive("results-table", ResultsTable)
    app.connect("html-page-context", add_script)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
