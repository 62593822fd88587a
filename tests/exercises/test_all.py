"""Every exercise: asked on a page, solved there, kind to wrong answers."""

import html
import inspect
import re
from collections import Counter
from pathlib import Path

import numpy as np
import pytest
import torch
from tests.exercises.pages import problems
from tests.exercises.tables import answers

from sevenlessons.page.exercises import check, try_answer
from sevenlessons.page.registry import exercise_keys, find_exercise, lessons

BOOK = Path(__file__).resolve().parents[2] / "book"
EXERCISES = [
    find_exercise(k) for name in lessons() for k in exercise_keys(name)
]
KEYS = [exercise.key for exercise in EXERCISES]
FUNCTIONS = [e.key for e in EXERCISES if e.takes is not None]
RIGHT, WRONG = answers("RIGHT"), answers("WRONG")


def ids(entries):
    count = Counter()
    for key, _ in entries:
        count[key] += 1
        yield f"{key}-{count[key]}"


each_right = pytest.mark.parametrize("key, answer", RIGHT, ids=ids(RIGHT))
each_wrong = pytest.mark.parametrize("key, entry", WRONG, ids=ids(WRONG))


def source_lines(answer):
    """Return the telling lines of a right answer: what must not leak."""
    if not callable(answer):
        return [repr(answer)]
    lines = inspect.getsource(answer).splitlines()[1:]
    return [line.strip() for line in lines if len(line.strip()) >= 20]


@pytest.mark.parametrize("page", sorted({e.page for e in EXERCISES}))
def test_every_exercise_is_asked_and_solved_on_its_page(page):
    text = (BOOK / f"{page}.md").read_text(encoding="utf-8")
    mine = [exercise for exercise in EXERCISES if exercise.page == page]
    assert problems(text, mine) == []


def test_pages_ask_only_for_exercises_that_exist():
    asked = set()
    for path in BOOK.rglob("*.md"):
        text = path.read_text(encoding="utf-8")
        asked |= set(re.findall(r"^check\(\s*\"(.+?)\"", text, re.M))
    assert asked == set(KEYS)


def test_every_exercise_has_right_answers_and_two_wrong_ones():
    assert {key for key, _ in RIGHT} == set(KEYS)
    wrong = Counter(key for key, _ in WRONG)
    assert {key: n for key, n in wrong.items() if n < 2} == {}
    assert wrong.keys() == set(KEYS)


@each_right
def test_right_answers_pass(key, answer):
    for seed in range(4):
        report = try_answer(key, answer, seed=seed)
        assert report, str(report)


@each_wrong
def test_wrong_answers_are_told_why(key, entry):
    answer, words = entry
    for seed in range(5):  # fixed: chance must not decide a test
        report = try_answer(key, answer, seed=seed)  # never raises
        text = str(report)
        assert not report
        for expected in [words] if isinstance(words, str) else words:
            assert expected in text
        assert "the check itself stopped" not in text
        if find_exercise(key).takes:
            assert "For input (" in text
            assert report.failed_input
        assert f'The same cases again: `check("{key}", ' in text


@each_wrong
def test_no_report_gives_the_answer_away(key, entry):
    text = str(try_answer(key, entry[0], seed=1))
    for line in [x for k, a in RIGHT if k == key for x in source_lines(a)]:
        assert line not in text


@each_wrong
def test_terminal_and_notebook_say_the_same(key, entry, capsys, shown):
    report = try_answer(key, entry[0], seed=2)
    report.show()
    (output,) = shown
    rich = re.sub(r"<[^>]+>", "", output["data"]["text/html"])
    plain = output["data"]["text/plain"].replace("`", "")
    for case in report.cases:
        assert case.words in html.unescape(rich)
        assert case.detail.replace("`", "") in html.unescape(rich)
        assert case.detail.replace("`", "") in plain
    assert plain.splitlines()[-1].strip() in html.unescape(rich)


@pytest.mark.parametrize("key", KEYS)
def test_an_untouched_stub_is_not_yet(key, capsys):
    def stub(*args): ...

    report = check(key, stub if key in FUNCTIONS else ...)
    text = capsys.readouterr().out
    assert f"{key}: not yet" in text and not report.begun
    wanted = "Nothing returned" if key in FUNCTIONS else "Nothing there"
    assert f"{wanted} yet" in text
    assert "The same cases again" not in text


ODD = {
    "a text": "x",
    "a number": 3,
    "NaN": float("nan"),
    "infinity": float("inf"),
    "complex": 1j,
    "empty list": [],
    "empty tuple": (),
    "list of None": [None, None],
    "nested": [["a"], {"b": 1}],
    "dictionary": {"a": 1},
    "object": object(),
    "empty tensor": torch.zeros(0),
    "matrix": torch.zeros(2, 2),
    "complex tensor": torch.zeros(2, dtype=torch.complex64),
    "array": np.array([1.0, 2.0]),
    "array of texts": np.array(["a", "b"]),
    "class": int,
    "function": lambda x: x,
    "error": ValueError("no"),
}


@pytest.mark.parametrize("key", KEYS)
@pytest.mark.parametrize("odd", ODD)
def test_no_answer_whatsoever_raises(key, odd):
    value = ODD[odd]
    answer = (lambda *args: value) if key in FUNCTIONS else value
    report = try_answer(key, answer, seed=3)
    assert not report
    assert "the check itself stopped" not in str(report)
    assert max(map(len, str(report).splitlines())) < 2500


@pytest.mark.parametrize("key", KEYS)
def test_every_task_can_be_written_in_a_file(key):
    exercise = find_exercise(key)
    assert exercise.name.isidentifier()
    assert exercise.asks[0].isupper()
    compile(f"def {exercise.name}({exercise.takes or ''}): ...", key, "exec")


PAGE = """\
```{{exercise}} A title
:label: ex-x
```
def cost({takes}):
    ...
check("start/cost", cost)
{opening}
{solution}
```{{solution-end}}
```
"""
OPENING = "```{solution-start} ex-x\n:class: dropdown\n```"


@pytest.mark.parametrize(
    "changed, words",
    [
        ({}, None),
        ({"opening": ""}, "ex-x has no solution"),
        (
            {"opening": OPENING.replace(":class: dropdown\n", "")},
            "the solution of ex-x is not folded",
        ),
        (
            {"solution": 'check("start/cost", cost)'},
            "the solution of start/cost does not assert its check",
        ),
        ({"takes": "a, b"}, "the page's start/cost takes a, b"),
    ],
)
def test_a_page_that_lacks_something_is_found_out(changed, words):
    cost = find_exercise("start/cost")
    parts = {
        "takes": cost.takes,
        "opening": OPENING,
        "solution": 'assert check("start/cost", cost)',
    }
    text = PAGE.format(**parts | changed)
    found = problems(text, [cost])
    assert words in found if words else found == []


def test_a_page_that_does_not_ask_is_found_out():
    missing = problems("", [find_exercise("start/cost")])
    assert missing == ["the page does not ask for start/cost"]
