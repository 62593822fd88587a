import pytest
import torch
from torch import nn
from torchvision.models import resnet as theirs

from sevenlessons.vision.residual_blocks import (
    BasicBlock,
    Bottleneck,
    zero_last_norms,
)


def torchvisions(block):
    """Return torchvision's block of the same shape."""
    inputs = block.conv1.in_channels
    narrow = block.conv1.out_channels
    stride = next(
        m.stride
        for m in block.modules()
        if isinstance(m, nn.Conv2d) and m.kernel_size == (3, 3)
    )
    make = getattr(theirs, type(block).__name__)
    down = None
    if block.downsample is not None:
        wide = narrow * make.expansion
        down = nn.Sequential(
            nn.Conv2d(inputs, wide, 1, stride, bias=False),
            nn.BatchNorm2d(wide),
        )
    return make(inputs, narrow, stride[0], down)


@pytest.mark.parametrize("training", [True, False])
@pytest.mark.parametrize(
    ("kind", "shape"),
    [
        (BasicBlock, (6, 6)),
        (BasicBlock, (6, 8)),
        (BasicBlock, (6, 6, 2)),
        (BasicBlock, (4, 8, 2)),
        (Bottleneck, (12, 3)),
        (Bottleneck, (5, 3)),
        (Bottleneck, (12, 3, 2)),
    ],
)
def test_equal_to_torchvision(kind, shape, training):
    block = kind(*shape).double().train(training)
    other = torchvisions(block).double().train(training)
    other.load_state_dict(block.state_dict())
    generator = torch.Generator().manual_seed(0)
    x = torch.randn(3, shape[0], 7, 6, generator=generator).double()
    answers = []
    for one in (block, other):
        leaf = x.clone().requires_grad_()
        answer = one(leaf)
        (answer**2).sum().backward()
        answers.append([answer, leaf.grad, one.conv1.weight.grad])
        answers[-1] += [one.state_dict()["bn1.running_var"]]
    for ours, its in zip(*answers, strict=True):
        torch.testing.assert_close(ours, its)


@pytest.mark.parametrize("block", [BasicBlock(8, 8), Bottleneck(8, 2)])
def test_a_zero_branch_is_the_identity(block):
    zero_last_norms(block)
    x = torch.rand(2, 8, 5, 5)  # not negative: the ReLU keeps it
    assert torch.equal(block(x), x)


def test_the_plain_block_is_the_change_alone():
    block = BasicBlock(4, 4).eval()
    plain = BasicBlock(4, 4, residual=False).eval()
    plain.load_state_dict(block.state_dict())
    x = torch.randn(2, 4, 6, 6)
    change = block.bn2(block.conv2(block.relu(block.bn1(block.conv1(x)))))
    torch.testing.assert_close(plain(x), change.relu())
    torch.testing.assert_close(block(x), (x + change).relu())


def test_a_plain_block_has_no_shortcut_and_is_not_switched_off():
    plain = BasicBlock(4, 8, 2, residual=False)
    assert plain.downsample is None
    zero_last_norms(plain)
    assert plain.bn2.weight.eq(1).all()
