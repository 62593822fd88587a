import pytest

from sevenlessons.page.exercises import check, exercise, exercise_keys
from sevenlessons.page.trial import Trial


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
    report = check("start/default", None)
    assert report._ipython_display_() is None
    (output,) = shown
    html = output["data"]["text/html"]
    assert 'class="exercise-report"' in html
    assert "not yet</strong> your answer is a function" in html


def test_two_checks_may_not_share_a_name():
    with pytest.raises(ValueError, match="two checks are called 'start/cost'"):
        exercise("start/cost")(lambda trial, answer: None)


def test_an_answer_is_a_function_or_a_value():
    with pytest.raises(ValueError, match="must be 'function' or 'value'"):
        exercise("start/x", "number")


def test_cases_are_fresh_except_where_the_book_is_executed(monkeypatch):
    seeds = []
    monkeypatch.setattr(
        "sevenlessons.page.exercises.Trial",
        lambda seed: seeds.append(seed) or Trial(seed),
    )
    for page in (None, "start/run"):
        if page is None:
            monkeypatch.delenv("SEVENLESSONS_PAGE", raising=False)
        else:
            monkeypatch.setenv("SEVENLESSONS_PAGE", page)
        for _ in range(2):
            check("start/default", lambda function, name: 7)
    assert seeds[0] != seeds[1]
    assert seeds[2] == seeds[3]
