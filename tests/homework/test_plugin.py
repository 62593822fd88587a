"""Runs pytest on folders of answers, inside of pytest."""

import pytest

from sevenlessons.homework.verdicts import asked_keys
from sevenlessons.page.registry import exercise_keys

pytest_plugins = ["pytester"]
asked_keys([])  # imports torch for good: pytester forgets what it imported
RIGHT = r"label_pattern = r'^(.+)_\d+\.\w+$'"
FILES = {
    "mine.py": RIGHT + "\nspread_rates = 3\n",
    "broken.py": "def leaky_groups(a, b):\n    return 1 / 0\n1 / 0\n",
    "lesson1.py": "label_pattern = ...\ndef top2_accuracy(x, y): ...\n",
    "start.py": "def cost(a, b, c): return 0\n",
}


@pytest.fixture(autouse=True)
def folder(pytester, monkeypatch):
    monkeypatch.delenv("SEVENLESSONS_PAGE", raising=False)
    for name, text in FILES.items():
        (pytester.path / name).write_text(text, encoding="utf-8")
    return pytester.path


@pytest.fixture
def run(pytester):
    """Return a function that runs pytest here: status, text, errors."""

    def run(*options, names=(".",)):
        plugin = ["-p", "sevenlessons.homework.plugin", "-v", "-rs"]
        done = pytester.runpytest_inprocess(*names, *plugin, *options)
        return int(done.ret), done.stdout.str(), done.stderr.str()

    return run


def test_one_test_an_exercise(run):
    status, out, _ = run("--lesson", "lesson1")
    assert status == 1
    assert "mine.py::lesson1/label_pattern PASSED" in out
    assert "mine.py::lesson1/spread_rates FAILED" in out
    assert "Expected a function, got 3. Pass its name" in out
    assert "broken.py::lesson1/leaky_groups FAILED" in out
    assert "it stopped at line 3, `1 / 0`, with ZeroDivisionError" in out
    assert "Traceback" not in out and "homework/plugin.py" not in out
    assert "no answer yet: lesson1/top2_accuracy" in out
    assert "no answer yet: lesson1/gentle_rates" in out
    assert "no answer yet: lesson1/label_pattern" not in out
    assert "start/" not in out
    rest = len(exercise_keys("lesson1")) - 3
    assert f"2 failed, 1 passed, {rest} skipped" in out


def test_without_a_lesson_all_are_asked_and_options_work(run):
    status, out, _ = run("-k", "label or cost", "--tb=line")
    assert status == 1
    assert "start.py::start/cost FAILED" in out
    assert "1 failed, 1 passed" in out


def test_a_file_or_a_single_exercise_may_be_named(run):
    status, out, _ = run(names=["mine.py::lesson1/label_pattern"])
    assert status == 0 and "1 passed" in out
    status, out, _ = run("--lesson=lesson1", names=["lesson1.py"])
    count = len(exercise_keys("lesson1"))
    assert status == 0 and f"{count} skipped" in out


def test_an_unknown_lesson_is_refused(run):
    status, _, error = run("--lesson", "lesson9")
    assert status == 4
    assert "'lesson9'; there are start, lesson1" in error


def test_files_that_were_not_named_are_left_alone(run, folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "bad.py").write_text("cost = 1 / 0")
    assert "deep" not in run("--lesson", "start")[1]


def test_a_note_about_the_progress_is_shown(run, folder, monkeypatch):
    monkeypatch.setenv("SEVENLESSONS_PROGRESS", str(folder / "mine.py" / "x"))
    _, out, _ = run("-k", "spread", "--lesson=lesson1")
    assert "Captured progress call" in out
    assert "your progress could not be kept" in out
