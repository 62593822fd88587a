import pytest

from sevenlessons.data.mask_names import read_codes, read_colors


def test_codes_are_names_in_order(tmp_path):
    path = tmp_path / "codes.txt"
    path.write_bytes("\ufeffSky\r\nRoad \r\n\r\n".encode())
    assert read_codes(path) == ["Sky", "Road"]


@pytest.mark.parametrize(
    ("text", "message"),
    [
        (b"", "is empty; write one class name"),
        (b"a\n\nb", "line 2 of .* so it is not clear what class 1 is"),
        (b"a\nb\na", "'a' twice, in the lines 1 and 3"),
        (b"a\n\xff\xfe", "no text in UTF-8"),
    ],
)
def test_bad_codes(tmp_path, text, message):
    path = tmp_path / "codes.txt"
    path.write_bytes(text)
    with pytest.raises(ValueError, match=message):
        read_codes(path)


def test_colors_by_class(tmp_path):
    path = tmp_path / "colors.txt"
    path.write_text("64 128 64\tAnimal\n192,0,128 Archway\n\n0 0 0 Animal\n")
    colors, names = read_colors(path)
    assert names == ["Animal", "Archway"]
    assert colors == {(64, 128, 64): 0, (192, 0, 128): 1, (0, 0, 0): 0}


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "has no color"),
        ("tree 1 2 3", "line 1 of .* expected three numbers"),
        ("1 2 256 tree", "line 1 of .* expected three numbers"),
        ("1 2 3", "and a name"),
        ("1 2 3 a\n1 2 3 b", "color 1 2 3 a second time"),
    ],
)
def test_bad_colors(tmp_path, text, message):
    path = tmp_path / "colors.txt"
    path.write_text(text)
    with pytest.raises(ValueError, match=message):
        read_colors(path)
