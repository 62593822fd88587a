"""The first page of a lesson lists what its pages teach and cost."""

import doctest
import importlib
import json
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
sys.path.append(str(ROOT / "book/_ext"))
lesson = importlib.import_module("lesson")
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
extensions = ["myst_parser", "sphinx_external_toc", "lesson"]
"""
TOC = """\
root: index
subtrees:
  - entries:
      - file: book/lesson1/index
        subtrees:
          - entries:
              - file: book/lesson1/one
              - file: book/lesson1/two
"""
ABLE = "**After this page you can** {0}.\n\n"
PAGES = {
    "index": "# Home\n",
    "book/lesson1/index": "# Lesson\n\n```{lesson-pages}\n```\n",
    "book/lesson1/one": "# First\n\n" + ABLE.format("count\nto one") + "End\n",
    "book/lesson1/two": "# Second\n\n"
    + ABLE.format("count {term}`on <x>`")
    + "```{exercise} A\n```\n```{exercise} B\n```\n",
}


@pytest.fixture
def site(tmp_path):
    for name, text in PAGES.items():
        path = tmp_path / f"{name}.md"
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(text)
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "_toc.yml").write_text(TOC)
    (tmp_path / "_build").mkdir()
    receipt(tmp_path, 3.2)
    return tmp_path


def receipt(site, seconds):
    row = {"page": "lesson1/two", "seconds": seconds, "peak_memory_mb": 77}
    (site / "_build/receipts.json").write_text(json.dumps([row]))


def build(site):
    command = [sys.executable, "-m", "sphinx", "-b", "html", "-q"]
    command += [str(site), str(site / "html")]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    html = (site / "html/book/lesson1/index.html").read_text()
    table = html.split('<table class="lesson-pages', 1)[1].split("</table>")[0]
    rows = [
        [re.sub(r"<[^>]+>", "", cell).strip() for cell in row]
        for row in (
            re.findall(r"<td>(.*?)</td>", r, re.S)
            for r in table.split("<tr")[2:]
        )
    ]
    return done.stderr, rows


def test_the_examples_of_the_extension():
    assert doctest.testmod(lesson).failed == 0


def test_each_page_stands_there_with_promise_and_cost(site):
    _, rows = build(site)
    assert rows == [
        ["First", "Count to one.", "not run yet; 0 exercises"],
        ["Second", "Count on.", "3 s, 77 MB; 2 exercises"],
    ]


def test_another_receipt_and_another_promise_are_shown(site):
    build(site)
    receipt(site, 9)
    one = site / "book/lesson1/one.md"
    one.write_text(one.read_text().replace("to one", "to ten"))
    _, rows = build(site)
    assert rows[0][1] == "Count to ten."
    assert rows[1][2] == "9 s, 77 MB; 2 exercises"


def test_a_page_without_a_promise_is_a_warning(site):
    (site / "book/lesson1/one.md").write_text("# First\n\nWords.\n")
    warnings, _ = build(site)
    assert "book/lesson1/one has no sentence" in warnings


def test_every_page_of_a_lesson_has_one():
    for page in sorted((ROOT / "book").glob("lesson*/*.md")):
        if page.stem != "index":
            assert lesson.promise(page.read_text(encoding="utf-8")), page
