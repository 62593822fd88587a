"""A merged run is whole, or it is refused with the reason."""

import hashlib
import platform

import nbformat
import pytest
from scripts.bookrun.layout import Book
from scripts.bookrun.pages import read_page
from scripts.merge_runs import main, merge

HEAD = "0123456789ab"
PAGE = """\
---
file_format: mystnb
kernelspec:
  name: python3
---

# Page

```{code-cell} ipython3
assert 1 + 1 == 2
```
"""
PYTHON = ".".join(platform.python_version_tuple()[:2])


@pytest.fixture
def book(tmp_path):
    root = tmp_path / "book"
    (root / "book/lesson1").mkdir(parents=True)
    toc = "root: book/index\nchapters:\n"
    for name in ("a", "b", "c"):
        toc += f"- file: book/lesson1/{name}\n"
        (root / f"book/lesson1/{name}.md").write_text(PAGE)
    (root / "book/index.md").write_text("# Words\n")
    (root / "_toc.yml").write_text(toc)
    found = Book(root)
    send(found, "run-1", "lesson1/a", "lesson1/c")
    send(found, "run-2", "lesson1/b")
    return found


def shards(book):
    return book.root / "shards"


def send(book, shard, *pages, **changes):
    """Lay down what a shard uploads for `pages`."""
    for page in pages:
        notebook = read_page(book, page).notebook
        notebook.cells[-1].execution_count = 1
        receipt = {
            "page": page,
            "seconds": 3.5,
            "device": "GPU of a test",
            "commit": HEAD,
        }
        receipt |= changes.get("receipt", {})
        known = {
            "page": page,
            "device": "cuda",
            "receipt": receipt,
            "inputs": {"python": PYTHON},
        }
        notebook.metadata["sevenlessons"] = known | changes.get("known", {})
        path = shards(book) / shard / "notebooks" / f"{page}.ipynb"
        path.parent.mkdir(parents=True, exist_ok=True)
        nbformat.write(notebook, path)
    return path


def test_a_whole_run_is_gathered(book):
    stale = book.notebook("lesson1/gone")
    stale.parent.mkdir(parents=True)
    stale.write_text("{}")
    assert merge(book, shards(book), "cuda", HEAD) == []
    names = [p.name for p in sorted(stale.parent.iterdir())]
    assert names == ["a.ipynb", "b.ipynb", "c.ipynb"]


def test_one_machine_without_shards_is_a_run_too(book):
    (shards(book) / "run-2/notebooks/lesson1/b.ipynb").rename(
        shards(book) / "run-1/notebooks/lesson1/b.ipynb"
    )
    assert merge(book, shards(book) / "run-1", "cuda", HEAD) == []


WRONG = {
    "other device": ({"known": {"device": "cpu"}}, "ran on cpu, not on cuda"),
    "did not run": ({"receipt": {"seconds": 0.0}}, "took 0.0 s"),
    "no receipt": ({"known": {"receipt": {}}}, "metadata lacks receipt"),
    "other page": ({"known": {"page": "lesson1/a"}}, "of another page"),
    "other commit": ({"receipt": {"commit": "f" * 12}}, "this is 0123"),
    "other Python": ({"known": {"inputs": {"python": "2.7"}}}, "Python 2.7"),
}


@pytest.mark.parametrize("case", WRONG)
def test_what_is_no_run_of_this_commit_is_refused(book, case):
    changes, message = WRONG[case]
    send(book, "run-2", "lesson1/b", **changes)
    (fault,) = merge(book, shards(book), "cuda", HEAD)
    assert fault.startswith("lesson1/b: ")
    assert message in fault
    assert not book.notebook("lesson1/a").exists()  # nothing was copied


def test_a_page_that_no_shard_ran_is_named(book):
    (shards(book) / "run-2/notebooks/lesson1/b.ipynb").unlink()
    (fault,) = merge(book, shards(book), "cuda", HEAD)
    assert fault == "lesson1/b: no shard ran it"


