import pytest
import torch
from torch.nn import functional

from sevenlessons.parity.compare import deviation, limit, measure
from sevenlessons.parity.dropout import dropout_pieces
from sevenlessons.parity.sides import compare_functions

TYPES = (torch.float32, torch.float64)


@pytest.mark.parametrize("dtype", TYPES, ids=str)
@pytest.mark.parametrize("piece", dropout_pieces(), ids=lambda p: p.name)
def test_each_piece_equals_its_reference(piece, dtype):
    assert max(measure(piece, dtype).values()) <= limit(dtype)


def test_what_forgets_to_rescale_is_seen():
    def seeded(function):
        def call(x):
            torch.manual_seed(0)
            return function(x)

        return call

    pairs = compare_functions(
        seeded(lambda x: x * torch.empty_like(x).bernoulli_(0.5)),
        seeded(lambda x: functional.dropout(x, 0.5)),
        [torch.ones(20)],
    )
    assert max(deviation(pair) for pair in pairs) > 0.1
