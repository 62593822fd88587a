"""Negative controls: the real runner must turn red on each broken page.

A toy book with a toy package of the same name stands for the real one, so
that a kernel starts in a second. Pages without torch.
"""

import json
import re
import textwrap

import pytest
from scripts.bookrun.layout import Book
from scripts.bookrun.run import run

HEAD = """\
---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
  language: python
---

# A page

"""
RECORD = """\
from IPython.display import display

def record(key, value):
    row = dict(key=key, value=value, unit="", n=4, seeds=1, interval=None,
               data="toy", baselines={"none": 0.1})
    display({"application/vnd.sevenlessons.result+json": row}, raw=True)
"""
FIGURE = """\
from IPython.display import SVG
assert True
SVG('<svg xmlns="http://www.w3.org/2000/svg"></svg>')
"""


def cell(source, options=""):
    source = textwrap.dedent(source).strip()
    return f"```{{code-cell}} ipython3\n{options}\n{source}\n```\n\n"


def make_book(root, pages, expected="", modules=None):
    book = Book(root)
    (root / "book/lesson1").mkdir(parents=True)
    (book.package / "page").mkdir(parents=True)
    files = {"__init__.py": '"""Toy."""\n', "page/record.py": RECORD}
    for name, text in (files | (modules or {})).items():
        (book.package / name).write_text(text, encoding="utf-8")
    (root / "requirements.txt").write_text("toy==1\n", encoding="utf-8")
    book.expected.write_text(expected, encoding="utf-8")
    (root / "book/index.md").write_text("# Home\n", encoding="utf-8")
    toc = "format: jb-book\nroot: book/index\nchapters:\n"
    for name, text in pages.items():
        toc += f"- file: book/lesson1/{name}\n"
        if text is not None:
            book.source(f"lesson1/{name}").write_text(text, encoding="utf-8")
    book.toc.write_text(toc, encoding="utf-8")
    return book


def recorded(key, value):
    source = f"""
    from sevenlessons.page.record import record
    record("lesson1/{key}", {value})
    """
    return HEAD + cell(source)


SOUND = HEAD + cell("assert 1 + 1 == 2")
PAGES = {
    "sound": SOUND,
    "raises": HEAD
    + cell("assert True")
    + cell("1 / 0", ":tags: [raises-exception]"),
    "fails": HEAD + cell("print('so far so good')\n1 / 0"),
    "hidden": HEAD + cell("assert 1 + 1 == 3", ":tags: [remove-cell]"),
    "harmless": HEAD + cell("assert True", ":tags: [raises-exception]"),
    "warns": HEAD
    + cell("import warnings\nassert True\nwarnings.warn('careless')"),
    "empty": HEAD + cell("1 + 1"),
    "blind": HEAD + cell(FIGURE),
    "inside": recorded("inside", 0.5),
    "outside": recorded("outside", 0.4),
    "unbanded": recorded("unbanded", 0.5),
    "copy": recorded("inside", 0.5),
    "text": SOUND.replace("file_format: mystnb\n", ""),
    "nested": HEAD + cell("assert 1") + "````{note}\n" + cell("1") + "````\n",
    "missing": None,
}
EXPECTED = """
["lesson1/inside"]
min = 0.4
why = "toy"
["lesson1/outside"]
min = 0.5
why = "toy"
"""
MESSAGES = {
    "fails": "lesson1/fails: .*ZeroDivisionError.*showed:.*so far so good",
    "hidden": "lesson1/hidden: .*AssertionError",
    "harmless": "lesson1/harmless: code cell 1 .*raises-exception, but raised",
    "warns": "lesson1/warns: .*wrote to stderr .*careless",
    "empty": "lesson1/empty: no assertion and no recorded result",
    "blind": "lesson1/blind: .*an image without alt text",
    "outside": r"lesson1/outside: lesson1/outside: 0.4 is outside its band",
    "unbanded": "lesson1/unbanded: .*has no band for it",
    "copy": "lesson1/inside: recorded twice, on lesson1/inside and",
    "text": "lesson1/text: 1 code cells, but the front matter does not",
    "nested": "lesson1/nested: 2 code cells are written, 1 would run",
    "missing": "lists book/lesson1/missing, but .* does not exist",
}


@pytest.fixture(scope="module")
def red(tmp_path_factory):
    book = make_book(tmp_path_factory.mktemp("red"), PAGES, EXPECTED)
    return book, run(book, jobs=2)


@pytest.mark.parametrize("name", MESSAGES)
def test_a_broken_page_is_red(red, name):
    _, report = red
    pattern = re.compile(MESSAGES[name], re.DOTALL)
    assert [f for f in report.faults if pattern.search(f)], report.faults


