import os
import re
import subprocess
import sys
from dataclasses import replace
from pathlib import Path

import nbformat
import platformdirs
import pytest
from nbclient import NotebookClient

from sevenlessons.page import exercises
from sevenlessons.page.exercises import check, try_answer
from sevenlessons.page.registry import find_exercise
from sevenlessons.page.solved import Tries, progress_file, read_progress
from sevenlessons.page.trial import Trial

WRONG = "def default(function, name):\n    return 7\n"
RIGHT = """\
import inspect

def default(function, name):
    return inspect.signature(function).parameters[name].default
"""


@pytest.fixture
def at_home(monkeypatch):
    monkeypatch.delenv("SEVENLESSONS_PAGE", raising=False)


def test_tests_never_touch_the_developers_own_file(own_progress_file):
    assert progress_file() == own_progress_file
    usual = platformdirs.user_data_dir("sevenlessons")
    assert Path(usual) not in own_progress_file.parents


def test_an_unknown_exercise_names_the_others():
    with pytest.raises(ValueError, match="this lesson has start/cost, start"):
        check("start/costs", print)
    with pytest.raises(ValueError, match="this lesson has none"):
        check("lesson99/x", print)


def test_the_report_prints_in_plain_python(capsys):
    report = check("start/default", lambda function, name: 7, seed=1)
    out = capsys.readouterr().out
    assert not report
    assert repr(report) == "Report('start/default': 0 of 5 passed)"
    assert "not yet, 5 cases do not pass" in out
    assert "NOT default of p in Dropout" in out


def test_a_notebook_shows_the_report_once(shown):
    check("start/default", None)
    (output,) = shown
    html = output["data"]["text/html"]
    assert 'class="exercise-report"' in html
    assert "not yet</strong> your answer is a function" in html


def test_cases_are_fresh_except_where_the_book_is_executed(
    monkeypatch, at_home
):
    seeds = []
    monkeypatch.setattr(
        exercises,
        "Trial",
        lambda seed, takes: seeds.append(seed) or Trial(seed, takes),
    )
    for page in (None, "start/run"):
        if page is not None:
            monkeypatch.setenv("SEVENLESSONS_PAGE", page)
        for _ in range(2):
            check("start/default", lambda function, name: 7)
    assert seeds[0] != seeds[1]
    assert seeds[2] == seeds[3]


def test_the_seed_of_a_failing_run_repeats_it():
    def cost(price_per_hour, hours, free_minutes):
        return price_per_hour * hours

    first = str(try_answer("start/cost", cost))
    found = re.search(r'check\("start/cost", cost, seed=(\d+)\)', first)
    seed = int(found[1])
    assert str(try_answer("start/cost", cost, seed=seed)) == first
    assert str(try_answer("start/cost", cost, seed=seed + 1)) != first


def test_a_lambda_or_a_value_is_called_answer():
    words = str(try_answer("start/cost", lambda p, h, f: 0))
    assert 'check("start/cost", answer, seed=' in words


def test_the_failing_input_can_be_tried_by_hand():
    report = try_answer("start/normalize", lambda b, m, s: (b - m) / s)
    batch, mean, _ = report.failed_input
    assert batch.ndim == 4 and mean.shape == (3,)


def test_a_mistake_in_a_check_does_not_raise(monkeypatch):
    def broken(trial, answer):
        raise IndexError("mine")

    asked = replace(find_exercise("start/cost"), run=broken)
    monkeypatch.setattr(exercises, "find_exercise", lambda key: asked)
    words = str(try_answer("start/cost", lambda p, h, f: 1))
    assert "the check itself stopped: IndexError: mine" in words


def test_outcomes_are_remembered(capsys, at_home):
    check("start/default", lambda function, name: 7)
    assert read_progress()[0] == {"start/default": Tries(1)}
    namespace = {}
    exec(RIGHT, namespace)
    assert check("start/default", namespace["default"])
    tries = read_progress()[0]["start/default"]
    assert tries.attempts == 2 and tries.solved


def test_a_stub_is_no_attempt(capsys, at_home):
    check("start/default", lambda function, name: ...)
    check("start/default", None)
    assert read_progress() == ({}, "")


def test_a_file_that_cannot_be_written_breaks_no_check(
    capsys, at_home, monkeypatch, tmp_path
):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SEVENLESSONS_PROGRESS", str(tmp_path / "file" / "x"))
    assert not check("start/default", lambda function, name: 7)
    out = capsys.readouterr().out
    assert "Note: your progress could not be kept" in out
    check("start/default", lambda function, name: 7)
    assert "Note:" not in capsys.readouterr().out


def start(progress):
    """Return the environment of a fresh process."""
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    env |= {"SEVENLESSONS_PROGRESS": str(progress), "OMP_NUM_THREADS": "1"}
    env.pop("SEVENLESSONS_PAGE", None)
    return env


def test_plain_python_and_a_real_notebook_agree(tmp_path, monkeypatch):
    call = 'from sevenlessons.page.exercises import check\n{}check("start/de'
    call += 'fault", default, seed=5)'
    plain = subprocess.run(
        [sys.executable, "-c", WRONG + call.format("")],
        env=start(tmp_path / "plain.json"),
        capture_output=True,
        text=True,
    )
    assert plain.stderr == ""
    sources = [WRONG, call.format(""), RIGHT, call.format("assert ")]
    sources += [
        "from sevenlessons.page.solved import read_progress\n"
        "print(read_progress()[0])",
        call.format(""),
        "print(bool(read_progress()[0]['start/default'].solved))",
    ]
    notebook = nbformat.v4.new_notebook()
    notebook.cells = [nbformat.v4.new_code_cell(text) for text in sources]
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    client = NotebookClient(notebook, timeout=120, kernel_name="python3")
    client.execute(env=start(tmp_path / "notebook.json"))
    (output,) = notebook.cells[1].outputs
    assert output.data["text/plain"] == plain.stdout.rstrip("\n")
    assert "NOT default of p in Dropout" in plain.stdout
    assert "not yet</strong> default of p in" in output.data["text/html"]
    # a cell that asserts is the book's solution: it solves nothing
    (remembered,) = notebook.cells[4].outputs
    assert "'start/default': Tries(attempts=1, solved='')" in remembered.text
    (solved,) = notebook.cells[6].outputs
    assert solved.text == "True\n"
