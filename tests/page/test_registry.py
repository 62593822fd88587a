import os
import subprocess
import sys

import pytest

from sevenlessons.page.registry import (
    exercise,
    exercise_keys,
    find_exercise,
    lessons,
)


def test_all_exercises_of_lesson_0_are_found():
    assert exercise_keys("start") == [
        "start/cost",
        "start/default",
        "start/group_split",
        "start/interval",
        "start/machine",
        "start/normalize",
        "start/roughness",
    ]


def test_lessons_come_in_their_order():
    names = lessons()
    assert names[0] == "start" and names[1:] == sorted(names[1:])
    assert all(exercise_keys(name) for name in names)


def test_an_unknown_exercise_names_the_others():
    with pytest.raises(ValueError, match="this lesson has start/cost, start"):
        find_exercise("start/costs")
    with pytest.raises(ValueError, match="this lesson has none"):
        find_exercise("lesson99/x")
    assert exercise_keys("lesson99") == []


def test_an_exercise_knows_its_page_and_its_name():
    found = find_exercise("start/group_split")
    assert (found.page, found.lesson) == ("start/data", "start")
    assert (found.name, found.takes) == (
        "group_split",
        "groups, valid, seed",
    )
    assert find_exercise("lesson1/label_pattern").takes is None


def test_two_checks_may_not_share_a_name():
    exercise_keys("start")
    with pytest.raises(ValueError, match="two checks are called 'start/cost'"):
        exercise("start/cost", asks="A bill.")(lambda trial, answer: None)


@pytest.mark.parametrize("key", ["cost", "start/", "start/Cost", "a/b/c"])
def test_a_key_is_lesson_and_name(key):
    with pytest.raises(ValueError, match="a key is lesson/name, got"):
        exercise(key, asks="A bill.")


def test_a_task_is_a_sentence():
    with pytest.raises(ValueError, match="must be a sentence with a full"):
        exercise("start/x", asks="a bill")


def test_a_page_that_is_run_loads_its_own_checks_only():
    code = """
import sys
from sevenlessons.page.registry import find_exercise
print(find_exercise("lesson2/momentum").page)
print([m for m in sys.modules if m.startswith("sevenlessons.exercises.")])
print(find_exercise("lesson2/not_sure").page)
"""
    done = subprocess.run(
        [sys.executable, "-c", code],
        env=os.environ | {"SEVENLESSONS_PAGE": "lesson2/sgd"},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout.splitlines() == [
        "lesson2/sgd",
        "['sevenlessons.exercises.lesson2_sgd']",
        "lesson2/deploy",
    ]
