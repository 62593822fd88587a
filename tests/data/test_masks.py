import io

import numpy as np
import pytest
import torch
from PIL import Image

from sevenlessons.data.imagefiles import ImageError
from sevenlessons.data.masks import read_mask

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


def test_with_a_table_the_colors_of_a_palette_count(tmp_path):
    rgb = np.zeros((2, 2, 3), np.uint8)
    rgb[0], rgb[1] = (255, 0, 0), (0, 0, 255)
    colors = {(0, 0, 255): 0, (255, 0, 0): 1}
    image = Image.fromarray(rgb)
    for kept in (image, image.quantize(2)):
        found = read_mask(stored(kept), colors=colors)
        assert found.tolist() == [[1, 1], [0, 0]]
    gray = Image.fromarray(np.array([[0, 200]], np.uint8))
    grays = {(200, 200, 200): 0, (0, 0, 0): 1}
    assert read_mask(stored(gray), colors=grays).tolist() == [[1, 0]]


def test_other_files_with_loss_blur_numbers():
    image = Image.fromarray(VALUES).convert("RGB")
    with pytest.raises(ImageError, match="WebP file with loss, which blurs"):
        read_mask(stored(image, "WEBP", quality=50))
    kept = read_mask(stored(image, "WEBP", lossless=True))
    assert np.array_equal(kept, VALUES)
    with pytest.raises(ImageError, match="TIFF file packed with loss"):
        read_mask(stored(image, "TIFF", compression="jpeg"))
    kept = read_mask(stored(image, "TIFF", compression="tiff_lzw"))
    assert np.array_equal(kept, VALUES)


def test_many_colors_are_told_without_counting_all():
    rgb = np.random.default_rng(0).integers(0, 256, (40, 40, 3), np.uint8)
    with pytest.raises(ImageError, match=r"more than 256 colors.*--colors"):
        read_mask(stored(Image.fromarray(rgb)))
