import pytest
import torch
from torchvision.transforms import InterpolationMode
from torchvision.transforms.v2 import functional

from sevenlessons.vision.displace import (
    Jitter,
    Perspective,
    corner_matrix,
    displaced,
)
from sevenlessons.vision.transforms import Compose
from sevenlessons.vision.warp import sample

CORNERS = torch.tensor([[-1.0, -1], [1, -1], [1, 1], [-1, 1]])


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


def test_corners_come_to_their_places():
    pulled = torch.rand(20, 4, 2, generator=generator()).double()
    places = CORNERS.double() * (1 - 0.8 * pulled)
    ones = torch.ones(20, 4, 1, dtype=torch.float64)
    old = torch.cat([places, ones], 2) @ corner_matrix(places).mT
    old = old[..., :2] / old[..., 2:]
    torch.testing.assert_close(old, CORNERS.double().expand(20, 4, 2))


def test_no_tensor_is_made_elsewhere():
    places = 0.8 * CORNERS[None]
    expected = corner_matrix(places)
    with torch.device("meta"):  # as if the places were on a GPU
        assert torch.equal(corner_matrix(places), expected)


def test_perspective_equals_torchvision(photos):
    floats = photos / 255
    drawn = torch.rand(10, 4, 2, generator=generator())
    places = CORNERS * (1 - 0.6 * drawn)
    matrices = Perspective(0.6).matrices(floats.shape, generator())
    result = sample(floats, matrices, padding_mode="zeros")
    for image, new, ends in zip(
        floats, result, (4 * (places + 1)).tolist(), strict=True
    ):
        expected = functional.perspective(
            image,
            [[0, 0], [8, 0], [8, 8], [0, 8]],
            ends,
            interpolation=InterpolationMode.BILINEAR,
        )
        torch.testing.assert_close(new, expected, atol=2e-5, rtol=0)


def test_jitter_equals_torchvision(photos):
    floats = (photos / 255)[..., :6]
    moves = 3 * torch.randn(10, 8, 6, 2, generator=generator())
    result = displaced(floats, moves, padding_mode="zeros")
    for image, new, move in zip(floats, result, moves, strict=True):
        expected = functional.elastic(
            image,
            (2 * move / torch.tensor([6, 8]))[None],
            interpolation=InterpolationMode.BILINEAR,
        )
        torch.testing.assert_close(new, expected, atol=2e-5, rtol=0)


@pytest.mark.parametrize("kind", [Jitter, Perspective])
@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.float64])
def test_strength_zero_and_seeds(kind, dtype, photos):
    images = photos if dtype == torch.uint8 else photos.to(dtype) / 255
    assert torch.equal(kind(0.0)(images), images)
    assert torch.equal(Compose([kind(0.0)])(images), images)
    first, second = kind(0.5, seed=2), kind(0.5, seed=2)
    result = first(images)
    assert result.dtype == dtype and result.shape == images.shape
    assert torch.equal(result, second(images))
    assert not torch.equal(result, first(images))
    assert kind(0.5)(images[:0]).shape == (0, 3, 8, 8)


def test_jitter_looks_no_farther_than_told():
    ramp = torch.arange(32.0).expand(4, 1, 32, 32) / 32
    moved = (Jitter(2.0)(ramp) - ramp).abs() * 32
    assert 1.8 < moved[..., 3:-3].max() <= 2 + 1e-4


def test_messages(photos):
    with pytest.raises(ValueError, match=r"strength must be in \[0, 1\), got"):
        Perspective(1)
    with pytest.raises(ValueError, match="pixels must be at least 0, got -1"):
        Jitter(-1)
    with pytest.raises(ValueError, match=r"\(N, 4, 2\), got \(4, 2\); give"):
        corner_matrix(CORNERS)
    with pytest.raises(ValueError, match=r"without dents.*move them less"):
        corner_matrix(CORNERS[None, [1, 0, 2, 3]])
    with pytest.raises(ValueError, match="without dents"):
        corner_matrix(CORNERS[None] * torch.tensor([-1, 1]))
    with pytest.raises(ValueError, match=r"moves of shape \(10, 8, 8, 2\)"):
        displaced(photos, torch.zeros(10, 8, 8))
