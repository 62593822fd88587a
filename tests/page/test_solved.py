import json
import subprocess
import sys
import threading
from datetime import date
from pathlib import Path
from types import SimpleNamespace

import platformdirs
import pytest

from sevenlessons.page import solved
from sevenlessons.page.solved import (
    Tries,
    note_attempt,
    progress_file,
    read_progress,
    runs_a_solution,
)

TODAY = date.today().isoformat()


@pytest.fixture(autouse=True)
def path(tmp_path, monkeypatch):
    path = tmp_path / "deeper" / "progress.json"
    monkeypatch.setenv("SEVENLESSONS_PROGRESS", str(path))
    monkeypatch.delenv("SEVENLESSONS_PAGE", raising=False)
    monkeypatch.setattr(solved, "_told", set())
    return path


def test_without_a_file_nothing_is_remembered(path):
    assert read_progress() == ({}, "")
    assert not path.parent.exists()


def test_the_file_is_where_the_variable_says_or_with_the_users_data(
    path, monkeypatch
):
    assert progress_file() == path
    monkeypatch.setenv("SEVENLESSONS_PROGRESS", "~/mine.json")
    assert progress_file() == Path.home() / "mine.json"
    monkeypatch.setenv("SEVENLESSONS_PROGRESS", "")
    usual = progress_file()
    assert usual.parent == Path(platformdirs.user_data_dir("sevenlessons"))
    cache = Path(platformdirs.user_cache_dir("sevenlessons"))
    assert cache not in usual.parents  # deleting data deletes no progress


def test_attempts_count_until_the_first_success(path):
    for outcome in (False, True, False, True):
        assert note_attempt("start/cost", outcome) == ""
    assert json.loads(path.read_text()) == {
        "start/cost": {"attempts": 2, "solved": TODAY}
    }
    assert read_progress() == ({"start/cost": Tries(2, TODAY)}, "")


def test_exercises_do_not_disturb_each_other(path):
    note_attempt("start/cost", True)
    note_attempt("lesson1/leak", False)
    assert read_progress()[0] == {
        "start/cost": Tries(1, TODAY),
        "lesson1/leak": Tries(1),
    }


def test_the_book_itself_notes_nothing(path, monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_PAGE", "start/run")
    assert note_attempt("start/cost", True) == ""
    assert not path.parent.exists()


@pytest.mark.parametrize(
    "text",
    [
        b"",
        b"{",
        b"[1]",
        b"\xff\xfe",
        b"[" * 100_000,
        b'{"a/b": {"attempts": "two", "solved": ""}}',
        b'{"a/b": 3}',
    ],
)
def test_a_broken_file_is_kept_aside(path, text):
    path.parent.mkdir()
    path.write_bytes(text)
    assert "is damaged; the next check mends it" in read_progress()[1]
    note = note_attempt("start/cost", True)
    assert "was damaged. It is kept as" in note and "\n" not in note
    assert Path(f"{path}.broken").read_bytes() == text
    assert read_progress() == ({"start/cost": Tries(1, TODAY)}, "")


def test_what_can_be_read_of_a_broken_file_is_kept(path):
    path.parent.mkdir()
    good = {"start/cost": {"attempts": 2, "solved": "2026-01-02"}}
    path.write_text(json.dumps(good | {"start/default": None}))
    note_attempt("start/interval", False)
    assert read_progress()[0] == {
        "start/cost": Tries(2, "2026-01-02"),
        "start/interval": Tries(1),
    }


def test_an_older_broken_file_is_not_overwritten(path):
    path.parent.mkdir()
    for text in ("one", "two", "three"):
        path.write_text(text)
        note_attempt("start/cost", False)
    kept = sorted(p.name for p in path.parent.glob("*.broken*"))
    assert kept == [f"progress.json.broken{x}" for x in ("", "-2", "-3")]
    assert Path(f"{path}.broken").read_text() == "one"


def test_a_file_that_cannot_be_written_is_told_once(path):
    path.parent.write_text("a file where a folder should be")
    note = note_attempt("start/cost", True)
    assert "could not be kept" in note and "SEVENLESSONS_PROGRESS" in note
    assert note_attempt("start/cost", True) == ""
    assert path.parent.read_text().startswith("a file")


def test_a_file_that_cannot_be_read_is_told(path):
    path.mkdir(parents=True)
    known, note = read_progress()
    assert known == {} and "cannot be read" in note
    assert "could not be kept" in note_attempt("start/cost", True)
    assert path.is_dir()


def test_a_write_that_fails_leaves_the_old_file_and_no_rest(path, monkeypatch):
    note_attempt("start/cost", False)
    before = path.read_text()

    def full(*names):
        raise OSError("no space left")

    monkeypatch.setattr(solved.os, "replace", full)
    assert "no space left" in note_attempt("start/cost", True)
    assert path.read_text() == before
    assert not list(path.parent.glob("*.new"))


def test_who_waits_too_long_is_told(path, monkeypatch):
    monkeypatch.setattr(solved, "WAIT", 0.05)
    path.parent.mkdir()
    with solved.FileLock(f"{path}.lock"):
        assert "could not be kept" in note_attempt("start/cost", True)


def test_two_notebooks_at_once_lose_nothing(path):
    code = (
        "import sys\n"
        "from sevenlessons.page.solved import note_attempt\n"
        "for i in range(25):\n"
        "    assert note_attempt('a/same', False) == ''\n"
        "    assert note_attempt(f'a/{sys.argv[1]}{i}', True) == ''\n"
    )
    command = [sys.executable, "-c", f"import sys; sys.path[:0] = {sys.path}"]
    command[-1] += "\n" + code
    others = [subprocess.Popen([*command, name]) for name in "xy"]
    assert [other.wait(120) for other in others] == [0, 0]
    known, note = read_progress()
    assert note == "" and len(known) == 51
    assert known["a/same"].attempts == 50


def test_two_threads_at_once_lose_nothing(path):
    def work():
        for _ in range(20):
            note_attempt("start/cost", False)

    threads = [threading.Thread(target=work) for _ in range(2)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert read_progress()[0] == {"start/cost": Tries(40)}


@pytest.mark.parametrize(
    "cell, solution",
    [
        ('assert check("start/cost", cost)', True),
        ("x = 1\nassert check(\n    'start/cost', cost\n)", True),
        ('check("start/cost", cost)', False),
        ('assert check("start/cost2", cost)', False),
        ('# assert check("start/cost", cost)', False),
        ("", False),
    ],
)
def test_a_cell_that_asserts_is_a_solution(monkeypatch, cell, solution):
    shell = SimpleNamespace(user_ns={"In": ["", cell]})
    fake = SimpleNamespace(get_ipython=lambda: shell)
    monkeypatch.setitem(sys.modules, "IPython", fake)
    assert runs_a_solution("start/cost") is solution
