import pytest
import torch
from torch import nn

from sevenlessons.generative import dcgan

EXPORTED = (
    nn.Linear,
    nn.Unflatten,
    nn.ConvTranspose2d,
    nn.BatchNorm2d,
    nn.ReLU,
    nn.Tanh,
)


@pytest.mark.parametrize(("noise", "width"), [(1, 1), (8, 4), (32, 16)])
def test_shapes_through_the_layers(noise, width):
    x = torch.randn(3, noise)
    sizes = []
    for layer in dcgan.generator(noise, width):
        assert isinstance(layer, EXPORTED)
        x = layer(x)
        if isinstance(layer, (nn.Unflatten, nn.ConvTranspose2d)):
            sizes.append(tuple(x.shape[1:]))
    w = width
    assert sizes == [
        (4 * w, 4, 4),
        (2 * w, 8, 8),
        (w, 16, 16),
        (1, 32, 32),
    ]
    assert dcgan.critic(width)(x).shape == (3,)


def test_the_generator_is_small_enough_for_a_page():
    count = sum(p.numel() for p in dcgan.generator(32, 16).parameters())
    assert count == 75_233


def test_the_plain_pair_has_the_same_shapes():
    net = dcgan.plain_generator(8, 16)
    assert all(isinstance(layer, EXPORTED) for layer in net)
    made = net(torch.randn(3, 8))
    assert made.shape == (3, 1, 32, 32)
    assert made.abs().max() <= 1
    critic = dcgan.plain_critic(16)
    assert critic(made).shape == (3,)
    torch.testing.assert_close(critic(made)[1:2], critic(made[1:2]))


def test_the_critic_scores_each_picture_alone():
    critic = dcgan.critic(4)
    pictures = torch.rand(5, 1, 32, 32)
    torch.testing.assert_close(critic(pictures)[2:3], critic(pictures[2:3]))


def test_bytes_come_back():
    images = torch.arange(256, dtype=torch.uint8).view(1, 16, 16)
    framed = dcgan.to_bytes(dcgan.from_bytes(images))
    assert framed.shape == (1, 32, 32)
    assert torch.equal(framed[:, 8:24, 8:24], images)
    assert framed.sum() == images.sum()


@pytest.mark.parametrize(
    ("call", "error", "words"),
    [
        (
            lambda: dcgan.generator(0),
            ValueError,
            "noise must be a whole number of at least 1, got 0",
        ),
        (lambda: dcgan.plain_critic(0), ValueError, "width must .* got 0"),
        (
            lambda: dcgan.plain_generator(0),
            ValueError,
            "noise must be a whole number of at least 1, got 0",
        ),
        (lambda: dcgan.critic(-1), ValueError, "width must .* got -1"),
        (
            lambda: dcgan.from_bytes(torch.rand(2, 28, 28)),
            TypeError,
            r"images must be uint8 of shape \(N, H, W\), got torch.float32",
        ),
        (
            lambda: dcgan.from_bytes(
                torch.zeros(2, 33, 28, dtype=torch.uint8)
            ),
            ValueError,
            "at most 32 x 32 and of even size, .* got 33 x 28",
        ),
        (
            lambda: dcgan.to_bytes(torch.rand(2, 32, 32)),
            ValueError,
            r"made must be gray .* got \(2, 32, 32\); add the channel",
        ),
    ],
)
def test_messages(call, error, words):
    with pytest.raises(error, match=words):
        call()
