"""Negative controls: the real runner must turn red on each broken page.

A toy book with a toy package of the same name stands for the real one, so
that a kernel starts in a second. The broken pages are the files of
`tests/pages`; each says in its front matter which fault it must cause.
"""

import json
import re
from pathlib import Path

import nbformat
import pytest
from scripts.bookrun import store
from scripts.bookrun.run import run
from scripts.bookrun.schedule import longest_first
from tests.scripts.toy import CATALOGUE, HEAD, cell, make_book, recorded

SOUND = HEAD + cell("assert 1 + 1 == 2")
FILES = sorted(Path(__file__).parents[1].joinpath("pages").glob("*.md"))
PAGES = {path.stem: path.read_text(encoding="utf-8") for path in FILES}
EXPECTED = """
["lesson1/inside"]
min = 0.4
why = "toy"
["lesson1/outside"]
min = 0.5
why = "toy"
"""
FAULT = re.compile(r"^fault: '(.*)'$", re.M)  # what each page must cause
MESSAGES = {
    name: found[1].replace("''", "'")
    for name, text in PAGES.items()
    if (found := FAULT.search(text))
} | {"missing": "lists book/lesson1/missing, but .* does not exist"}


@pytest.fixture(scope="module")
def red(tmp_path_factory):
    pages = PAGES | {"missing": None}
    book = make_book(tmp_path_factory.mktemp("red"), pages, EXPECTED)
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
    green = sorted(PAGES.keys() - MESSAGES.keys())
    assert green == ["inside", "raises", "sound"]
    for name in green:
        assert f"lesson1/{name}" in report.executed
        if name != "inside":  # `repeated` records its result again
            assert f"lesson1/{name}:" not in faulty
        assert book.notebook(f"lesson1/{name}").is_file()
    assert not book.notebook("lesson1/fails").exists()


def test_a_typed_number_is_no_reason_to_run_the_page_again(red):
    book, report = red
    for name in ("lesson1/typed", "lesson1/counted"):
        assert name in report.executed
        again = run(book, [name])
        assert again.reused == [name]
        assert "the typed number" in again.faults[0]


def test_receipts_and_ledger_have_the_agreed_fields(red):
    book, _ = red
    receipts = json.loads(book.receipts.read_text())
    assert set(receipts[0]) == {
        "page", "seconds", "peak_memory_mb", "device", "python", "torch",
        "cells", "asserts", "executed_at", "commit", "seed",
    }  # fmt: skip
    (sound,) = [row for row in receipts if row["page"] == "lesson1/sound"]
    assert sound["asserts"] == 1
    assert sound["peak_memory_mb"] > 10
    rows = json.loads(book.results.read_text())
    (row,) = [row for row in rows if row["page"] == "lesson1/inside"]
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


def test_a_file_beside_a_module_runs_the_pages_of_those_who_name_it(tmp_path):
    use = "from sevenlessons.page import {}\nassert True"
    pages = {
        "moving": HEAD + cell(use.format("moving")),
        "still": HEAD + cell(use.format("still")),
    }
    modules = {
        "page/__init__.py": '"""Toy."""\n',
        "page/moving.py": 'SCRIPT = "moving.js"\n',
        "page/still.py": "x = 1\n",
    }
    book = make_book(tmp_path, pages, "", modules)
    script, table = (
        book.package / "page/moving.js",
        book.package / "page/a.csv",
    )
    script.write_text("1")
    table.write_text("1")
    assert len(run(book).executed) == 2
    script.write_text("2")
    assert run(book).executed == ["lesson1/moving"]
    table.write_text("2")  # no module names it: any may read it
    assert len(run(book).executed) == 2


def test_other_pins_run_everything(green):
    pins = green.root / "requirements.txt"
    pins.write_text("# words\ntoy==1\n", encoding="utf-8")
    assert run(green).executed == []
    pins.write_text("toy==2\n", encoding="utf-8")
    assert len(run(green).executed) == 2


def test_only_pages_that_read_a_data_set_run_when_its_entry_changes(tmp_path):
    use = "from sevenlessons.data.catalogue import find_set\n"
    pages = {
        "photos": HEAD + cell(use + "find_set('photos')\nassert True"),
        "sounds": HEAD + cell(use + "find_set('sounds')\nassert True"),
        "none": SOUND,
    }
    book = make_book(tmp_path, pages, "", {"data/catalogue.py": CATALOGUE})
    entries = {"photos": {"sha256": "1"}, "sounds": {"sha256": "2"}}
    book.catalogue.write_text(json.dumps(entries), encoding="utf-8")
    assert len(run(book).executed) == 3
    book.catalogue.write_text(json.dumps(entries, indent=1))  # no new fact
    assert run(book).executed == []
    entries["photos"]["sha256"] = "3"
    entries["texts"] = {"sha256": "4"}
    book.catalogue.write_text(json.dumps(entries), encoding="utf-8")
    assert run(book).executed == ["lesson1/photos"]
    del entries["sounds"]
    book.catalogue.write_text(json.dumps(entries), encoding="utf-8")
    assert run(book).executed == ["lesson1/sounds"]


def test_reuse_only_runs_nothing_and_says_what_lacks(tmp_path):
    book = make_book(tmp_path, {"sound": SOUND})
    report = run(book, reuse_only=True)
    assert report.executed == []
    assert report.faults == [
        "lesson1/sound: no run of it can be reused (not run before)"
    ]
    run(book)
    assert run(book, reuse_only=True).faults == []


def test_the_order_of_the_pages_does_not_matter(tmp_path):
    pages = {f"page{i}": recorded(f"r{i}", i / 2) for i in range(3)}
    bands = "".join(
        f'["lesson1/r{i}"]\nmin = 0\nwhy = "toy"\n' for i in range(3)
    )
    ledgers = []
    for jobs in (1, 3):
        root = tmp_path / str(jobs)
        root.mkdir()
        names = list(pages) if jobs == 1 else list(pages)[::-1]
        book = make_book(root, {name: pages[name] for name in names}, bands)
        assert run(book, jobs=jobs).faults == []
        rows = json.loads(book.results.read_text())
        ledgers.append(sorted(rows, key=lambda row: row["key"]))
    assert ledgers[0] == ledgers[1]


def test_the_longest_page_starts_first(tmp_path):
    book = make_book(tmp_path, {"quick": SOUND, "slow": SOUND, "new": SOUND})
    for name, seconds in (("lesson1/quick", 1), ("lesson1/slow", 9)):
        notebook = nbformat.v4.new_notebook()
        notebook.metadata["sevenlessons"] = {"receipt": {"seconds": seconds}}
        store.save(book, name, notebook)
    names = ["lesson1/quick", "lesson1/slow", "lesson1/new"]
    assert longest_first(book, names) == names[::-1]  # a new one counts 60 s
    source = book.source("lesson1/newer")
    source.write_text(SOUND + "Words.\n", encoding="utf-8")
    names.append("lesson1/newer")  # more text: more to do, at a guess
    assert longest_first(book, names) == names[::-1]
