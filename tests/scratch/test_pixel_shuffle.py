import pytest
import torch
from torch.nn import functional

from sevenlessons.scratch.pixel_shuffle import pixel_shuffle, pixel_unshuffle


@pytest.mark.parametrize("factor", [1, 2, 3, 4])
def test_is_torchs_and_its_own_inverse(factor):
    x = torch.randn(2, 3 * factor**2, 3, 5, dtype=torch.float64)
    large = pixel_shuffle(x, factor)
    assert torch.equal(large, functional.pixel_shuffle(x, factor))
    back = pixel_unshuffle(large, factor)
    assert torch.equal(back, functional.pixel_unshuffle(large, factor))
    assert torch.equal(back, x)


def test_gradients_are_torchs():
    x = torch.randn(1, 8, 2, 3, dtype=torch.float64, requires_grad=True)
    assert torch.autograd.gradcheck(lambda t: pixel_shuffle(t, 2), x)


def test_an_empty_batch_stays_empty():
    assert pixel_shuffle(torch.zeros(0, 4, 2, 2), 2).shape == (0, 1, 4, 4)
    assert pixel_unshuffle(torch.zeros(0, 1, 4, 4), 2).shape == (0, 4, 2, 2)


def test_bad_input_says_what_to_do():
    with pytest.raises(ValueError, match="multiple of 4 channels, got 6"):
        pixel_shuffle(torch.zeros(1, 6, 2, 2), 2)
    with pytest.raises(ValueError, match=r"multiples of 2, got \(4, 5\); cut"):
        pixel_unshuffle(torch.zeros(1, 1, 4, 5), 2)
    for function in (pixel_shuffle, pixel_unshuffle):
        with pytest.raises(ValueError, match=r"\(4, 2, 2\); add the axis"):
            function(torch.zeros(4, 2, 2), 2)
        with pytest.raises(ValueError, match="factor must be at least 1"):
            function(torch.zeros(1, 4, 2, 2), 0)
