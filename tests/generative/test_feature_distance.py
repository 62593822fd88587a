import pytest
import torch

from sevenlessons.generative.feature_distance import (
    FrozenFeatures,
    feature_distance,
)
from sevenlessons.vision.backbones import load_backbone, split_backbone


@pytest.fixture(params=["mobilenet_v2", "squeezenet_1_1"])
def body(request):
    return load_backbone(request.param, pretrained=False)


@pytest.fixture
def images():
    generator = torch.Generator().manual_seed(1)
    return torch.rand(3, 3, 48, 64, generator=generator)


def test_the_maps_are_those_of_the_body(body, images):
    features = FrozenFeatures(body, [0, 3, 4])
    got = features(images)
    body.eval()
    maps, expected = body.normalize(images), []
    for i, block in enumerate(body.body[:5]):
        maps = block(maps)
        if i in (0, 3, 4):
            expected.append(maps.clone())  # a later ReLU may write into it
    assert len(got) == 3
    for a, b in zip(got, expected, strict=True):
        assert torch.equal(a, b)


def test_it_is_frozen_for_good_and_leaves_the_body_alone(body, images):
    assert body.training
    features = FrozenFeatures(body, [2, 4])
    assert body.training
    assert all(p.requires_grad for p in body.parameters())
    assert not any(p.requires_grad for p in features.parameters())
    before = {k: v.clone() for k, v in features.state_dict().items()}
    torch.nn.Sequential(features).train()
    assert not any(part.training for part in features.modules())
    images.requires_grad_()
    sum(maps.sum() for maps in features(images)).backward()
    assert images.grad.abs().sum() > 0
    assert all(p.grad is None for p in features.parameters())
    for name, value in features.state_dict().items():
        assert torch.equal(value, before[name])
    assert not any(part._forward_hooks for part in features.modules())


def test_the_distance_by_its_formula(body, images):
    features = FrozenFeatures(body, [3, 4])
    other = images.flip(0)
    got = feature_distance(features, images, other, batch_size=2)
    expected = torch.zeros(3)
    with torch.no_grad():
        for a, b in zip(features(images), features(other), strict=True):
            a = a / a.square().sum(1, keepdim=True).sqrt().clamp_min(1e-12)
            b = b / b.square().sum(1, keepdim=True).sqrt().clamp_min(1e-12)
            expected += (a - b).square().sum(1).flatten(1).mean(1) / 2
    assert torch.allclose(got, expected, atol=1e-6)
    assert got[1] == 0  # the middle one is its own mirror here
    assert (got[[0, 2]] > 0).all() and not got.requires_grad


def test_bad_input(body, images):
    for blocks in ([], [3, 1], [1, 1], [-1, 2], [99]):
        with pytest.raises(ValueError, match="rising numbers"):
            FrozenFeatures(body, blocks)
    with pytest.raises(ValueError, match="takes maps"):
        FrozenFeatures(split_backbone(body, 4)[1], [1])
    features = FrozenFeatures(body, [1])
    with pytest.raises(TypeError, match="divide bytes by 255"):
        features((255 * images).to(torch.uint8))
    with pytest.raises(ValueError, match="one shape"):
        feature_distance(features, images, images[:1])
    with pytest.raises(ValueError, match="one shape"):
        feature_distance(features, images[:0], images[:0])
