"""The reference: complete, linked with the pages both ways, fresh."""

import subprocess
import sys
from pathlib import Path

import pytest
from scripts.api_usage import names_in, used_on
from scripts.bookrun.layout import Book
from scripts.bookrun.pages import page_names

ROOT = Path(__file__).resolve().parents[2]
BOOK = Book(ROOT)
INSIDE = {"cli", "exercises", "homework"}  # commands, and answers to keep
CONF = f"""
import sys
sys.path.insert(0, {str(ROOT / "book/_ext")!r})
sys.path.insert(0, "code")
extensions = [
    "myst_nb", "sphinx.ext.autodoc", "sphinx.ext.napoleon", "api",
]
include_patterns = ["book/**"]
root_doc = "book/index"
nitpicky = True
nb_execution_mode = "off"
"""
MODULE = '''
"""Numbers."""

__all__ = ["double", "half"]


def double(x: int) -> int:
    """Return twice `x`."""
    return 2 * x


def half(x: int) -> float:
    """Return half of `x`."""
    return x / 2
'''
PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
  display_name: Python 3
  language: python
---

# Page

**Package files used:** `data/numbers`, `data/numbers.py`.

```{code-cell} ipython3
from toy.data.numbers import double
```

```python
from toy.data.numbers import (
    double,
)
```
"""


def test_names_are_followed_to_their_uses():
    cells = [
        "from sevenlessons.data import digits as d\n%matplotlib inline",
        "import torch\nd.load(torch.zeros)",
    ]
    assert set(names_in(cells)) == {
        "sevenlessons.data",
        "sevenlessons.data.digits",
        "sevenlessons.data.digits.load",
    }


def test_the_book_uses_what_the_reference_will_say():
    users = used_on(ROOT)
    classifier = "sevenlessons.vision.classifier.PhotoClassifier"
    assert "lesson1/classify" in users[classifier]
    assert "lesson1/classify" in users["sevenlessons.data.deepsky"]


def test_every_room_has_a_page():
    rooms = {p.parent.name for p in BOOK.package.glob("*/__init__.py")}
    pages = {
        name.removeprefix("back/api/")
        for name in page_names(BOOK)
        if name.startswith("back/api/")
    }
    assert rooms - INSIDE == pages - {"index"}


@pytest.fixture
def site(tmp_path):
    """A site whose package is called toy, with a reference of one room."""
    (tmp_path / "book/back/api").mkdir(parents=True)
    room = tmp_path / "code/sevenlessons/data"
    room.mkdir(parents=True)
    for folder in (room.parent, room):
        (folder / "__init__.py").write_text('"""Toy."""\n')
    (room / "numbers.py").write_text(MODULE)
    (tmp_path / "conf.py").write_text(CONF)
    (tmp_path / "_toc.yml").write_text(
        "root: book/index\nchapters:\n- file: book/page\n"
    )
    (tmp_path / "scripts").symlink_to(ROOT / "scripts")
    toctree = "```{toctree}\npage\nback/api/data\n```\n"
    (tmp_path / "book/index.md").write_text(f"# Home\n\n{toctree}")
    page = PAGE.replace("toy.", "sevenlessons.")
    (tmp_path / "book/page.md").write_text(page)
    directive = "```{api-room} data\n```\n"
    (tmp_path / "book/back/api/data.md").write_text(f"# Data\n\n{directive}")
    return tmp_path


def build(site):
    command = [sys.executable, "-m", "sphinx", "-W", "-b", "html", "-n"]
    command += [str(site), str(site / "html")]
    return subprocess.run(
        command, capture_output=True, text=True, check=False, cwd=site
    )


def read(site, page):
    return (site / f"html/book/{page}.html").read_text(encoding="utf-8")


def test_links_lead_both_ways_and_follow_the_code(site):
    done = build(site)
    assert done.returncode == 0, done.stderr
    anchor = "back/api/data.html#sevenlessons.data.numbers"
    page, reference = read(site, "page"), read(site, "back/api/data")
    # the block of code, its module and its name, over several lines
    assert page.count(f'class="api-link" href="{anchor}.double"') >= 1
    assert page.count('href="back/api/data.html#module-sevenlessons') >= 3
    assert "Return half of" in reference
    assert reference.count("Used in:") == 2  # the module and double
    assert 'href="../../page.html"' in reference

    # words change nothing, another import does
    source = site / "book/page.md"
    text = source.read_text()
    source.write_text(text + "\nWords.\n")
    assert "1 changed" in build(site).stdout
    source.write_text(text.replace("import double", "import double, half"))
    assert "2 changed" in build(site).stdout
    assert read(site, "back/api/data").count("Used in:") == 3

    # a new module appears
    new = site / "code/sevenlessons/data/words.py"
    new.write_text(MODULE.replace("double", "upper"))
    build(site)
    assert "sevenlessons.data.words.upper" in read(site, "back/api/data")


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("`data/numbers`", "`data/lost`", "which the package does not have"),
        ("{api-room} data", "{api-room} lost", "no modules in room lost"),
    ],
)
def test_what_does_not_exist_is_red(site, old, new, message):
    for source in ("book/page.md", "book/back/api/data.md"):
        text = (site / source).read_text()
        (site / source).write_text(text.replace(old, new))
    done = build(site)
    assert done.returncode != 0
    assert message in done.stderr
