import pytest
import torch
from torchvision.transforms.v2 import functional

from sevenlessons.vision.color import (
    Hue,
    Saturation,
    adjust_hue,
    adjust_saturation,
)
from sevenlessons.vision.transforms import draw

KINDS = {Saturation: adjust_saturation, Hue: adjust_hue}
each_kind = pytest.mark.parametrize("kind", KINDS)


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_saturation_equals_torchvision(photos):
    floats = photos / 255
    result = Saturation(0.9)(floats, generator())
    factors = draw(10, 0.1, 1.9, generator())
    for image, new, factor in zip(
        floats, result, factors.tolist(), strict=True
    ):
        expected = functional.adjust_saturation(image, factor)
        torch.testing.assert_close(new, expected, atol=2e-6, rtol=0)


def test_hue_equals_torchvision(photos):
    floats = photos / 255
    result = Hue(0.5)(floats, generator())
    turns = draw(10, -0.5, 0.5, generator())
    for image, new, turn in zip(floats, result, turns.tolist(), strict=True):
        expected = functional.adjust_hue(image, turn)
        torch.testing.assert_close(new, expected, atol=5e-6, rtol=0)


@each_kind
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.float64])
def test_strength_zero_keeps_every_bit(kind, dtype, photos):
    images = photos if dtype == torch.uint8 else photos.to(dtype) / 255
    assert torch.equal(kind(0.0)(images), images)


@each_kind
def test_kind_range_seed_and_input_are_kept(kind, photos):
    before = photos.clone()
    first, second = kind(0.4, seed=2), kind(0.4, seed=2)
    result = first(photos)
    assert result.dtype == torch.uint8 and result.shape == photos.shape
    assert torch.equal(result, second(photos))
    assert not torch.equal(result, first(photos))
    assert torch.equal(photos, before)
    floats = kind(0.4)(photos / 255)
    assert floats.min() >= 0 and floats.max() <= 1
    assert kind(0.4)(photos[:0]).shape == (0, 3, 8, 8)


@each_kind
def test_bytes_and_floats_agree_within_rounding(kind, photos):
    as_bytes = kind(0.4)(photos, generator()) / 255
    as_floats = kind(0.4)(photos / 255, generator())
    assert (as_bytes - as_floats).abs().max() <= 0.5 / 255 + 1e-5


def test_gray_pictures_stay(photos):
    gray = photos[:, :1].expand(-1, 3, -1, -1)
    assert torch.equal(Hue(0.5)(gray), gray)
    assert torch.equal(Saturation(0.5)(gray), gray)


def test_a_whole_turn_of_hue_changes_nothing(photos):
    floats = photos.double() / 255
    third = torch.full((10,), 1 / 3, dtype=torch.float64)
    turned = adjust_hue(adjust_hue(adjust_hue(floats, third), third), third)
    torch.testing.assert_close(turned, floats)
    torch.testing.assert_close(adjust_hue(floats, third), floats[:, [2, 0, 1]])
    assert torch.equal(adjust_hue(floats, torch.ones(10)), floats)


def test_messages(photos):
    with pytest.raises(ValueError, match=r"change must be in \[0, 1\], got 2"):
        Saturation(2)
    with pytest.raises(ValueError, match=r"change must be in \[0, 0.5\], got"):
        Hue(0.6)
    for kind in KINDS:
        with pytest.raises(ValueError, match=r"\(10, 1, 8, 8\); gray pict"):
            kind(0.1)(photos[:, :1])
    with pytest.raises(ValueError, match="factor must be at least 0, got -1"):
        adjust_saturation(photos, -torch.ones(10))
    with pytest.raises(ValueError, match="at least 0, got nan"):
        adjust_saturation(photos, torch.full((10,), torch.nan))
    for name, adjust in (("factor", adjust_saturation), ("turn", adjust_hue)):
        with pytest.raises(ValueError, match=rf"{name} .* \(10,\).*got \(2,"):
            adjust(photos, torch.zeros(2))
