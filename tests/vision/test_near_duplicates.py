import pytest
import torch
import torch.nn.functional as F
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.vision.backbones import load_backbone
from sevenlessons.vision.near_duplicates import (
    look_features,
    similar_pairs,
    view_similarity,
    whiten,
)
from sevenlessons.vision.views import dihedral_view


@settings(max_examples=30, deadline=None)
@given(
    st.integers(0, 14),
    st.integers(1, 3),
    st.integers(1, 6),
    st.floats(-0.9, 1.0),
    st.integers(0, 99),
)
def test_pairs_are_those_of_plain_loops(count, views, block, threshold, seed):
    generator = torch.Generator().manual_seed(seed)
    features = torch.randn(count, views, 4, generator=generator).double()
    found = similar_pairs(features, threshold, block=block)
    by_loops = {}
    for i in range(count):
        for j in range(i + 1, count):
            best = max(
                F.cosine_similarity(features[i, 0], features[j, v], dim=0)
                for v in range(views)
            ).item()
            if abs(best - threshold) > 1e-9 and best >= threshold:
                by_loops[i, j] = best
    assert {pair[:2] for pair in found} == by_loops.keys()
    assert len(found) == len(by_loops)
    for i, j, similarity in found:
        assert similarity == pytest.approx(by_loops[i, j])
    order = [pair[2] for pair in found]
    assert order == sorted(order, reverse=True)


def test_a_turned_picture_has_one_view_in_common():
    backbone = load_backbone("mobilenet_v2", pretrained=False)
    images = torch.randint(256, (3, 3, 64, 64), dtype=torch.uint8)
    known = look_features(backbone, images)
    assert known.shape == (3, 8, 64 * 9)
    for view in range(8):
        turned = look_features(
            backbone, dihedral_view(images, view), views=[0]
        )
        similarity = view_similarity(known, turned)
        assert similarity.diagonal().min() > 0.9999
        assert torch.allclose(turned[:, 0], known[:, view], atol=1e-5)


def test_whitened_features_have_no_common_part_and_one_spread():
    torch.manual_seed(0)
    features = (
        torch.randn(400, 6, dtype=torch.double)
        @ torch.diag(torch.tensor([50.0, 10, 5, 2, 1, 0.5]).double())
        + 100
    )
    white = whiten(features, dims=6, ridge=0.0)
    assert white.mean(dim=0).abs().max() < 1e-9
    covariance = white.T @ white
    assert torch.allclose(covariance, torch.eye(6).double(), atol=1e-9)
    assert whiten(features).shape == (400, 6)
    assert whiten(torch.randn(5, 3, 40)).shape == (5, 3, 2)


def test_what_is_common_is_learned_from_the_known_ones_alone():
    features = torch.randn(50, 2, 8)
    fresh = torch.randn(3, 1, 8)
    white = whiten(fresh, like=features)
    outlier = torch.cat([fresh, torch.full((1, 1, 8), 1e6)])
    assert torch.allclose(whiten(outlier, like=features)[:3], white)
    same = whiten(features[:4], like=features)
    assert torch.allclose(same, whiten(features)[:4], atol=1e-5)


def test_bad_input():
    backbone = load_backbone("mobilenet_v2", pretrained=False)
    images = torch.zeros(1, 3, 32, 32, dtype=torch.uint8)
    with pytest.raises(ValueError, match="grid must be at least 1"):
        look_features(backbone, images, grid=0)
    with pytest.raises(ValueError, match="views is empty"):
        look_features(backbone, images, views=[])
    with pytest.raises(ValueError, match=r"expected features of shape"):
        whiten(torch.zeros(3))
    with pytest.raises(ValueError, match=r"dims must be in \[1, 4\]"):
        whiten(torch.zeros(9, 4), dims=5)
    with pytest.raises(ValueError, match=r"expected features of shape"):
        view_similarity(torch.zeros(3))
    with pytest.raises(ValueError, match=r"threshold must be in"):
        similar_pairs(torch.zeros(3, 2), 1.5)
    with pytest.raises(ValueError, match="block must be at least 1"):
        similar_pairs(torch.zeros(3, 2), 0.5, block=0)
