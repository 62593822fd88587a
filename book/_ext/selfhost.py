"""Ship MathJax with the site: one component and its fonts (1.6 MB).

The files come from the installed package `sphinx-mathjax-offline`; loading
that package as an extension would copy all 24 MB of it.
"""

import importlib.util
from pathlib import Path

from sphinx.application import Sphinx
from sphinx.util.fileutil import copy_asset

FONTS = "output/chtml/fonts/woff-v2"
PIECES = {"tex-chtml.js": ".", FONTS: FONTS}


def copy(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    spec = importlib.util.find_spec("sphinx-mathjax-offline")
    source = Path(spec.origin).parent / "static/mathjax"
    for piece, target in PIECES.items():
        folder = Path(app.outdir, "_static/mathjax", target)
        copy_asset(str(source / piece), str(folder))


def setup(app: Sphinx) -> dict[str, bool]:
    app.connect("build-finished", copy)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
