"""The dense block equals torchvision's, keeps what came in, and counts."""

import pytest
import torch
from torchvision.models.densenet import _DenseBlock, _DenseLayer

from sevenlessons.vision.dense_block import DenseBlock, DenseLayer


def test_a_layer_equals_torchvisions():
    torch.manual_seed(0)
    ours = DenseLayer(6, 3, bn_size=2).double()
    theirs = _DenseLayer(6, 3, 2, 0.0).double()
    ours.load_state_dict(theirs.state_dict(), strict=True)
    x = torch.randn(4, 6, 5, 7, dtype=torch.float64)
    torch.testing.assert_close(ours(x), theirs(x))


@pytest.mark.parametrize("training", [True, False])
def test_a_block_equals_torchvisions_forward_backward_and_memory(training):
    torch.manual_seed(1)
    theirs = _DenseBlock(4, 6, 4, 3, 0.0).double().train(training)
    ours = DenseBlock(4, 6, 3).double().train(training)
    ours.load_state_dict(theirs.state_dict(), strict=True)
    x = torch.randn(4, 6, 5, 7, dtype=torch.float64)
    mine, other = x.clone().requires_grad_(), x.clone().requires_grad_()
    ours(mine).square().sum().backward()
    theirs(other).square().sum().backward()
    torch.testing.assert_close(mine.grad, other.grad)
    reference = dict(theirs.named_parameters())
    for name, parameter in ours.named_parameters():
        torch.testing.assert_close(parameter.grad, reference[name].grad)
    for name, buffer in ours.named_buffers():
        torch.testing.assert_close(buffer, theirs.get_buffer(name))


@pytest.mark.parametrize(
    ("num_layers", "in_channels", "growth_rate"), [(1, 1, 1), (5, 8, 4)]
)
def test_channels_grow_by_the_rate_and_the_first_are_the_input(
    num_layers, in_channels, growth_rate
):
    block = DenseBlock(num_layers, in_channels, growth_rate)
    x = torch.randn(2, in_channels, 4, 4)
    out = block(x)
    expected = in_channels + num_layers * growth_rate
    assert out.shape == (2, expected, 4, 4)
    assert block.out_channels == expected
    assert torch.equal(out[:, :in_channels], x)


def test_each_layer_reads_the_maps_of_all_before_it():
    torch.manual_seed(2)
    block = DenseBlock(3, 4, 2).eval()
    x = torch.randn(1, 4, 4, 4)
    out = block(x)
    with torch.no_grad():
        block["denselayer1"].conv2.weight.mul_(2)
    changed = (block(x) - out).abs().amax((0, 2, 3)) > 0
    assert changed.tolist() == [False] * 4 + [True] * 6


@pytest.mark.parametrize(
    ("numbers", "words"),
    [
        ((0, 4, 2), "num_layers must be at least 1, got 0"),
        ((2, 0, 2), "in_channels must be at least 1, got 0"),
        ((2, 4, 0), "growth_rate must be at least 1, got 0"),
    ],
)
def test_sizes_below_one_are_refused(numbers, words):
    with pytest.raises(ValueError, match=words):
        DenseBlock(*numbers)


def test_a_narrow_part_of_nothing_is_refused():
    with pytest.raises(ValueError, match="bn_size must be at least 1"):
        DenseBlock(1, 2, 2, bn_size=0)


@pytest.mark.parametrize("shape", [(2, 3, 4, 4), (4, 4, 4)])
def test_other_maps_are_refused(shape):
    with pytest.raises(ValueError, match=r"\(N, 4, H, W\).*channels"):
        DenseBlock(2, 4, 2)(torch.zeros(shape))
