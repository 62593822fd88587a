import io
import warnings

import pytest
from PIL import Image

from sevenlessons.data.imagefiles import (
    ImageError,
    broken,
    check_pixels,
    name_of,
    open_header,
    orientation,
)


def png(size=(4, 3)):
    file = io.BytesIO()
    Image.new("RGB", size).save(file, "PNG")
    return file.getvalue()


def test_the_header_tells_the_size_without_warnings_or_leaks():
    before = list(warnings.filters)
    with open_header(png(), "a", max_pixels=12) as image:
        assert (image.size, image.format) == ((4, 3), "PNG")
        assert orientation(image) == 1
    assert warnings.filters == before


def test_rare_formats_are_not_tried():
    file = io.BytesIO()
    Image.new("RGB", (4, 4)).save(file, "PCX")
    with pytest.raises(ImageError, match="odd is no picture"):
        open_header(file.getvalue(), "odd", max_pixels=99)


def test_names_and_reasons(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(png())
    assert name_of(path) == str(path)
    assert name_of(png()) == "the picture given as bytes"
    error = broken("a.png", OSError("cut"))
    assert isinstance(error, ImageError)
    assert str(error).startswith("a.png is damaged or cut off (cut); fetch")


def test_pixels_are_counted_by_the_header():
    image = Image.new("L", (30, 20))
    check_pixels(image, "map.png", max_pixels=600)
    with pytest.raises(ImageError, match=r"map\.png is too large: found 30 x"):
        check_pixels(image, "map.png", max_pixels=599)


@pytest.mark.parametrize("size", [(1, 65_536), (65_536, 1)])
def test_a_line_without_end_is_refused(size):
    with pytest.raises(ImageError, match=r"line is too long: found .* a side"):
        open_header(png(size), "line", max_pixels=10**6)
    check_pixels(Image.new("L", (65_535, 1)), "line", max_pixels=10**6)
