"""Planting puts an object where its box says; the game counts honestly."""

import pytest
import torch

from sevenlessons.vision.planted_objects import (
    area_shares,
    peaks,
    plant,
    random_places,
    within,
)


def test_objects_lie_exactly_in_their_boxes():
    generator = torch.Generator().manual_seed(0)
    pictures = torch.zeros(6, 3, 20, 30, dtype=torch.uint8)
    objects = torch.randint(1, 255, (6, 3, 5, 7), dtype=torch.uint8)
    places = random_places(6, (20, 30), (5, 7), generator=generator)
    planted, boxes = plant(pictures, objects, places)
    assert not pictures.any()
    for picture, thing, (top, left, bottom, right) in zip(
        planted, objects, boxes.tolist(), strict=True
    ):
        assert torch.equal(picture[:, top:bottom, left:right], thing)
        assert (picture > 0).sum() == 3 * 5 * 7


def test_one_mark_for_all():
    mark = torch.ones(1, 1, 2, 2)
    places = torch.tensor([[0, 0], [2, 2]])
    planted, boxes = plant(torch.zeros(2, 1, 4, 4), mark, places)
    assert planted.sum((1, 2, 3)).tolist() == [4, 4]
    assert boxes.tolist() == [[0, 0, 2, 2], [2, 2, 4, 4]]


def test_no_tensor_is_made_elsewhere():
    sky, star = torch.zeros(1, 1, 4, 4), torch.ones(1, 1, 2, 2)
    places, maps = torch.tensor([[1, 2]]), torch.rand(1, 2, 2)
    with torch.device("meta"):  # as if the tensors were on a GPU
        planted, _ = plant(sky, star, places)
        points = peaks(maps, (4, 4))
    assert planted.sum() == 4
    assert points.device == maps.device


def test_places_reach_every_corner_and_repeat_with_the_seed():
    draw = [
        random_places(
            500, (5, 6), (3, 3), generator=torch.Generator().manual_seed(0)
        )
        for _ in range(2)
    ]
    assert torch.equal(*draw)
    assert draw[0].amin(0).tolist() == [0, 0]
    assert draw[0].amax(0).tolist() == [2, 3]


def test_random_points_hit_as_often_as_the_area_says():
    generator = torch.Generator().manual_seed(0)
    places = random_places(20_000, (50, 40), (10, 20), generator=generator)
    _, boxes = plant(
        torch.zeros(1, 1, 50, 40).expand(20_000, -1, -1, -1),
        torch.zeros(1, 1, 10, 20),
        places,
    )
    points = random_places(20_000, (50, 40), (1, 1), generator=generator)
    share = area_shares(boxes, (50, 40))
    assert share.unique().item() == pytest.approx(0.1)
    hit = within(points, boxes).float().mean().item()
    assert abs(hit - 0.1) < 0.01


def test_peaks_find_the_cell_and_flat_maps_point_nowhere():
    maps = torch.zeros(3, 4, 4)
    maps[0, 2, 1], maps[1, 0, 3] = 1, 1
    points = peaks(maps, (40, 40))
    assert points[0].tolist() == pytest.approx([25, 15], abs=1)
    assert points[1].tolist() == pytest.approx([2, 37], abs=1)
    assert points[2].tolist() == [-1, -1]
    assert not within(points[2:], torch.tensor([[0, 0, 40, 40]])).any()


@pytest.mark.parametrize("cells", [1, 3, 4, 7])
def test_a_turned_map_points_to_the_turned_place(cells):
    generator = torch.Generator().manual_seed(0)
    maps = torch.rand(200, 3, cells, generator=generator)
    maps[::2] = maps[::2].round()  # cells that are equally high
    size = (30, 84)
    expected = torch.tensor(size) - 1 - peaks(maps, size)
    turned = peaks(maps.flip(1, 2), size)
    flat = (turned == -1).all(1)
    alone = maps.flatten(1) == maps.amax((1, 2))[:, None]
    sure = ~flat & (alone.sum(1) == 1)
    assert sure.sum() >= 100
    assert (turned - expected)[sure].abs().max() <= 1


@pytest.mark.parametrize("cells", [3, 4, 7])
def test_a_right_map_hits_alike_on_all_sides(cells):
    middles = (torch.arange(cells) + 0.5) * 84 / cells
    maps = torch.eye(cells**2).view(-1, cells, cells)
    points = peaks(maps, (84, 84))
    rows, columns = torch.meshgrid(middles, middles, indexing="ij")
    expected = torch.stack([rows.flatten(), columns.flatten()], dim=1)
    # towards the border the map is flat for half a cell
    assert (points + 0.5 - expected).abs().max() <= 84 / cells / 4 + 1


def test_edges_of_a_box():
    box = torch.tensor([[1, 2, 3, 4]]).expand(4, -1)
    points = torch.tensor([[1, 2], [2, 3], [3, 3], [2, 4]])
    assert within(points, box).tolist() == [True, True, False, False]


def test_refuses_what_does_not_fit():
    sky = torch.zeros(2, 3, 8, 8)
    star = torch.zeros(1, 3, 4, 4)
    with pytest.raises(ValueError, match=r"must fit into a picture of"):
        random_places(1, (8, 8), (9, 1))
    with pytest.raises(ValueError, match="must lie in its picture"):
        plant(sky, star, torch.tensor([[0, 0], [5, 0]]))
    with pytest.raises(ValueError, match="must lie in its picture"):
        plant(sky, star, torch.tensor([[0, 0], [-1, 0]]))
    with pytest.raises(ValueError, match=r"shape \(2, 2\), top and left"):
        plant(sky, star, torch.tensor([[0, 0]]))
    with pytest.raises(ValueError, match=r"type torch.float32, got"):
        plant(sky, star.byte(), torch.zeros(2, 2, dtype=torch.long))
    with pytest.raises(ValueError, match="or one for all"):
        plant(sky, star[:, :1], torch.zeros(2, 2, dtype=torch.long))
    with pytest.raises(ValueError, match="finite, got 4 numbers that are"):
        peaks(torch.full((1, 2, 2), torch.nan), (8, 8))
    with pytest.raises(ValueError, match=r"got \(2, 2\); for one map pass"):
        peaks(torch.zeros(2, 2), (8, 8))
    with pytest.raises(ValueError, match="points of shape"):
        within(torch.zeros(1, 3), torch.zeros(1, 4))