def test_a_page_that_two_shards_ran_is_named(book):
    send(book, "run-2", "lesson1/a")
    (fault,) = merge(book, shards(book), "cuda", HEAD)
    assert fault.startswith("lesson1/a: ran more than once: run-1/notebooks/")


def test_a_cell_that_did_not_run_is_found(book):
    path = shards(book) / "run-2/notebooks/lesson1/b.ipynb"
    notebook = nbformat.read(path, as_version=4)
    notebook.cells[-1].execution_count = None
    nbformat.write(notebook, path)
    (fault,) = merge(book, shards(book), "cuda", HEAD)
    assert "did not run in its turn" in fault


def test_what_is_no_notebook_is_refused(book):
    (shards(book) / "run-2/notebooks/lesson1/b.ipynb").write_text("[]")
    (fault,) = merge(book, shards(book), "cuda", HEAD)
    assert fault.startswith("lesson1/b: cannot be read as a notebook")


def test_a_page_that_the_book_does_not_have_is_refused(book):
    home = shards(book) / "run-2/notebooks"
    (home / "lesson1/b.ipynb").rename(home / "index.ipynb")
    faults = merge(book, shards(book), "cuda", HEAD)
    assert "index: no page with code has this name" in faults


def test_a_link_is_refused(book, tmp_path):
    outside = tmp_path / "outside.ipynb"
    path = shards(book) / "run-2/notebooks/lesson1/b.ipynb"
    path.rename(outside)
    path.symlink_to(outside)
    faults = merge(book, shards(book), "cuda", HEAD)
    assert "is a link or lies outside" in faults[0]
    assert not book.notebook("lesson1/a").exists()


def command(book, monkeypatch):
    monkeypatch.setattr("scripts.merge_runs.commit", lambda root: HEAD)
    return main([str(shards(book)), "--root", str(book.root)])


def test_the_command_says_what_ran_where(book, monkeypatch, capsys):
    assert command(book, monkeypatch) == 0
    shown = capsys.readouterr().out
    assert "3.5 s  GPU of a test" in shown
    assert "merge: 3 pages, all on cuda" in shown


def test_a_run_that_left_the_gpu_idle_is_red(book, monkeypatch, capsys):
    idle = {"receipt": {"device": "cpu"}}
    send(book, "run-1", "lesson1/a", "lesson1/c", **idle)
    send(book, "run-2", "lesson1/b", **idle)
    assert command(book, monkeypatch) == 1
    assert "not one page used the GPU" in capsys.readouterr().out
    assert not book.notebook("lesson1/a").exists()


def publishes(book, shard, page, content=b"weights"):
    """Let a run list a file, and lay the file down beside it."""
    listed = {
        "sky/model.onnx": {
            "bytes": 7,
            "sha256": hashlib.sha256(b"weights").hexdigest(),
        }
    }
    send(book, shard, page, known={"files": listed})
    path = shards(book) / shard / "files" / page / "sky/model.onnx"
    path.parent.mkdir(parents=True)
    path.write_bytes(content)
    return path


def test_published_files_come_with_their_run(book):
    stale = book.files("lesson1/gone") / "old.bin"
    stale.parent.mkdir(parents=True)
    stale.write_bytes(b"old")
    publishes(book, "run-2", "lesson1/b")
    assert merge(book, shards(book), "cuda", HEAD) == []
    kept = book.files("lesson1/b") / "sky/model.onnx"
    assert kept.read_bytes() == b"weights"
    assert not stale.exists()


def test_a_published_file_that_lacks_or_differs_is_named(book):
    path = publishes(book, "run-2", "lesson1/b", b"another")
    (fault,) = merge(book, shards(book), "cuda", HEAD)
    assert fault == "lesson1/b: file sky/model.onnx changed"
    path.unlink()
    (fault,) = merge(book, shards(book), "cuda", HEAD)
    assert fault == "lesson1/b: file sky/model.onnx is missing"
    path.symlink_to(shards(book) / "run-1/notebooks/lesson1/a.ipynb")
    faults = merge(book, shards(book), "cuda", HEAD)
    assert "lesson1/b: file sky/model.onnx is a link" in faults
    assert not book.notebook("lesson1/a").exists()
