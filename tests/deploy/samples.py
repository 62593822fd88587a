"""Files that people send: good ones, and each kind of bad one."""

import io
import struct
import zlib
from functools import cache

import numpy as np
from PIL import Image

__all__ = ["BAD", "GOOD", "bad", "good", "of_scans", "png_of_size", "slow"]


def saved(image, kind, **options):
    file = io.BytesIO()
    image.save(file, kind, **options)
    return file.getvalue()


def photo(mode="RGB", size=(60, 40)):
    """Return a picture with some structure, mostly red."""
    rng = np.random.default_rng(0)
    pixels = rng.integers(0, 60, (size[1], size[0], 3), dtype=np.uint8)
    pixels[..., 0] += 190
    return Image.fromarray(pixels).convert(mode)


def chunk(kind, data):
    code = zlib.crc32(kind + data)
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", code)


def png_of_size(width, height):
    """Return a small file that unfolds into width x height black pixels."""
    header = struct.pack(">IIBBBBB", width, height, 1, 0, 0, 0, 0)
    rows = zlib.compress(bytes((width + 7) // 8 + 1) * height, 9)
    return b"".join(
        [
            b"\x89PNG\r\n\x1a\n",
            chunk(b"IHDR", header),
            chunk(b"IDAT", rows),
            chunk(b"IEND", b""),
        ]
    )


def deep():
    values = np.linspace(0, 65535, 60 * 40).reshape(40, 60)
    return saved(Image.fromarray(values.astype(np.uint16)), "PNG")


def turned():
    exif = Image.Exif()
    exif[0x0112] = 6
    return saved(photo(), "JPEG", exif=exif)


def animated():
    red, blue = (Image.new("RGB", (9, 9), c) for c in ("red", "blue"))
    return saved(red, "GIF", save_all=True, append_images=[blue, blue])


def of_scans(count):
    """Return a progressive JPEG whose last scan is there `count` times."""
    content = saved(photo(size=(16, 16)), "JPEG", progressive=True)
    last = content.rindex(b"\xff\xda")
    return content[:last] + count * content[last:-2] + content[-2:]


GOOD = {
    "jpeg": lambda: saved(photo(), "JPEG"),
    "progressive jpeg": lambda: saved(photo(), "JPEG", progressive=True),
    "gray jpeg": lambda: saved(photo("L"), "JPEG"),
    "cmyk jpeg": lambda: saved(photo("CMYK"), "JPEG"),
    "turned jpeg": turned,
    "png": lambda: saved(photo(), "PNG"),
    "16 bit png": deep,
    "palette png": lambda: saved(photo("P"), "PNG"),
    "transparent png": lambda: saved(photo("RGBA"), "PNG"),
    "webp": lambda: saved(photo(), "WEBP"),
    "animated gif": animated,
    "one pixel": lambda: saved(photo(size=(1, 1)), "PNG"),
    "html after the picture": lambda: (
        saved(photo(), "JPEG") + b"<html><script>alert(1)</script></html>"
    ),
}
BAD = {  # the file, the status and words of the sentence
    "empty": (lambda: b"", 400, "is empty"),
    "html": (lambda: b"<!DOCTYPE html><h1>hello</h1>", 415, "a web page"),
    "svg": (
        lambda: b'<svg xmlns="http://www.w3.org/2000/svg"><script/></svg>',
        415,
        "an SVG drawing",
    ),
    "xml": (lambda: b"\xef\xbb\xbf<?xml version='1.0'?>", 415, "an XML file"),
    "pdf": (lambda: b"%PDF-1.7 and so on", 415, "a PDF document"),
    "zip": (lambda: b"PK\x03\x04 and so on", 415, "a zip archive"),
    "heic": (
        lambda: b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        415,
        "a HEIC photo",
    ),
    "film": (lambda: b"\0\0\0\x18ftypisom\0\0\0\0", 415, "a film"),
    "tiff": (lambda: saved(photo(), "TIFF"), 415, "a TIFF picture"),
    "bmp": (lambda: saved(photo(), "BMP"), 415, "a BMP picture"),
    "text": (lambda: b"just words", 415, "no picture that can be read"),
    "zeros": (lambda: bytes(1000), 415, "no picture that can be read"),
    "cut off": (
        lambda: saved(photo(), "JPEG")[:400],
        400,
        "damaged or cut off",
    ),
    "cut off png": (
        lambda: saved(photo(), "PNG")[:300],
        400,
        "damaged or cut off",
    ),
    "only a beginning": (lambda: b"\xff\xd8\xff", 400, "damaged or cut off"),
    "script that begins as a gif": (
        lambda: b"GIF89a/*<script>alert(1)</script>*/",
        400,
        "damaged or cut off",
    ),
    "bomb": (lambda: png_of_size(20_000, 20_000), 413, "pixels"),
    "line": (lambda: png_of_size(1, 70_000), 413, "1 x 70000 pixels"),
    "scans": (lambda: of_scans(200), 413, "built of too many layers"),
    "large": (lambda: png_of_size(7_000, 7_000), 413, "7000 x 7000 pixels"),
}


@cache
def good(name):
    return GOOD[name]()


@cache
def bad(name):
    make, status, words = BAD[name]
    return make(), status, words


def slow(seconds):
    """Return a picture that the fake predictor thinks about for long."""
    return saved(photo(size=(round(1000 * seconds), 1)), "PNG")
