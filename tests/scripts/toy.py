"""A toy book with a toy package of the same name as the real one.

A kernel that does not import torch starts in a second.
"""

import textwrap

from scripts.bookrun.layout import Book

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

def glue(name, value):
    mime = "application/papermill.record/text/plain"
    display({mime: repr(value)}, raw=True,
            metadata={"scrapbook": {"name": name}})
"""
CATALOGUE = """\
_asked = set()

def find_set(name):
    _asked.add(name)

def asked_for():
    return sorted(_asked)
"""


def cell(source, options=""):
    source = textwrap.dedent(source).strip()
    return f"```{{code-cell}} ipython3\n{options}\n{source}\n```\n\n"


def make_book(root, pages, expected="", modules=None):
    book = Book(root)
    (root / "book/lesson1").mkdir(parents=True)
    (book.package / "page").mkdir(parents=True)
    (book.package / "data").mkdir()
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
