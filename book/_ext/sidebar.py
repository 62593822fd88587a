"""Names for the arrows of the side bar, which the theme leaves nameless.

A page with pages below it gets an arrow that folds them out. Who cannot see
it hears its name.
"""

import re

from sphinx.application import Sphinx


def named(markup: str) -> str:
    """Return the list of pages, each arrow named after its page."""

    def name(match: re.Match) -> str:
        title = re.sub(r"<[^>]*>", "", match[2]).strip()
        return f'{match[1]}<summary aria-label="Pages of {title}">'

    entry = r"(<a [^>]*>((?:(?!</a>).)*)</a>\s*<details[^>]*>\s*)<summary>"
    return re.sub(entry, name, markup, flags=re.S)


def wrap(
    app: Sphinx, pagename: str, template: str, context: dict, doctree: object
) -> None:
    toctree = context.get("generate_toctree_html")
    if toctree is not None:
        context["generate_toctree_html"] = lambda *args, **options: named(
            str(toctree(*args, **options))
        )


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("html-page-context", wrap, priority=900)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
