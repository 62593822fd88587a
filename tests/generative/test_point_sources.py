import pytest
import torch

from sevenlessons.generative.point_sources import (
    count_matches,
    find_points,
    peak_heights,
)


def sky(*places, level=0.2, size=20):
    picture = torch.full((1, 3, size, size), level)
    for row, column in places:
        picture[..., row, column] += 0.5
    return picture


def test_finds_points_at_the_border_too():
    places = [[0, 0], [3, 9], [19, 12]]
    assert find_points(sky(*places))[0].tolist() == places


def test_two_bright_neighbors_are_one_point_and_smooth_light_is_none():
    assert len(find_points(sky((4, 4), (4, 5)))[0]) == 1
    ramp = torch.linspace(0, 1, 20).expand(1, 3, 20, 20)
    assert len(find_points(ramp)[0]) == 0
    assert len(find_points(sky())[0]) == 0


def test_each_picture_has_its_own_list():
    both = torch.cat([sky((5, 5)), sky(), sky((1, 1), (9, 9))])
    assert [len(points) for points in find_points(both)] == [1, 0, 2]


def test_contrast_is_over_the_surroundings():
    dim = 0.2 + (sky((5, 5)) - 0.2) * 0.2  # stands out by 0.1
    assert len(find_points(dim, contrast=0.15)[0]) == 0
    assert len(find_points(dim, contrast=0.05)[0]) == 1


def test_a_point_has_one_partner_at_most():
    true = torch.tensor([[5, 5]])
    assert count_matches(torch.tensor([[5, 4], [5, 6]]), true) == 1
    assert count_matches(true, torch.tensor([[5, 4], [5, 6]])) == 1
    assert count_matches(true, torch.tensor([[5, 7]])) == 0
    none = torch.zeros(0, 2)
    assert count_matches(none, true) == count_matches(true, none) == 0


def test_refuses_what_is_no_picture_and_no_point():
    with pytest.raises(ValueError, match="divide bytes by 255"):
        find_points(torch.zeros(1, 3, 9, 9, dtype=torch.uint8))
    with pytest.raises(ValueError, match="contrast must lie between 0 and 1"):
        find_points(sky(), contrast=20)
    with pytest.raises(ValueError, match="odd number of at least 3, got 4"):
        find_points(sky(), window=4)
    with pytest.raises(ValueError, match="found as rows and columns"):
        count_matches(torch.zeros(3), torch.zeros(1, 2))
    with pytest.raises(ValueError, match="distance must be at least 0"):
        count_matches(torch.zeros(1, 2), torch.zeros(1, 2), distance=-1)


def test_heights_are_over_the_median_and_give_the_points():
    pictures = torch.cat([sky((5, 5)), sky((1, 1), (9, 9))])
    heights = peak_heights(pictures)
    assert heights.shape == (2, 20, 20)
    assert heights[0, 5, 5].item() == pytest.approx(0.5, abs=1e-5)
    for one, points in zip(heights, find_points(pictures), strict=True):
        assert (one > 0.15).nonzero().tolist() == points.tolist()


def test_heights_refuse_what_points_refuse():
    with pytest.raises(ValueError, match="divide bytes by 255"):
        peak_heights(torch.zeros(1, 3, 9, 9, dtype=torch.uint8))
    with pytest.raises(ValueError, match="odd number of at least 3, got 2"):
        peak_heights(sky(), window=2)
