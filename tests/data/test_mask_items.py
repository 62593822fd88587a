import numpy as np
import pytest
import torch
from PIL import Image
from tests.data.mask_samples import camvid, folders, mask, picture

from sevenlessons.data.loaders import TensorLoader, item_loader
from sevenlessons.data.mask_items import MaskItems, resize_mask
from sevenlessons.data.mask_layouts import open_layout
from sevenlessons.data.mask_pairs import MaskPair, pair_masks


def items(root, size=(12, 16), **options):
    return MaskItems(pair_masks(*folders(root, **options)), size)


def test_in_its_own_size_nothing_is_changed(tmp_path):
    image, answer = items(tmp_path, None)[2]
    files = [tmp_path / kind / "s2.png" for kind in ("images", "labels")]
    assert np.array_equal(image.permute(1, 2, 0), Image.open(files[0]))
    assert np.array_equal(answer, Image.open(files[1]))
    assert image.dtype == torch.uint8 and answer.dtype == torch.int64


def test_a_mask_is_never_mixed(tmp_path):
    values = np.where(np.arange(48).reshape(6, 8) % 2, 200, 0)
    found = items(tmp_path, (13, 21), values=values)[0]
    assert found[0].shape == (3, 13, 21) and found[1].shape == (13, 21)
    assert set(found[1].unique().tolist()) == {0, 200}


@pytest.mark.parametrize("factor", [2, 3])
def test_picture_and_mask_stay_aligned(tmp_path, factor):
    """A bright square in the picture lies on its mask in every size."""
    image = np.zeros((40, 60, 3), np.uint8)
    image[10:30, 20:50] = 255
    (tmp_path / "images").mkdir()
    Image.fromarray(image).save(tmp_path / "images" / "a.png")
    mask(tmp_path / "labels" / "a.png", image[..., 0] // 255)
    pairs = pair_masks(tmp_path / "images", tmp_path / "labels")
    for size in ((40 * factor, 60 * factor), (40 // factor, 60 // factor)):
        picture, answer = MaskItems(pairs, size)[0]
        bright = picture[0] > 127
        assert (bright == answer.bool()).double().mean() > 0.97


def test_batches_through_both_loaders(tmp_path):
    data = items(tmp_path)
    batches = list(item_loader(data, batch_size=3))
    stacked = TensorLoader(*data.stacked(), batch_size=3)
    for one, other in zip(batches, stacked, strict=True):
        assert torch.equal(one[0], other[0])
        assert torch.equal(one[1], other[1].long())
    assert data.stacked()[1].dtype == torch.uint8


def test_values_become_numbers(tmp_path):
    images, masks = folders(tmp_path, values=np.eye(6, 8) * 255)
    data = MaskItems(pair_masks(images, masks), values={255: 1})
    assert data[0][1].sum() == 6
    assert data.resized((6, 8)).stacked()[1].max() == 1


def test_large_numbers_make_no_bytes(tmp_path):
    images, masks = folders(tmp_path)
    deep = Image.fromarray(np.full((6, 8), 700, np.uint16))
    deep.save(masks / "s2.png")
    stacked = MaskItems(pair_masks(images, masks), (6, 8)).stacked()[1]
    assert stacked[2].unique().tolist() == [700]
    assert stacked[1].unique().tolist() == [0, 1, 2]


def test_colors_reach_the_reader(tmp_path):
    found = open_layout(camvid(tmp_path))
    rgb = np.zeros((6, 8, 3), np.uint8)
    rgb[0] = 1, 2, 3
    Image.fromarray(rgb).save(found.pairs[0].mask)
    colors = {(0, 0, 0): 2, (1, 2, 3): 0}
    answer = MaskItems(found.pairs, colors=colors)[0][1]
    assert answer[0].unique().tolist() == [0]
    assert answer[1:].unique().tolist() == [2]


def test_refusals(tmp_path):
    with pytest.raises(ValueError, match="there is no pair"):
        MaskItems([], (4, 4))
    data = items(tmp_path, None)
    with pytest.raises(ValueError, match="several sizes make no batch"):
        data.stacked()
    with pytest.raises(ValueError, match="height and width in pixels"):
        data.resized((0, 4))
    mask(data.pairs[0].mask, height=3)
    with pytest.raises(ValueError, match=r"8 x 6 pixels, but its mask s0.png"):
        data[0]


def test_nearest_takes_the_middle():
    small = resize_mask(torch.arange(9).reshape(1, 9), (1, 3))
    assert small.tolist() == [[1, 4, 7]]


def test_values_do_not_chain_and_negative_ones_stay(tmp_path):
    paths = picture(tmp_path / "a.png", 1, 3), tmp_path / "b.png"
    mask(paths[1], [[1, 2, 3]])
    pairs = [MaskPair("a", *paths)]
    items = MaskItems(pairs, values={1: 2, 2: 3, 3: 1})
    assert items[0][1].tolist() == [[2, 3, 1]]
    items = MaskItems(pairs, (1, 3), values={1: -5})
    assert items.stacked()[1].tolist() == [[[-5, 2, 3]]]
