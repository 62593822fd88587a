"""Moving pictures: by whole pixels for all, by a little for each."""

import pytest
import torch

from sevenlessons.vision.shift import Shift, shift_images


@pytest.mark.parametrize("down, right", [(0, 0), (2, 0), (-1, 3), (-2, -2)])
def test_every_pixel_moves_and_paper_comes_in(down, right):
    images = torch.arange(1, 61).view(2, 5, 6)
    moved = shift_images(images, down, right)
    for y in range(5):
        for x in range(6):
            inside = 0 <= y - down < 5 and 0 <= x - right < 6
            wanted = images[:, y - down, x - right] if inside else 0
            assert (moved[:, y, x] == wanted).all()


@pytest.mark.parametrize("down, right", [(5, 0), (0, -6), (99, 99)])
def test_beyond_the_frame_only_paper_is_left(down, right):
    images = torch.ones(2, 5, 6)
    assert shift_images(images, down, right).sum() == 0


def test_each_picture_moves_its_own_way_and_not_too_far():
    images = torch.zeros(64, 1, 28, 28)
    images[:, :, 13:15, 13:15] = 1
    moved = Shift(0.1, seed=3)(images)
    places = torch.arange(28) + 0.5
    mass = moved.sum((1, 2, 3))
    down = (moved.sum((1, 3)) * places).sum(1) / mass - 14
    right = (moved.sum((1, 2)) * places).sum(1) / mass - 14
    for move in (down, right):
        assert move.abs().max() <= 2.8 + 1e-3
        assert move.std() > 1
    assert len(down.unique()) > 50


def test_no_share_changes_nothing_and_a_seed_repeats():
    images = torch.rand(3, 1, 9, 9)
    assert torch.equal(Shift(0.0)(images), images)
    assert torch.equal(Shift(0.2, seed=1)(images), Shift(0.2, seed=1)(images))


@pytest.mark.parametrize("share", [-0.1, 0.6])
def test_a_bad_share_is_refused(share):
    with pytest.raises(ValueError, match=r"share must be in \[0, 0.5\]"):
        Shift(share)
