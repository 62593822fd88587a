import numpy as np
import pytest
import torch

from sevenlessons.page.dots import photos_with_points

BLACK = torch.zeros(2, 3, 64, 64, dtype=torch.uint8)


def light(photo):
    """Return the mean place of what was drawn, in [-1, 1]."""
    values = np.asarray(photo).astype(float).sum(2)
    edge = len(values)
    places = (np.arange(edge) * 2 + 1) / edge - 1
    total = values.sum()
    return values.sum(0) @ places / total, values.sum(1) @ places / total


@pytest.mark.parametrize("which", ["true", "said"])
def test_the_mark_stands_on_its_point(which):
    points = torch.tensor([[0.5, -0.25], [-0.6, 0.3]])
    photos = photos_with_points(BLACK, **{which: points})
    for photo, point in zip(photos, points.tolist(), strict=True):
        assert np.abs(np.subtract(light(photo), point)).max() < 0.02


def test_ring_and_cross_are_joined_and_differ():
    here, there = torch.tensor([[-0.5, 0.0]] * 2), torch.tensor([[0.5, 0]] * 2)
    joined = np.asarray(photos_with_points(BLACK, here, there)[0])
    assert joined[94:98, 96].max() > 100  # the line crosses the middle
    ring = np.asarray(photos_with_points(BLACK, here)[0])
    assert ring[:, 100:].max() == 0
    assert not np.array_equal(
        ring, np.asarray(photos_with_points(BLACK, said=here)[0])
    )


def test_points_outside_are_left_out_and_shapes_are_checked():
    outside = torch.tensor([[1.5, 0.0], [float("nan"), 0.0]])
    for photo in photos_with_points(BLACK, outside, size=80):
        assert photo.size == (80, 80)
        assert photo.getextrema() == ((0, 0),) * 3
    with pytest.raises(ValueError, match=r"said must have shape \(2, 2\), on"):
        photos_with_points(BLACK, said=torch.zeros(3, 2))
