"""The extensions that slim and mend what stands around the text."""

import base64
import doctest
import importlib.util
import io
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from fontTools.ttLib import TTFont

EXT = Path(__file__).resolve().parents[2] / "book/_ext"


def load(name: str):
    spec = importlib.util.spec_from_file_location(name, EXT / f"{name}.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("name", ["access", "icons", "lean"])
def test_their_examples_are_right(name):
    result = doctest.testmod(load(name))
    assert result.attempted
    assert result.failed == 0


def scripts(body: str) -> list[str]:
    """Return which scripts a page with this body keeps."""
    lean = load("lean")
    names = ["doctools.js", *lean.NEEDED_FOR]
    files = [SimpleNamespace(filename=n, attributes={}) for n in names]
    inline = [
        SimpleNamespace(filename=None, attributes={"body": f"{start} = 1;"})
        for start in lean.INLINE
    ]
    context = {"body": body, "script_files": files + inline}
    lean.slim(None, "p", "t", context, None)
    return [
        script.filename or script.attributes["body"].split()[0]
        for script in context["script_files"]
    ]


def test_a_plain_page_keeps_what_all_pages_need():
    assert scripts("<p>words</p>") == ["doctools.js"]


@pytest.mark.parametrize(
    ("body", "kept"),
    [
        ('<div class="highlight">', {"clipboard.min.js", "copybutton.js"}),
        ('<div class="math notranslate">', {"tex-chtml.js"}),
        ('<div class="admonition dropdown">', {"togglebutton.js"}),
        ('<div class="sd-tab-set">', {"design-tabs.js"}),
    ],
)
def test_a_page_keeps_the_scripts_that_it_uses(body, kept):
    found = scripts(body)
    assert kept <= set(found)
    assert {n for n in found if n.endswith(".js")} == kept | {"doctools.js"}


def test_inline_settings_go_with_their_script():
    assert "window.MathJax" in scripts('<div class="math notranslate">')
    assert "toggleHint" in scripts('<div class="dropdown">')


def test_the_search_index_stays_where_the_theme_searches_while_typing():
    lean = load("lean")
    html = '<script src="a/searchindex.js"></script>'
    for typing, kept in ((False, ""), ("true", html)):
        context = {"script_files": [], "theme_search_as_you_type": typing}
        lean.slim(None, "p", "t", context, None)
        assert context["lean_head"](html) == kept


@pytest.fixture
def site(tmp_path):
    """Return a built site that names one icon of the theme."""
    theme = importlib.util.find_spec("pydata_sphinx_theme").origin
    source = Path(theme).parent / "theme/pydata_sphinx_theme/static"
    for part in ("styles", "vendor"):
        target = tmp_path / "_static" / part
        target.parent.mkdir(exist_ok=True)
        target.symlink_to(source / part)
    (tmp_path / "a.html").write_text('<i class="fa-solid fa-rocket"></i>')
    return tmp_path


def test_icons_that_are_named_are_cut_out(site):
    icons = load("icons")
    builder = SimpleNamespace(format="html")
    icons.write(SimpleNamespace(outdir=site, builder=builder), None)
    sheet = (site / "_static/icons.css").read_text()
    faces = sheet.split("@font-face")[1:]
    (solid,) = [f for f in faces if "font-weight:900" in f]
    data = re.search(r"base64,([^)]+)", solid)[1]
    font = TTFont(io.BytesIO(base64.b64decode(data)))
    rocket, bars = 0xF135, 0xF0C9
    assert rocket in font.getBestCmap()
    assert bars not in font.getBestCmap()
    assert f"U+{rocket:X}" in solid  # all else comes from the theme's font
    assert f"U+{bars:X}" not in solid
    assert len(sheet) < 20_000


def test_any_change_around_the_text_is_noticed(tmp_path):
    frame = load("frame")
    (tmp_path / "_static").mkdir()
    before = frame.digest(tmp_path, frame.WRITTEN)
    (tmp_path / "_static/book.css").write_text("a")
    after = frame.digest(tmp_path, frame.WRITTEN)
    (tmp_path / "_static/book.css").write_text("b")
    assert len({before, after, frame.digest(tmp_path, frame.WRITTEN)}) == 3
