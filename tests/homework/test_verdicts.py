import pytest

from sevenlessons.homework.answers import Answer
from sevenlessons.homework.verdicts import (
    asked_keys,
    has_pytest,
    judge,
    judge_folder,
)
from sevenlessons.page.registry import exercise_keys, lessons
from sevenlessons.page.solved import Tries, read_progress

RIGHT = r"^(.+)_\d+\.\w+$"
KEY = "lesson1/label_pattern"


@pytest.fixture(autouse=True)
def at_home(monkeypatch):
    monkeypatch.delenv("SEVENLESSONS_PAGE", raising=False)


def test_without_a_name_all_lessons_are_asked():
    total = sum(len(exercise_keys(name)) for name in lessons())
    assert len(asked_keys([])) == total
    assert asked_keys(["start"]) == exercise_keys("start")


def test_an_unknown_lesson_names_the_known_ones():
    with pytest.raises(ValueError, match="'lesson0'; there are start, lesso"):
        asked_keys(["lesson0"])


def test_verdicts_are_remembered(capsys):
    assert judge(Answer(KEY, value="x")).outcome == "failed"
    assert judge(Answer(KEY, value=RIGHT)).outcome == "passed"
    assert judge(Answer("start/cost")).outcome == "skipped"
    assert judge(Answer("start/cost", error="broken")).text == "broken"
    assert read_progress()[0].keys() == {KEY}
    assert read_progress()[0][KEY].attempts == 2
    assert capsys.readouterr().out == ""


def test_the_text_of_a_failure_is_the_report():
    text = judge(Answer(KEY, value="(")).text
    assert text.startswith(f"{KEY}: not yet") and "Python says" in text
    assert read_progress()[0] == {KEY: Tries(1)}


def test_a_note_about_progress_comes_along(monkeypatch, tmp_path):
    (tmp_path / "file").touch()
    monkeypatch.setenv("SEVENLESSONS_PROGRESS", str(tmp_path / "file" / "x"))
    assert "could not be kept" in judge(Answer(KEY, value=RIGHT)).note


def test_a_folder_is_judged_in_words(tmp_path):
    (tmp_path / "mine.py").write_text(f"label_pattern = {RIGHT!r}")
    (tmp_path / "more.py").write_text("leaky_groups = 3")
    (tmp_path / "rest.py").write_text("1 / 0")
    keys = [KEY, "lesson1/leaky_groups", "lesson1/gentle_rates"]
    text, status = judge_folder(tmp_path, keys)
    lines = text.splitlines()
    assert lines[:4] == [
        "mine.py::lesson1/label_pattern PASSED",
        "more.py::lesson1/leaky_groups FAILED",
        "rest.py::import FAILED",
        "lesson1/gentle_rates SKIPPED",
    ]
    assert "____ more.py::lesson1/leaky_groups ____" in lines
    assert "Expected a function, got 3" in text
    assert "rest.py could not be imported" in text
    assert lines[-2:] == [
        "SKIPPED no answer yet: lesson1/gentle_rates",
        "2 failed, 1 passed, 1 skipped",
    ]
    assert status == 1
    assert judge_folder(tmp_path, [])[1] == 0


def test_pytest_is_looked_for(monkeypatch):
    assert has_pytest()
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    assert not has_pytest()
