import pytest
import torch
from torch import nn

from sevenlessons.parity.compare import deviation, limit, measure
from sevenlessons.parity.initialization import initialization_pieces
from sevenlessons.parity.pieces import Pair
from sevenlessons.scratch.initialization import kaiming_normal_

TYPES = (torch.float32, torch.float64)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize(
    "piece", initialization_pieces(), ids=lambda p: p.name
)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_fans_that_are_swapped_are_seen():
    shape = (6, 4)
    weights = [
        fill(
            torch.empty(shape),
            mode=mode,
            generator=torch.Generator().manual_seed(0),
        )
        for fill, mode in (
            (kaiming_normal_, "fan_out"),
            (nn.init.kaiming_normal_, "fan_in"),
        )
    ]
    assert deviation(Pair("weight", *weights)) > 100 * limit(torch.float32)


def test_the_global_random_state_stays():
    before = torch.random.get_rng_state()
    for piece in initialization_pieces():
        list(piece.compare(torch.float64, 3))
    assert torch.equal(torch.random.get_rng_state(), before)
