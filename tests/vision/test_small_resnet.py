import pytest
import torch
from torch import nn
from torch.nn.functional import cross_entropy

from sevenlessons.training.group_gradients import group_gradients
from sevenlessons.vision.residual_blocks import BasicBlock
from sevenlessons.vision.small_resnet import ConvBlock, SmallResNet


def test_a_conv_block_is_its_three_layers():
    block = ConvBlock(3, 5, 5).eval()
    conv = nn.Conv2d(3, 5, 5, stride=2, padding=2, bias=False)
    conv.load_state_dict(block[0].state_dict())
    x = torch.randn(2, 3, 9, 9)
    norm = nn.BatchNorm2d(5).eval()
    torch.testing.assert_close(block(x), norm(conv(x)).relu())
    assert len(ConvBlock(3, 5, relu=False)) == 2


def test_five_convolutions_take_28_pixels_to_one():
    model = SmallResNet(10, blocks=0)
    convolutions = [m for m in model.modules() if isinstance(m, nn.Conv2d)]
    assert [m.out_channels for m in convolutions] == [8, 16, 32, 16, 10]
    x = model.normalize(torch.zeros(2, 1, 28, 28, dtype=torch.uint8))
    assert model.head(model.body(x)).shape == (2, 10, 1, 1)


def test_blocks_are_added_stage_by_stage():
    model = SmallResNet(widths=(4, 6), blocks=(0, 3), residual=False)
    kinds = [type(layer) for layer in model.body]
    assert kinds == [ConvBlock, ConvBlock, BasicBlock, BasicBlock, BasicBlock]
    assert not any(layer.residual for layer in list(model.body)[2:])


def test_plain_and_residual_hold_the_same_weights():
    residual, plain = SmallResNet(blocks=2), SmallResNet(residual=False)
    plain = SmallResNet(blocks=2, residual=False)
    plain.load_state_dict(residual.state_dict(), strict=True)
    images = torch.rand(2, 1, 28, 28)
    assert not torch.equal(plain.eval()(images), residual.eval()(images))


def test_with_zero_init_depth_changes_nothing_at_the_start():
    deep = SmallResNet(blocks=3, zero_init=True).eval()
    flat = SmallResNet(blocks=0).eval()
    kept = [m for m in deep.body if isinstance(m, ConvBlock)]
    for one, other in zip(flat.body, kept, strict=True):
        one.load_state_dict(other.state_dict())
    flat.head.load_state_dict(deep.head.state_dict())
    images = torch.randint(0, 256, (3, 1, 28, 28), dtype=torch.uint8)
    assert torch.equal(deep(images), flat(images))


def test_bytes_and_floats_give_the_same():
    model = SmallResNet().eval()
    images = torch.randint(0, 256, (3, 1, 28, 28), dtype=torch.uint8)
    torch.testing.assert_close(model(images), model(images / 255))


def test_groups_are_convolutions_and_blocks():
    model = SmallResNet(widths=(4, 4), blocks=1)
    images = torch.rand(4, 1, 28, 28)
    found = group_gradients(model, images, torch.arange(4))
    assert len(found) == len(model.layer_groups()) == 5
    assert sum(len(g) for g in found) == sum(
        p.numel() for p in model.parameters()
    )


def test_learns_where_the_ink_is():
    images = torch.zeros(48, 1, 28, 28, dtype=torch.uint8)
    target = torch.arange(48) % 2
    generator = torch.Generator().manual_seed(0)
    for image, kind in zip(images, target, strict=True):
        at = int(torch.randint(3, 25, (), generator=generator))
        image[0, at if kind else slice(None), slice(None) if kind else at] = 99
    with torch.random.fork_rng():
        torch.manual_seed(0)
        model = SmallResNet(2, widths=(4, 8))
    optimizer = torch.optim.Adam(model.parameters(), lr=0.02)
    for _ in range(30):
        loss = cross_entropy(model(images), target)
        optimizer.zero_grad()
        loss.backward()
        optimizer.step()
    assert loss < 0.1


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match=r"size must be odd.*got 4; take 5"):
        ConvBlock(1, 1, 4)
    with pytest.raises(ValueError, match="num_classes must be at least 1"):
        SmallResNet(0)
    with pytest.raises(ValueError, match=r"at least one stage.*got \(\)"):
        SmallResNet(widths=())
    with pytest.raises(ValueError, match=r"of the 4 widths, got \(1, 2\)"):
        SmallResNet(blocks=(1, 2))
    with pytest.raises(ValueError, match=r"at least 0.*got \(-1, -1"):
        SmallResNet(blocks=-1)
    with pytest.raises(ValueError, match=r"expected images of shape \(N, 1"):
        SmallResNet()(torch.zeros(1, 3, 28, 28))
