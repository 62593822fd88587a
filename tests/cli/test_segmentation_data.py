import numpy as np
import pytest
from tests.cli.mask_training import options
from tests.data.mask_samples import camvid, folders, mask, picture, tiramisu

from sevenlessons.cli.segmentation_data import prepare


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


def test_two_files_of_names_must_agree(tmp_path):
    given = two(tmp_path, values=np.eye(6, 8) * 255, mode="RGB")
    colors, codes = tmp_path / "colors.txt", tmp_path / "codes.txt"
    colors.write_text("255 255 255 line\n0 0 0 ground\n")
    codes.write_text("ground\nline\n")
    data = prepare(options(**given, colors=colors, codes=codes))
    assert data.classes == ("ground", "line")
    assert data.counts == {0: 4 * 42, 1: 4 * 6}
    codes.write_text("ground\nedge\n")
    with pytest.raises(ValueError, match="has colors for line, which is no"):
        prepare(options(**given, colors=colors, codes=codes))


def test_marks_that_vanish_at_this_size_end_before_the_training(tmp_path):
    values = np.full((300, 300), 255)
    values[7, 7:9] = 0, 1
    for i in range(4):
        picture(tmp_path / "images" / f"s{i}.png", 300, 300)
        mask(tmp_path / "labels" / f"s{i}.png", values)
    given = {"images": tmp_path / "images", "masks": tmp_path / "labels"}
    with pytest.raises(ValueError, match=r"void alone at 32 x 32 .*larger"):
        prepare(options(**given, void="255"))
    data = prepare(options(**given, void="255", size="300"))
    assert len(data.train) == 3


def test_a_class_that_vanishes_is_told(tmp_path):
    values = np.zeros((300, 300))
    values[:, 150:] = 1
    values[7, 7] = 2
    for i in range(4):
        picture(tmp_path / "images" / f"s{i}.png", 300, 300)
        mask(tmp_path / "labels" / f"s{i}.png", values)
    given = {"images": tmp_path / "images", "masks": tmp_path / "labels"}
    notes = " ".join(prepare(options(**given)).notes)
    assert "no pixel is left: class 2." in notes


def test_other_values_than_class_numbers_are_told(tmp_path, capsys):
    given = two(tmp_path, values=np.eye(6, 8) * 255)
    notes = " ".join(prepare(options(**given)).notes)
    assert "255 in the files is class 1; `predict` writes 1." in notes
    assert "reading 4 masks" in capsys.readouterr().out


def test_test_pairs_of_a_layout_are_kept_apart(tmp_path):
    data = prepare(options(folder=tiramisu(tmp_path)))
    assert [pair.split for pair in data.test.pairs] == ["test", "test"]
    assert prepare(options(folder=camvid(tmp_path / "b"))).test is None


def test_what_no_model_could_keep_ends_before_the_training(tmp_path):
    codes = tmp_path / "codes.txt"
    codes.write_text("".join(f"c{i}\n" for i in range(1001)))
    with pytest.raises(ValueError, match="1 to 1000 of them"):
        prepare(options(**two(tmp_path), codes=codes))


def test_a_suffix_is_not_ignored(tmp_path):
    with pytest.raises(ValueError, match="--suffix belongs to --images"):
        prepare(options(folder=camvid(tmp_path), suffix="_P"))
