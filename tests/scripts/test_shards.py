"""Every page runs once, and no shard waits much longer than it must."""

import itertools
import json

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scripts.bookrun.layout import Book
from scripts.shards import (
    ROOT,
    main,
    matrix,
    pages_to_run,
    plan,
    seconds_of,
)

NAMES = st.lists(st.text("abcdef/", min_size=1), unique=True, max_size=30)
TIMES = st.lists(st.integers(1, 500), min_size=1, max_size=7)
CODE = "---\nfile_format: mystnb\nkernelspec:\n  name: python3\n---\n\n# P\n\n"
CODE += "```{code-cell} ipython3\n1\n```\n"


def makespan(parts, cost):
    return max(sum(cost[page] for page in part) for part in parts)


def best(cost, shards):
    """Return the smallest makespan of all ways to share the pages out."""
    pages = list(cost)
    ways = itertools.product(range(shards), repeat=len(pages))
    spans = []
    for way in ways:
        loads = [0] * shards
        for page, shard in zip(pages, way, strict=True):
            loads[shard] += cost[page]
        spans.append(max(loads))
    return min(spans)


@settings(deadline=None)  # the machine may be busy
@given(NAMES, st.dictionaries(st.text("abcdef/"), st.floats(0, 1e4)))
def test_every_page_is_in_exactly_one_shard(pages, seconds):
    for shards in (1, 2, 5, 40):
        parts = plan(pages, seconds, shards)
        assert sorted(itertools.chain(*parts)) == sorted(pages)
        assert len(parts) == min(shards, len(pages))
        assert all(parts)  # none is empty


@settings(deadline=None)  # the machine may be busy
@given(TIMES, st.integers(1, 3))
def test_the_longest_shard_is_within_the_bound_of_the_best(times, shards):
    cost = {f"p{number}": value for number, value in enumerate(times)}
    found = makespan(plan(cost, cost, shards), cost)
    bound = 4 / 3 - 1 / (3 * shards)  # Graham 1969, longest first
    assert found <= bound * best(cost, shards) + 1e-9


@settings(deadline=None)  # the machine may be busy
@given(NAMES, st.randoms())
def test_the_plan_does_not_depend_on_the_run(pages, random):
    seconds = {page: random.choice([1, 2, 60]) for page in pages}
    assert plan(pages, seconds, 3) == plan(pages, seconds, 3)


def test_a_page_that_nobody_timed_counts_as_a_minute():
    parts = plan(["new", "short", "long"], {"short": 1, "long": 61}, 2)
    assert parts == [["long"], ["new", "short"]]
    rows = matrix(parts, {"short": 1, "long": 61})["include"]
    assert [row["seconds"] for row in rows] == [61, 61]
    assert rows[1] == {"shard": 2, "pages": "new short", "seconds": 61}


def test_bad_input_is_refused():
    with pytest.raises(ValueError, match="received 0 shards"):
        plan(["a"], {}, 0)
    with pytest.raises(ValueError, match="listed twice"):
        plan(["a", "a"], {}, 1)


@pytest.fixture
def book(tmp_path):
    (tmp_path / "book").mkdir()
    toc = "root: book/index\nchapters:\n- file: book/a\n- file: book/b\n"
    (tmp_path / "_toc.yml").write_text(toc)
    for name, text in (("index", "# Words\n"), ("a", CODE), ("b", CODE)):
        (tmp_path / f"book/{name}.md").write_text(text)
    return Book(tmp_path)


def test_only_pages_with_code_are_planned(book, capsys):
    assert pages_to_run(book) == ["a", "b"]
    receipts = book.root / "receipts.json"
    assert seconds_of(receipts) == {}  # the first run has none
    receipts.write_text('[{"page": "b", "seconds": 90.5}]')
    arguments = ["--root", str(book.root), "--receipts", str(receipts)]
    assert main([*arguments, "--shards", "2"]) == 0
    shown = capsys.readouterr()
    rows = json.loads(shown.out)["include"]
    assert [row["pages"] for row in rows] == ["b", "a"]
    assert "1: 90 s  b" in shown.err


def test_a_book_without_code_is_red(book, capsys):
    for name in ("a", "b"):
        book.source(name).write_text("# Words\n")
    arguments = ["--root", str(book.root), "--receipts", "none.json"]
    assert main(arguments) == 1
    assert "no page has code" in capsys.readouterr().err


def test_the_real_book_is_planned_whole():
    pages = pages_to_run(Book(ROOT))
    assert "lesson1/classify" in pages and "back/results" not in pages
