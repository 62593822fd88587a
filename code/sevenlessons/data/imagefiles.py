"""Open the header of an image file, and say what is wrong with it.

Nothing is decoded here. A file that is empty, foreign or too large is refused
in words; `images` decodes the rest.
"""

import io
import os
import threading
import warnings
from pathlib import Path

from PIL import Image

__all__ = [
    "ImageError",
    "broken",
    "check_pixels",
    "name_of",
    "open_header",
    "orientation",
]

PathLike = str | os.PathLike[str]

MAX_SIDE = 65_535  # the most that a JPEG has; longer ones are made to harm
_FORMATS = "BMP GIF JPEG PNG PPM TIFF WEBP".split()
_OPENING = threading.Lock()  # warnings are filtered for the whole process
_FOUND = (  # how other things begin that people take for pictures
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML file, perhaps an SVG drawing"),
    (b"%pdf", "a PDF document"),
    (b"%!ps", "a PostScript document"),
    (b"pk\x03\x04", "a zip archive"),
    (b"\x1f\x8b", "a gzip archive"),
)


class ImageError(ValueError):
    """A picture that cannot be used; the message says what to do."""


def name_of(source: PathLike | bytes) -> str:
    """Return what to call `source` in a message; refuse what is no file.

    Examples
    --------
    >>> name_of(b"some bytes")
    'the picture given as bytes'

    """
    if isinstance(source, bytes):
        name, size = "the picture given as bytes", len(source)
    else:
        path = Path(source)
        name = str(path)
        if not path.exists():
            raise FileNotFoundError(f"no such picture: {path}")
        if not path.is_file():
            raise ImageError(
                f"{path} is a folder; find_images lists the pictures in it"
            )
        size = path.stat().st_size
    if size == 0:
        raise ImageError(
            f"{name} is empty (0 bytes); fetch or copy it again, or leave "
            "it out"
        )
    return name


def _describe(head: bytes) -> str:
    """Say in words what a file that starts with `head` is."""
    start = head.lstrip().lower()
    for prefix, words in _FOUND:
        if start.startswith(prefix):
            return words
    if head[4:8] == b"ftyp":
        return "a HEIC or AVIF photo or a film"
    return f"a file that starts with {head[:8]!r}"


def open_header(
    source: PathLike | bytes, name: str, max_pixels: int
) -> Image.Image:
    """Read the header only, and refuse what is empty, foreign or too large."""
    content = io.BytesIO(source) if isinstance(source, bytes) else source
    try:
        with _OPENING, warnings.catch_warnings():
            warnings.simplefilter("ignore")  # about metadata, or see below
            Image.init()
            known = [kind for kind in _FORMATS if kind in Image.OPEN]
            image = Image.open(content, formats=known)
    except Image.DecompressionBombError as error:
        raise ImageError(_too_large(name, str(error), max_pixels)) from error
    except Image.UnidentifiedImageError as error:
        if isinstance(source, bytes):
            head = source[:32]
        else:
            with open(source, "rb") as file:
                head = file.read(32)
        raise ImageError(
            f"{name} is no picture that can be read: found "
            f"{_describe(head)}; save it as PNG or JPEG, or leave it out"
        ) from error
    except Exception as error:  # a broken header raises almost anything
        raise broken(name, error) from error
    try:
        check_pixels(image, name, max_pixels)
    except ImageError:
        image.close()
        raise
    return image


def check_pixels(image: Image.Image, name: str, max_pixels: int) -> None:
    """Refuse an `image` with too many pixels, by its header alone.

    A line of one pixel's height is no large picture, but would be one half
    way through `squeeze`: so neither side may have more than `MAX_SIDE`.

    Examples
    --------
    >>> check_pixels(Image.new("L", (30, 20)), "map.png", max_pixels=600)

    """
    if image.width * image.height > max_pixels:
        found = f"{image.width} x {image.height} pixels"
        raise ImageError(_too_large(name, found, max_pixels))
    if max(image.size) > MAX_SIDE:
        raise ImageError(
            f"{name} is too long: found {image.width} x {image.height} "
            f"pixels, at most {MAX_SIDE:,} a side are read; cut it in pieces"
        )


def _too_large(name: str, found: str, max_pixels: int) -> str:
    return (
        f"{name} is too large: found {found}, at most {max_pixels:,} are "
        "read; make it smaller, or raise max_pixels if you trust the file"
    )


def broken(name: str, error: Exception) -> ImageError:
    """Return the error for a file whose decoding ended in `error`."""
    return ImageError(
        f"{name} is damaged or cut off ({error}); fetch or copy it again, "
        "or leave it out"
    )


def orientation(image: Image.Image) -> int:
    """Return the EXIF orientation of a decoded image, 1 when unreadable."""
    try:
        with _OPENING, warnings.catch_warnings():
            warnings.simplefilter("ignore")
            return int(image.getexif().get(0x0112, 1))
    except Exception:  # damaged metadata: the pixels are still good
        return 1
