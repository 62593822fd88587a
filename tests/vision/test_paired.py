import pytest
import torch
from hypothesis import given, settings
from hypothesis import strategies as st

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.vision.augment import (
    Dihedral,
    HorizontalFlip,
    RandomResizedCrop,
    Rotate,
    Warp,
    Zoom,
)
from sevenlessons.vision.lighting import Brightness, Contrast
from sevenlessons.vision.paired import Paired, inside, move_points
from sevenlessons.vision.transforms import Compose, Geometry, Transform
from sevenlessons.vision.warp import tilt_matrix

MOVES = {
    "flip": [HorizontalFlip(1)],
    "dihedral": [Dihedral()],
    "rotate": [Rotate(180)],
    "zoom": [Zoom(1.5)],
    "crop": [RandomResizedCrop(0.5)],
    "crop to a size": [RandomResizedCrop(0.5, size=96)],
    "warp": [Warp(0.3)],
    "light": [Brightness(0.3), Contrast(0.3)],
    "all": [
        Dihedral(),
        Rotate(20),
        Brightness(0.2),
        Zoom(1.2),
        Warp(0.2),
        Contrast(0.2),
        RandomResizedCrop(0.6, size=80),
    ],
    "nested": [Compose([Rotate(30), Compose([Warp(0.2)])]), Zoom(1.2)],
}
every_move = pytest.mark.parametrize("name", MOVES)


def blobs(points, height, width, radius=2.5):
    """Draw a soft round spot at each point (N, 2)."""
    x = (torch.arange(width) * 2 + 1) / width - 1
    y = (torch.arange(height) * 2 + 1) / height - 1
    dx = (x - points[:, :1])[:, None, :] * width / 2
    dy = (y - points[:, 1:])[:, :, None] * height / 2
    spots = (-(dx**2 + dy**2) / (2 * radius**2)).exp()
    return spots[:, None].repeat(1, 3, 1, 1)


def center_of_mass(images, points, window=10):
    """Return the mean place of the light around `points`, all in pixels.

    Mirrored borders can show a spot a second time, and a strong slant brings
    that one near: a window of 14 pixels saw light that is not the spot's.
    """
    light = images[:, 0]
    light = light - light.flatten(1).median(1).values[:, None, None]
    height, width = light.shape[1:]
    x, y = torch.arange(width) + 0.5, torch.arange(height) + 0.5
    dx = (x - points[:, :1])[:, None, :]
    dy = (y - points[:, 1:])[:, :, None]
    light = light * (dx.abs() < window) * (dy.abs() < window)
    total = light.sum((1, 2))
    assert (total > 1).all()  # there is a spot
    x = (light.sum(1) * x).sum(1) / total
    y = (light.sum(2) * y).sum(1) / total
    return torch.stack([x, y], dim=1)


@every_move
@settings(max_examples=8, deadline=None)
@given(seed=st.integers(0, 10_000))
def test_the_drawn_dot_stays_under_its_point(name, seed):
    generator = torch.Generator().manual_seed(seed)
    points = torch.rand(12, 2, generator=generator) * 1.6 - 0.8
    paired = Paired(MOVES[name], kind="points")
    images, moved = paired(
        blobs(points, 128, 128), points, generator=generator
    )
    side = images.shape[-1]
    # far enough from the border that nothing of the spot is cut or mirrored
    whole = (moved.abs() < 1 - 2 * 15 / side).all(1)
    expected = (moved[whole] + 1) / 2 * side
    found = center_of_mass(images[whole], expected)
    assert (found - expected).norm(dim=1).le(1).all()


@pytest.mark.parametrize("move", [HorizontalFlip(1), Rotate(60), Zoom(1.3)])
def test_the_dot_stays_in_wide_pictures(move):
    generator = torch.Generator().manual_seed(3)
    points = torch.rand(20, 2, generator=generator) * 0.8 - 0.4
    images, moved = Paired([move], kind="points")(
        blobs(points, 64, 160), points
    )
    whole = ((1 - moved.abs()) * torch.tensor([80, 32]) > 14).all(1)
    assert whole.sum() > 5
    expected = (moved + 1) / 2 * torch.tensor([160, 64])
    expected = expected[whole]
    miss = center_of_mass(images[whole], expected) - expected
    assert miss.norm(dim=1).max() < 1


@every_move
def test_pictures_are_those_of_compose(name, photos):
    points, masks = torch.zeros(10, 2), photos[:, 0].long()
    expected = Compose(MOVES[name], seed=4)(photos)
    for kind, target in (("points", points), ("mask", masks)):
        if name == "nested" and kind == "mask":
            continue  # opened, its moves become one: sampled less often
        images, _ = Paired(MOVES[name], kind=kind, seed=4)(photos, target)
        if name != "nested":
            assert torch.equal(images, expected)


@every_move
def test_a_mask_keeps_its_classes_and_follows(name):
    """A mask drawn from the picture is still the picture's mask."""
    generator = torch.Generator().manual_seed(1)
    points = torch.rand(8, 2, generator=generator) * 0.8 - 0.4
    images = blobs(points, 96, 96, radius=12)
    masks = 1 + 6 * (images[:, 0] > 0.5).long()  # classes 1 and 7
    masks[:, :3] = 255  # void
    light = {"light", "all"}
    moved, labels = Paired(MOVES[name], kind="mask", seed=2)(images, masks)
    assert labels.dtype == torch.int64
    assert labels.shape == (8, *moved.shape[2:])
    assert set(labels.unique().tolist()) <= {1, 7, 255}
    if name in light:
        return
    valid = labels != 255
    sure = valid & ((moved[:, 0] - 0.5).abs() > 0.1)
    agree = (moved[:, 0] > 0.5) == (labels == 7)
    assert agree[sure].all()


