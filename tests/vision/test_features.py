import pytest
import torch
from torch import nn

from sevenlessons.data.imagenet_sample import load
from sevenlessons.data.images import images_to_tensor
from sevenlessons.vision.backbones import load_backbone, split_backbone
from sevenlessons.vision.features import cached_features, fused_copy
from sevenlessons.vision.heads import ConcatPool2d

NAMES = ["mobilenet_v2", "squeezenet_1_1", "efficientnet_lite0", "resnet18"]


def used_backbone(name):
    """Return a random body whose batch norms have seen pictures."""
    backbone = load_backbone(name, pretrained=False)
    with torch.no_grad():
        backbone(torch.rand(4, 3, 64, 64))
    return backbone


@pytest.mark.parametrize("name", NAMES)
def test_plain_features_equal_the_loop_bit_for_bit(name):
    backbone = used_backbone(name)
    images = torch.rand(6, 3, 64, 64)
    features = cached_features(backbone, images, batch_size=4, fast=False)
    backbone.eval()
    for rows in (slice(0, 4), slice(4, 6)):
        loop = ConcatPool2d()(backbone(images[rows]))
        assert torch.equal(features[rows], loop)


@pytest.mark.parametrize("name", [*NAMES, "resnet50"])
def test_fast_features_are_close(name):
    backbone = used_backbone(name)
    images = torch.rand(3, 3, 64, 64)
    fast = cached_features(backbone, images)
    plain = cached_features(backbone, images, fast=False)
    # rounding of float32 through some fifty layers
    assert (fast - plain).abs().max() <= 1e-4 * plain.abs().max()


def test_trained_features_are_close(needs):
    needs("mobilenet_v2", "imagenet_20")
    images = images_to_tensor([path for path, _ in load()[:4]], 128)
    backbone = load_backbone("mobilenet_v2")
    fast = cached_features(backbone, images)
    plain = cached_features(backbone, images, fast=False)
    torch.testing.assert_close(fast, plain, atol=1e-4, rtol=0)


def test_the_batch_size_does_not_matter(tiny, photos):
    first = cached_features(tiny, photos, batch_size=3)
    second = cached_features(tiny, photos, batch_size=10)
    torch.testing.assert_close(first, second)


@pytest.mark.parametrize("fast", [True, False])
def test_pools(tiny, photos, fast):
    maps = cached_features(tiny, photos, pool="none", fast=fast)
    both = cached_features(tiny, photos, fast=fast)
    average = cached_features(tiny, photos, pool="average", fast=fast)
    assert maps.shape == (10, 8, 8, 8)
    assert both.shape == (10, 16)
    torch.testing.assert_close(average, both[:, :8])
    torch.testing.assert_close(maps.amax((2, 3)), both[:, 8:])


@pytest.mark.parametrize("fast", [True, False])
def test_features_of_parts_in_turn_equal_those_of_the_whole(
    tiny, photos, fast
):
    early, late = split_backbone(tiny, 2)
    maps = cached_features(early, photos, pool="none", fast=fast)
    features = cached_features(late, maps, fast=fast)
    whole = cached_features(tiny, photos, fast=fast)
    torch.testing.assert_close(features, whole)


@pytest.mark.parametrize("fast", [True, False])
def test_the_backbone_is_left_as_it_was(tiny, photos, fast):
    tiny.body[1].eval()
    modes = [module.training for module in tiny.modules()]
    state = {k: v.clone() for k, v in tiny.state_dict().items()}
    cached_features(tiny, photos, fast=fast)
    assert [module.training for module in tiny.modules()] == modes
    assert all(torch.equal(v, state[k]) for k, v in tiny.state_dict().items())
    assert all(p.requires_grad for p in tiny.parameters())


def test_a_head_can_be_trained_on_the_features(tiny, photos):
    features = cached_features(tiny, photos)
    assert not features.requires_grad
    nn.Linear(16, 2)(features).sum().backward()  # no inference tensors


def test_fusing_leaves_no_batch_norm_and_the_same_function():
    backbone = used_backbone("resnet18").eval()
    fused = fused_copy(backbone)
    kinds = [type(module) for module in fused.modules()]
    assert nn.BatchNorm2d not in kinds
    assert nn.BatchNorm2d in [type(module) for module in backbone.modules()]


def test_norms_that_follow_no_convolution_stay(photos):
    odd = nn.Sequential(nn.Conv2d(3, 3, 1), nn.ReLU(), nn.BatchNorm2d(3))
    plain = nn.Sequential(
        nn.Conv2d(3, 3, 1), nn.BatchNorm2d(3, track_running_stats=False)
    )
    images = photos.float()
    for model in (odd, plain):
        torch.testing.assert_close(
            fused_copy(model)(images), model.eval()(images)
        )


def test_messages(tiny, photos):
    with pytest.raises(ValueError, match="pool must be one of concat, aver"):
        cached_features(tiny, photos, pool="max")
    with pytest.raises(ValueError, match="batch_size must be at least 1"):
        cached_features(tiny, photos, batch_size=0)
    with pytest.raises(ValueError, match="images is empty"):
        cached_features(tiny, photos[:0])
    with pytest.raises(ValueError, match=r"image\[None\]"):
        cached_features(tiny, photos[0])
