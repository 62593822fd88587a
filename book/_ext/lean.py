"""Load a script only where it is used.

The theme draws its icons with 1.5 MB of JavaScript, although its style sheet
has them as fonts: the script goes (`icons.py` sees to the fonts). It loads
the search index, which grows with the book, on every page, for a search while
typing that is switched off: only the search page keeps it. What extensions
bring for formulas, copy buttons, folds and tabs goes where there are none.
"""

import re
from pathlib import Path

from sphinx.application import Sphinx

UNUSED = {"fontawesome.js"}
SEARCH = {"searchtools.js", "language_data.js", "searchindex.js"}
# A script of an extension, and what a page that uses it has in its text.
NEEDED_FOR = {
    "clipboard.min.js": 'class="highlight',
    "copybutton.js": 'class="highlight',
    "togglebutton.js": "dropdown",
    "design-tabs.js": "sd-tab",
    "tex-chtml.js": "math notranslate",
}
INLINE = {
    "toggleHint": "togglebutton.js",
    "toggleOpenOnPrint": "togglebutton.js",
    "togglebuttonSelector": "togglebutton.js",
    "window.MathJax": "tex-chtml.js",
}
SCRIPT = re.compile(
    r'[ \t]*<script[^>]*\bsrc="[^"]*?([^/"?]+)(?:\?[^"]*)?"[^>]*></script>\n?'
)


def without(html: str, names: set[str]) -> str:
    """Return `html` without the script elements that load one of `names`.

    >>> without('<script src="a/b.js?v=1"></script><p>', {"b.js"})
    '<p>'
    """
    return SCRIPT.sub(
        lambda found: "" if found[1] in names else found[0], html
    )


def uses(body: str, file: str) -> bool:
    """Say whether a page with this body needs the script `file`."""
    return NEEDED_FOR.get(Path(file).name, "") in body


def wanted(script: object, body: str) -> bool:
    """Say whether a page with this body needs a script of Sphinx's list."""
    inline = getattr(script, "attributes", {}).get("body") or ""
    for start, file in INLINE.items():
        if start in inline:
            return uses(body, file)
    return uses(body, str(getattr(script, "filename", None) or script))


def slim(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    body = context.get("body", "")
    context["script_files"] = [
        script for script in context["script_files"] if wanted(script, body)
    ]
    unwanted = set(UNUSED)
    typing = str(context.get("theme_search_as_you_type", "")).lower()
    if typing != "true":
        unwanted |= SEARCH
    context["lean_head"] = lambda html: without(html, unwanted)


def drop_unused(app: Sphinx, error: Exception | None) -> None:
    """Take files that no page loads out of the built site."""
    if error or app.builder.format != "html":
        return
    scripts = Path(app.outdir, "_static/scripts")
    for name in UNUSED:
        for file in scripts.glob(f"{name}*"):
            file.unlink()


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", slim, priority=900)
    app.connect("build-finished", drop_unused)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
