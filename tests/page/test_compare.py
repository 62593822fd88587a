import collections

import numpy as np
import pytest
import torch

from sevenlessons.page.compare import difference, same

INF, NAN = float("inf"), float("nan")
ONES = torch.ones(2, 3)
SPOTTED = ONES.clone()
SPOTTED[1, 2] = 1.7
EMPTY = torch.zeros(0)


class Hostile:
    def __eq__(self, other):
        raise ValueError("do not compare me")

    __hash__ = None


@pytest.mark.parametrize(
    "got, expected",
    [
        (1.0, 1),
        (np.float32(1), 1.0),
        (torch.ones(1, 1), 1.0),
        (INF, INF),
        (NAN, NAN),
        (np.True_, True),
        (ONES.double(), ONES),
        (torch.tensor([INF, NAN]), torch.tensor([INF, NAN])),
        (torch.ones(2, requires_grad=True), torch.ones(2)),
        (torch.arange(2, dtype=torch.int32), torch.arange(2)),
        (EMPTY, EMPTY),
        (np.ones(2), np.ones(2)),
        ([torch.ones(1), ("a", 2)], (torch.ones(1), ["a", 2])),
        ({"a": 1}, {"a": 1}),
        (collections.OrderedDict(a=1), {"a": 1}),
    ],
)
def test_right(got, expected):
    assert difference(got, expected) == ""


@pytest.mark.parametrize(
    "got, expected, words",
    [
        (3.0, 2.0, "which is not right: too large."),
        (1.999, 2.0, "which is not right: a little too small."),
        (NAN, 2.0, "which is not right: NaN is not a number."),
        (2.0, NAN, "which is not right."),
        (-INF, INF, "which is not right: too small."),
        ("2", 2, "but a number is asked for, not a text (str)."),
        (True, 1, "but a number is asked for, not True or False."),
        (
            torch.ones(2),
            1.0,
            "but a number is asked for, not a tensor of shape (2,).",
        ),
        (1j, 1.0, "but a number is asked for, not a complex."),
        (1, True, "but True or False is asked for, not a number."),
        (False, True, "which is not right."),
        (2, "x", "but a text (str) is asked for, not a number."),
        ([1], {"a": 1}, "but a dictionary is asked for, not a list."),
        ([1], [], "but no values are asked for, not 1."),
        ([], [1], "but 1 value is asked for, not 0."),
        (
            torch.ones(2),
            [1, 1],
            "but 2 values are asked for, in a list or tuple, not a tensor of "
            "shape (2,).",
        ),
        ([1, 3], [1, 2], "which is not right: too large (at position 1)."),
        (
            np.ones(2),
            torch.ones(2),
            "but a tensor is asked for, not a NumPy array of shape (2,).",
        ),
        (
            torch.ones(2),
            np.ones(2),
            "but an array is asked for, not a tensor of shape (2,).",
        ),
        (
            torch.ones(2).long(),
            torch.ones(2),
            "but its dtype is int64; floating point numbers are asked for.",
        ),
        (
            torch.ones(2),
            torch.ones(2) > 0,
            "but its dtype is float32; booleans are asked for.",
        ),
        (ONES.bool(), SPOTTED > 1, "where 5 of 6 entries are wrong."),
        (
            SPOTTED,
            ONES,
            "where 1 of 6 entries is off by up to 0.7, most at [1, 2].",
        ),
        (torch.zeros(1), torch.ones(1), "where the one entry is off by up to"),
        (SPOTTED / 0 - INF, ONES, "where all 6 entries are NaN."),
        (torch.tensor([INF, 1]), torch.ones(2), "off by up to inf, most at"),
        (Hostile(), Hostile(), "which could not be compared with what is ask"),
    ],
)
def test_wrong(got, expected, words):
    assert words in difference(got, expected)


def test_the_tolerance_is_absolute_and_inclusive():
    assert difference(1.5, 1.0, 0.5) == ""
    assert difference(torch.tensor(1.5), torch.tensor(1.0), 0.5) == ""
    assert difference(1.6, 1.0, 0.5) != ""
    assert difference(torch.tensor(1.6), torch.tensor(1.0), 0.5) != ""


@pytest.mark.parametrize(
    "one, other, equal",
    [
        ([1, {"a": NAN}], [1, {"a": NAN}], True),
        ([1], (1,), False),
        ({"a": 1}, {"a": 2}, False),
        ({"a": 1, "b": 1}, {"b": 1, "a": 1}, False),
        (torch.ones(2), torch.ones(2), True),
        (torch.ones(2), torch.ones(3), False),
        (torch.tensor([NAN]), torch.tensor([NAN]), True),
        (torch.ones(2), torch.ones(2).double(), False),
        (np.array([NAN]), np.array([NAN]), True),
        (np.array(["a"]), np.array(["b"]), False),
        (object(), object(), True),  # nothing to compare
        (Hostile(), Hostile(), True),
    ],
)
def test_same(one, other, equal):
    assert same(one, other) is equal
