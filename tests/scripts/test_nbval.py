"""The real `pytest --nbval-lax` must turn red on each false output.

A toy book with a toy package, without torch, so that kernels start quickly.
Its pages read a file that the runner does not know of: an edit of it changes
what a second run shows, and leaves the published run as it is.
"""

import json

import nbformat
import pytest
from scripts.bookrun.layout import Book
from scripts.bookrun.run import run
from scripts.nbval.__main__ import main
from scripts.nbval.judge import judge
from scripts.nbval.prepare import AGAIN, PUBLISHED
from scripts.nbval.validate import VARIABLE, collect

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
NUMBERS = [
    (
        "nbval-check-output",
        "from sevenlessons.leaf import x\nprint(x, 'legs')",
    ),
    ("", "import time\nassert x\nprint(time.time())"),
    (
        "nbval-check-output",
        "class Table:\n"
        "    def __repr__(self):\n"
        "        return 'two rows'\n\n"
        "    def _repr_html_(self):\n"
        "        return f'<p id={time.time()}></p>'\n\n"
        "Table()",
    ),
    ("skip-execution", "1 / 0"),
    ("remove-cell, nbval-check-output", "print(len(open(OUTSIDE).read()))"),
]
RAISING = [
    ("", "import os\nassert True\nhere = os.listdir()"),
    ("raises-exception", "int(open(OUTSIDE).read())"),
    ("nbval-check-output", "print(1 + 1, here)"),
]


def text_of(cells, outside):
    text = HEAD
    for tags, source in cells:
        source = source.replace("OUTSIDE", repr(str(outside)))
        option = f":tags: [{tags}]\n" if tags else ""
        text += f"```{{code-cell}} ipython3\n{option}\n{source}\n```\n\n"
    return text


@pytest.fixture(scope="module")
def made(tmp_path_factory):
    """Return a book that was executed and has its references."""
    root = tmp_path_factory.mktemp("nbval")
    book, outside = Book(root), root / "outside.txt"
    book.package.mkdir(parents=True)
    (root / "book/lesson1").mkdir(parents=True)
    files = {
        outside: "abc",
        book.package / "__init__.py": '"""Toy."""\n',
        book.package / "leaf.py": "x = 3\n",
        root / "requirements.txt": "toy==1\n",
        book.expected: "",
        root / "book/index.md": "# Home\n",
        book.source("lesson1/numbers"): text_of(NUMBERS, outside),
        book.source("lesson1/raising"): text_of(RAISING, outside),
        book.toc: "format: jb-book\nroot: book/index\nchapters:\n"
        "- file: book/lesson1/numbers\n- file: book/lesson1/raising\n",
    }
    for path, text in files.items():
        path.write_text(text, encoding="utf-8")
    assert run(book, jobs=2).faults == []
    assert main(["references", "--root", str(root)]) == 0
    return book


@pytest.fixture
def book(made, monkeypatch):
    """Return the book; what a test changes is put back."""
    monkeypatch.delenv(VARIABLE, raising=False)
    files = [p for p in made.root.rglob("*") if p.suffix in (".py", ".txt")]
    files += [p for p in (made.root / "tests").rglob("*.json")]
    files += [*(made.root / "book").rglob("*.md"), *made.build.rglob("l*/*")]
    before = {path: path.read_bytes() for path in files if path.is_file()}
    yield made
    for path, content in before.items():
        path.write_bytes(content)


def validate(book):
    return main(["validate", "--root", str(book.root)])


def subject(book, name):
    (found,) = collect(book, [f"lesson1/{name}"]).subjects
    return found


def replace(path, old, new):
    text = path.read_text(encoding="utf-8")
    assert old in text
    path.write_text(text.replace(old, new), encoding="utf-8")


def test_equal_outputs_are_green_and_what_was_left_out_is_said(book, capsys):
    assert validate(book) == 0
    shown = capsys.readouterr().out
    assert "published runs: 2 pages, 7 cells ran, 4 outputs equal" in shown
    assert "run again: 2 pages, 7 cells ran, 4 outputs equal" in shown
    assert "not compared: the outputs of 4 of 8 code cells" in shown
    assert validate(book) == 0
    assert "unchanged since it was green" in capsys.readouterr().out
    notebook = book.build / "nbval/published/lesson1/numbers.ipynb"
    assert json.loads(notebook.read_text())["cells"][1]["outputs"]


def test_a_changed_number_in_the_published_run_is_noticed(book, capsys):
    replace(book.notebook("lesson1/numbers"), "3 legs", "4 legs")
    assert validate(book) == 1
    shown = capsys.readouterr().out
    assert "'3 legs\\n' == '4 legs\\n'" in shown
    assert "published run of lesson1/numbers: code cell 1 (from" in shown
    assert "shows something else than its reference" in shown
    assert "not run again: mend the faults first" in shown


