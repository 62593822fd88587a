import numpy as np
import pytest
import torch

from sevenlessons.page.wording import describe, listed, stopped


class Rude:
    def __repr__(self):
        raise ValueError("no")


BROKEN = torch.zeros(3, 4)
BROKEN[0, 1] = torch.nan


@pytest.mark.parametrize(
    "value, words",
    [
        (torch.zeros(3, 4), "a float32 tensor of shape (3, 4), from 0 to 0"),
        (torch.tensor([1, 2]), "tensor([1, 2])"),
        (
            BROKEN,
            "a float32 tensor of shape (3, 4), 1 of its 12 numbers are NaN",
        ),
        (torch.ones(9) > 0, "a bool tensor of shape (9,)"),
        (torch.zeros(0), "tensor([])"),
        (torch.ones(2, requires_grad=True), "tensor([1, 1])"),
        (np.arange(12), "an int64 array of shape (12,), from 0 to 11"),
        (np.array(["a"]), "array(['a'])"),
        (np.float64(0.1), "0.1"),
        (np.int64(3), "3"),
        (np.True_, "True"),
        (describe, "the function describe"),
        (int, "the class int"),
        ({"a": [0.123456789]}, "{'a': [0.123457]}"),
        (Rude(), "a Rude"),
        ([Rude()], "[a Rude]"),
    ],
)
def test_descriptions(value, words):
    assert describe(value) == words


def test_descriptions_are_short():
    assert describe(list(range(100))).endswith("11, …]")
    assert describe(dict.fromkeys(range(100))).endswith("11: None, …}")
    assert len(describe("b" * 500)) == 118
    assert "\n" not in describe("two\nlines")


def test_arguments_are_listed():
    assert listed([]) == ""
    assert listed([1, (2.0, "x")]) == "1, (2, 'x')"


def test_an_error_whose_text_fails_is_named():
    class Silent(Exception):
        def __str__(self):
            raise ValueError("no text")

    def broken():
        raise Silent

    try:
        broken()
    except Silent as error:
        words = stopped(error, broken)
    assert words == "it stopped at the line `raise Silent` with Silent"
