"""What a page publishes is kept with its run, or the page runs again."""

import hashlib
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from scripts.bookrun import files, store
from scripts.bookrun.layout import Book
from scripts.bookrun.repeat import repeat
from scripts.bookrun.run import run
from scripts.bookrun.site import site_key
from tests.scripts.toy import HEAD, cell, make_book

from sevenlessons.page import publish as publishing

ROOT = Path(__file__).resolve().parents[2]
PAGE = "lesson1/gives"
WRITE = """
import os
from pathlib import Path
folder = Path(os.environ["SEVENLESSONS_FILES"], "sky")
folder.mkdir()
(folder / "model.onnx").write_bytes(b"weights")
(folder / "bundle.json").write_text("{}")
assert os.listdir() == []
"""


def made(root, source=WRITE, **more):
    return make_book(root, {"gives": HEAD + cell(source), **more})


def names(folder):
    return sorted(
        path.relative_to(folder).as_posix()
        for path in folder.rglob("*")
        if path.is_file()
    )


@pytest.fixture(scope="module")
def book(tmp_path_factory):
    other = HEAD + cell("assert True")
    book = made(tmp_path_factory.mktemp("files"), other=other)
    report = run(book)
    assert report.faults == []
    return book


def test_the_variable_is_the_one_of_the_package():
    assert files.VARIABLE == publishing.VARIABLE


def test_files_are_kept_and_listed(book):
    assert names(book.files("")) == [
        f"{PAGE}/sky/bundle.json",
        f"{PAGE}/sky/model.onnx",
    ]
    listed = store.load(book, PAGE).metadata["sevenlessons"]["files"]
    assert listed["sky/model.onnx"] == {
        "bytes": 7,
        "sha256": hashlib.sha256(b"weights").hexdigest(),
    }
    other = store.load(book, "lesson1/other").metadata["sevenlessons"]
    assert other["files"] == {}
    left = [p for p in (book.build / "work").rglob("*") if p.is_file()]
    assert left == []


def test_a_run_is_reused_only_with_its_files(book, capsys):
    assert run(book).executed == []
    path = book.files(PAGE) / "sky/model.onnx"
    extra = path.with_name("extra.bin")
    damages = {
        "file sky/model.onnx is missing": path.unlink,
        "file sky/model.onnx changed": lambda: path.write_bytes(b"other"),
        "file sky/extra.bin is of no run": lambda: extra.write_bytes(b"x"),
    }
    for why, damage in damages.items():
        damage()
        capsys.readouterr()
        assert run(book).executed == [PAGE]
        assert why in capsys.readouterr().out
        assert path.read_bytes() == b"weights"
        assert not extra.exists()


def test_other_machines_runs_need_their_files_too(book):
    path = book.files(PAGE) / "sky/model.onnx"
    path.unlink()
    (fault,) = run(book, reuse_only=True).faults
    assert "file sky/model.onnx is missing" in fault
    assert run(book).faults == []


def test_the_site_is_built_anew_when_a_file_changes(tmp_path):
    book = made(tmp_path)
    (tmp_path / "_config.yml").write_text("")
    run(book)
    before = site_key(book)
    assert site_key(book) == before
    (book.files(PAGE) / "sky/model.onnx").write_bytes(b"other")
    assert site_key(book) != before


def test_a_failed_run_leaves_nothing(tmp_path):
    book = made(tmp_path)
    run(book)
    source = book.source(PAGE)
    sound = source.read_text(encoding="utf-8")
    source.write_text(HEAD + cell(WRITE + "assert False"), encoding="utf-8")
    assert "AssertionError" in run(book).faults[0]
    assert names(book.files("")) == []
    assert not book.notebook(PAGE).exists()
    left = [p for p in (book.build / "work").rglob("*") if p.is_file()]
    assert left == []
    source.write_text(sound, encoding="utf-8")
    assert run(book).faults == []


def test_too_much_is_a_fault(tmp_path, monkeypatch):
    monkeypatch.setattr(files, "LIMIT_MB", 0.000001)
    book = made(tmp_path)
    (fault,) = run(book).faults
    assert "it publishes 0.0 MB, more than" in fault
    assert names(book.files("")) == []


def test_a_link_is_a_fault(tmp_path):
    source = WRITE + '(folder / "link").symlink_to(folder / "bundle.json")'
    (fault,) = run(made(tmp_path, source)).faults
    assert "sky/link is a link, not a file" in fault


def test_files_of_pages_that_are_gone_are_deleted(tmp_path):
    book = made(tmp_path, other=HEAD + cell(WRITE))
    run(book)
    toc = book.toc.read_text(encoding="utf-8")
    book.toc.write_text(toc.replace("- file: book/lesson1/other\n", ""))
    run(book)
    assert names(book.files("")) == [
        f"{PAGE}/sky/bundle.json",
        f"{PAGE}/sky/model.onnx",
    ]
    assert not book.files("lesson1/other").exists()


def test_a_page_that_stops_publishing_takes_its_files_back(tmp_path):
    book = made(tmp_path)
    run(book)
    book.source(PAGE).write_text(HEAD + cell("assert True"))
    assert run(book).faults == []
    assert not book.files(PAGE).exists()


def test_repeating_touches_no_file_of_the_first_run(tmp_path, capsys):
    dated = WRITE + (
        'import time\n(folder / "when").write_text(str(time.time_ns()))'
    )
    book = made(tmp_path, dated)
    run(book)
    before = (book.files(PAGE) / "sky/when").read_bytes()
    assert repeat(book) == []
    said = capsys.readouterr().out
    assert f"{PAGE}: published another sky/when" in said
    assert "another sky/model" not in said
    assert (book.files(PAGE) / "sky/when").read_bytes() == before


CONF = """
extensions = ["pagefiles"]
root_doc = "book/index"
include_patterns = ["book/**"]
"""


def build(root):
    command = [sys.executable, "-m", "sphinx", "-q", "-W", "-b", "html"]
    done = subprocess.run(
        [*command, str(root), str(root / "html")],
        env=os.environ | {"PYTHONPATH": str(ROOT / "book/_ext")},
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode == 0, done.stderr


def test_the_site_has_the_files_of_its_pages(tmp_path):
    (tmp_path / "book/lesson1").mkdir(parents=True)
    (tmp_path / "conf.py").write_text(CONF)
    index = "Front\n=====\n\n.. toctree::\n\n   lesson1/gives\n"
    (tmp_path / "book/index.rst").write_text(index)
    (tmp_path / "book/lesson1/gives.rst").write_text("Page\n====\n")
    book = Book(tmp_path)
    for page in (PAGE, "lesson1/gone"):
        path = book.files(page) / "sky/model.onnx"
        path.parent.mkdir(parents=True)
        path.write_bytes(b"weights")
    build(tmp_path)
    site = tmp_path / "html/_files"
    assert names(site) == [f"{PAGE}/sky/model.onnx"]
    model = book.files(PAGE) / "sky/model.onnx"
    model.write_bytes(b"better!")  # as long as before
    (site / PAGE / "stale").write_text("x")
    build(tmp_path)
    assert names(site) == [f"{PAGE}/sky/model.onnx"]
    assert (site / PAGE / "sky/model.onnx").read_bytes() == b"better!"
    model.unlink()
    build(tmp_path)
    assert names(site) == []


def test_the_books_metadata_stay_readable(book):
    text = book.notebook(PAGE).read_text(encoding="utf-8")
    assert json.loads(text)["metadata"]["sevenlessons"]["page"] == PAGE