def test_a_package_that_counts_otherwise_is_noticed(book, capsys):
    (book.package / "leaf.py").write_text("x = 4\n", encoding="utf-8")
    assert run(book).executed == ["lesson1/numbers"]
    assert validate(book) == 1
    shown = capsys.readouterr().out
    assert "published run of lesson1/numbers: code cell 1" in shown
    assert "lesson1/raising: " not in shown
    assert main(["references", "--root", str(book.root)]) == 0
    shown = capsys.readouterr().out
    assert '-      "3 legs",' in shown
    assert '+      "4 legs",' in shown
    assert "1 files changed; look at every line, then commit" in shown


def test_a_second_run_that_counts_otherwise_is_noticed(book, capsys):
    (book.root / "outside.txt").write_text("abcd", encoding="utf-8")
    numbers = [subject(book, "numbers")]
    assert judge(book, numbers, PUBLISHED).faults == []
    (fault,) = judge(book, numbers, AGAIN).faults
    assert fault.startswith("lesson1/numbers: code cell 5 (print(len(open(")
    assert fault.endswith("shows something else than its reference")
    assert "'3\\n' == '4\\n'" in capsys.readouterr().out


def test_a_cell_that_should_raise_must_raise_again(book):
    (book.root / "outside.txt").write_text("42", encoding="utf-8")
    verdict = judge(book, [subject(book, "raising")], AGAIN)
    (fault,) = verdict.faults
    assert fault.startswith("lesson1/raising: code cell 2 (int(open(")
    assert fault.endswith("is tagged raises-exception, but raised none")


def test_after_a_cell_that_raises_nothing_counts(book, capsys):
    replace(book.notebook("lesson1/raising"), "raises-exception", "other")
    found = subject(book, "raising")
    found.notebook.cells[2].metadata.tags = []
    verdict = judge(book, [found], PUBLISHED)
    raised, rest = verdict.faults
    assert raised.endswith("raised an exception")
    assert rest.endswith("code cell 3 (print(1 + 1, here)): nbval did not"
                         " compare it")  # fmt: skip
    assert verdict.compared == set()


def test_a_kernel_answers_only_the_cells_of_the_published_run(book, capsys):
    found = subject(book, "raising")
    found.notebook.cells[1].source += "  # not what was run"
    verdict = judge(book, [found], PUBLISHED)
    assert "raised an exception" in verdict.faults[0]
    assert "does not have this cell next" in capsys.readouterr().out


def test_a_comment_that_silences_nbval_is_noticed(book):
    found = subject(book, "raising")
    source = found.notebook.cells[3].source + "\n# NBVAL_IGNORE_OUTPUT"
    found.notebook.cells[3].source = source
    notebook = nbformat.read(book.notebook("lesson1/raising"), 4)
    notebook.cells[3].source = source
    nbformat.write(notebook, book.notebook("lesson1/raising"))
    (fault,) = judge(book, [found], PUBLISHED).faults
    assert fault.endswith("nbval did not compare it")


def test_no_cell_at_all_is_a_fault(book, capsys):
    found = subject(book, "raising")
    found.notebook.cells, found.found = [], {}
    faults = judge(book, [found], PUBLISHED).faults
    assert "pytest ended with status 5" in faults[0]
    assert "nbval ran no cell at all" in faults


def test_a_run_of_another_page_is_stale(book, capsys):
    replace(book.source("lesson1/numbers"), "'legs'", "'arms'")
    (fault,) = collect(book).faults
    assert "executed notebook is not of this page (code cells)" in fault
    assert "run `make book`" in fault
    assert main(["references", "--root", str(book.root)]) == 1
    assert "run `make book`" in capsys.readouterr().out
    book.notebook("lesson1/raising").unlink()
    assert "not of this page (not run)" in collect(book).faults[1]


def test_references_without_a_page_are_taken_out(book, capsys):
    extra = book.root / "tests/references/lesson1/gone.json"
    extra.write_text("{}", encoding="utf-8")
    (fault,) = collect(book).faults
    assert fault.startswith("tests/references/lesson1/gone.json belongs to no")
    assert main(["references", "--root", str(book.root)]) == 0
    assert not extra.exists()


def test_what_does_not_fit_into_the_budget_is_named(book, capsys, monkeypatch):
    monkeypatch.setenv(VARIABLE, "0")
    assert validate(book) == 0
    shown = capsys.readouterr().out
    assert "nbval: run again" not in shown
    assert "not run again (NBVAL_SECONDS=0): lesson1/numbers (" in shown


def test_another_device_needs_references_of_its_own(book, capsys):
    path = book.notebook("lesson1/raising")
    notebook = json.loads(path.read_text(encoding="utf-8"))
    known = notebook["metadata"]["sevenlessons"]
    known["device"] = known["inputs"]["device"] = "cuda"
    path.write_text(json.dumps(notebook), encoding="utf-8")
    found = collect(book)
    assert found.faults == []
    assert found.silent == [
        "lesson1/raising ran on cuda,"
        " there is no tests/references/cuda/lesson1/raising.json"
    ]
    assert not found.subjects[1].found
