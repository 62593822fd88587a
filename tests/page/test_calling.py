import functools

import pytest
import torch

from sevenlessons.page.calling import attempt, is_stub


def documented(x):
    """Say what is asked."""
    ...


def passes(x, *, dim=0):
    pass


def dots(x):
    return ...


def outer():
    value = 1

    def inner(x):
        return value

    return inner


@pytest.mark.parametrize(
    "stub",
    [documented, passes, dots, lambda *args: None],
)
def test_an_empty_body_is_a_stub(stub):
    assert is_stub(stub)


@pytest.mark.parametrize(
    "answer",
    [
        lambda x: 0,
        lambda x: x,
        outer(),
        print,
        int,
        3,
        functools.partial(documented),
        lambda x: print(x),
    ],
)
def test_anything_else_is_none(answer):
    assert not is_stub(answer)


def test_what_cannot_be_copied_is_handed_over():
    numbers = (i for i in range(3))
    assert attempt(list, [numbers]).value == [0, 1, 2]


def test_arguments_are_copies_unless_asked_for():
    x = torch.zeros(2)
    outcome = attempt(lambda a, b: a.add_(1), [x, 1])
    assert outcome.changed[0].tolist() == [1, 1] and x.sum() == 0
    attempt(lambda a: a.add_(1), [x], copied=False)
    assert x.tolist() == [1, 1]


def test_an_error_is_words_and_what_was_printed_is_kept(capsys):
    def broken(x):
        print("so far")
        return 1 / x

    outcome = attempt(broken, [0])
    assert "ZeroDivisionError: division by zero" in outcome.error
    assert outcome.printed == "so far\n" and not outcome.never_ran
    assert attempt(broken, []).never_ran


def test_little_is_kept_of_much_printing(capsys):
    def chatters():
        for _ in range(1000):
            print("x" * 1000)

    assert len(attempt(chatters, []).printed) < 2001
    assert len(capsys.readouterr().out) > 1_000_000
