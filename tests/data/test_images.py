import io
import struct
import tracemalloc
import warnings
import zlib

import numpy as np
import pytest
import torch
from PIL import Image, ImageOps

from sevenlessons.data.imagefiles import ImageError
from sevenlessons.data.images import (
    find_images,
    images_to_tensor,
    read_image,
)

GRADIENT = np.add.outer(np.arange(48), np.arange(64)).astype(np.uint8)
COLOR = np.stack([GRADIENT, 2 * GRADIENT, 255 - GRADIENT], -1)


def encoded(image, kind="PNG", **settings):
    file = io.BytesIO()
    image.save(file, kind, **settings)
    return file.getvalue()


def chunk(name, data):
    crc = zlib.crc32(name + data)
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", crc)


def bomb(width, height):
    """A PNG of some hundred bytes whose header promises any size."""
    header = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", header)
        + chunk(b"IDAT", zlib.compress(bytes(1000)))
        + chunk(b"IEND", b"")
    )


@pytest.mark.parametrize("kind", ["PNG", "BMP", "TIFF", "PPM"])
def test_rgb_comes_back_as_it_was(kind):
    image = read_image(encoded(Image.fromarray(COLOR), kind))
    assert image.mode == "RGB"
    assert (np.asarray(image) == COLOR).all()


def test_a_path_may_be_text_and_the_picture_outlives_the_file(tmp_path):
    path = tmp_path / "a.png"
    path.write_bytes(encoded(Image.fromarray(COLOR)))
    image = read_image(str(path))
    path.unlink()
    assert (np.asarray(image) == COLOR).all()


def test_the_content_tells_the_format_not_the_name(tmp_path):
    path = tmp_path / "truly_a_png.jpg"
    path.write_bytes(encoded(Image.fromarray(COLOR)))
    assert (np.asarray(read_image(path)) == COLOR).all()


@pytest.mark.parametrize("kind", ["PNG", "TIFF", "PPM"])
def test_sixteen_bits_are_scaled_not_clipped(kind):
    deep = np.array([[0, 128 * 257, 65535]], np.uint16)
    data = encoded(Image.fromarray(deep), kind)
    seen = np.asarray(read_image(data))
    assert seen.tolist() == [[[0] * 3, [128] * 3, [255] * 3]]


@pytest.mark.parametrize("mode", ["I;16", "I;16B", "I"])
def test_every_value_of_sixteen_bits_is_rounded(mode):
    values = np.arange(65536).reshape(4, -1)
    kind = {"I;16": "<u2", "I;16B": ">u2", "I": "<i4"}[mode]
    image = Image.frombytes(mode, (16384, 4), values.astype(kind).tobytes())
    image.format = "PNG"
    seen = np.asarray(read_image(image))[..., 0]
    assert (seen == np.rint(values / 257)).all()


def test_sixteen_bits_are_converted_in_little_memory():
    deep = encoded(Image.fromarray(np.zeros((1500, 2000), np.uint16)))
    tracemalloc.start()
    read_image(deep)
    most = tracemalloc.get_traced_memory()[1]
    tracemalloc.stop()
    assert most < 15 * 2000 * 1500  # as numbers of 8 bytes: 24 and more


def test_grey_palette_and_one_bit():
    grey = np.asarray(read_image(encoded(Image.fromarray(GRADIENT))))
    assert (grey == GRADIENT[..., None]).all()
    palette = Image.new("P", (2, 1))
    palette.putpalette([9, 8, 7, 1, 2, 3])
    palette.putpixel((1, 0), 1)
    seen = np.asarray(read_image(encoded(palette)))
    assert seen.tolist() == [[[9, 8, 7], [1, 2, 3]]]
    bit = Image.new("1", (2, 1))
    bit.putpixel((1, 0), 1)
    assert np.asarray(read_image(encoded(bit)))[0, :, 0].tolist() == [0, 255]


def test_alpha_is_dropped_like_the_sky_reader_does():
    see_through = Image.new("RGBA", (3, 2), (10, 200, 30, 0))
    seen = np.asarray(read_image(encoded(see_through)))
    assert (seen == (10, 200, 30)).all()
    grey = Image.new("LA", (3, 2), (77, 5))
    assert (np.asarray(read_image(encoded(grey))) == 77).all()
    palette = Image.new("P", (2, 1))
    palette.putpalette([9, 8, 7])
    data = encoded(palette, transparency=b"\x00\x80")
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        assert (np.asarray(read_image(data)) == (9, 8, 7)).all()