@pytest.mark.parametrize("dtype", [torch.uint8, torch.int32, torch.int64])
def test_exact_moves_of_masks(dtype):
    masks = torch.arange(24).view(2, 3, 4).to(dtype)
    images = masks[:, None].to(torch.uint8)
    moved, labels = Paired([HorizontalFlip(1)], kind="mask")(images, masks)
    assert torch.equal(labels, masks.flip(2))
    assert torch.equal(moved[:, 0].to(dtype), labels)
    assert torch.equal(masks, torch.arange(24).view(2, 3, 4).to(dtype))


def test_many_points_move_as_one_does():
    points = torch.rand(5, 7, 2) * 2 - 1
    images = torch.zeros(5, 3, 16, 16)
    moves = [Rotate(40), Warp(0.3)]
    _, together = Paired(moves, kind="points", seed=9)(images, points)
    _, alone = Paired(moves, kind="points", seed=9)(images, points[:, 3])
    torch.testing.assert_close(together[:, 3], alone)


@given(x=st.floats(-30, 30), y=st.floats(-30, 30), tilt=st.floats(-0.49, 0.49))
def test_what_is_behind_the_viewer_never_comes_inside(x, y, tilt):
    point = torch.tensor([[[x, y]]])
    matrix = tilt_matrix(torch.tensor([[tilt, 0.2]]))
    moved = move_points(point, matrix)
    assert moved.isfinite().all()
    if inside(moved).item():  # then it was where the new place looks
        back = matrix[0] @ torch.tensor([*moved[0, 0].tolist(), 1.0])
        old = back[:2] / back[2]
        torch.testing.assert_close(old, point[0, 0], rtol=1e-3, atol=1e-3)


def test_inside():
    nan = float("nan")
    points = torch.tensor([[[1.0, -1], [1.01, 0]], [[nan, 0], [0, 0]]])
    assert inside(points).tolist() == [[True, False], [False, True]]


def test_missing_points_stay_missing():
    points = torch.tensor([[float("nan"), 0.0]])
    _, moved = Paired([Rotate(20)], kind="points")(
        torch.zeros(1, 3, 8, 8), points
    )
    assert not inside(moved).item()


def test_zoom_sends_a_point_out_of_the_frame():
    images, points = torch.zeros(1, 3, 8, 8), torch.tensor([[0.9, 0.9]])

    class Twice(Geometry):
        def matrices(self, shape, generator):
            return torch.diag(torch.tensor([0.5, 0.5, 1]))[None]

    _, moved = Paired([Twice()], kind="points")(images, points)
    torch.testing.assert_close(moved, torch.tensor([[1.8, 1.8]]))
    assert not inside(moved).item()


def test_a_loader_moves_both():
    points = torch.rand(9, 2) * 0.6 - 0.3
    images = blobs(points, 96, 96)
    settings_ = {"batch_size": 4, "shuffle": True, "seed": 5}
    paired = Paired([Rotate(180)], kind="points")
    loader = TensorLoader(images, points, paired=paired, **settings_)
    first = list(loader)
    for moved, target in first:
        expected = (target + 1) / 2 * 96
        miss = center_of_mass(moved, expected) - expected
        assert miss.norm(dim=1).max() < 1
    again = TensorLoader(images, points, paired=paired, **settings_)
    for one, other in zip(first, again, strict=True):
        assert all(map(torch.equal, one, other))
    bright = TensorLoader(
        images,
        points,
        paired=paired,
        transform=lambda x, generator: x * 0,
        **settings_,
    )
    for (dark, target), (_, expected) in zip(bright, first, strict=True):
        assert dark.abs().max() == 0
        assert torch.equal(target, expected)


def test_messages():
    class Odd(Transform):
        pass

    images = torch.zeros(2, 3, 4, 4)
    with pytest.raises(ValueError, match="one of mask, points, got 'box'"):
        Paired([], kind="box")
    with pytest.raises(TypeError, match=r"got <class .* at place 0; write"):
        Paired([Rotate], kind="mask")
    with pytest.raises(TypeError, match="Odd is neither a Geometry nor"):
        Paired([Odd()], kind="mask")
    masks, points = Paired([], kind="mask"), Paired([], kind="points")
    with pytest.raises(ValueError, match=r"masks of shape \(2, 4, 4\) for"):
        masks(images, torch.zeros(2, 1, 4, 4).long())
    with pytest.raises(TypeError, match=r"numbers, got torch\.float32"):
        masks(images, torch.zeros(2, 4, 4))
    with pytest.raises(ValueError, match=r"N = 2, got \(3, 2\)"):
        points(images, torch.zeros(3, 2))
    with pytest.raises(ValueError, match=r"N = 2, got \(2, 4\)"):
        points(images, torch.zeros(2, 4))
    with pytest.raises(
        TypeError, match=r"floats in \[-1, 1\], got torch\.int"
    ):
        points(images, torch.zeros(2, 2).long())
    with pytest.raises(ValueError, match="add a batch axis"):
        points(images[0], torch.zeros(3, 2))
    with pytest.raises(TypeError, match="images must be uint8"):
        points(images.long(), torch.zeros(2, 2))


@pytest.mark.parametrize("moves", [[], [Brightness(0.0)], [HorizontalFlip(0)]])
def test_what_comes_back_is_a_copy(moves):
    images, points = torch.zeros(2, 3, 4, 4), torch.zeros(2, 2)
    moved, found = Paired(moves, kind="points")(images, points)
    moved += 1
    found += 1
    assert images.max() == points.max() == 0
