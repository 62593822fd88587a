"""Rules about the pages that show without running them."""

import ast
import importlib.util
import re
import tomllib
from pathlib import Path

import pytest
import yaml
from scripts.bookrun import gates, results
from scripts.bookrun.layout import Book
from scripts.bookrun.pages import code_cells, page_names, read_page

BOOK = Book(Path(__file__).resolve().parents[1])
NAMES = page_names(BOOK)
each_page = pytest.mark.parametrize("name", NAMES)


def statements(name):
    """Return the syntax trees of the cells that are plain Python."""
    page = read_page(BOOK, name)
    for cell in code_cells(page.notebook) if page.notebook else []:
        lines = cell.source.splitlines()
        plain = [x for x in lines if not x.lstrip().startswith(("%", "!"))]
        yield from ast.parse("\n".join(plain)).body


def defined(module):
    """Return the names that a module of the package defines or imports."""
    spec = importlib.util.find_spec(module)
    tree = ast.parse(Path(spec.origin).read_text(encoding="utf-8"))
    found = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.ClassDef | ast.FunctionDef):
            found.add(node.name)
        elif isinstance(node, ast.Name):
            found.add(node.id)
    return found


@each_page
def test_all_code_of_a_page_runs(name):
    assert gates.source_faults(read_page(BOOK, name)) == []


@each_page
def test_the_names_that_a_page_imports_exist(name):
    for node in statements(name):
        if not isinstance(node, ast.ImportFrom):
            continue
        module = node.module or ""
        if not module.startswith("sevenlessons."):
            continue
        for alias in node.names:
            inner = f"{module}.{alias.name}"
            known = (
                alias.name in defined(module)
                if Path(importlib.util.find_spec(module).origin).stem
                != "__init__"
                else importlib.util.find_spec(inner)
            )
            assert known, f"{module} has no {alias.name}"


@each_page
def test_cells_need_no_sideways_scrolling(name):
    page = read_page(BOOK, name)
    for cell in code_cells(page.notebook) if page.notebook else []:
        for line in cell.source.splitlines():
            assert len(line) <= 79, line


@each_page
def test_no_page_shows_a_bare_truth_value_after_the_course_scale(name):
    """It says in words what it did; a lone False below helps nobody."""
    for node in statements(name):
        if isinstance(node, ast.Expr) and isinstance(node.value, ast.Call):
            called = getattr(node.value.func, "id", "")
            assert called != "at_course_scale", "write `_ = at_course_scale`"


@each_page
def test_a_page_has_one_title_and_sections(name):
    text = read_page(BOOK, name).text
    prose = re.sub(r"^(`{3,}|:{3,}).*?^\1\s*$", "", text, flags=re.M | re.S)
    assert len(re.findall(r"^# ", prose, re.M)) == 1
    # without one, the theme's script fails on a page with margin notes
    others = ("{api-room}", "{lesson-heading}")
    assert re.search(r"^## ", prose, re.M) or any(o in text for o in others)


def lesson_pages():
    names = [name for name in NAMES if name.startswith("lesson")]
    return [name for name in names if not name.endswith("/index")]


@pytest.mark.parametrize("name", lesson_pages())
def test_a_lesson_page_ends_as_all_do(name):
    text = read_page(BOOK, name).text
    for title in ("What to remember", "Exercises", "Further reading"):
        assert f"\n## {title}\n" in text


@pytest.mark.parametrize("name", lesson_pages())
def test_the_first_page_of_its_lesson_leads_to_it(name):
    toc = yaml.safe_load(BOOK.toc.read_text(encoding="utf-8"))
    first = f"book/{name.split('/')[0]}/index"
    (lesson,) = [
        chapter
        for part in toc["parts"]
        for chapter in part["chapters"]
        if chapter["file"] == first
    ]
    below = [entry["file"] for entry in lesson["sections"]]
    assert f"book/{name}" in below
    assert (
        "{lesson-pages}" in read_page(BOOK, f"{name.split('/')[0]}/index").text
    )


def test_bands_are_complete():
    bands = results.load_bands(BOOK.expected)
    folders = {name.split("/")[0] for name in NAMES}
    assert {key.split("/")[0] for key in bands} <= folders


def test_one_place_says_where_the_book_lives():
    path = BOOK.root / "book/site.toml"
    site = tomllib.loads(path.read_text(encoding="utf-8"))
    known = {"repository", "branch", "address", "notebooks_branch"}
    assert set(site) == known
    assert not site["address"] or site["address"].endswith("/")


def test_only_pages_of_the_contents_lie_in_the_book():
    found = {
        path.relative_to(BOOK.root / "book").with_suffix("").as_posix()
        for path in (BOOK.root / "book").rglob("*.md")
    }
    assert found == set(NAMES)