def test_cmyk_becomes_rgb():
    image = Image.new("CMYK", (8, 8), (0, 255, 255, 0))  # red ink
    seen = read_image(encoded(image, "JPEG", quality=95))
    assert seen.mode == "RGB"
    assert np.abs(np.asarray(seen, int) - (254, 0, 0)).max() < 6
    assert read_image(encoded(image, "TIFF")).mode == "RGB"


@pytest.mark.parametrize("orientation", range(1, 9))
def test_exif_orientation_is_honoured(orientation):
    exif = Image.Exif()
    exif[0x0112] = orientation
    data = encoded(Image.fromarray(COLOR), exif=exif)
    with Image.open(io.BytesIO(data)) as image:
        expected = np.asarray(ImageOps.exif_transpose(image))
    assert (np.asarray(read_image(data)) == expected).all()


@pytest.mark.parametrize("kind", ["JPEG", "PNG", "WEBP"])
def test_a_turned_picture_is_not_turned_again(kind):
    exif = Image.Exif()
    exif[0x0112] = 6
    once = read_image(encoded(Image.fromarray(COLOR), kind, exif=exif))
    assert once.size == (48, 64)
    assert (np.asarray(read_image(once)) == np.asarray(once)).all()


def test_the_picture_given_keeps_its_metadata():
    exif = Image.Exif()
    exif[0x0112] = 6
    mine = Image.open(io.BytesIO(encoded(Image.fromarray(COLOR), exif=exif)))
    assert read_image(mine).size == read_image(mine).size == (48, 64)
    assert mine.getexif()[0x0112] == 6


def test_damaged_metadata_leave_the_pixels_alone():
    data = encoded(Image.fromarray(COLOR), exif=b"Exif\x00\x00MM\x00*nonsense")
    assert (np.asarray(read_image(data)) == COLOR).all()


def test_the_first_frame_of_an_animation():
    frames = [Image.new("RGB", (4, 4), c) for c in ("red", "blue")]
    for kind in ("GIF", "PNG", "WEBP"):
        settings = {"lossless": True} if kind == "WEBP" else {}
        data = encoded(
            frames[0],
            kind,
            save_all=True,
            append_images=frames[1:],
            **settings,
        )
        assert read_image(data).getpixel((0, 0)) == (255, 0, 0)


@pytest.mark.parametrize("kind", ["PNG", "JPEG", "GIF", "BMP", "TIFF", "WEBP"])
@pytest.mark.parametrize("part", [0.02, 0.5, 0.9])
def test_a_truncated_file_is_named(tmp_path, kind, part):
    noise = np.random.default_rng(0).integers(0, 256, (48, 64, 3), np.uint8)
    whole = encoded(Image.fromarray(noise), kind)
    path = tmp_path / "half.img"
    path.write_bytes(whole[: int(part * len(whole))])
    with pytest.raises(ImageError, match=r"half\.img is (damaged|no picture)"):
        read_image(path)


def test_flipped_bits_never_end_in_another_error():
    noise = np.random.default_rng(0)
    whole = [
        encoded(Image.fromarray(COLOR), kind)
        for kind in ("PNG", "JPEG", "GIF", "TIFF", "WEBP", "BMP", "PPM")
    ]
    for trial in range(300):
        data = np.frombuffer(whole[trial % len(whole)], np.uint8).copy()
        places = noise.integers(0, min(len(data), 200), 3)
        data[places] = noise.integers(0, 256, 3)
        try:
            assert read_image(data.tobytes()).mode == "RGB"
        except ImageError as error:
            assert "given as bytes" in str(error)


def test_a_bomb_is_refused_before_it_is_decoded():
    with pytest.raises(ImageError, match="too large: found 9000 x 9000 pixe"):
        read_image(bomb(9_000, 9_000))
    with pytest.raises(ImageError, match="too large"):
        read_image(bomb(10_000, 10_000))  # where Pillow would warn
    with pytest.raises(ImageError, match="raise max_pixels if you trust"):
        read_image(bomb(60_000, 60_000))  # where Pillow refuses
    small = encoded(Image.fromarray(COLOR))
    with pytest.raises(ImageError, match="found 64 x 48 pixels, at most 100 "):
        read_image(small, max_pixels=100)
    assert read_image(small, max_pixels=64 * 48).size == (64, 48)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"<!DOCTYPE html><html></html>", "a web page"),
        (b"\n <HTML>not found", "a web page"),
        (b"%PDF-1.7", "a PDF document"),
        (b"%!PS-Adobe-3.0 EPSF-3.0", "a PostScript document"),
        (b"<svg xmlns=''/>", "an SVG drawing"),
        (b"PK\x03\x04....", "a zip archive"),
        (b"\x00\x00\x00\x18ftypheic", "a HEIC or AVIF photo"),
        (b"hello", "starts with b'hello'"),
    ],
)
def test_what_is_no_picture_is_called_by_its_name(tmp_path, content, words):
    path = tmp_path / "cat.jpg"
    path.write_bytes(content)
    for source in (path, content):
        with pytest.raises(
            ImageError, match=r"no picture.*save it as PNG"
        ) as e:
            read_image(source)
        assert words in str(e.value)


