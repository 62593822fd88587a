"""Two runs of one book compared, and the archives made from it."""

import zipfile

import nbformat
from scripts.bookrun.bundle import bundle
from scripts.bookrun.layout import Book
from scripts.bookrun.repeat import differences, repeat
from scripts.bookrun.run import run
from tests.scripts.toy import HEAD, cell, make_book

V4 = nbformat.v4


def notebook(*shown, tags=(), names=("stdout",) * 3):
    cell = V4.new_code_cell("print(x)", metadata={"tags": list(tags)})
    cell.outputs = [
        V4.new_output("stream", name=name, text=text)
        for name, text in zip(names, shown, strict=False)
    ]
    return V4.new_notebook(cells=[cell])


def test_only_tagged_cells_must_show_the_same():
    assert differences(notebook("3"), notebook("3")) == []
    assert differences(notebook("3 s"), notebook("4 s")) == [
        ("print(x)", True)
    ]
    tags = ["nbval-check-output"]
    assert differences(notebook("3", tags=tags), notebook("4", tags=tags)) == [
        ("print(x)", False)
    ]


def test_lines_in_pieces_are_the_same_lines():
    assert differences(notebook("3\n"), notebook("3", "\n")) == []
    assert differences(notebook("3\n"), notebook("3", "4")) != []
    one, two = ("stdout", "stderr", "stdout"), ("stdout", "stdout", "stderr")
    apart = [notebook("a", "b", "c", names=names) for names in (one, two)]
    assert differences(*apart) != []


def test_a_page_with_another_number_each_time_is_red(tmp_path, capsys):
    head = "import random\nfrom sevenlessons.page.record import record\n"
    cells = {
        "same": head + 'record("lesson1/same", 0.5)',
        "other": head + 'record("lesson1/other", random.random())',
        "timed": "import time\nprint(time.time())\nassert True",
    }
    bands = "".join(
        f'["lesson1/{name}"]\nmin = 0\nwhy = "toy"\n'
        for name in ("same", "other")
    )
    pages = {name: HEAD + cell(source) for name, source in cells.items()}
    book = make_book(tmp_path, pages, bands)
    assert run(book).faults == []
    (fault,) = repeat(book)
    assert fault.startswith("lesson1/other: 0.")
    said = capsys.readouterr().out
    assert "lesson1/timed: another output of the cell `import time`" in said
    assert "repeat: 1 of 3 cells" in said
    assert repeat(book, ["lesson1/same"]) == []


def test_archives_of_the_same_site_are_the_same_file(tmp_path):
    book = Book(tmp_path)
    page = book.build / "html/book/index.html"
    page.parent.mkdir(parents=True)
    page.write_text("<h1>Home</h1>")
    run = book.notebook("lesson1/a")
    run.parent.mkdir(parents=True)
    run.write_text("{}")
    notebooks, site = bundle(book)
    before = [notebooks.read_bytes(), site.read_bytes()]
    page.touch()
    assert [path.read_bytes() for path in bundle(book)] == before
    with zipfile.ZipFile(site) as archive:
        names = archive.namelist()
    assert names == [
        "seven-lessons-site/book/index.html",
        "seven-lessons-site/downloads/seven-lessons-notebooks.zip",
    ]
    with zipfile.ZipFile(notebooks) as archive:
        assert archive.namelist() == [
            "seven-lessons-notebooks/lesson1/a.ipynb"
        ]
    assert (book.build / "html/downloads" / site.name).is_file()
    plain = book.build / "html/_sources/book/lesson1/b.ipynb"
    plain.parent.mkdir(parents=True)
    plain.write_text("{}")  # the same run in plain Markdown goes first
    with zipfile.ZipFile(bundle(book)[0]) as archive:
        assert archive.namelist()[0].endswith("lesson1/b.ipynb")
