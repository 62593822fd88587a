"""Guided backpropagation is the gradient with two gates at each ReLU."""

import pytest
import torch
from torch import nn

from sevenlessons.vision.gradcam import grad_cam
from sevenlessons.vision.guided import guided_backprop, guided_grad_cam


@pytest.fixture
def model():
    torch.manual_seed(0)
    return nn.Sequential(
        nn.Conv2d(3, 5, 3),
        nn.ReLU(inplace=True),
        nn.Conv2d(5, 6, 3),
        nn.ReLU6(),
        nn.Flatten(),
        nn.Linear(6 * 5 * 4, 3),
    )


@pytest.fixture
def pictures():
    return torch.rand(2, 3, 9, 8, generator=torch.Generator().manual_seed(1))


class Gate(torch.autograd.Function):
    """A ReLU that lets back only what is positive, written out."""

    @staticmethod
    def forward(ctx, x):
        ctx.save_for_backward(x)
        return x.relu()

    @staticmethod
    def backward(ctx, gradient):
        (x,) = ctx.saved_tensors
        return gradient * (x > 0) * (gradient > 0)


def test_equals_relus_written_out(model, pictures):
    pixels = pictures.clone().requires_grad_()
    middle = Gate.apply(model[0](pixels))
    maps = Gate.apply(model[2](middle))
    assert maps.max() < 6
    scores = model[5](maps.flatten(1))
    expected = torch.autograd.grad(scores[0, 2] + scores[1, 0], pixels)[0]
    got = guided_backprop(model, pictures, torch.tensor([2, 0]))
    torch.testing.assert_close(got, expected)


def test_leaves_the_model_as_it_was(model, pictures):
    plain = torch.autograd.grad(
        model(pictures.requires_grad_()).sum(), pictures
    )[0]
    guided_backprop(model, pictures)
    assert all(p.grad is None for p in model.parameters())
    assert not any(part._forward_hooks for part in model)
    assert model.training
    again = torch.autograd.grad(model(pictures).sum(), pictures)[0]
    torch.testing.assert_close(again, plain)


def test_bytes_are_taken_as_shares_of_255(model):
    pictures = torch.randint(0, 256, (2, 3, 9, 8), dtype=torch.uint8)
    torch.testing.assert_close(
        guided_backprop(model, pictures, 1),
        guided_backprop(model, pictures.float() / 255, 1),
    )


def test_works_under_no_grad_with_frozen_weights(model, pictures):
    expected = guided_backprop(model, pictures, 1)
    model.requires_grad_(False)
    with torch.no_grad():
        got = guided_backprop(model, pictures, 1)
    torch.testing.assert_close(got, expected)


def test_the_first_layer_may_be_a_relu_in_place(pictures):
    torch.manual_seed(0)
    layers = [nn.Flatten(), nn.Linear(216, 2)]
    plain = nn.Sequential(nn.ReLU(), *layers)
    in_place = nn.Sequential(nn.ReLU(inplace=True), *layers)
    before = pictures.clone()
    torch.testing.assert_close(
        guided_backprop(in_place, pictures, 1),
        guided_backprop(plain, pictures, 1),
    )
    assert torch.equal(pictures, before)


def test_guided_grad_cam_is_the_product(model, pictures):
    maps = grad_cam(model, pictures, model[2], 1)[:, None]
    large = nn.functional.interpolate(maps, size=(9, 8), mode="bilinear")
    expected = guided_backprop(model, pictures, 1) * large
    got = guided_grad_cam(model, pictures, model[2], 1)
    torch.testing.assert_close(got, expected)


def test_refuses_a_model_without_relu_modules(pictures):
    model = nn.Sequential(nn.Flatten(), nn.Linear(216, 2))
    with pytest.raises(ValueError, match="kind ReLU, ReLU6, found none"):
        guided_backprop(model, pictures)


def test_refuses_one_picture_and_wrong_targets(model, pictures):
    with pytest.raises(ValueError, match=r"pass picture\[None\]"):
        guided_backprop(model, pictures[0])
    with pytest.raises(ValueError, match=r"in \[0, 3\), got 7"):
        guided_backprop(model, pictures, 7)
