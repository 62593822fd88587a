import pytest
import torch
from torchvision.transforms.v2 import functional

from sevenlessons.data.loaders import TensorLoader
from sevenlessons.vision.cutout import Cutout, box_mask, random_boxes


def generator(seed=0):
    return torch.Generator().manual_seed(seed)


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32, torch.float64])
@pytest.mark.parametrize("fill", [0.0, 0.4, 1.0])
def test_equals_torchvision_picture_by_picture(photos, dtype, fill):
    images = photos if dtype == torch.uint8 else photos.to(dtype) / 255
    result = Cutout(0.5, fill=fill)(images, generator())
    boxes = random_boxes(10, 8, 8, 0.5, generator())
    white = 255 if dtype == torch.uint8 else 1.0
    value = torch.tensor(fill * white, dtype=torch.float64)
    value = value.round() if dtype == torch.uint8 else value
    for image, new, box in zip(images, result, boxes.tolist(), strict=True):
        top, left, bottom, right = box
        expected = functional.erase(
            image, top, left, bottom - top, right - left, value.to(image)
        )
        assert torch.equal(new, expected)
    assert result.dtype == dtype


@pytest.mark.parametrize("dtype", [torch.uint8, torch.float32])
def test_share_zero_keeps_every_bit_and_gives_a_copy(photos, dtype):
    images = photos.to(dtype)
    result = Cutout(0.0)(images)
    assert torch.equal(result, images)
    assert result.data_ptr() != images.data_ptr()


def test_the_input_stays_and_seeds_hold(photos):
    before = photos.clone()
    first, second = Cutout(0.5, seed=3), Cutout(0.5, seed=3)
    result = first(photos)
    assert torch.equal(result, second(photos))
    assert not torch.equal(result, first(photos))
    assert torch.equal(photos, before)


def test_boxes_keep_inside_and_middles_are_everywhere():
    boxes = random_boxes(4000, 10, 6, 0.5, generator())
    top, left, bottom, right = boxes.T
    assert (top >= 0).all() and (left >= 0).all()
    assert (bottom <= 10).all() and (right <= 6).all()
    assert (bottom - top).max() == 5 and (right - left).max() == 3
    assert (bottom > top).all() and (right > left).all()
    middles = random_boxes(4000, 10, 6, 0.0, generator())[:, :2]
    counts = torch.stack(
        [
            (middles == torch.tensor([y, x])).all(1).sum()
            for y in range(10)
            for x in range(6)
        ]
    )
    assert counts.sum() == 4000 and counts.min() > 30


def test_a_share_for_each_box():
    shares = torch.tensor([0.0, 1.0])
    boxes = random_boxes(2, 8, 8, shares, generator())
    areas = box_mask(boxes, 8, 8).sum((1, 2, 3))
    assert areas[0] == 0 and areas[1] >= 16


def test_mask_counts_the_area_of_the_box():
    boxes = random_boxes(50, 9, 7, 0.6, generator(1))
    top, left, bottom, right = boxes.T
    areas = (bottom - top) * (right - left)
    assert torch.equal(box_mask(boxes, 9, 7).sum((1, 2, 3)), areas)


def test_an_empty_batch_and_a_loader(photos):
    assert Cutout()(photos[:0]).shape == photos[:0].shape
    loader = TensorLoader(
        photos, torch.arange(10), batch_size=4, transform=Cutout(0.5)
    )
    assert sum(len(images) for images, _ in loader) == 10


def test_messages(photos):
    with pytest.raises(ValueError, match=r"share must be in \[0, 1\], got 2"):
        Cutout(2)
    with pytest.raises(ValueError, match=r"fill must be in \[0, 1\], got -1"):
        Cutout(fill=-1)
    with pytest.raises(ValueError, match=r"share must be in .*got -0.5"):
        random_boxes(1, 4, 4, -0.5, generator())
    with pytest.raises(ValueError, match=r"boxes of shape \(N, 4\), got \(4,"):
        box_mask(torch.zeros(4), 4, 4)
    with pytest.raises(ValueError, match="add a batch axis"):
        Cutout()(photos[0])
