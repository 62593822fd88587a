import pytest

from sevenlessons.data.headpose import load_head_pose

# Written as the files are: camera matrix, four zeros, rotation, shift, size.
CAMERA = """\
517.679 0 320
0 517.679 240.5
0 0 1

0 0 0 0

1 0 0
0 1 0
0 0 1

-24.5 0.5 -2

640 480
"""
POSE = "1 0 0 \n0 1 0 \n0 0 1 \n\n{} {} {} \n"


@pytest.fixture
def heads(tmp_path):
    for person in ("01", "13"):
        folder = tmp_path / person
        folder.mkdir()
        (folder / "rgb.cal").write_text(CAMERA)
        for number in (4, 3):
            frame = folder / f"frame_0000{number}"
            end = "png" if person == "01" else "jpg"
            frame.with_name(f"{frame.name}_rgb.{end}").write_bytes(b"picture")
            frame.with_name(f"{frame.name}_pose.txt").write_text(
                POSE.format(10.0 * number, -5, 900)
            )
    (tmp_path / "readme.txt").write_text("hello")
    return tmp_path


def test_frames_of_all_persons(heads):
    table = load_head_pose(heads)
    assert table["person"].tolist() == [1, 1, 13, 13]
    assert [path.name for path in table["path"]] == [
        "frame_00003_rgb.png",
        "frame_00004_rgb.png",
        "frame_00003_rgb.jpg",
        "frame_00004_rgb.jpg",
    ]
    assert all(path.exists() for path in table["path"])
    first = table.iloc[0]
    assert [first.x, first.y, first.z] == [30, -5, 900]
    assert [first.focal_x, first.focal_y] == [517.679, 517.679]
    assert [first.column, first.row] == [320, 240.5]


def test_what_is_missing_is_named(heads, tmp_path):
    (heads / "13/frame_00003_rgb.jpg").unlink()
    with pytest.raises(FileNotFoundError, match="expected frame_00003_rgb"):
        load_head_pose(heads)
    empty = tmp_path / "empty"
    empty.mkdir()
    with pytest.raises(FileNotFoundError, match="no frame below "):
        load_head_pose(empty)


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("1 2 3", "at least 12 finite numbers, got 3; get the file again"),
        ("one two", "must hold numbers only"),
        ("nan " * 12, "at least 12 finite numbers"),
    ],
)
def test_damaged_files_are_named(heads, text, message):
    (heads / "01/frame_00004_pose.txt").write_text(text)
    with pytest.raises(ValueError, match=message) as error:
        load_head_pose(heads)
    assert "frame_00004_pose.txt" in str(error.value)
