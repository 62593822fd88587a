import math

import pytest
import torch

from sevenlessons.generative.picture_quality import (
    gaussian_window,
    psnr,
    ssim,
)


@pytest.fixture
def pair():
    generator = torch.Generator().manual_seed(5)
    first = torch.rand(2, 3, 13, 15, generator=generator)
    noise = torch.randn(2, 3, 13, 15, generator=generator) / 9
    return first, (first + noise).clamp(0, 1)


def by_loop(first, second, size, sigma):
    """Return SSIM from its formula, one window after the other."""
    row = gaussian_window(size, sigma)
    weights = torch.outer(row, row)
    scores = []
    for x, y in zip(first.double(), second.double(), strict=True):
        found = []
        for c in range(x.shape[0]):
            for i in range(x.shape[1] - size + 1):
                for j in range(x.shape[2] - size + 1):
                    a = x[c, i : i + size, j : j + size]
                    b = y[c, i : i + size, j : j + size]
                    mean_a, mean_b = (weights * a).sum(), (weights * b).sum()
                    var_a = (weights * (a - mean_a) ** 2).sum()
                    var_b = (weights * (b - mean_b) ** 2).sum()
                    both = (weights * (a - mean_a) * (b - mean_b)).sum()
                    light = (2 * mean_a * mean_b + 1e-4) / (
                        mean_a**2 + mean_b**2 + 1e-4
                    )
                    rest = (2 * both + 9e-4) / (var_a + var_b + 9e-4)
                    found.append(light * rest)
        scores.append(torch.stack(found).mean())
    return torch.stack(scores)


def test_psnr_of_known_errors(pair):
    first, second = pair
    assert psnr(first, first).tolist() == [math.inf, math.inf]
    plus = psnr(first, first + torch.tensor([0.1, 0.01]).view(2, 1, 1, 1))
    assert plus.tolist() == pytest.approx([20, 40], abs=1e-4)
    assert torch.equal(psnr(first, second), psnr(second, first))


def test_psnr_of_bytes_equals_psnr_of_floats():
    generator = torch.Generator().manual_seed(0)
    first, second = torch.randint(
        256, (2, 4, 3, 8, 8), generator=generator
    ).to(torch.uint8)
    by_bytes = psnr(first, second, data_range=255)
    by_floats = psnr(first.double() / 255, second.double() / 255)
    assert torch.allclose(by_bytes, by_floats)


def test_ssim_equals_the_formula(pair):
    for size, sigma in [(11, 1.5), (5, 0.8)]:
        got = ssim(*pair, size=size, sigma=sigma)
        assert torch.allclose(got, by_loop(*pair, size, sigma), atol=1e-9)


def test_ssim_known_values(pair):
    first, second = pair
    assert torch.allclose(ssim(first, first), torch.ones(2).double())
    assert torch.allclose(ssim(first, second), ssim(second, first))
    assert (ssim(first, second) < 1).all()
    dark, light = torch.zeros(1, 1, 11, 11), torch.ones(1, 1, 11, 11)
    assert ssim(dark, light).item() == pytest.approx(1e-4 / 1.0001)
    by_bytes = ssim(255 * first, 255 * second, data_range=255)
    assert torch.allclose(by_bytes, ssim(first, second), atol=1e-6)


def test_ssim_has_a_gradient(pair):
    first, second = pair
    second.requires_grad_()
    ssim(first, second).sum().backward()
    assert second.grad.abs().sum() > 0


def test_the_window():
    row = gaussian_window(5, 1.0)
    assert row.sum().item() == pytest.approx(1)
    assert torch.equal(row, row.flip(0)) and row.argmax() == 2
    for size, sigma in [(4, 1.0), (0, 1.0), (3, 0.0)]:
        with pytest.raises(ValueError, match="odd number"):
            gaussian_window(size, sigma)


@pytest.mark.parametrize("measure", [psnr, ssim])
def test_bad_input(measure):
    image = torch.rand(1, 3, 16, 16)
    with pytest.raises(ValueError, match="one shape"):
        measure(image, image[:, :, 1:])
    with pytest.raises(ValueError, match="one shape"):
        measure(image[0], image[0])
    with pytest.raises(ValueError, match="one shape"):
        measure(image[:0], image[:0])
    with pytest.raises(TypeError, match="same unit"):
        measure(image, image.to(torch.uint8))
    with pytest.raises(ValueError, match="above 0"):
        measure(image, image, data_range=0)
    with pytest.raises(ValueError, match="data_range=255"):
        measure(image.to(torch.uint8), image.to(torch.uint8))


def test_pictures_smaller_than_the_window():
    image = torch.rand(1, 3, 8, 16)
    with pytest.raises(ValueError, match="smaller than the window"):
        ssim(image, image)
