import pytest
from tests.data.mask_samples import camvid, picture, tiramisu

from sevenlessons.data.mask_checks import check_masks
from sevenlessons.data.mask_layouts import (
    TWELVE,
    find_void,
    open_layout,
    split_by_list,
)
from sevenlessons.data.mask_pairs import MaskPair


def test_images_and_labels_with_codes(tmp_path):
    found = open_layout(camvid(tmp_path))
    assert found.classes == ("Animal", "Archway", "Void")
    assert found.void == 2
    assert [p.name for p in found.of("valid")] == ["s1"]
    assert [p.name for p in found.of("train")] == ["s0", "s2", "s3"]
    check_masks(found.pairs, len(found.classes))


def test_without_a_list_nobody_is_split(tmp_path):
    (camvid(tmp_path) / "valid.txt").unlink()
    assert len(open_layout(tmp_path).of("")) == 4


def test_train_and_annot_with_twelve_classes(tmp_path):
    found = open_layout(tiramisu(tmp_path))
    assert found.classes == tuple(TWELVE) and len(TWELVE) == 12
    assert found.void == 11
    counts = [len(found.of(s)) for s in ("train", "valid", "test")]
    assert counts == [3, 1, 2]
    check_masks(found.pairs, 12)


def test_own_codes_replace_the_twelve(tmp_path):
    (tiramisu(tmp_path) / "codes.txt").write_text("a\nb\n")
    assert open_layout(tmp_path).classes == ("a", "b")


def test_a_picture_in_two_splits(tmp_path):
    tiramisu(tmp_path)
    for part in ("", "annot"):
        source = tmp_path / f"train{part}" / "000.png"
        (tmp_path / f"val{part}" / "000.png").write_bytes(source.read_bytes())
    with pytest.raises(ValueError, match="in two splits, such as 000"):
        open_layout(tmp_path)


def test_a_missing_mask_folder_is_no_missing_split(tmp_path):
    tiramisu(tmp_path)
    (tmp_path / "valannot" / "003.png").unlink()
    with pytest.raises(ValueError, match="no pictures in"):
        open_layout(tmp_path)


def test_other_folders(tmp_path):
    picture(tmp_path / "photos" / "1.png")
    with pytest.raises(FileNotFoundError, match=r"found photos. Use pair_ma"):
        open_layout(tmp_path)


def test_codes_are_needed(tmp_path):
    (camvid(tmp_path) / "codes.txt").unlink()
    with pytest.raises(FileNotFoundError, match="no such file of class names"):
        open_layout(tmp_path)


def test_bad_lists(tmp_path):
    pairs = open_layout(camvid(tmp_path)).pairs
    path = tmp_path / "list.txt"
    path.write_text("s1.png\nghost.png\n")
    with pytest.raises(ValueError, match=r"1 pictures .* such as ghost"):
        split_by_list(pairs, path)
    path.write_text("s0\ns1\ns2\ns3\n")
    with pytest.raises(ValueError, match="lists all 4 pictures"):
        split_by_list(pairs, path)


def test_void_by_name_and_number():
    names = ["Sky", "Unlabelled"]
    assert find_void(names) == find_void(names, "unlabelled") == 1
    assert find_void(names, 255) == find_void(names, " 255") == 255
    assert find_void(["a"]) is None
    with pytest.raises(ValueError, match="neither a number nor one of"):
        find_void(names, "nothing")


@pytest.mark.parametrize("content", [b"", b"\n  \n"])
def test_an_empty_list_is_not_drawn_by_chance(tmp_path, content):
    pairs = open_layout(camvid(tmp_path)).pairs
    path = tmp_path / "list.txt"
    path.write_bytes(content)
    with pytest.raises(ValueError, match="lists no picture"):
        split_by_list(pairs, path)


def test_names_with_dots_and_other_texts(tmp_path):
    picture(tmp_path / "images" / "frame.0001.png")
    picture(tmp_path / "images" / "frame.0002.png")
    pairs = [MaskPair(p.stem, p, p) for p in (tmp_path / "images").iterdir()]
    path = tmp_path / "list.txt"
    for line in ("frame.0002", "frame.0002.png", "./frame.0002.JPG"):
        path.write_text(line)
        split = {p.name: p.split for p in split_by_list(pairs, path)}
        assert split == {"frame.0001": "train", "frame.0002": "valid"}
    path.write_text(".")
    with pytest.raises(ValueError, match="not there"):
        split_by_list(pairs, path)
    path.write_bytes(b"\xe4.png\n")
    with pytest.raises(ValueError, match="UTF-8"):
        split_by_list(pairs, path)


def test_void_by_name_without_names():
    with pytest.raises(ValueError, match="--codes FILE"):
        find_void([], "Void")
