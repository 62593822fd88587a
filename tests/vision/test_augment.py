import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.vision.augment import (
    Dihedral,
    HorizontalFlip,
    RandomResizedCrop,
    Rotate,
    Warp,
    Zoom,
)
from sevenlessons.vision.lighting import Brightness, Contrast
from sevenlessons.vision.transforms import Compose

STRENGTHS = {  # how each is made from a strength in [0, 1)
    HorizontalFlip: lambda s: HorizontalFlip(s),
    Dihedral: lambda s: Dihedral(s),
    Rotate: lambda s: Rotate(180 * s),
    Zoom: lambda s: Zoom(1 + s),
    RandomResizedCrop: lambda s: RandomResizedCrop(1 - s, 1 + s),
    Warp: lambda s: Warp(0.49 * s),
    Brightness: lambda s: Brightness(s),
    Contrast: lambda s: Contrast(s),
}
each_kind = pytest.mark.parametrize("kind", STRENGTHS)


def pictures(count, side, seed, dtype):
    generator = torch.Generator().manual_seed(seed)
    images = torch.randint(
        256, (count, 3, side, side), generator=generator, dtype=torch.uint8
    )
    return images if dtype == torch.uint8 else images.to(dtype) / 255


@each_kind
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.float64])
def test_strength_zero_keeps_every_bit(kind, dtype):
    images = pictures(5, 9, 0, dtype)
    for transform in (STRENGTHS[kind](0.0), Compose([STRENGTHS[kind](0.0)])):
        assert torch.equal(transform(images), images)


@each_kind
@settings(max_examples=15, deadline=None)
@given(
    strength=st.floats(0, 0.99),
    count=st.integers(0, 10),
    side=st.integers(1, 12),
    seed=st.integers(0, 1000),
    dtype=st.sampled_from([torch.uint8, torch.float32]),
)
def test_kind_range_seed_and_input_are_kept(
    kind, strength, count, side, seed, dtype
):
    images = pictures(count, side, seed, dtype)
    before = images.clone()
    result = STRENGTHS[kind](strength)(
        images, torch.Generator().manual_seed(seed)
    )
    again = STRENGTHS[kind](strength)(
        images, torch.Generator().manual_seed(seed)
    )
    assert torch.equal(result, again)
    assert torch.equal(images, before)
    assert result.dtype == images.dtype
    assert result.shape == images.shape
    if dtype == torch.float32 and count:
        assert not result.isnan().any()
        # bilinear weights add up to one only within rounding
        assert result.min() >= -1e-6 and result.max() <= 1 + 1e-6


@each_kind
def test_bytes_and_floats_agree_within_rounding(kind):
    images = pictures(6, 16, 1, torch.uint8)
    transform = STRENGTHS[kind](0.4)
    as_bytes = transform(images, torch.Generator().manual_seed(0))
    as_floats = transform(images / 255, torch.Generator().manual_seed(0))
    difference = (as_bytes / 255 - as_floats).abs().max().item()
    assert difference <= 0.5 / 255 + 1e-4


@each_kind
def test_black_and_white_pictures_stay(kind):
    """Mirrored borders bring no foreign color in."""
    for value in (0, 255):
        images = torch.full((4, 3, 8, 8), value, dtype=torch.uint8)
        result = STRENGTHS[kind](0.3)(images)
        if kind is Brightness and value:
            continue
        assert torch.equal(result, images)


@each_kind
def test_pictures_change_each_in_its_own_way(kind):
    images = pictures(1, 16, 2, torch.uint8).expand(16, -1, -1, -1)
    results = STRENGTHS[kind](0.5)(images)
    assert len({tuple(r.flatten().tolist()) for r in results}) > 1


def test_share_of_flips():
    images = torch.tensor([[[[0, 255]]]], dtype=torch.uint8).repeat(
        2000, 3, 1, 1
    )
    flipped = HorizontalFlip(0.3)(images)[:, 0, 0, 0] == 255
    assert flipped.float().mean().item() == pytest.approx(0.3, abs=0.04)


def test_all_eight_ways_come_equally_often():
    images = pictures(1, 4, 0, torch.uint8).expand(1600, -1, -1, -1)
    ways = [tuple(way.flatten().tolist()) for way in Dihedral()(images)]
    counts = [ways.count(way) for way in set(ways)]
    assert len(counts) == 8
    assert min(counts) > 150


def test_dihedral_wants_squares():
    images = torch.zeros(1, 3, 4, 6, dtype=torch.uint8)
    with pytest.raises(ValueError, match="square images, got 4 x 6; crop"):
        Dihedral()(images)
    assert HorizontalFlip()(images).shape == images.shape


def test_crops_lie_inside():
    """A crop of a ramp shows part of its range and never mirrors it."""
    ramp = torch.linspace(0, 1, 64).expand(50, 1, 64, 64)
    rows = RandomResizedCrop(0.1, 2.0, size=16)(ramp)[:, 0, 0]
    assert (rows.diff(dim=1) >= -1e-6).all()
    assert (rows[:, -1] - rows[:, 0]).min() < 0.6


@pytest.mark.parametrize(
    ("make", "message"),
    [
        (lambda: HorizontalFlip(1.5), r"p must be in \[0, 1\], got 1.5"),
        (lambda: Dihedral(-1), r"p must be in \[0, 1\], got -1"),
        (lambda: Rotate(181), r"degrees must be in \[0, 180\], got 181"),
        (lambda: Rotate(-1), r"degrees must be in \[0, 180\], got -1"),
        (lambda: Zoom(0.9), r"max_zoom must be in \[1, 10\), got 0.9"),
        (lambda: Warp(0.5), r"strength must be in \[0, 0.5\), got 0.5"),
        (lambda: RandomResizedCrop(0), r"min_area must be in \(0, 1\], got 0"),
        (lambda: RandomResizedCrop(0.5, 0.9), r"stretch must be in \[1, 10\)"),
        (lambda: RandomResizedCrop(size=0), "size must be at least 1, got 0"),
    ],
)
def test_parameters_out_of_range(make, message):
    with pytest.raises(ValueError, match=message):
        make()
