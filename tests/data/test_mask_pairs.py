import shutil

import pytest
from tests.data.mask_samples import folders, mask, picture

from sevenlessons.data.mask_pairs import SUFFIXES, pair_masks


@pytest.mark.parametrize("suffix", SUFFIXES)
def test_pairs_by_name_whatever_masks_have_more(tmp_path, suffix):
    pairs = pair_masks(*folders(tmp_path, 12, suffix), split="test")
    assert [p.name for p in pairs] == sorted(f"s{i}" for i in range(12))
    for pair in pairs:
        assert pair.mask.name == f"{pair.name}{suffix}.png"
        assert pair.image.name == f"{pair.name}.png"
        assert pair.split == "test"


def test_subfolders_belong_to_subfolders(tmp_path):
    for city in ("bonn", "ulm"):
        picture(tmp_path / "images" / city / "1.jpg")
        mask(tmp_path / "labels" / city / "1.png")
    pairs = pair_masks(tmp_path / "images", tmp_path / "labels")
    assert [p.mask.parent.name for p in pairs] == ["bonn", "ulm"]


def test_another_suffix_can_be_given(tmp_path):
    images, masks = folders(tmp_path, 2, "-truth")
    assert len(pair_masks(images, masks, suffix="-truth")) == 2


def test_missing_partners_are_named_on_both_sides(tmp_path):
    images, masks = folders(tmp_path, 5, "_P")
    (masks / "s3_P.png").unlink()
    (images / "s1.png").unlink()
    with pytest.raises(ValueError, match="1 of 4 pictures") as caught:
        pair_masks(images, masks)
    for part in ("such as s3.png", "1 of 4 masks", "s1_P.png", "rename"):
        assert part in str(caught.value)
    assert "s3_P.png" in str(caught.value)  # what is expected


def test_masks_below_the_pictures_are_no_pictures(tmp_path):
    images, masks = folders(tmp_path, 3)
    masks = masks.rename(images / "masks")
    assert len(pair_masks(images, masks)) == 3
    for path in images.glob("*.png"):
        path.rename(masks.parent.parent / path.name)
    # and the other way round
    (tmp_path / "own").mkdir()
    for path in tmp_path.glob("*.png"):
        path.rename(tmp_path / "own" / path.name)
    for path in masks.glob("*.png"):
        path.rename(tmp_path / path.name)
    masks.rmdir()
    assert len(pair_masks(tmp_path / "own", tmp_path)) == 3


def test_an_unusual_ending_is_named_with_its_option(tmp_path):
    with pytest.raises(ValueError, match="have _anno more: --suffix _anno"):
        pair_masks(*folders(tmp_path, 3, "_anno"))


def test_two_files_of_one_name(tmp_path):
    images, masks = folders(tmp_path, 1)
    picture(images / "s0.bmp")
    with pytest.raises(ValueError, match=r"s0.bmp and s0.png .* ending only"):
        pair_masks(images, masks)


def test_one_folder_is_not_two(tmp_path):
    images, _ = folders(tmp_path)
    with pytest.raises(ValueError, match="are the same folder"):
        pair_masks(images, images / ".")


def test_empty_and_missing_folders(tmp_path):
    images, masks = folders(tmp_path)
    shutil.rmtree(masks)
    with pytest.raises(FileNotFoundError, match="no such folder"):
        pair_masks(images, masks)
    masks.mkdir()
    with pytest.raises(ValueError, match="no pictures in"):
        pair_masks(images, masks)
