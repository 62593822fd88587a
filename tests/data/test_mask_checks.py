import numpy as np
import pytest
from PIL import Image
from tests.data.mask_samples import folders, mask

from sevenlessons.data.imagefiles import ImageError
from sevenlessons.data.mask_checks import (
    check_masks,
    count_each,
    count_values,
)
from sevenlessons.data.mask_pairs import pair_masks


def test_every_pixel_is_counted(tmp_path):
    pairs = pair_masks(*folders(tmp_path, 4))
    assert count_values(pairs) == {0: 64, 1: 64, 2: 64}
    assert check_masks(pairs, 3) == {0: 64, 1: 64, 2: 64}


def test_numbers_out_of_range_are_named_with_their_file(tmp_path):
    images, masks = folders(tmp_path, 4)
    mask(masks / "s2.png", np.full((6, 8), 255))
    pairs = pair_masks(images, masks)
    with pytest.raises(ValueError, match=r"1 of 4 masks .* 0 to 2: s2.png"):
        check_masks(pairs, 3)
    assert check_masks(pairs, 3, void=255)[255] == 48
    with pytest.raises(ValueError, match=r"3 of 4 masks .* s0.png \(2\)"):
        check_masks(pairs, 2, void=255)


def test_sizes_must_agree(tmp_path):
    images, masks = folders(tmp_path, 2)
    mask(masks / "s1.png", height=8, width=6)
    with pytest.raises(
        ImageError, match=r"s1.png has 8 x 6 pixels, but its m"
    ):
        count_values(pair_masks(images, masks))


def test_a_picture_that_wants_to_be_turned(tmp_path):
    images, masks = folders(tmp_path, 2)
    exif = Image.Exif()
    exif[0x0112] = 3
    Image.open(images / "s0.png").save(images / "s0.png", exif=exif)
    with pytest.raises(ImageError, match="asks to be turned"):
        count_values(pair_masks(images, masks))


def test_a_picture_that_is_none(tmp_path):
    images, masks = folders(tmp_path, 2)
    (images / "s0.png").write_bytes(b"nothing")
    with pytest.raises(ImageError, match="no picture that can be read"):
        count_values(pair_masks(images, masks))


def test_thin_marks_vanish_in_a_smaller_size(tmp_path):
    images, masks = folders(tmp_path, 1)
    values = np.zeros((6, 8))
    values[0, 0] = 7
    mask(masks / "s0.png", values)
    pairs = pair_masks(images, masks)
    ((whole, small),) = count_each(pairs, size=(3, 4))
    assert whole == {0: 47, 7: 1} and small == {0: 12}
    assert check_masks(pairs, 8, counts=[whole]) == whole
    with pytest.raises(ValueError, match="outside 0 to 6"):
        check_masks(pairs, 7, counts=[whole])