def test_every_fault_was_expected(red):
    assert len(red[1].faults) == len(MESSAGES)


def test_sound_pages_are_green_and_kept(red):
    book, report = red
    faulty = " ".join(report.faults)
    for name in ("sound", "raises"):
        assert f"lesson1/{name}" in report.executed
        assert f"lesson1/{name}:" not in faulty
        assert book.notebook(f"lesson1/{name}").is_file()
    assert not book.notebook("lesson1/fails").exists()


def test_receipts_and_ledger_have_the_agreed_fields(red):
    book, _ = red
    receipts = json.loads(book.receipts.read_text())
    assert set(receipts[0]) == {
        "page", "seconds", "peak_memory_mb", "device", "python", "torch",
        "cells", "asserts", "executed_at", "commit", "seed",
    }  # fmt: skip
    assert receipts[0]["page"] == "lesson1/sound"
    assert receipts[0]["asserts"] == 1
    assert receipts[0]["peak_memory_mb"] > 10
    row = json.loads(book.results.read_text())[0]
    assert row == {
        "key": "lesson1/inside", "value": 0.5, "unit": "",
        "page": "lesson1/inside", "n": 4, "seeds": 1, "interval": None,
        "data": "toy", "baselines": {"none": 0.1}, "device": "cpu",
    }  # fmt: skip


@pytest.fixture(scope="module")
def green(tmp_path_factory):
    use = "from sevenlessons.{0} import x\nassert x == 1"
    pages = {
        "first": HEAD + cell(use.format("leaf")),
        "second": HEAD + cell(use.format("other")),
    }
    modules = {"leaf.py": "from .stem import x\n", "stem.py": "x = 1\n"}
    modules["other.py"] = "x = 1\n"
    book = make_book(tmp_path_factory.mktemp("green"), pages, "", modules)
    report = run(book)
    assert report.faults == []
    assert len(report.executed) == 2
    return book


def test_nothing_changed_nothing_runs(green):
    before = green.receipts.read_bytes()
    report = run(green)
    assert report.executed == []
    assert report.faults == []
    assert green.receipts.read_bytes() == before


def test_a_band_without_a_result_is_red(green):
    green.expected.write_text('["lesson1/x"]\nmin = 0\nwhy = "toy"\n')
    (fault,) = run(green).faults
    green.expected.write_text("")
    assert "has a band, but no page recorded it" in fault


def test_words_run_nothing_but_reach_the_notebook(green):
    source = green.source("lesson1/second")
    text = source.read_text(encoding="utf-8")
    source.write_text(text + "\nNew words.\n", encoding="utf-8")
    assert run(green).executed == []
    notebook = json.loads(green.notebook("lesson1/second").read_text())
    assert "New words." in "".join(notebook["cells"][-1]["source"])
    assert notebook["cells"][1]["execution_count"] == 1


def test_one_changed_module_runs_only_its_pages(green, capsys):
    stem = green.package / "stem.py"
    stem.write_text("x = 1  # changed\n", encoding="utf-8")
    report = run(green)
    assert report.executed == ["lesson1/first"]
    assert report.reused == ["lesson1/second"]
    assert "running (code/sevenlessons/stem.py)" in capsys.readouterr().out


def test_a_broken_module_is_not_hidden_by_an_earlier_run(green):
    stem = green.package / "stem.py"
    stem.write_text("x = 2\n", encoding="utf-8")
    report = run(green)
    assert "AssertionError" in report.faults[0]
    rows = json.loads(green.receipts.read_text())
    assert [row["page"] for row in rows] == ["lesson1/second"]
    stem.write_text("x = 1\n", encoding="utf-8")
    assert run(green).faults == []


def test_a_module_edited_during_the_run_is_noticed(green):
    edit = """
    from pathlib import Path
    from sevenlessons import leaf
    Path(leaf.__file__).write_text("from .stem import x  # edited\\n")
    assert True
    """
    source = green.source("lesson1/first")
    sound = source.read_text(encoding="utf-8")
    source.write_text(HEAD + cell(edit), encoding="utf-8")
    (fault,) = run(green).faults
    assert "changed while the book ran (code/sevenlessons/leaf.py)" in fault
    source.write_text(sound, encoding="utf-8")
    assert run(green).faults == []


def test_other_pins_run_everything(green):
    pins = green.root / "requirements.txt"
    pins.write_text("# words\ntoy==1\n", encoding="utf-8")
    assert run(green).executed == []
    pins.write_text("toy==2\n", encoding="utf-8")
    assert len(run(green).executed) == 2
