import pytest
import torch
import torch.nn.functional as F

from sevenlessons.vision.efficientnet_lite import (
    InvertedResidual,
    SamePadConv2d,
    conv_norm,
    efficientnet_lite0,
)


@pytest.mark.parametrize("size", [7, 8, 9])
@pytest.mark.parametrize("kernel_size", [1, 3, 5])
@pytest.mark.parametrize("stride", [1, 2])
def test_same_padding_equals_its_definition(size, kernel_size, stride):
    torch.manual_seed(0)
    conv = SamePadConv2d(2, 2, kernel_size, stride, groups=2)
    x = torch.randn(1, 2, size, size + 1)
    sides = []
    for n in (size + 1, size):
        total = max((-(-n // stride) - 1) * stride + kernel_size - n, 0)
        sides += [total // 2, total - total // 2]
    expected = F.conv2d(
        F.pad(x, sides), conv.weight, conv.bias, stride, groups=2
    )
    output = conv(x)
    assert output.shape[2:] == (-(-size // stride), -(-(size + 1) // stride))
    torch.testing.assert_close(output, expected)


def test_shapes_and_sizes():
    model = efficientnet_lite0(7)
    body = model[0]
    assert len(body) == 18
    assert body(torch.zeros(1, 3, 64, 96)).shape == (1, 1280, 2, 3)
    assert model(torch.zeros(2, 3, 64, 64)).shape == (2, 7)
    assert sum(p.numel() for p in body.parameters()) == 3_371_008


def test_the_shortcut_is_there_when_shapes_allow():
    assert InvertedResidual(8, 8, 3).has_shortcut
    assert not InvertedResidual(8, 8, 3, stride=2).has_shortcut
    assert not InvertedResidual(8, 12, 3).has_shortcut
    block = InvertedResidual(4, 4, 3).eval()
    for parameter in block.layers.parameters():
        parameter.data.zero_()
    x = torch.randn(1, 4, 6, 6)
    assert torch.equal(block(x), x)


def test_norms_follow_tensorflow():
    _, norm, _ = conv_norm(3, 4, 3)
    assert (norm.eps, norm.momentum) == (1e-3, 0.01)
    assert len(conv_norm(3, 4, 3, activation=False)) == 2


def test_refuses_no_class():
    with pytest.raises(ValueError, match="num_classes must be at least 1"):
        efficientnet_lite0(0)
