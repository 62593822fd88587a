import re

import pytest
import torch

from sevenlessons.page.trial import Stop, Trial


def tried(answer, args, expected, *, takes="", **options):
    trial = Trial(0, takes)
    try:
        trial.equal("words", answer, args, expected, **options)
    except Stop:
        pass
    return trial.cases


def one(*args, **options):
    return tried(*args, **options)[-1]


@pytest.mark.parametrize(
    "got, expected",
    [
        (2, 2),
        (torch.tensor(2.0), 2.0),
        ((1, 2.5), (1, 2.5)),
        ([1, 2.5], (1, 2.5)),
        ("x", "x"),
        (True, True),
        (torch.ones(2), torch.ones(2)),
    ],
)
def test_right_answers_pass(got, expected):
    assert one(lambda: got, [], expected).passed


@pytest.mark.parametrize(
    "got, expected, words",
    [
        (3, 2, "you returned 3, which is not right"),
        ("x", 2, "a number is asked for"),
        ([1], (1, 2), "2 values are asked for"),
        ((1, 3), (1, 2), "not right"),
        ("y", "x", "not right"),
        (1, "x", r"but a text \(str\) is asked for"),
        ([1.0], torch.ones(1), "a tensor is asked for"),
        (torch.ones(2, 1), torch.ones(2), r"shape should be \(2,\), not"),
        (torch.zeros(2), torch.ones(2), "off by up to 1"),
        (torch.full((2,), torch.nan), torch.ones(2), "all 2 entries are NaN"),
        (float("nan"), 1.0, "not right"),
    ],
)
def test_wrong_answers_are_told_why(got, expected, words):
    case = one(lambda: got, [], expected)
    assert not case.passed
    assert re.search(words, case.detail)


def test_the_right_value_is_never_told():
    assert "1234" not in one(lambda: 5, [], 1234).detail


def test_the_failing_input_is_told_and_kept():
    case = one(lambda x: 0, [torch.tensor([1, 2])], 3)
    assert case.detail.startswith("For input (tensor([1, 2])) you returned 0")
    assert case.given[0].tolist() == [1, 2]


def test_what_a_check_says_itself_gets_the_input_too():
    trial = Trial(0)
    trial.call("words", lambda x: x, [7])
    trial.expect("words", False, "Too slow.")
    trial.expect("words", False, "Too slow.", given=[8])
    assert trial.cases[0].detail == "For input (7): Too slow."
    assert trial.cases[1].detail == "For input (8): Too slow."


def test_a_hint_is_told_once():
    trial = Trial(0)
    for expected in (2, 3):
        trial.equal("words", lambda: 1, [], expected, hint="Add one.")
    assert ["Add one." in case.detail for case in trial.cases] == [True, False]


def test_an_exception_is_shown_kindly():
    def broken(x):
        return x["no"]

    case = one(broken, [{"a": 1}], 2)
    assert "For input ({'a': 1}) it stopped at the line" in case.detail
    assert '`return x["no"]` with KeyError' in case.detail
    assert "TypeError" in one(lambda: 1, [3], 2).detail


def test_the_line_is_the_readers_own_not_the_librarys():
    def broken(x):
        return torch.stack([x, x[1:]])

    detail = one(broken, [torch.ones(3)], 2).detail
    assert "`return torch.stack([x, x[1:]])` with RuntimeError" in detail


def test_wrong_arguments_name_the_right_ones():
    def softmax(x):
        return x

    case = one(softmax, [1, 2], 3, takes="x, dim")
    assert case.detail.endswith("The exercise calls `softmax(x, dim)`.")
    inside = one(lambda x: len(x), [1], 3, takes="x")
    assert "The exercise calls" not in inside.detail


def test_an_exit_is_a_failed_case():
    def leaves():
        raise SystemExit("bye")

    assert "Without input it stopped" in one(leaves, [], 1).detail


def test_a_stop_from_the_keyboard_goes_through():
    def interrupted():
        raise KeyboardInterrupt

    with pytest.raises(KeyboardInterrupt):
        tried(interrupted, [], 1)


@pytest.mark.parametrize("nothing", [None, ...])
def test_nothing_yet(nothing):
    def answer(x):
        return nothing if x else 0

    detail = one(answer, [1], 1).detail
    assert f"For input (1) it returned {nothing}. Nothing returned" in detail
    trial = Trial(0)
    with pytest.raises(Stop):
        trial.need_value(nothing)
    with pytest.raises(Stop):
        trial.need_function(nothing)
    with pytest.raises(Stop):
        trial.need_function(lambda x: ...)
    assert "Nothing there yet" in trial.cases[0].detail
    assert "define the function first" in trial.cases[1].detail
    assert "Nothing returned yet: write the body" in trial.cases[2].detail
    assert not trial.begun


def test_a_dictionary_with_dots_is_nothing_yet():
    trial = Trial(0)
    with pytest.raises(Stop):
        trial.need_value({"predicted": torch.ones(2), "actual": ...})
    assert "Nothing there yet" in trial.cases[0].detail and not trial.begun


def test_printing_is_not_returning(capsys):
    def prints(x):
        print("the mean is", x)

    detail = one(prints, [2.5], 2.5).detail
    assert "it printed 'the mean is 2.5' and returned nothing" in detail
    assert capsys.readouterr().out == "the mean is 2.5\n"  # still seen


def test_a_changed_input_is_found_once_and_spoils_nothing():
    def sorts(x):
        x.sort()
        return x[0]

    numbers = [3, 1, 2]
    trial = Trial(0, "x")
    trial.equal("first", sorts, [numbers], 1)
    trial.equal("second", sorts, [numbers], 1)
    assert numbers == [3, 1, 2]
    assert [case.passed for case in trial.cases] == [False, True, True]
    words = "For input ([3, 1, 2]) it changed `x` to [1, 2, 3]. Whoever"
    assert trial.cases[0].detail.startswith(words)


def test_a_check_may_hand_over_the_thing_itself():
    trial = Trial(0)
    x = torch.zeros(1)
    trial.call("words", lambda x: x.add_(1), [x], may_change=True)
    assert x.item() == 1 and trial.cases == []


def test_a_value_where_a_function_is_asked_for_and_back():
    trial = Trial(0)
    with pytest.raises(Stop):
        trial.need_function(3)
    with pytest.raises(Stop):
        trial.need_value(one)
    assert "Expected a function, got 3" in trial.cases[0].detail
    assert "Expected a value, got the function one" in trial.cases[1].detail
    assert trial.begun
