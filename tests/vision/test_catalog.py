from itertools import pairwise

import pytest
import torch

from sevenlessons.vision.augment import Dihedral, Rotate, Warp, Zoom
from sevenlessons.vision.catalog import CATALOG, row_of, worst_difference
from sevenlessons.vision.lighting import Brightness, Contrast
from sevenlessons.vision.transforms import draw
from sevenlessons.vision.warp import sample

each_move = pytest.mark.parametrize("name", CATALOG)


def pictures(height, width, dtype=torch.float32):
    generator = torch.Generator().manual_seed(0)
    return torch.rand(24, 3, height, width, generator=generator, dtype=dtype)


@each_move
@pytest.mark.parametrize("size", [(32, 32), (20, 32), (17, 11)])
def test_the_batch_form_equals_torchvision(name, size):
    if name == "dihedral" and size[0] != size[1]:
        pytest.skip("only squares can be laid in eight ways")
    for seed in range(3):
        assert worst_difference(name, pictures(*size), seed) < 1e-4


@each_move
@pytest.mark.parametrize("dtype", [torch.float32, torch.float64])
def test_strength_zero_keeps_every_bit(name, dtype):
    images = pictures(12, 12, dtype)
    still = CATALOG[name].batch(images, torch.zeros(24, dtype=dtype))
    assert torch.equal(still, images)
    assert CATALOG[name].strengths[0] == 0


@each_move
def test_rows_begin_with_the_picture_and_then_change(name):
    image = pictures(16, 16)[0]
    row = row_of(name, image)
    assert len(row) == len(CATALOG[name].strengths)
    assert torch.equal(row[0], image)
    for one, other in pairwise(row):
        assert not torch.equal(one, other)


@pytest.mark.parametrize(
    ("name", "transform", "low", "high"),
    [
        ("rotate", Rotate(50), -50, 50),
        ("brightness", Brightness(0.4), -0.4, 0.4),
        ("contrast", Contrast(0.4), -0.4, 0.4),
    ],
)
def test_random_transforms_are_the_catalog_at_drawn_strengths(
    name, transform, low, high
):
    images = pictures(16, 16)
    images[..., :5, :] = images[..., -5:, :] = 0  # nothing to mirror in
    images[..., :5] = images[..., -5:] = 0
    result = transform(images, torch.Generator().manual_seed(4))
    drawn = draw(24, low, high, torch.Generator().manual_seed(4))
    expected = CATALOG[name].batch(images, drawn)
    torch.testing.assert_close(result, expected, atol=1e-5, rtol=0)


def test_moves_of_geometry_are_the_catalog_at_drawn_strengths():
    images = pictures(16, 16)
    shape, seeded = images.shape, torch.Generator
    zoom = 1 / Zoom(2).matrices(shape, seeded().manual_seed(1))[:, 0, 0]
    grown = Zoom(2)(images, seeded().manual_seed(1))
    expected = CATALOG["zoom"].batch(images, zoom - 1)
    inner = (..., slice(1, -1), slice(1, -1))
    torch.testing.assert_close(grown[inner], expected[inner])
    matrices = Warp(0.4).matrices(shape, seeded().manual_seed(1))
    assert 0.3 < matrices[:, 2, :2].abs().max() <= 0.4
    matrices[:, 2, 1] = 0  # the catalog tilts to one side only
    warped = sample(images, matrices, padding_mode="zeros")
    found = CATALOG["symmetric warp"].batch(images, matrices[:, 2, 0])
    torch.testing.assert_close(found, warped)
    laid = Dihedral()(images, seeded().manual_seed(1))
    ways = torch.randint(8, (24,), generator=seeded().manual_seed(1))
    assert torch.equal(CATALOG["dihedral"].batch(images, ways.float()), laid)


@pytest.mark.parametrize("name", ["cutout", "brightness", "contrast"])
def test_strengths_may_be_where_the_pictures_are(name):
    images, strengths = pictures(8, 8)[:2], torch.tensor([0.25, 0.5])
    expected = CATALOG[name].batch(images, strengths)
    with torch.device("meta"):  # as if the pictures were on a GPU
        assert torch.equal(CATALOG[name].batch(images, strengths), expected)


def test_messages():
    with pytest.raises(
        ValueError, match=r"name must be one of flip, .*'blur'"
    ):
        row_of("blur", torch.zeros(3, 4, 4))
    with pytest.raises(ValueError, match="name must be one of"):
        worst_difference("blur", torch.zeros(1, 3, 4, 4))
    with pytest.raises(ValueError, match=r"got torch.uint8 .*divide bytes"):
        row_of("flip", torch.zeros(3, 4, 4, dtype=torch.uint8))
    with pytest.raises(ValueError, match=r"of shape \(1, 3, 4, 4\)"):
        row_of("flip", torch.zeros(1, 3, 4, 4))
