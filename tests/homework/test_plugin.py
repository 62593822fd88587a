"""Runs pytest on folders of answers, in a process of its own."""

import os
import subprocess
import sys

import pytest

from sevenlessons.page.registry import exercise_keys

RIGHT = r"label_pattern = r'^(.+)_\d+\.\w+$'"
FILES = {
    "mine.py": RIGHT + "\nspread_rates = 3\n",
    "broken.py": "def leaky_groups(a, b):\n    return 1 / 0\n1 / 0\n",
    "lesson1.py": "label_pattern = ...\ndef top2_accuracy(x, y): ...\n",
    "start.py": "def cost(a, b, c): return 0\n",
}


@pytest.fixture
def folder(tmp_path):
    folder = tmp_path / "my folder"
    folder.mkdir()
    for name, text in FILES.items():
        (folder / name).write_text(text, encoding="utf-8")
    return folder


def run(folder, *options, names=(".",)):
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    env.pop("SEVENLESSONS_PAGE", None)
    command = [sys.executable, "-m", "pytest", "-v", "-rs", *names]
    command += ["-p", "sevenlessons.homework.plugin", *options]
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True
    )


def test_one_test_an_exercise(folder):
    done = run(folder, "--lesson", "lesson1")
    out = done.stdout
    assert done.returncode == 1, out + done.stderr
    assert "mine.py::lesson1/label_pattern PASSED" in out
    assert "mine.py::lesson1/spread_rates FAILED" in out
    assert "Expected a function, got 3. Pass its name" in out
    assert "broken.py::lesson1/leaky_groups FAILED" in out
    assert "it stopped at line 3, `1 / 0`, with ZeroDivisionError" in out
    assert "Traceback" not in out and "homework/plugin.py" not in out
    assert "no answer yet: lesson1/top2_accuracy" in out
    assert "no answer yet: lesson1/gentle_rates" in out
    assert "no answer yet: lesson1/label_pattern" not in out
    assert "start" not in out.replace("test session starts", "")
    rest = len(exercise_keys("lesson1")) - 3
    assert f"2 failed, 1 passed, {rest} skipped" in out


def test_without_a_lesson_all_are_asked_and_options_work(folder):
    done = run(folder, "-k", "label or cost", "-x", "-rs")
    assert done.returncode == 1
    assert "start.py::start/cost FAILED" in done.stdout
    assert "1 failed, 1 passed" in done.stdout


def test_a_file_or_a_single_exercise_may_be_named(folder):
    done = run(folder, names=["mine.py::lesson1/label_pattern"])
    assert done.returncode == 0, done.stdout
    assert "1 passed in" in done.stdout
    done = run(folder, "--lesson=lesson1", names=["lesson1.py"])
    count = len(exercise_keys("lesson1"))
    assert done.returncode == 0 and f"{count} skipped" in done.stdout


def test_an_unknown_lesson_is_refused(folder):
    done = run(folder, "--lesson", "lesson9")
    assert done.returncode == 4
    assert "'lesson9'; there are start, lesson1" in done.stderr


def test_files_that_were_not_named_are_left_alone(folder):
    (folder / "deep").mkdir()
    (folder / "deep" / "bad.py").write_text("cost = 1 / 0")
    assert "deep" not in run(folder, "--lesson", "start").stdout
