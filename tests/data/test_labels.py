import re

import pandas as pd
import pytest

from sevenlessons.data.labels import (
    from_csv,
    from_folder,
    from_frame,
    from_function,
    from_list,
    from_pattern,
)

PHOTOS = {
    "cat/cat_1.png": "cat",
    "cat/cat_2.png": "cat",
    "pug/pug_1.png": "pug",
}


@pytest.fixture
def folder(tmp_path):
    home = tmp_path / "photos"
    for name in PHOTOS:
        (home / name).parent.mkdir(parents=True, exist_ok=True)
        (home / name).touch()
    return home


def write(path, text):
    path.write_text(text, encoding="utf-8")
    return path


def test_six_ways_give_the_same_table(folder):
    paths = [folder / name for name in PHOTOS]
    frame = pd.DataFrame({"file": list(PHOTOS), "label": PHOTOS.values()})
    csv = folder / "labels.csv"
    frame.to_csv(csv, index=False)
    tables = [
        from_folder(folder),
        from_csv(csv),
        from_frame(frame, folder),
        from_pattern(paths, r"^([a-z]+)_\d+\.png$"),
        from_function(paths, lambda path: path.parent.name),
        from_list(paths, PHOTOS.values()),
    ]
    for table in tables:
        pd.testing.assert_frame_equal(table, tables[0])
        assert table["path"].tolist() == paths
    assert tables[0]["label"].tolist() == ["cat", "cat", "pug"]


def test_other_column_names_and_another_folder(folder, tmp_path):
    csv = write(tmp_path / "other.csv", "id,kind\npug/pug_1.png,pug\n")
    table = from_csv(csv, folder, file="id", label="kind")
    assert table["path"].tolist() == [folder / "pug/pug_1.png"]


def test_labels_that_look_like_numbers_or_gaps_stay_text(folder):
    text = "file,label\ncat/cat_1.png,007\npug/pug_1.png,NA\n"
    table = from_csv(write(folder / "l.csv", text))
    assert table["label"].tolist() == ["007", "NA"]


def test_photos_beside_the_class_folders_are_refused(folder):
    (folder / "stray.png").touch()
    with pytest.raises(ValueError, match=r"1 photos lie in .*stray\.png; put"):
        from_folder(folder)


def test_tables_with_gaps_or_doubles(folder):
    def table(*rows):
        return pd.DataFrame(rows, columns=["file", "label"])

    one = ("cat/cat_1.png", "cat")
    with pytest.raises(ValueError, match="no column 'kind'; the table has: f"):
        from_frame(table(one), folder, label="kind")
    with pytest.raises(ValueError, match="1 rows have no file name in column"):
        from_frame(table(one, (None, "cat")), folder)
    with pytest.raises(ValueError, match=r"1 photos have no label: .*g_1\.pn"):
        from_frame(table(one, ("pug/pug_1.png", None)), folder)
    with pytest.raises(ValueError, match=r"more than once: .*cat_1\.png; kee"):
        from_frame(table(one, one), folder)
    with pytest.raises(FileNotFoundError, match=r"1 of 2 photos.*not exist"):
        from_frame(table(one, ("cat/cat_9.png", "cat")), folder)


def test_csv_files_that_are_none(folder):
    with pytest.raises(FileNotFoundError, match=r"no such file: .*none\.csv"):
        from_csv(folder / "none.csv")
    with pytest.raises(ValueError, match="cannot be read as a table"):
        from_csv(write(folder / "empty.csv", ""))
    ragged = write(folder / "ragged.csv", "file,label\na,b\nc,d,e\n")
    with pytest.raises(ValueError, match=r"ragged\.csv cannot be read"):
        from_csv(ragged)
    gap = write(folder / "gap.csv", "file,label\ncat/cat_1.png,\n")
    with pytest.raises(ValueError, match="1 photos have no label"):
        from_csv(gap)
    nameless = write(folder / "nameless.csv", "file,label\n,cat\n")
    with pytest.raises(ValueError, match="1 rows have no file name"):
        from_csv(nameless)
    (folder / "bytes.csv").write_bytes(b"\xff\xfe\x00file,label")
    with pytest.raises(ValueError, match=r"bytes\.csv cannot be read"):
        from_csv(folder / "bytes.csv")


def test_patterns():
    names = ["a/Great-Dane2_12.jpg", "b/pug_7.jpg"]
    table = from_pattern(names, re.compile(r"(?P<n>x)?(?P<label>.+)_\d+"))
    assert table["label"].tolist() == ["Great-Dane2", "pug"]
    with pytest.raises(ValueError, match=r"not match 1 of 2 names: Great-Dan"):
        from_pattern(names, r"^([a-z]+)_")
    with pytest.raises(ValueError, match="no group; put round brackets"):
        from_pattern(names, r"\d+")
    with pytest.raises(ValueError, match="photos have no label"):
        from_pattern(names, r"(x)?\d+")
    many = [f"{i}.png" for i in range(9)]
    with pytest.raises(ValueError, match=r"9 of 9 names: 0\.png.*and 6 more"):
        from_pattern(many, "(z)")


def test_functions():
    with pytest.raises(ValueError, match=r"failed on a_1\.png: .*'a_1'"):
        from_function(["a_1.png"], lambda path: int(path.stem))
    with pytest.raises(ValueError, match=r"1 photos have no label: b\.png"):
        from_function(["a.png", "b.png"], lambda p: {"a": "x"}.get(p.stem))


def test_lists():
    with pytest.raises(ValueError, match="got 2 photos and 1 labels"):
        from_list(["a.png", "b.png"], ["x"])
    with pytest.raises(ValueError, match="no photo to label"):
        from_list([], [])
    with pytest.raises(TypeError, match="list of photos, got only one"):
        from_list("a.png", ["x"])
    assert from_list(["a.png"], [0])["label"].tolist() == [0]
