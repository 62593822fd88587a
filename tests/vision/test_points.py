import pytest
import torch
from hypothesis import given
from hypothesis import strategies as st

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.vision.augment import RandomResizedCrop, Rotate
from sevenlessons.vision.paired import Paired, inside
from sevenlessons.vision.points import (
    KeepInside,
    SameView,
    many_views,
    pixel_error,
    to_pixels,
    to_unit,
)

CROP = Paired([RandomResizedCrop(0.2, size=16)], kind="points")


@given(
    height=st.integers(1, 900),
    width=st.integers(1, 900),
    seed=st.integers(0, 99),
)
def test_pixels_and_back(height, width, seed):
    generator = torch.Generator().manual_seed(seed)
    points = torch.rand(5, 3, 2, generator=generator).double() * 3 - 1.5
    size = (height, width)
    back = to_unit(to_pixels(points, size), size)
    torch.testing.assert_close(back, points)


def test_corners_and_middle():
    corners = torch.tensor([[-1.0, -1], [1, -1], [-1, 1], [1, 1], [0, 0]])
    found = to_pixels(corners, (30, 50)).tolist()
    assert found == [[0, 0], [50, 0], [0, 30], [50, 30], [25, 15]]


def test_pixel_error_in_wide_frames():
    error = pixel_error(
        torch.tensor([[0.1, 0.1]]), torch.zeros(1, 2), (60, 80)
    )
    torch.testing.assert_close(error, torch.tensor([5.0]))


def test_every_point_stays_inside_and_the_others_are_not_drawn_again():
    images = torch.arange(40.0).view(40, 1, 1, 1).expand(40, 3, 16, 16) / 40
    points = torch.rand(40, 2) * 1.9 - 0.95
    _, once = CROP(images, points, generator=torch.Generator().manual_seed(1))
    kept_images, kept = KeepInside(CROP)(
        images, points, generator=torch.Generator().manual_seed(1)
    )
    assert inside(kept).all()
    stayed = inside(once)
    assert 0 < stayed.sum() < 40
    assert torch.equal(kept[stayed], once[stayed])
    torch.testing.assert_close(kept_images[:, 0, 0, 0], images[:, 0, 0, 0])


def test_several_points_a_picture():
    points = torch.rand(20, 3, 2) - 0.5
    _, moved = KeepInside(CROP)(torch.zeros(20, 3, 16, 16), points)
    assert moved.shape == (20, 3, 2)
    assert inside(moved).all()


def test_a_lost_cause_is_named():
    far = torch.full((1, 2), 5.0)
    turn = Paired([Rotate(10)], kind="points")
    with pytest.raises(ValueError, match="after 3 tries a point still leav"):
        KeepInside(turn, tries=3)(torch.zeros(1, 3, 8, 8), far)
    with pytest.raises(ValueError, match="tries must be at least 1, got 0"):
        KeepInside(turn, tries=0)


def test_views_come_from_the_seed():
    images, points = torch.rand(4, 3, 16, 16), torch.zeros(4, 2)
    keep = KeepInside(CROP)
    first, places = many_views(images, points, keep, views=3, seed=7)
    again, _ = many_views(images, points, keep, views=3, seed=7)
    other, _ = many_views(images, points, keep, views=3, seed=8)
    assert first.shape == (4, 3, 3, 16, 16)
    assert places.shape == (4, 3, 2)
    assert torch.equal(first, again)
    assert not torch.equal(first, other)
    assert not torch.equal(places[:, 0], places[:, 1])
    with pytest.raises(ValueError, match="views must be at least 1, got 0"):
        many_views(images, points, keep, views=0)


def test_same_view_of_both_in_a_loader():
    inputs = torch.arange(60.0).view(10, 6, 1)
    loader = TensorLoader(
        inputs, 3 * inputs, batch_size=4, shuffle=True, paired=SameView()
    )
    seen = set()
    for _ in range(90):
        for picked, target in loader:
            assert picked.shape[1:] == (1,)
            assert torch.equal(3 * picked, target)
            seen |= set(picked.flatten().tolist())
    assert len(seen) == 60


def test_messages():
    with pytest.raises(ValueError, match="height and width in pixels, got"):
        to_pixels(torch.zeros(2), (3, 4, 5))
    with pytest.raises(ValueError, match="height and width in pixels, got"):
        to_unit(torch.zeros(2), (0, 4))
    with pytest.raises(ValueError, match=r"one shape, got \(1, 2\) and \(2,"):
        pixel_error(torch.zeros(1, 2), torch.zeros(2, 2), (8, 8))
    with pytest.raises(ValueError, match=r"views, got \(2, 3\) and \(2, 4\)"):
        SameView()(torch.zeros(2, 3), torch.zeros(2, 4))
