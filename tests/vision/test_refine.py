"""The fine answer lies on the nearest light, or where it was."""

import pytest
import torch

from sevenlessons.vision.pointing import brightest_spot
from sevenlessons.vision.refine import nearby_spot


def unit(x, y, side=64):
    return torch.tensor([[[(2 * x + 1) / side - 1, (2 * y + 1) / side - 1]]])


def sky(*spots, side=64):
    images = torch.zeros(1, 3, side, side)
    for x, y, light in spots:
        images[0, :, y, x] = light
    return images


def test_a_circle_over_all_gives_the_brightest_spot():
    generator = torch.Generator().manual_seed(0)
    images = torch.rand(9, 3, 40, 56, generator=generator)
    middle = torch.zeros(9, 1, 2)
    found = nearby_spot(images, middle, sigma=3.0, radius=50)
    assert torch.allclose(found[:, 0], brightest_spot(images, sigma=3.0))


def test_each_answer_goes_to_its_own_spot():
    images = sky((10, 12, 1.0), (50, 40, 1.0))
    rough = torch.cat([unit(13, 9), unit(47, 44)], dim=1)
    found = nearby_spot(images, rough, sigma=2.0, radius=12)
    expected = torch.cat([unit(10, 12), unit(50, 40)], dim=1)
    assert torch.allclose(found, expected)


def test_a_point_stays_where_the_light_grows_beyond_the_rim():
    images = sky((50, 32, 1.0))
    rough = unit(30, 32)  # within the blur, and too far for the circle
    found = nearby_spot(images, rough, sigma=10.0, radius=8)
    assert torch.equal(found, rough)


def test_bytes_like_floats_and_the_border_is_no_place():
    images = (255 * sky((0, 0, 1.0))).byte()
    found = nearby_spot(images, unit(3, 2), sigma=2.0, radius=9)
    assert torch.allclose(found, unit(0, 0))


def test_pictures_are_independent_of_their_neighbors():
    generator = torch.Generator().manual_seed(1)
    images = torch.rand(20, 1, 32, 32, generator=generator)
    rough = torch.rand(20, 2, 2, generator=generator) - 0.5
    together = nearby_spot(images, rough, sigma=2.0, radius=6)
    alone = [
        nearby_spot(images[i : i + 1], rough[i : i + 1], sigma=2.0, radius=6)
        for i in range(20)
    ]
    assert torch.equal(together, torch.cat(alone))
    assert (together - rough).norm(dim=2).max() <= 6 * 2 / 32 + 0.05


def test_says_what_it_takes():
    with pytest.raises(ValueError, match=r"points \(N, P, 2\), got"):
        nearby_spot(sky(), torch.zeros(1, 2), sigma=1.0, radius=3)
    with pytest.raises(ValueError, match="at least 2 pixels, got 1"):
        nearby_spot(sky(), torch.zeros(1, 1, 2), sigma=1.0, radius=1)
