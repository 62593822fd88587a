import math

import pytest
import torch

from sevenlessons.parity.compare import (
    deviation,
    limit,
    measure,
)
from sevenlessons.parity.pieces import Pair, Piece

NAN, INF = math.nan, math.inf


def pair(ours, theirs):
    return Pair("value", torch.tensor(ours), torch.tensor(theirs))


@pytest.mark.parametrize(
    ("ours", "theirs", "expected"),
    [
        ([1.0, 2.0], [1.0, 2.0], 0.0),
        ([0.5, 0.0], [0.0, 0.0], 0.5),
        ([202.0], [200.0], 0.01),
        ([NAN, INF, -INF], [NAN, INF, -INF], 0.0),
        ([NAN, 1.0], [NAN, 1.25], 0.2),
        ([NAN], [1.0], INF),
        ([1.0], [NAN], INF),
        ([INF], [1.0], INF),
        ([INF], [-INF], INF),
        ([-INF, 1.0], [1.0, 1.0], INF),
        ([3.4e38], [INF], INF),
        ([], [], 0.0),
    ],
)
def test_deviation(ours, theirs, expected):
    assert deviation(pair(ours, theirs)) == pytest.approx(expected)


def test_another_shape_or_type_is_not_equal():
    with pytest.raises(ValueError, match=r"value: expected shape \(2,\)"):
        deviation(pair([[1.0, 2.0]], [1.0, 2.0]))
    one = torch.ones(2)
    with pytest.raises(ValueError, match=r"torch.float64, as the reference"):
        deviation(Pair("value", one, one.double()))


def test_limits():
    assert limit(torch.float32) == 1e-5
    assert limit(torch.float64) == 1e-10
    with pytest.raises(ValueError, match=r"got torch.int64"):
        limit(torch.int64)


def test_measure_takes_the_worst_of_all_seeds():
    def compare(dtype, seed):
        x = torch.zeros(3, dtype=dtype)
        yield Pair("value", x + seed / 10, x)

    piece = Piece("x", "scratch/x", "torch.x", "x", "", compare)
    assert measure(piece, torch.float64, seeds=(0, 3, 1)) == {"value": 0.3}


def test_measure_refuses_to_compare_nothing():
    piece = Piece("x", "scratch/x", "torch.x", "x", "", lambda d, s: [])
    with pytest.raises(ValueError, match="'x' compared nothing"):
        measure(piece, torch.float32)
