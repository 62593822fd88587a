from types import SimpleNamespace

import numpy as np
import pytest
from tests.data.mask_samples import camvid, folders, mask, tiramisu

from sevenlessons.cli.segmentation_data import (
    name_classes,
    prepare,
    split_pairs,
)
from sevenlessons.data.mask_pairs import pair_masks


def options(**given):
    known = {
        "images": None,
        "masks": None,
        "folder": None,
        "codes": None,
        "colors": None,
        "void": None,
        "suffix": None,
        "valid_list": None,
        "valid_share": 0.25,
        "split": "random",
        "size": "32",
        "seed": 0,
    }
    return SimpleNamespace(**known | given)


def two(root, count=4, **more):
    images, masks = folders(root, count, **more)
    return {"images": images, "masks": masks}


def test_two_folders_without_names(tmp_path):
    data = prepare(options(**two(tmp_path)))
    assert data.classes == ("class 0", "class 1", "class 2")
    assert (len(data.train), len(data.valid), data.void) == (3, 1, None)
    assert data.counts == {0: 64, 1: 64, 2: 64}
    assert "No names were given" in data.notes[0]


def test_both_layouts(tmp_path):
    data = prepare(options(folder=camvid(tmp_path / "a")))
    assert data.void == 2
    assert [pair.name for pair in data.valid.pairs] == ["s1"]
    data = prepare(options(folder=tiramisu(tmp_path / "b")))
    assert (len(data.train), len(data.valid)) == (3, 1)  # no test picture
    assert "as the data says" in " ".join(data.notes)


def test_masks_of_black_and_white(tmp_path):
    given = two(tmp_path, values=np.eye(6, 8) * 255)
    data = prepare(options(**given))
    assert data.classes == ("background", "object")
    assert data.train.resized((6, 8)).stacked()[1].max() == 1
    assert data.counts == {0: 4 * 42, 1: 4 * 6}


def test_codes_void_and_absent_classes(tmp_path):
    codes = tmp_path / "codes.txt"
    codes.write_text("a\nb\nc\nd\nvoid\n")
    data = prepare(options(**two(tmp_path), codes=codes))
    assert data.void == 4 and "In no mask: d." in data.notes
    data = prepare(
        options(
            images=tmp_path / "images",
            masks=tmp_path / "labels",
            codes=codes,
            void="b",
        )
    )
    assert data.void == 1


@pytest.mark.parametrize(
    ("counts", "void", "expected"),
    [
        ({0: 1, 1: 1}, None, (("background", "object"), {})),
        ({0: 1, 9: 1}, None, (("background", "object"), {9: 1})),
        ({0: 1, 9: 1, 255: 1}, 255, (("background", "object"), {9: 1})),
        ({0: 1, 1: 1, 2: 1}, 0, (("void", "class 1", "class 2"), {})),
        ({0: 1, 2: 1}, 1, (("class 0", "void", "class 2"), {})),
    ],
)
def test_names_from_values(counts, void, expected):
    assert name_classes(counts, void) == expected


def test_values_with_holes_are_no_classes():
    with pytest.raises(ValueError, match=r"values 0, 1, 255, .*--void 255"):
        name_classes({0: 1, 1: 1, 255: 1}, None)
    with pytest.raises(ValueError, match="0, 1, 2, 3, 4, 5, 6, 7, 8, 9 and m"):
        name_classes(dict.fromkeys([*range(20), 30], 1), None)


def test_splits(tmp_path):
    pairs = pair_masks(*folders(tmp_path, 10))
    train, valid, note = split_pairs(pairs, options(split="last"))
    assert [p.name for p in valid] == ["s8", "s9"] and len(train) == 8
    assert "the last ones" in note
    one = split_pairs(pairs, options())
    assert one == split_pairs(pairs, options())
    assert one != split_pairs(pairs, options(seed=1))
    path = tmp_path / "list.txt"
    path.write_text("s4\n")
    _, valid, _ = split_pairs(pairs, options(valid_list=path))
    assert [p.name for p in valid] == ["s4"]
    for share in (0.01, 0.99):
        train, valid, _ = split_pairs(pairs, options(valid_share=share))
        assert train and valid


def test_what_cannot_be(tmp_path):
    given = two(tmp_path)
    for wrong in (
        {"images": given["images"]},
        {"folder": tmp_path, **given},
        {},
    ):
        with pytest.raises(ValueError, match="give --images DIR and --masks"):
            prepare(options(**wrong))
    with pytest.raises(ValueError, match="between 0 and 1"):
        prepare(options(**given, valid_share=0))
    with pytest.raises(ValueError, match="at least two"):
        prepare(options(**two(tmp_path / "one", 1)))
    mask(tmp_path / "labels" / "s1.png", np.full((6, 8), 3))
    codes = tmp_path / "codes.txt"
    codes.write_text("a\nb\nc\n")
    with pytest.raises(ValueError, match=r"outside 0 to 2: s1.png \(3\)"):
        prepare(options(**given, codes=codes))


def test_a_side_of_void_alone(tmp_path):
    given = two(tmp_path)
    mask(tmp_path / "labels" / "s3.png", np.full((6, 8), 255))
    with pytest.raises(ValueError, match="masks to judge by hold void alone"):
        prepare(options(**given, void="255", split="last"))
    path = tmp_path / "list.txt"
    path.write_text("s0\ns1\ns2\n")
    with pytest.raises(ValueError, match="masks to learn from hold void"):
        prepare(options(**given, void="255", valid_list=path))


def test_a_class_on_one_side_only_is_told(tmp_path):
    given = two(tmp_path)
    mask(tmp_path / "labels" / "s3.png", np.full((6, 8), 3))
    data = prepare(options(**given, split="last"))
    assert "To judge by only: class 3." in data.notes


def test_one_class_is_nothing_to_learn(tmp_path):
    given = two(tmp_path, values=np.zeros((6, 8)))
    with pytest.raises(ValueError, match=r"one class only \(class 0\)"):
        prepare(options(**given))
