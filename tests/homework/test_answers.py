import sys

import pytest

from sevenlessons.homework.answers import (
    Answer,
    answer_files,
    answers_in,
    complete,
)

KEYS = ["start/cost", "start/interval", "lesson1/label_pattern"]


def found(path, text, keys=KEYS):
    path.write_text(text, encoding="utf-8")
    return {answer.key: answer for answer in answers_in(path, keys)}


def test_functions_and_values_are_found_by_their_name(tmp_path):
    text = "def cost(a, b, c):\n    return 1\n\nlabel_pattern = 'x'\nother = 2"
    answers = found(tmp_path / "mine.py", text)
    assert answers.keys() == {"start/cost", "lesson1/label_pattern"}
    assert answers["start/cost"].value(1, 2, 3) == 1
    assert not any(answer.missing for answer in answers.values())


def test_a_file_called_after_a_lesson_answers_it_alone(tmp_path):
    text = "cost = label_pattern = 'x'"
    for name in ("start.py", "start_again.py"):
        assert found(tmp_path / name, text).keys() == {"start/cost"}
    assert found(tmp_path / "lesson1.py", text).keys() == {
        "lesson1/label_pattern"
    }
    assert len(found(tmp_path / "starter.py", text)) == 2


def test_what_is_only_imported_is_no_answer(tmp_path):
    (tmp_path / "helpers.py").write_text("def cost(a, b, c): return 1")
    text = "from helpers import cost\nimport math as interval"
    before = list(sys.path)
    assert found(tmp_path / "mine.py", text) == {}
    assert sys.path == before


def test_stubs_are_missing(tmp_path):
    text = 'def cost(a, b, c):\n    """Task."""\n    ...\nlabel_pattern = ...'
    answers = found(tmp_path / "mine.py", text)
    assert len(answers) == 2
    assert all(answer.missing for answer in answers.values())


@pytest.mark.parametrize(
    "text, words",
    [
        ("def cost(a):\n  return 1\n1 / 0", "line 3, `1 / 0`, with ZeroDiv"),
        ("cost = 3\nraise SystemExit(2)", "with SystemExit: 2"),
        ("def cost(:\n  pass", "at line 1, `def cost(:`, with SyntaxError"),
        ("cost: int = missing_name", "with NameError: name 'missing_name'"),
        ("import no_such_module\ncost = 1", "No module named 'no_such_modul"),
    ],
)
def test_a_file_that_fails_names_the_line_and_its_exercises(
    tmp_path, text, words
):
    (answer,) = found(tmp_path / "mine.py", text).values()
    assert answer.key == "start/cost" and not answer.missing
    assert words in answer.error
    assert answer.error.startswith("mine.py could not be imported: it stopped")


def test_a_file_that_fails_and_answers_nothing_is_told_too(tmp_path):
    (answer,) = found(tmp_path / "helpers.py", "1 / 0").values()
    assert answer.key == "" and answer.error


def test_a_file_in_another_encoding_fails_kindly(tmp_path):
    path = tmp_path / "mine.py"
    path.write_bytes(b"cost = '\xff'")
    (answer,) = answers_in(path, KEYS)
    assert answer.key == "start/cost" and "UnicodeDecodeError" in answer.error


def test_a_dataclass_in_a_file_works(tmp_path):
    text = (
        "from __future__ import annotations\n"
        "from dataclasses import dataclass\n"
        "@dataclass\nclass Bill:\n    euros: float\n"
        "def cost(a, b, c): return Bill(1).euros"
    )
    assert found(tmp_path / "mine.py", text)["start/cost"].value(1, 2, 3) == 1


def test_a_changed_file_is_read_again(tmp_path):
    path = tmp_path / "mine.py"
    for value in (1, 22):
        assert found(path, f"cost = {value}")["start/cost"].value == value


def test_files_of_the_folder_itself_count(tmp_path):
    for name in ("b.py", "a.py", "conftest.py", "_x.py", "a.txt"):
        (tmp_path / name).touch()
    (tmp_path / "deep").mkdir()
    (tmp_path / "deep" / "c.py").touch()
    assert [path.name for path in answer_files(tmp_path)] == ["a.py", "b.py"]


def test_every_exercise_is_listed_and_stubs_give_way(tmp_path):
    stub, real = Answer("start/cost"), Answer("start/cost", value=3)
    kept = complete(KEYS, [stub, real])
    assert kept[0] is real
    assert [a.key for a in kept] == KEYS
    assert [a.missing for a in kept] == [False, True, True]
    assert complete(["start/cost"], [stub]) == [stub]
