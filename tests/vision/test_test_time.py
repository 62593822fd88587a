import pytest
import torch
from torch import nn
from torchvision import transforms

from sevenlessons.vision.test_time import (
    average_scores,
    dihedral_views,
    five_crops,
    flip_views,
    identity_view,
    predict_views,
)
from sevenlessons.vision.views import dihedral_view, mean_probabilities


def images(*shape):
    return torch.rand(*shape, generator=torch.Generator().manual_seed(0))


def network(features=3 * 8 * 8):
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Flatten(), nn.Linear(features, 4), nn.BatchNorm1d(4), nn.Dropout()
    )


@pytest.mark.parametrize("average", ["probabilities", "logs"])
def test_the_identity_alone_is_the_plain_prediction(average):
    model, pictures = network(), images(5, 3, 8, 8)
    plain = model.eval()(pictures).softmax(dim=1)
    model.train()
    found = predict_views(model, pictures, [identity_view], average=average)
    assert torch.allclose(found, plain, atol=1e-6)
    twice = predict_views(
        model, pictures, [identity_view] * 2, average=average
    )
    assert torch.allclose(twice, plain, atol=1e-6)


def test_the_model_keeps_its_modes_and_statistics():
    model = network()
    model[3].eval()
    before = [p.clone() for p in model.buffers()]
    predict_views(model, images(5, 3, 8, 8), flip_views())
    assert [m.training for m in model] == [True, True, True, False]
    assert all(map(torch.equal, before, model.buffers()))


def test_batches_change_nothing():
    model, pictures = network(), images(7, 3, 8, 8)
    whole = predict_views(model, pictures, dihedral_views())
    parts = predict_views(model, pictures, dihedral_views(), batch_size=2)
    assert torch.allclose(whole, parts, atol=1e-6)
    assert torch.allclose(whole.sum(1), torch.ones(7))


def test_equals_the_mean_over_stored_views():
    model, pictures = network(), images(6, 3, 8, 8)
    stored = torch.stack([view(pictures) for view in dihedral_views()], dim=1)
    expected = mean_probabilities(model, stored)
    found = predict_views(model, pictures, dihedral_views())
    assert torch.allclose(found, expected, atol=1e-6)


def test_all_views_of_a_turned_picture_give_the_same_answer():
    model, pictures = network(), images(6, 3, 8, 8)
    expected = predict_views(model, pictures, dihedral_views())
    for view in range(1, 8):
        turned = dihedral_view(pictures, view)
        found = predict_views(model, turned, dihedral_views())
        assert torch.allclose(found, expected, atol=1e-6)


@pytest.mark.parametrize(
    ("height", "width", "size"), [(9, 9, 4), (8, 12, 5), (7, 7, 7)]
)
def test_five_crops_equal_torchvisions_in_its_order(height, width, size):
    pictures = images(2, 3, height, width)
    expected = transforms.FiveCrop(size)(pictures)
    for view, crop in zip(five_crops(size), expected, strict=True):
        assert torch.equal(view(pictures), crop)


def test_the_mean_of_logs_is_the_geometric_mean():
    scores = images(3, 4, 5).double() * 6
    product = scores.softmax(2).prod(dim=1) ** (1 / 4)
    expected = product / product.sum(1, keepdim=True)
    found = average_scores(scores, average="logs")
    assert torch.allclose(found, expected)
    # a softmax of the mean score is the same thing
    assert torch.allclose(found, scores.mean(1).softmax(1))


def test_weights_are_shares():
    scores = images(3, 2, 5)
    first = average_scores(scores, weights=[2, 0])
    assert torch.allclose(first, scores[:, 0].softmax(1))
    doubled = average_scores(scores[:, [0, 0, 1]])
    assert torch.allclose(average_scores(scores, weights=[2, 1]), doubled)


def test_a_view_that_does_not_count_has_no_veto():
    scores = torch.tensor([[[0.0, 1.0], [0.0, -torch.inf]]])
    for average in ("logs", "probabilities"):
        found = average_scores(scores, average=average, weights=[1, 0])
        assert torch.allclose(found, scores[:, 0].softmax(1))


def test_a_class_that_one_view_rules_out():
    scores = torch.tensor([[[0.0, 200.0], [0.0, -200.0], [3.0, 0.0]]])
    assert average_scores(scores).argmax() == 0
    logs = average_scores(scores, average="logs")
    assert bool(logs.isfinite().all())


@pytest.mark.parametrize(
    ("call", "words"),
    [
        (lambda: five_crops(0), "size must be at least 1 pixel, got 0"),
        (
            lambda: five_crops(9)[0](images(1, 3, 8, 8)),
            "at least 9 x 9 pixels, got 8 x 8; ask for smaller",
        ),
        (
            lambda: average_scores(images(3, 2)),
            r"shape \(N, V, K\).*got \(3, 2\)",
        ),
        (
            lambda: average_scores(images(3, 2, 2), average="median"),
            "one of probabilities, logs, got 'median'",
        ),
        (
            lambda: average_scores(images(3, 2, 2), weights=[1.0]),
            "expected 2 weights",
        ),
        (
            lambda: average_scores(images(3, 2, 2), weights=[0, 0]),
            "not all zero",
        ),
        (
            lambda: average_scores(images(3, 2, 2), weights=[2, -1]),
            "none below zero",
        ),
        (
            lambda: average_scores(images(3, 2, 2), weights=[float("inf"), 1]),
            "finite, none below zero",
        ),
        (
            lambda: predict_views(
                network(), images(1, 3, 8, 8), flip_views(), batch_size=0
            ),
            "batch_size must be at least 1, got 0",
        ),
        (
            lambda: predict_views(network(), images(1, 3, 8, 8), []),
            r"views is empty; pass at least one",
        ),
        (
            lambda: predict_views(network(), images(3, 8, 8), flip_views()),
            r"\(N, C, H, W\), got \(3, 8, 8\); add a batch axis",
        ),
    ],
)
def test_bad_input_is_told(call, words):
    with pytest.raises(ValueError, match=words):
        call()
