"""Pictures small enough to know the answer; the rest is in test_catalog."""

import pytest
import torch

from sevenlessons.vision import catalog_references as reference

RAMP = torch.arange(16.0).view(1, 4, 4) / 16


@pytest.mark.parametrize("way", range(8))
def test_eight_ways_by_hand(way):
    expected = RAMP.mT if way & 4 else RAMP
    expected = expected.flip(2) if way & 1 else expected
    expected = expected.flip(1) if way & 2 else expected
    assert torch.equal(reference.lay(RAMP, way), expected)


def test_a_quarter_turn_a_half_crop_and_a_hidden_middle():
    turned = reference.rotate(RAMP, 90)
    torch.testing.assert_close(turned, RAMP.rot90(1, (1, 2)))
    hidden = reference.cutout(RAMP, 0.5)
    expected = RAMP.clone()
    expected[:, 1:3, 1:3] = 0
    assert torch.equal(hidden, expected)
    assert reference.middle_box(4, 8, 0.5) == [1, 2, 3, 6]
    flat = RAMP.clone()
    flat[:, 2:], flat[..., 2:] = 1, 1  # cut away, but for the seam
    assert reference.crop(flat, 0.5)[:, :3, :3].max() < 0.5


def test_light_and_contrast_by_hand():
    torch.testing.assert_close(reference.brightness(RAMP, -0.5), RAMP / 2)
    gone = reference.contrast(RAMP, -1)
    torch.testing.assert_close(gone, torch.full_like(RAMP, RAMP.mean()))


def test_directions_of_jitter_are_the_same_each_time():
    first = reference.jitter_directions(5, 7)
    assert torch.equal(first, reference.jitter_directions(5, 7))
    assert first.shape == (5, 7, 2) and first.abs().max() <= 1
    assert torch.equal(reference.jitter(RAMP, 0), RAMP)
