import pytest
import torch
from torchvision import models

from sevenlessons.vision.residual_blocks import BasicBlock, Bottleneck
from sevenlessons.vision.resnet import ResNet, resnet


@pytest.mark.parametrize("depth", [18, 34, 50])
def test_takes_torchvisions_weights_and_gives_its_scores(depth):
    with torch.random.fork_rng():
        torch.manual_seed(0)
        theirs = getattr(models, f"resnet{depth}")(weights=None).eval()
    ours = resnet(depth).eval()
    ours.load_state_dict(theirs.state_dict(), strict=True)
    assert list(ours.state_dict()) == list(theirs.state_dict())
    images = torch.randn(
        1, 3, 65, 50, generator=torch.Generator().manual_seed(1)
    )
    with torch.inference_mode():
        torch.testing.assert_close(ours(images), theirs(images))


@pytest.mark.parametrize(
    ("depth", "parameters"),
    [
        (18, 11_689_512),
        (34, 21_797_672),
        (50, 25_557_032),
        (101, 44_549_160),
        (152, 60_192_808),
    ],
)
def test_published_parameter_counts(depth, parameters):
    with torch.device("meta"):
        model = resnet(depth)
    assert sum(p.numel() for p in model.parameters()) == parameters


@pytest.mark.parametrize("block", [BasicBlock, Bottleneck])
def test_zero_init_switches_every_block_off(block):
    model = ResNet(block, (1, 2, 1, 1), 3, zero_init=True)
    last = "bn2" if block is BasicBlock else "bn3"
    blocks = [m for m in model.modules() if isinstance(m, block)]
    assert len(blocks) == 5
    assert all(getattr(m, last).weight.eq(0).all() for m in blocks)


def test_refuses_what_cannot_be():
    with pytest.raises(ValueError, match=r"each of 4 stages.*got \(2, 2\)"):
        ResNet(BasicBlock, (2, 2))
    with pytest.raises(ValueError, match=r"at least 1, got \(1, 0, 1, 1\)"):
        ResNet(BasicBlock, (1, 0, 1, 1))
    with pytest.raises(ValueError, match="num_classes must be at least 1"):
        ResNet(BasicBlock, (1, 1, 1, 1), 0)
    with pytest.raises(ValueError, match="18, 34, 50, 101, 152, got 20"):
        resnet(20)
