import pytest
import torch

from sevenlessons.scratch.scale_shift import scale_and_shift


def test_each_channel_has_its_own():
    y = torch.randn(2, 3, 4, 5)
    weight, bias = torch.randn(3), torch.randn(3)
    wanted = y * weight[:, None, None] + bias[:, None, None]
    assert torch.equal(scale_and_shift(y, weight, bias, (3,), 2), wanted)


def test_none_is_one_and_zero():
    y = torch.randn(2, 3)
    assert scale_and_shift(y, None, None, (3,)) is y
    one, none = torch.ones(3), torch.zeros(3)
    assert torch.equal(scale_and_shift(y, one, none, (3,)), y)


@pytest.mark.parametrize("shape", [(), (1,), (2,), (1, 3)])
def test_what_would_only_broadcast_is_refused(shape):
    y, odd = torch.zeros(2, 3), torch.ones(shape)
    with pytest.raises(ValueError, match=r"a scale of shape \(3,\), one"):
        scale_and_shift(y, odd, None, (3,))
    with pytest.raises(ValueError, match=r"a shift of shape \(3,\), one"):
        scale_and_shift(y, None, odd, (3,))