def test_empty_missing_and_folder(tmp_path):
    (tmp_path / "empty.png").touch()
    with pytest.raises(ImageError, match=r"empty\.png is empty \(0 bytes\)"):
        read_image(tmp_path / "empty.png")
    with pytest.raises(ImageError, match="given as bytes is empty"):
        read_image(b"")
    with pytest.raises(FileNotFoundError, match=r"no such picture: .*x\.png"):
        read_image(tmp_path / "x.png")
    with pytest.raises(ImageError, match="is a folder; find_images"):
        read_image(tmp_path)
    assert issubclass(ImageError, ValueError)


def test_pixels_without_a_known_white_are_refused():
    for image in (Image.new("F", (2, 2), 0.5), Image.new("I", (2, 2), 70000)):
        with pytest.raises(ImageError, match="32 bits a pixel"):
            read_image(encoded(image, "TIFF"))


def test_many_become_one_tensor_in_order():
    shades = [Image.new("RGB", (9, 5 + i), (i, 0, 0)) for i in range(12)]
    images = images_to_tensor([encoded(shade) for shade in shades], 4)
    assert images.shape == (12, 3, 4, 4)
    assert images.dtype == torch.uint8
    assert (images[:, 0].amax((1, 2)) == torch.arange(12)).all()
    one = images_to_tensor([encoded(Image.fromarray(COLOR))], 16)[0]
    small = Image.fromarray(COLOR).resize((16, 16), Image.Resampling.BICUBIC)
    assert (one.permute(1, 2, 0).numpy() == np.asarray(small)).all()


def test_a_picture_that_pillow_opened_is_as_good_as_its_file():
    palette = Image.fromarray(COLOR).convert("P")
    opened = Image.open(io.BytesIO(encoded(palette)))
    both = images_to_tensor([encoded(palette), opened], 16)
    assert torch.equal(*both)
    mine = Image.fromarray(COLOR)
    assert read_image(mine) is not mine  # a copy: it may be drawn on
    with pytest.raises(ImageError, match="the picture given is too large"):
        read_image(mine, max_pixels=10)
    with pytest.raises(TypeError, match="a list of pictures, got only one"):
        images_to_tensor(mine, 16)


def test_messages_of_the_tensor(tmp_path):
    with pytest.raises(ValueError, match="no picture to read: the list is em"):
        images_to_tensor([], 8)
    with pytest.raises(TypeError, match="a list of pictures, got only one"):
        images_to_tensor("a.png", 8)
    with pytest.raises(ValueError, match="size must be at least 1 pixel, got"):
        images_to_tensor([b"x"], 0)
    (tmp_path / "bad.png").write_bytes(b"bad")
    good = encoded(Image.fromarray(COLOR))
    with pytest.raises(ImageError, match=r"bad\.png is no picture"):
        images_to_tensor([good, tmp_path / "bad.png"], 8)


def test_pictures_are_found_by_name_and_hidden_ones_left_out(tmp_path):
    names = "b.JPG a/z.png .c.png .ipynb_checkpoints/d.png notes.txt a/e.webp"
    for name in names.split():
        path = tmp_path / name
        path.parent.mkdir(exist_ok=True)
        path.touch()
    found = [p.relative_to(tmp_path).as_posix() for p in find_images(tmp_path)]
    assert found == ["a/e.webp", "a/z.png", "b.JPG"]
    flat = find_images(str(tmp_path), recursive=False)
    assert [path.name for path in flat] == ["b.JPG"]


def test_messages_of_the_search(tmp_path):
    with pytest.raises(FileNotFoundError, match=r"no such folder: .*nowhere"):
        find_images(tmp_path / "nowhere")
    with pytest.raises(ValueError, match=r"looked for .bmp .*found 0 other"):
        find_images(tmp_path)
    (tmp_path / "a.heic").touch()
    with pytest.raises(ValueError, match=r"found 1 other files \.heic; chec"):
        find_images(tmp_path)
    with pytest.raises(NotADirectoryError, match="is a file; give its folde"):
        find_images(tmp_path / "a.heic")
