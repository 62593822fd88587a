"""Foot of each executed page: where, when and how long its code ran.

The facts were written when the page ran. Facts taken while the HTML is built
would describe another computer.
"""

import json
from html import escape
from pathlib import Path

from sphinx.application import Sphinx


def load(app: Sphinx) -> dict[str, dict]:
    path = Path(app.confdir, "_build/receipts.json")
    if not path.is_file():
        return {}
    rows = json.loads(path.read_text(encoding="utf-8"))
    return {row["page"]: row for row in rows}


def count(number: int, noun: str) -> str:
    return f"{number} {noun}" + ("" if number == 1 else "s")


def sentence(row: dict) -> str:
    """Return one receipt in words."""
    versions = f"Python {row['python']}"
    if row["torch"]:
        versions += f", torch {row['torch']}, seed {row['seed']}"
    asserts = ""
    if row["asserts"]:
        asserts = f", {count(row['asserts'], 'assertion')} passed"
    return (
        f"This page ran on {row['executed_at'][:10]} in"
        f" {row['seconds']:.0f} s on {row['device']} with"
        f" {row['peak_memory_mb']:.0f} MB of memory: {versions};"
        f" {count(row['cells'], 'cell')}{asserts}; commit {row['commit']}."
    )


def append(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    row = load(app).get(pagename.removeprefix("book/"))
    if row and "body" in context:
        context["body"] += (
            '<aside class="receipt" aria-label="Run receipt">'
            f"{escape(sentence(row))}</aside>"
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", append)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
