"""Grad-CAM is its formula, and leaves the model as it was."""

import pytest
import torch
from torch import nn

from sevenlessons.vision.gradcam import class_targets, enlarged, grad_cam


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 6, 3),
        nn.BatchNorm2d(6),
        nn.ReLU(inplace=True),
        nn.AdaptiveAvgPool2d(1),
        nn.Flatten(),
        nn.Dropout(0.5),
        nn.Linear(6, 4),
    )


@pytest.fixture
def pictures():
    generator = torch.Generator().manual_seed(1)
    return torch.rand(5, 3, 9, 8, generator=generator)


@pytest.mark.parametrize("relu", [True, False])
def test_equals_the_formula(relu):
    torch.manual_seed(0)
    body, head = (
        nn.Conv2d(3, 6, 3),
        nn.Sequential(nn.Tanh(), nn.Flatten(), nn.Linear(6 * 7 * 6, 4)),
    )
    pictures, targets = torch.rand(5, 3, 9, 8), torch.tensor([0, 3, 1, 1, 2])
    maps = body(pictures).detach().requires_grad_()
    head(maps)[range(5), targets].sum().backward()
    expected = torch.stack(
        [
            sum(maps.grad[n, k].mean() * maps[n, k].detach() for k in range(6))
            for n in range(5)
        ]
    )
    expected = expected.relu() if relu else expected
    got = grad_cam(
        nn.Sequential(body, head), pictures, body, targets, relu=relu
    )
    torch.testing.assert_close(got, expected)


def test_equals_cam_up_to_scale_after_average_pool_and_linear(model, pictures):
    model.eval()
    maps = model[:3](pictures).detach()
    weight = model[-1].weight.detach()
    for target in range(4):
        cam = torch.einsum("c,nchw->nhw", weight[target], maps)
        got = grad_cam(model, pictures, model[2], target, relu=False)
        torch.testing.assert_close(got, cam / (7 * 6))  # places of a map


def test_leaves_modes_gradients_statistics_and_hooks(model, pictures):
    model.train()
    model[1].eval()
    model[0].weight.grad = torch.ones_like(model[0].weight)
    before = {name: t.clone() for name, t in model.state_dict().items()}
    pictures.requires_grad_()
    grad_cam(model, pictures, model[2])
    assert [part.training for part in model] == [True, False] + [True] * 5
    assert (model[0].weight.grad == 1).all()
    assert model[6].weight.grad is None
    assert pictures.grad is None
    assert not any(part._forward_hooks for part in model)
    for name, tensor in model.state_dict().items():
        assert torch.equal(tensor, before[name])


def test_an_error_leaves_the_model_too(model):
    model.train()
    with pytest.raises(RuntimeError):
        grad_cam(model, torch.rand(1, 2, 9, 8), model[2])
    assert all(part.training for part in model)
    assert not any(part._forward_hooks for part in model)


def test_every_layer_below_the_pooling_will_do(model, pictures):
    for layer in (model[0], model[1], model[2]):
        assert grad_cam(model, pictures, layer).shape == (5, 7, 6)


def test_frozen_weights_no_grad_and_inference_mode_change_nothing(
    model, pictures
):
    expected = grad_cam(model, pictures, model[2])
    model.requires_grad_(False)
    torch.testing.assert_close(grad_cam(model, pictures, model[2]), expected)
    with torch.no_grad():
        got = grad_cam(model, pictures, model[2])
    torch.testing.assert_close(got, expected)
    with torch.inference_mode():
        got = grad_cam(model, pictures.clone(), model[2])
    torch.testing.assert_close(got, expected)


def test_a_picture_does_not_see_its_neighbors(model, pictures):
    together = grad_cam(model, pictures, model[2], 1)
    alone = grad_cam(model, pictures[2:3], model[2], 1)
    torch.testing.assert_close(together[2:3], alone)


def test_without_targets_the_highest_score_is_asked_about(model, pictures):
    best = model.eval()(pictures).argmax(1)
    torch.testing.assert_close(
        grad_cam(model, pictures, model[2]),
        grad_cam(model, pictures, model[2], best),
    )


def test_counterfactual_turns_the_sign(model, pictures):
    signed = grad_cam(model, pictures, model[2], 0, relu=False)
    against = grad_cam(model, pictures, model[2], 0, counterfactual=True)
    torch.testing.assert_close(against, (-signed).relu())


@pytest.mark.parametrize(
    ("targets", "words"),
    [
        (4, r"class numbers in \[0, 4\), got 4"),
        (-1, r"class numbers in \[0, 4\), got -1"),
        (torch.tensor([0, 1]), r"or have shape \(5,\), got \(2,\)"),
        (1.0, "must be class numbers, got torch.float32"),
    ],
)
def test_refuses_targets_that_are_no_classes(model, pictures, targets, words):
    with pytest.raises(ValueError, match=words):
        grad_cam(model, pictures, model[2], targets)


def test_refuses_other_layers_and_pictures(model, pictures):
    with pytest.raises(ValueError, match="is not a part of the model"):
        grad_cam(model, pictures, nn.ReLU())
    with pytest.raises(ValueError, match=r"maps of shape .* got \(5, 6\)"):
        grad_cam(model, pictures, model[4])
    with pytest.raises(ValueError, match=r"pass picture\[None\]"):
        grad_cam(model, pictures[0], model[2])
    with pytest.raises(ValueError, match=r"scores of shape \(N, K\), got"):
        grad_cam(model[:3], pictures, model[2])


def test_refuses_a_layer_that_runs_twice_or_is_cut_off(pictures):
    conv = nn.Conv2d(3, 3, 3, padding=1)
    twice = nn.Sequential(conv, conv, nn.Flatten(), nn.Linear(216, 2))
    with pytest.raises(ValueError, match="it ran 2 times"):
        grad_cam(twice, pictures, conv)

    class Cut(nn.Module):
        def __init__(self):
            super().__init__()
            self.conv = conv

        def forward(self, x):
            return self.conv(x).mean((2, 3)).detach()

    with pytest.raises(ValueError, match="do not depend on the layer"):
        cut = Cut()
        grad_cam(cut, pictures, cut.conv)


def test_class_targets_refuses_scores_of_another_shape():
    with pytest.raises(ValueError, match=r"shape \(N, K\), got \(3,\)"):
        class_targets(torch.zeros(3), None)


def test_no_graph_is_built_below_the_layer(model, pictures):
    seen = []
    handle = model[0].register_forward_hook(
        lambda layer, given, gave: seen.append(gave.requires_grad)
    )
    grad_cam(model, pictures, model[2])
    handle.remove()
    assert seen == [False]
    assert torch.is_grad_enabled()


def test_enlarged_keeps_the_middles_of_cells():
    maps = torch.rand(2, 3, 4)
    large = enlarged(maps, (15, 20))
    torch.testing.assert_close(large[:, 2::5, 2::5], maps)
    with pytest.raises(ValueError, match=r"pass heat\[None\]"):
        enlarged(maps[0], (9, 9))
