import re

import pytest
import torch

from sevenlessons.page.trial import Stop, Trial, describe


def one(answer, args, expected, **options):
    trial = Trial(0)
    try:
        trial.equal("words", answer, args, expected, **options)
    except Stop:
        pass
    return trial.cases[-1]


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
        (1, "x", "but str is asked for"),
        ([1.0], torch.ones(1), "a tensor is asked for"),
        (torch.ones(2, 1), torch.ones(2), r"shape should be \(2,\), not"),
        (torch.zeros(2), torch.ones(2), "off by up to 1"),
        (torch.full((2,), torch.nan), torch.ones(2), "off by up to nan"),
        (float("nan"), 1.0, "not right"),
    ],
)
def test_wrong_answers_are_told_why(got, expected, words):
    case = one(lambda: got, [], expected)
    assert not case.passed
    assert re.search(words, case.detail)


def test_the_right_value_is_never_told():
    assert "1234" not in one(lambda: 5, [], 1234).detail


def test_an_exception_is_shown_kindly():
    def broken(x):
        return x["no"]

    case = one(broken, [{"a": 1}], 2)
    assert "For input ({'a': 1}) it stopped at the line" in case.detail
    assert '`return x["no"]` with KeyError' in case.detail
    assert "TypeError" in one(lambda: 1, [3], 2).detail


@pytest.mark.parametrize("nothing", [None, ...])
def test_nothing_yet(nothing):
    assert "Nothing returned yet" in one(lambda: nothing, [], 1).detail
    trial = Trial(0)
    with pytest.raises(Stop):
        trial.need_value(nothing)
    with pytest.raises(Stop):
        trial.need_function(nothing)
    assert "Nothing there yet" in trial.cases[0].detail
    assert "define the function first" in trial.cases[1].detail


def test_a_value_where_a_function_is_asked_for():
    trial = Trial(0)
    with pytest.raises(Stop):
        trial.need_function(3)
    assert "Expected a function, got 3" in trial.cases[0].detail


def test_descriptions_are_short():
    assert describe(torch.zeros(3, 4)) == "a float32 tensor of shape (3, 4)"
    assert describe(torch.tensor([1, 2])) == "tensor([1, 2])"
    assert describe(describe) == "the function describe"
    assert describe(list(range(100))).endswith("11, …]")
    assert len(describe({"a": "b" * 500})) == 118
