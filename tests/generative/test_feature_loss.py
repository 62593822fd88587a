import pytest
import torch
from torch.nn.functional import l1_loss

from sevenlessons.generative.feature_distance import FrozenFeatures
from sevenlessons.generative.feature_loss import FeatureLoss
from sevenlessons.generative.gram import gram_matrix
from sevenlessons.vision.backbones import load_backbone


@pytest.fixture(scope="module")
def features():
    return FrozenFeatures(
        load_backbone("mobilenet_v2", pretrained=False), [1, 3]
    )


@pytest.fixture
def pair():
    generator = torch.Generator().manual_seed(1)
    return torch.rand(2, 2, 3, 32, 48, generator=generator)


def test_it_is_the_sum_of_its_terms(features, pair):
    made, target = pair
    loss_fn = FeatureLoss(features, [5, 2], pixel=3, gram=7)
    got = loss_fn(made, target)
    first, second = features(made), features(target)
    expected = {
        "pixel": 3 * l1_loss(made, target),
        "features 1": 5 * l1_loss(first[0], second[0]),
        "features 2": 2 * l1_loss(first[1], second[1]),
        "gram 1": 175 * l1_loss(*map(gram_matrix, (first[0], second[0]))),
        "gram 2": 28 * l1_loss(*map(gram_matrix, (first[1], second[1]))),
    }
    assert list(loss_fn.terms) == list(expected)
    for name, value in expected.items():
        assert torch.allclose(loss_fn.terms[name], value)
        assert not loss_fn.terms[name].requires_grad
    assert torch.allclose(got, sum(expected.values()))


def test_equal_pictures_cost_nothing_and_give_no_gradient(features, pair):
    made = pair[0].clone().requires_grad_()
    loss = FeatureLoss(features, [5, 15])(made, pair[0])
    loss.backward()
    assert loss.item() == 0 and not made.grad.any()


def test_the_gradient_goes_to_the_picture_only(features, pair):
    made, target = pair[0].clone().requires_grad_(), pair[1]
    loss_fn = FeatureLoss(features, [5, 15])
    assert not list(p for p in loss_fn.parameters() if p.requires_grad)
    loss_fn(made, target).backward()
    assert made.grad.abs().sum() > 0 and target.grad is None
    assert all(p.grad is None for p in loss_fn.parameters())


def test_a_weight_of_zero_switches_off(features, pair):
    loss_fn = FeatureLoss(features, [0, 0], pixel=1)
    assert torch.allclose(loss_fn(*pair), l1_loss(*pair))


def test_bad_input(features, pair):
    with pytest.raises(ValueError, match="one weight for each"):
        FeatureLoss(features, [5, 15, 2])
    with pytest.raises(ValueError, match="below 0"):
        FeatureLoss(features, [5, -1])
    with pytest.raises(ValueError, match="below 0"):
        FeatureLoss(features, [5, 1], gram=-1)
    with pytest.raises(ValueError, match="target's shape"):
        FeatureLoss(features, [5, 1])(pair[0], pair[1][:, :, 1:])
