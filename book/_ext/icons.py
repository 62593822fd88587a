"""Give the pages the few icons that they show, inside one style sheet.

The theme's icon fonts hold thousands of icons (300 KB). After the build this
cuts out those that the pages name and writes them into `_static/icons.css`,
a few KB: nothing more to fetch, also where a browser opens the pages as files
and refuses fonts. An icon that is not among them still comes from the theme's
fonts, because the cut-out says which characters it has.
"""

import base64
import io
import re
from pathlib import Path

from fontTools import subset
from fontTools.ttLib import TTFont
from sphinx.application import Sphinx
from sphinx.util import logging

logger = logging.getLogger(__name__)

SHEET = "icons.css"
THEME = "_static/styles/pydata-sphinx-theme.css"
FONTS = "_static/vendor/fontawesome/webfonts"
FACES = (
    ("fa-solid-900.ttf", "Font Awesome 6 Free", 900),
    ("fa-regular-400.ttf", "Font Awesome 6 Free", 400),
    ("fa-brands-400.ttf", "Font Awesome 6 Brands", 400),
)
RULE = re.compile(
    r"((?:\.fa-[a-z0-9-]+::?before,?)+)\{content:\"\\?([^\"]+)\"\}"
)
VARIABLE = re.compile(r'--pst-icon-[a-z-]+:\s*"\\?([^"]+)"')
NAME = re.compile(r"\bfa-([a-z0-9-]+)")


def code_point(text: str) -> int:
    r"""Return the number of a character as a style sheet writes it.

    >>> code_point("f002"), code_point("\uf002") == 0xF002
    (61442, True)
    """
    return ord(text) if len(text) == 1 else int(text, 16)


def known_icons(sheet: str) -> dict[str, int]:
    r"""Return the icons of the theme's style sheet by name.

    >>> known_icons('.fa-a:before,.fa-b:before{content:"\\f00c"}')
    {'a': 61452, 'b': 61452}
    """
    return {
        name: code_point(text)
        for selectors, text in RULE.findall(sheet)
        for name in NAME.findall(selectors)
    }


def used_points(site: Path, sheet: str) -> set[int]:
    """Return the icons that pages, scripts or variables name."""
    known = known_icons(sheet)
    points = {code_point(text) for text in VARIABLE.findall(sheet)}
    files = [
        page
        for page in site.rglob("*.html")
        if "_static" not in page.relative_to(site).parts
    ]
    files += site.glob("_static/scripts/*.js")  # they add one or two
    for file in files:
        names = set(NAME.findall(file.read_text(encoding="utf-8")))
        points |= {known[name] for name in names if name in known}
    return points


def cut(font: Path, points: set[int]) -> tuple[bytes, set[int]]:
    """Return a small font with those of `points` that `font` has."""
    full = TTFont(font, recalcTimestamp=False)
    there = points & set(full.getBestCmap())
    if not there:
        return b"", there
    options = subset.Options(hinting=False, name_IDs=[], notdef_outline=False)
    tool = subset.Subsetter(options)
    tool.populate(unicodes=there)
    tool.subset(full)
    full.flavor = "woff"
    out = io.BytesIO()
    full.save(out)
    return out.getvalue(), there


def face(family: str, weight: int, font: bytes, points: set[int]) -> str:
    """Return the rule that gives `points` from `font`."""
    data = base64.b64encode(font).decode()
    span = ",".join(f"U+{point:X}" for point in sorted(points))
    return (
        f'@font-face{{font-family:"{family}";font-style:normal;'
        f"font-weight:{weight};font-display:block;unicode-range:{span};"
        f'src:url(data:font/woff;base64,{data}) format("woff")}}\n'
    )


def write(app: Sphinx, error: Exception | None) -> None:
    if error or app.builder.format != "html":
        return
    site = Path(app.outdir)
    sheet = (site / THEME).read_text(encoding="utf-8")
    points = used_points(site, sheet)
    rules = []
    for file, family, weight in FACES:
        font, there = cut(site / FONTS / file, points)
        if there:
            rules.append(face(family, weight, font, there))
    if not rules:
        logger.warning("no icon was found in the theme's fonts: see icons.py")
    target = site / "_static" / SHEET
    target.write_text("".join(rules), encoding="utf-8")


def setup(app: Sphinx) -> dict[str, bool]:
    app.add_css_file(SHEET)
    app.connect("build-finished", write)
    return {"parallel_read_safe": True, "parallel_write_safe": True}
