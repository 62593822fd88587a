"""The directive `demo`, with a toy in the place of onnxruntime-web."""

import hashlib
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.launch import boxes  # noqa: F401 it registers its rules
from scripts.launch.address import Site
from scripts.launch.context import Context
from scripts.launch.rules import pieces_of
from scripts.links import faults

ROOT = Path(__file__).resolve().parents[2]
PROGRAM = bytes(range(256)) * 4000  # 1 MB
CONF = """
import sys
sys.path[:0] = [{root!r}, {ext!r}]
from scripts import npm_package
npm_package.ONNXRUNTIME = npm_package.NpmPackage("toy", "1.0", "sha512-none",
    (npm_package.PinnedFile("dist/toy.wasm", {size}, {sha!r}),))
extensions = ["myst_parser", "demo", "pagefiles"]
root_doc = "book/index"
include_patterns = ["book/**"]
html_static_path = [{static!r}]
"""
FRONT = "# Front\n\n```{toctree}\nlesson2/browser\nplain\n```\n"
PAGE = "# Page\n\n```{{demo}} {}\n:model: {}\n```\n"
MODEL = "lesson2/browser/digits"


@pytest.fixture
def book(tmp_path):
    root = tmp_path / "root"
    (root / "book/lesson2").mkdir(parents=True)
    names = dict(root=str(ROOT), ext=str(ROOT / "book/_ext"))
    names |= dict(static=str(ROOT / "book/_static"), size=len(PROGRAM))
    names["sha"] = hashlib.sha256(PROGRAM).hexdigest()
    (root / "conf.py").write_text(CONF.format(**names))
    (root / "book/index.md").write_text(FRONT)
    (root / "book/plain.md").write_text("# Plain\n\nWords.\n")
    (root / "book/lesson2/browser.md").write_text(PAGE.format("digits", MODEL))
    model = root / "_build/files" / MODEL
    model.mkdir(parents=True)
    (model / "model.onnx").write_bytes(b"0" * 500_000)
    (model / "bundle.json").write_text("{}")
    kept = tmp_path / "cache/npm/toy-1.0"
    kept.mkdir(parents=True)
    (kept / "toy.wasm").write_bytes(PROGRAM)
    return root


def build(root, good=True):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html"]
    done = subprocess.run(
        [*command, "--keep-going", str(root), str(root / "html")],
        env=os.environ
        | {"SEVENLESSONS_DATA": str(root.parent / "cache"), "PATH": ""},
        capture_output=True,
        text=True,
        check=False,
    )
    assert (done.returncode == 0) == good, done.stderr
    return done.stderr


def test_a_page_has_its_demo_and_the_site_its_program(book):
    build(book)
    html = book / "html"
    page = (html / "book/lesson2/browser.html").read_text()
    assert "Start the demo (loads 1.5 MB)" in page
    assert 'data-home="../../_files/lesson2/browser/digits/"' in page
    assert 'data-examples="no"' in page
    assert "demo.js" in page and "demo.css" in page
    assert "<noscript>" in page and "sent anywhere" in page
    plain = (html / "book/plain.html").read_text()
    assert "demo.js" not in plain and "demo.css" not in plain
    copied = list(html.rglob("toy.wasm"))
    assert copied == [html / "_static/vendor/toy-1.0/toy.wasm"]
    assert (html / "_files" / MODEL / "model.onnx").is_file()
    assert faults(html)[0] == []


def test_another_model_is_another_size_and_no_demo_is_no_program(book):
    build(book)
    model = book / "_build/files" / MODEL / "model.onnx"
    model.write_bytes(b"0" * 2_500_000)
    build(book)
    page = book / "html/book/lesson2/browser.html"
    assert "loads 3.5 MB" in page.read_text()
    beside = book / "html/_static/vendor/fontawesome"
    beside.mkdir()
    (book / "book/lesson2/browser.md").write_text("# Page\n\nWords.\n")
    build(book)
    assert not list((book / "html").rglob("toy.wasm"))
    assert beside.is_dir()


@pytest.mark.parametrize(
    "kind, model, words",
    [
        ("sounds", MODEL, "there is no demo 'sounds'; known are photo"),
        ("digits", "lesson2/browser/none", "no model.onnx and no bundle.json"),
        ("digits", "../../x", ":model: must be lesson/page/name"),
        ("digits", "digits", ":model: must be lesson/page/name"),
    ],
)
def test_what_cannot_be_shown_is_red(book, kind, model, words):
    text = PAGE.format(kind, model)
    (book / "book/lesson2/browser.md").write_text(text)
    assert words in build(book, good=False)


def test_without_the_program_and_npm_it_says_what_to_do(book):
    (book.parent / "cache/npm/toy-1.0/toy.wasm").unlink()
    code = (book / "conf.py").read_text()
    stop = "npm_package.sys.executable = '/no/python'\nextensions"
    (book / "conf.py").write_text(code.replace("extensions", stop, 1))
    assert "Install Node.js with npm" in build(book, good=False)


@pytest.mark.parametrize("address", ["", "https://example.org/"])
def test_in_a_notebook_it_is_a_sentence(address):
    sys.path.insert(0, str(ROOT / "book/_ext"))
    try:
        from demo import DemoNode  # noqa: PLC0415
    finally:
        sys.path.pop(0)
    node = DemoNode(kind="digits", number=1)
    context = Context("book/lesson2/browser", Site(address=address))
    (said,) = pieces_of(node, context, 1)
    assert said.startswith("> **Live demo.** It runs in a browser: see ")
    link = "https://example.org/book/lesson2/browser.html#demo-1"
    assert (link in said) == bool(address)
