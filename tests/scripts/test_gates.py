"""Gates, bands and keys, without a kernel."""

import nbformat
import pytest
from scripts.bookrun import gates, keys, results
from scripts.bookrun.layout import Book
from scripts.bookrun.pages import Page, page_names, parse_cells

V4 = nbformat.v4


def notebook(html):
    cell = V4.new_code_cell("assert True", execution_count=1)
    cell.outputs = [V4.new_output("display_data", {"text/html": html})]
    return V4.new_notebook(cells=[cell])


@pytest.mark.parametrize(
    "html",
    [
        '<img src="a.png" alt="A galaxy seen from its edge">',
        '<img src="a.png" alt="" aria-hidden="true">',
        '<svg aria-label="Loss falls"><svg></svg></svg>',
        "<p>words</p>",
    ],
)
def test_images_with_words_pass(html):
    assert gates.run_faults(notebook(html)) == []


@pytest.mark.parametrize(
    ("html", "message"),
    [
        ('<img src="a.png">', "<img> without alt text"),
        ('<img src="a.png" alt="a.png">', "<img> without alt text"),
        ("<svg></svg>", "<svg> without aria-label"),
    ],
)
def test_images_without_words_are_red(html, message):
    (fault,) = gates.run_faults(notebook(html))
    assert message in fault


def test_a_cell_that_did_not_run_is_red():
    sound = notebook("<p>words</p>")
    sound.cells[0].execution_count = None
    assert "did not run in its turn" in gates.run_faults(sound)[0]


def row(**changes):
    base = dict(
        key="a/b", value=0.5, unit="", page="a/p", n=1, seeds=1,
        interval=None, data="toy", baselines={}, device="cpu",
    )  # fmt: skip
    return base | changes


BANDS = {"a/b": {"min": 0.4, "max": 0.6, "why": "w", "cuda": {"min": 0.7}}}


@pytest.mark.parametrize(
    ("changes", "message"),
    [
        ({"value": 0.7}, r"0.7 is outside its band \[0.4, 0.6\] \(w\)"),
        ({"value": float("nan")}, "is nan, not a number"),
        ({"value": "0.5"}, "is '0.5', not a number"),
        ({"value": 0.6, "device": "cuda"}, r"outside its band \[0.7, inf\]"),
        ({"key": "a/c"}, "no band"),
    ],
)
def test_a_bad_row_is_red(changes, message):
    faults = results.judge([row(**changes)], BANDS, "cpu", whole=False)
    with pytest.raises(AssertionError, match=message):
        raise AssertionError("; ".join(faults))


def test_a_row_without_a_field_is_red():
    short = row()
    del short["baselines"]
    (fault,) = results.judge([short], BANDS, "cpu", whole=False)
    assert "lacks baselines" in fault


def test_a_band_for_the_gpu_only_needs_no_result_here():
    bands = {"a/g": {"min": 1, "why": "w", "device": "cuda"}}
    assert results.judge([], bands, "cpu", whole=True) == []
    assert "no page recorded it" in results.judge(
        [], bands, "cuda", whole=True
    )[0]  # fmt: skip


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ('["a/b"]\nmin = 1', "has no `why`"),
        ('["a/b"]\nwhy = "w"', "neither `min` nor `max`"),
        ('["a/b"]\nmin = 2\nmax = 1\nwhy = "w"', "above its `max`"),
        ('["a/b"]\nmin = 2\nwyh = "w"\nwhy = "w"', "unknown entries wyh"),
        ('["a/b"', "cannot be read"),
    ],
)
def test_a_bad_band_is_red(tmp_path, text, message):
    path = tmp_path / "expected.toml"
    path.write_text(text, encoding="utf-8")
    with pytest.raises(ValueError, match=message):
        results.load_bands(path)


def test_commands_in_cells_are_inputs(tmp_path):
    book = Book(tmp_path)
    book.package.mkdir(parents=True)
    (book.package / "__init__.py").write_text("")
    (book.package / "__main__.py").write_text("from .cli import main\n")
    (book.package / "cli.py").write_text("main = 1\n")
    (book.package / "unused.py").write_text("")
    text = '```{code-cell}\nrun(["python", "-m", "sevenlessons"])\n```\n'
    page = Page("a", tmp_path, text, parse_cells(text, tmp_path))
    found = keys.module_files(book, page, [])
    assert [name.rpartition("/")[2] for name in found] == [
        "__init__.py", "__main__.py", "cli.py",
    ]  # fmt: skip


def test_pages_are_read_in_order(tmp_path):
    book = Book(tmp_path)
    book.toc.write_text(
        "root: book/index\nparts:\n- caption: P\n  chapters:\n"
        "  - file: book/a/b.md\n    sections:\n    - file: book/a/c\n"
    )
    assert page_names(book) == ["index", "a/b", "a/c"]
