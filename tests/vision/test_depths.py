"""Features at each depth, and the rows that look alike there."""

import pytest
import torch

from sevenlessons.vision.backbones import load_backbone, split_backbone
from sevenlessons.vision.depths import depth_features, nearest_rows
from sevenlessons.vision.features import cached_features

BODY = load_backbone("mobilenet_v2", pretrained=False)
PHOTOS = torch.randint(
    256,
    (3, 3, 64, 64),
    dtype=torch.uint8,
    generator=torch.Generator().manual_seed(0),
)


def test_equal_to_the_body_cut_there():
    found = depth_features(BODY, PHOTOS, [19, 4], batch_size=2)
    assert list(found) == [4, 19]
    for depth, features in found.items():
        part = BODY if depth == 19 else split_backbone(BODY, depth)[0]
        expected = cached_features(part, PHOTOS)
        scale = expected.abs().max()
        assert (features - expected).abs().max() < 1e-4 * scale


def test_leaves_the_body_as_it_was():
    before = {k: v.clone() for k, v in BODY.state_dict().items()}
    depth_features(BODY, PHOTOS, [2])
    assert BODY.training
    for name, tensor in BODY.state_dict().items():
        assert torch.equal(tensor, before[name])


@pytest.mark.parametrize("depths", [[], [0], [20], [1, -1]])
def test_refuses_depths(depths):
    with pytest.raises(ValueError, match=r"depths must be in \[1, 19\].*got"):
        depth_features(BODY, PHOTOS, depths)


def test_refuses_no_pictures():
    with pytest.raises(ValueError, match="at least one picture"):
        depth_features(BODY, PHOTOS[:0], [1])


def test_neighbors_are_those_of_a_loop():
    generator = torch.Generator().manual_seed(3)
    features = torch.randn(20, 5, generator=generator, dtype=torch.float64)
    groups = torch.arange(20) // 2
    rows = [0, 7, 19]
    got = nearest_rows(features, rows, k=4, groups=groups)
    scaled = (features - features.mean(0)) / features.std(0, correction=0)
    for row, near in zip(rows, got.tolist(), strict=True):
        others = [i for i in range(20) if groups[i] != groups[row]]
        others.sort(
            key=lambda i, row=row: (
                -torch.cosine_similarity(scaled[i], scaled[row], dim=0).item()
            )
        )
        assert near == others[:4]


def test_a_channel_without_spread_does_no_harm():
    features = torch.tensor([[0.0, 1, 5], [0, 2, 5], [3, 0, 5], [2, 0, 5]])
    assert nearest_rows(features, [0, 2], k=1).flatten().tolist() == [1, 3]


def test_scale_of_a_channel_does_not_matter():
    generator = torch.Generator().manual_seed(4)
    features = torch.randn(12, 4, generator=generator, dtype=torch.float64)
    scaled = features * torch.tensor([1, 1e3, 1e-3, 10], dtype=torch.float64)
    rows = range(12)
    assert torch.equal(
        nearest_rows(features, rows), nearest_rows(scaled, rows)
    )


def test_bad_input():
    features = torch.randn(4, 3)
    with pytest.raises(ValueError, match=r"shape \(N, F\).*got \(4,\)"):
        nearest_rows(features[:, 0], [0])
    with pytest.raises(ValueError, match=r"each of the 4 rows, got 3"):
        nearest_rows(features, [0], groups=torch.arange(3))
    with pytest.raises(ValueError, match=r"k must be in \[1, 3\].*got 4"):
        nearest_rows(features, [0], k=4)
    with pytest.raises(ValueError, match=r"k must be in \[1, 2\].*got 3"):
        nearest_rows(features, [0], k=3, groups=torch.tensor([0, 0, 1, 2]))
