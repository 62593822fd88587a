import math

import pytest
import torch
import torch.nn.functional as F

from sevenlessons.vision.warp import (
    box_matrix,
    dihedral_matrix,
    rotation_matrix,
    sample,
    tilt_matrix,
)


def eye(count):
    return torch.eye(3).repeat(count, 1, 1)


@pytest.mark.parametrize("size", [(8, 8), (5, 9)])
def test_the_identity_keeps_every_bit(photos, size):
    images = photos[:, :, : size[0]].repeat(1, 1, 1, 2)[..., : size[1]]
    assert torch.equal(sample(images, eye(10)), images)
    floats = images / 255
    assert torch.equal(sample(floats, eye(10)), floats)


def test_only_the_moved_pictures_change(photos):
    matrices = eye(10)
    matrices[3] = rotation_matrix(torch.tensor([30.0]))[0]
    result = sample(photos, matrices)
    changed = (result != photos).flatten(1).any(1)
    assert changed.nonzero().flatten().tolist() == [3]


def test_affine_sampling_equals_torch(photos):
    floats = photos / 255
    matrices = rotation_matrix(torch.linspace(-40, 40, 10), aspect=1.0)
    matrices = matrices @ box_matrix(
        torch.full((10, 2), 0.1), torch.full((10, 2), 0.8)
    )
    grid = F.affine_grid(matrices[:, :2], photos.shape, align_corners=False)
    expected = F.grid_sample(
        floats, grid, padding_mode="reflection", align_corners=False
    )
    torch.testing.assert_close(sample(floats, matrices), expected)


def test_every_way_to_lay_a_square_is_exact(photos):
    for which in range(8):
        result = sample(photos[:1], dihedral_matrix(torch.tensor([which])))
        expected = photos[:1]
        if which & 4:
            expected = expected.transpose(2, 3)
        if which & 1:
            expected = expected.flip(3)
        if which & 2:
            expected = expected.flip(2)
        assert torch.equal(result, expected)
    ways = sample(
        photos[:1].expand(8, -1, -1, -1), dihedral_matrix(torch.arange(8))
    )
    assert len({tuple(way.flatten().tolist()) for way in ways}) == 8


def test_positive_angles_turn_counterclockwise(photos):
    result = sample(photos, rotation_matrix(torch.full((10,), 90.0)))
    assert torch.equal(result, photos.rot90(1, (2, 3)))


def test_a_turn_keeps_angles_in_wide_pictures():
    """A disc in a wide picture stays a disc."""
    y, x = torch.meshgrid(
        torch.arange(20.0) - 9.5, torch.arange(60.0) - 29.5, indexing="ij"
    )
    disc = (x**2 + y**2 < 40).float()[None, None]
    turned = sample(disc, rotation_matrix(torch.tensor([40.0]), aspect=3.0))
    assert (turned - disc).abs().mean() < 0.02


def test_a_box_is_cut_out(photos):
    box = box_matrix(torch.tensor([[-0.5, 0.5]]), torch.tensor([[0.5, 0.5]]))
    assert torch.equal(sample(photos[:1], box, 4), photos[:1, :, 4:, :4])


def test_a_tilt_keeps_straight_lines_and_the_middle():
    tilt = tilt_matrix(torch.tensor([[0.2, -0.1]]))[0]
    points = torch.tensor([[-0.8, -0.4, 1], [0, 0, 1], [0.8, 0.4, 1.0]])
    old = points @ tilt.T
    old = old[:, :2] / old[:, 2:]
    assert old[1].tolist() == [0, 0]
    (ax, ay), _, (bx, by) = old.tolist()
    assert math.isclose(ax * by, ay * bx, abs_tol=1e-7)
    assert bx < 0.8 < -ax  # one side nearer, the other farther


def test_gradients_of_sampling():
    images = torch.rand(2, 1, 4, 4, dtype=torch.double, requires_grad=True)
    matrices = tilt_matrix(torch.tensor([[0.1, 0.2], [0.0, 0.0]]))
    matrices[1] = rotation_matrix(torch.tensor([20.0]))[0]
    assert torch.autograd.gradcheck(lambda x: sample(x, matrices), images)


def test_an_empty_batch(photos):
    assert sample(photos[:0], eye(0)).shape == (0, 3, 8, 8)
    assert sample(photos[:0], eye(0), 4).shape == (0, 3, 4, 4)


BEYOND = {  # three pixels, seen two to the right and two to the left
    "zeros": ([3, 0, 0], [0, 0, 1]),
    "border": ([3, 3, 3], [1, 1, 1]),
    "reflection": ([3, 3, 2], [2, 1, 1]),
}


@pytest.mark.parametrize("mode", BEYOND)
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float64])
def test_padding_modes_by_hand(mode, dtype):
    image = torch.tensor([[[[1, 2, 3]] * 3]], dtype=dtype)
    for expected, way in zip(BEYOND[mode], (1, -1), strict=True):
        matrix = eye(1)
        matrix[0, 0, 2] = way * 4 / 3
        for turned in (False, True):
            given = image.mT if turned else image
            matrices = matrix[:, [1, 0, 2]][:, :, [1, 0, 2]]
            matrices = matrices if turned else matrix
            seen = sample(given, matrices, padding_mode=mode)
            seen = seen.mT if turned else seen
            assert seen[0, 0].round().tolist() == [expected] * 3


def test_reflection_is_the_default(photos):
    matrices = rotation_matrix(torch.full((10,), 30.0))
    plain = sample(photos, matrices)
    assert torch.equal(
        plain, sample(photos, matrices, padding_mode="reflection")
    )
    for mode in ("zeros", "border"):
        assert not torch.equal(
            plain, sample(photos, matrices, padding_mode=mode)
        )


def test_unknown_padding_mode(photos):
    with pytest.raises(ValueError, match="one of reflection, border, zeros, "):
        sample(photos, eye(10), padding_mode="mirror")
