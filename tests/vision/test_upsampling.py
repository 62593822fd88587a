import pytest
import torch
from torch.nn.functional import conv2d, interpolate, relu

from sevenlessons.vision.upsampling import (
    UP_KINDS,
    Blur,
    checkerboard_share,
    doubling_layer,
)


@pytest.mark.parametrize("kind", UP_KINDS)
@pytest.mark.parametrize("blur", [False, True])
def test_doubles(kind, blur):
    layer = doubling_layer(kind, 5, 3, blur=blur)
    assert layer(torch.randn(2, 5, 3, 4)).shape == (2, 3, 6, 8)
    assert isinstance(layer[-1], Blur) == blur


def test_shuffle_starts_as_the_nearest_pixel_and_the_other_does_not():
    x = torch.randn(1, 6, 4, 5)
    layer = doubling_layer("shuffle", 6, 2)
    small = relu(conv2d(x, layer[0].conv.weight[::4]))
    torch.testing.assert_close(
        layer(x), interpolate(small, scale_factor=2, mode="nearest")
    )
    y = doubling_layer("shuffle_random", 6, 2)(x)
    assert not torch.equal(y[..., ::2, ::2], y[..., 1::2, 1::2])


def test_blur_is_the_mean_of_four_shifted_copies():
    x = torch.randn(2, 3, 5, 6, dtype=torch.float64)
    up = torch.cat([x[:, :, :1], x[:, :, :-1]], dim=2)
    left = torch.cat([x[..., :1], x[..., :-1]], dim=3)
    both = torch.cat([up[..., :1], up[..., :-1]], dim=3)
    torch.testing.assert_close(Blur()(x), (x + up + left + both) / 4)


def test_share_is_that_of_the_fourier_transform():
    x = torch.randn(3, 2, 8, 6, dtype=torch.float64)
    power = torch.fft.fft2(x).abs().square()
    power[..., 0, 0] = 0
    rhythm = power[..., 4, 0] + power[..., 0, 3] + power[..., 4, 3]
    expected = rhythm.sum(1) / power.sum((1, 2, 3))
    torch.testing.assert_close(checkerboard_share(x), expected)
    cut = torch.randn(3, 2, 9, 7)
    torch.testing.assert_close(
        checkerboard_share(cut), checkerboard_share(cut[..., :8, :6])
    )


def test_share_of_stripes_checks_noise_and_nothing():
    line = torch.tensor([1.0, -1.0]).repeat(16)
    down, across = line[:, None].expand(32, 32), line.expand(32, 32)
    noise = torch.randn(32, 32, generator=torch.Generator().manual_seed(0))
    made = torch.stack([down, across, down * across, noise, noise * 0 + 3])
    *boards, random, flat = checkerboard_share(made[:, None]).tolist()
    assert boards == [1, 1, 1] and flat == 0
    assert random < 0.02


def test_blur_takes_the_checkerboard_out():
    x = torch.randn(1, 1, 40, 40)
    x = x + 5 * torch.tensor([[1.0, -1.0], [-1.0, 1.0]]).repeat(20, 20)
    assert (
        checkerboard_share(x)
        > 0.8
        > 0.01
        > checkerboard_share(Blur()(x)[..., 1:, 1:])
    )


def test_bad_input_says_what_to_do():
    with pytest.raises(ValueError, match=r"one of shuffle.*got 'cubic'"):
        doubling_layer("cubic", 1, 1)
    with pytest.raises(ValueError, match="at least 1, got 0 before and 2"):
        doubling_layer("nearest", 0, 2)
    with pytest.raises(ValueError, match=r"at least 2 x 2 pixels.*\(4, 4\)"):
        checkerboard_share(torch.zeros(4, 4))
    with pytest.raises(ValueError, match=r"2 x 2 pixels, got shape \(1, 1, 1"):
        checkerboard_share(torch.zeros(1, 1, 1, 8))
