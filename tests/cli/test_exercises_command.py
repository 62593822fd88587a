import importlib
import os
import subprocess
import sys

import pytest

from sevenlessons.cli.main import main
from sevenlessons.page.registry import exercise_keys, lessons

RIGHT = r"label_pattern = r'^(.+)_\d+\.\w+$'" + "\n"


@pytest.fixture
def without_pytest(monkeypatch):
    verdicts = importlib.import_module("sevenlessons.homework.verdicts")
    monkeypatch.setattr(verdicts, "has_pytest", lambda: False)


def program(folder, *words):
    env = os.environ | {"PYTHONPATH": os.pathsep.join(sys.path)}
    env.pop("SEVENLESSONS_PAGE", None)
    command = [sys.executable, "-m", "sevenlessons", "exercises", *words]
    return subprocess.run(
        command, cwd=folder, env=env, capture_output=True, text=True
    )


def test_progress_and_tasks_are_shown(capsys):
    assert main(["exercises"]) == 0
    assert "start: 0 of 7 solved" in capsys.readouterr().out
    assert main(["exercises", "start"]) == 0
    assert "def cost(price_per_hour" in capsys.readouterr().out


@pytest.mark.parametrize(
    "more", [[], ["--solutions", "."], ["--write", "nowhere"]]
)
def test_an_unknown_lesson_names_the_known_ones(capsys, more):
    assert main(["exercises", "lesson0", *more]) == 2
    out = capsys.readouterr().out
    assert out.startswith("no lesson with exercises is called 'lesson0'; the")


def test_a_folder_that_is_not_there(capsys, tmp_path):
    missing = str(tmp_path / "no")
    assert main(["exercises", "start", "--solutions", missing]) == 2
    assert "is no folder; --write" in capsys.readouterr().out


def test_options_of_pytest_need_a_folder(capsys):
    assert main(["exercises", "start", "--", "-x"]) == 2
    assert "give --solutions FOLDER" in capsys.readouterr().out


def test_stubs_are_written_once(capsys, tmp_path):
    folder = tmp_path / "mine"
    assert main(["exercises", "start", "--write", str(folder)]) == 0
    assert capsys.readouterr().out == f"wrote {folder / 'start.py'}\n"
    assert main(["exercises", "--write", str(folder)]) == 1
    assert "exists and is left as it is" in capsys.readouterr().out
    names = sorted(path.stem for path in folder.glob("*.py"))
    assert names == sorted(lessons())


def test_answers_are_checked_by_pytest(capsys, tmp_path):
    (tmp_path / "mine.py").write_text(RIGHT + "spread_rates = 3\n")
    (tmp_path / "pytest.ini").write_text("[pytest]\naddopts = --nonsense\n")
    words = ["lesson1", "--solutions", ".", "--", "-k", "label or spread"]
    done = program(tmp_path, *words)
    assert done.returncode == 1, done.stdout + done.stderr
    assert "mine.py::lesson1/label_pattern PASSED" in done.stdout
    assert "mine.py::lesson1/spread_rates FAILED" in done.stdout
    assert "Expected a function, got 3" in done.stdout
    rest = len(exercise_keys("lesson1")) - 2
    assert f"1 failed, 1 passed, {rest} deselected in" in done.stdout
    assert "warning" not in done.stdout
    assert main(["exercises"]) == 0
    out = capsys.readouterr().out
    assert "[x] lesson1/label_pattern           solved" in out
    assert "[ ] lesson1/spread_rates            1 attempt\n" in out


def test_without_pytest_the_verdicts_are_the_same(
    capsys, tmp_path, without_pytest
):
    (tmp_path / "mine.py").write_text(RIGHT + "spread_rates = 3\n")
    words = ["exercises", "lesson1", "--solutions", str(tmp_path)]
    assert main(words) == 1
    out = capsys.readouterr().out
    assert "pytest is not installed" in out and "pip install pytest" in out
    assert "mine.py::lesson1/label_pattern PASSED" in out
    assert "mine.py::lesson1/spread_rates FAILED" in out
    rest = len(exercise_keys("lesson1")) - 2
    assert f"1 failed, 1 passed, {rest} skipped" in out
    main([*words, "--", "-x"])
    assert "without it and its options" in capsys.readouterr().out


def test_other_commands_do_not_load_torch():
    code = (
        "import sys, sevenlessons.cli.main\n"
        "sys.exit('torch' in sys.modules or 'pytest' in sys.modules)"
    )
    path = os.pathsep.join(sys.path)
    env = os.environ | {"PYTHONPATH": path}
    done = subprocess.run([sys.executable, "-c", code], env=env)
    assert done.returncode == 0
