import pytest
import torch
from torchvision.transforms.v2 import functional

from sevenlessons.vision.lighting import Brightness, Contrast


def scale_of(transform, images):
    scale, _ = transform.scale_and_shift(
        images, torch.Generator().manual_seed(0)
    )
    return scale


def test_brightness_equals_torchvision(photos):
    floats = photos / 255
    transform = Brightness(0.8)
    result = transform(floats, torch.Generator().manual_seed(0))
    for image, new, scale in zip(
        floats, result, scale_of(transform, floats), strict=True
    ):
        expected = functional.adjust_brightness(image, scale.item())
        torch.testing.assert_close(new, expected)


def test_contrast_equals_torchvision_on_gray_pictures(photos):
    gray = photos[:, :1] / 255  # there its mean of colors is the plain mean
    transform = Contrast(0.8)
    result = transform(gray, torch.Generator().manual_seed(0))
    for image, new, scale in zip(
        gray, result, scale_of(transform, gray), strict=True
    ):
        expected = functional.adjust_contrast(image, scale.item())
        torch.testing.assert_close(new, expected)


def test_contrast_keeps_the_mean():
    images = 0.4 + 0.2 * torch.rand(5, 3, 8, 8)
    result = Contrast(0.5)(images)
    torch.testing.assert_close(result.mean((1, 2, 3)), images.mean((1, 2, 3)))
    assert not torch.allclose(result.std(), images.std())


@pytest.mark.parametrize("kind", [Brightness, Contrast])
@pytest.mark.parametrize("change", [-0.1, 1.0])
def test_change_out_of_range(kind, change):
    with pytest.raises(ValueError, match=r"change must be in \[0, 1\), got"):
        kind(change)


def test_more_pictures_than_a_chunk(photos):
    many = photos.repeat(3, 1, 1, 1)
    scale = scale_of(Brightness(0.5), many)
    result = Brightness(0.5)(many, torch.Generator().manual_seed(0))
    expected = (many * scale.view(-1, 1, 1, 1)).clamp(0, 255).round()
    assert torch.equal(result.float(), expected)
