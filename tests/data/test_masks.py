import io

import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.data.imagefiles import ImageError
from sevenlessons.data.masks import read_codes, read_colors, read_mask

VALUES = np.arange(48, dtype=np.uint8).reshape(6, 8)


def stored(image, kind="PNG", **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def test_gray_values_are_class_numbers():
    mask = read_mask(stored(Image.fromarray(VALUES)))
    assert mask.dtype == torch.int64
    assert np.array_equal(mask, VALUES)


def test_places_in_a_palette_are_class_numbers_not_its_colors():
    image = Image.fromarray(VALUES).convert("P")
    image.putpalette([v for i in range(256) for v in (255 - i, 7, i)])
    assert np.array_equal(read_mask(stored(image)), VALUES)


def test_one_bit_and_sixteen_bits():
    bits = Image.fromarray(VALUES % 2 * 255).convert("1")
    assert np.array_equal(read_mask(stored(bits)), VALUES % 2)
    deep = Image.fromarray(VALUES.astype(np.uint16) + 1000)
    assert np.array_equal(read_mask(stored(deep)), VALUES.astype(int) + 1000)


def test_gray_kept_as_color_is_taken():
    gray = Image.fromarray(VALUES)
    for mode in ("RGB", "RGBA", "LA"):
        assert np.array_equal(read_mask(stored(gray.convert(mode))), VALUES)


def test_colors_are_refused_or_looked_up():
    rgb = np.zeros((2, 2, 3), np.uint8)
    rgb[0, 0] = 64, 128, 64
    content = stored(Image.fromarray(rgb))
    with pytest.raises(ImageError, match=r"color picture with 2 colors.*tree"):
        read_mask(content)
    colors = {(0, 0, 0): 4, (64, 128, 64): 1}
    assert read_mask(content, colors=colors).tolist() == [[1, 4], [4, 4]]
    del colors[0, 0, 0]
    with pytest.raises(ImageError, match="color 0 0 0 at row 0, column 1 and"):
        read_mask(content, colors=colors)


def test_jpeg_blurs_numbers():
    with pytest.raises(ImageError, match="JPEG file, which blurs"):
        read_mask(stored(Image.fromarray(VALUES), "JPEG"))


def test_a_turned_mask_is_refused():
    exif = Image.Exif()
    exif[0x0112] = 6
    with pytest.raises(ImageError, match="asks to be turned"):
        read_mask(stored(Image.fromarray(VALUES), exif=exif))


def test_floats_are_no_class_numbers():
    image = Image.fromarray(VALUES.astype(np.float32))
    with pytest.raises(ImageError, match="has the mode F"):
        read_mask(stored(image, "TIFF"))


def test_damaged_foreign_and_missing_files(tmp_path):
    content = stored(Image.fromarray(VALUES.repeat(40, 0).repeat(40, 1)))
    with pytest.raises(ImageError, match="damaged or cut off"):
        read_mask(content[: len(content) // 2])
    with pytest.raises(ImageError, match="no picture that can be read"):
        read_mask(b"<html>nothing here</html>")
    with pytest.raises(FileNotFoundError):
        read_mask(tmp_path / "none.png")


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
