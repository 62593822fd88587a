"""From the bytes of an upload to a picture, or to a sentence why not.

What a file is, is told from its first bytes, never from its name or from
what the sender claims. Four formats are taken; the number of pixels is read
from the header before anything is decoded.
"""

import io
import re
import warnings

from PIL import Image

from sevenlessons.data.imagefiles import MAX_SIDE
from sevenlessons.data.images import read_image

from .refusals import Refused

__all__ = ["check_kind", "kind_of", "open_picture"]

FORMATS = ("JPEG", "PNG", "WebP", "GIF")
MAX_SCANS = 100  # of a JPEG; progressive ones have about ten
_MARKER = re.compile(rb"\xff[^\x00\xff\xd0-\xd7]")  # none of these in a scan
_TAKEN = "Send a JPEG, PNG, WebP or GIF."
_FTYP = {  # the brand of a file in boxes, and what it is called
    b"heic": "a HEIC photo, as iPhones keep them",
    b"heix": "a HEIC photo, as iPhones keep them",
    b"hevc": "a HEIC photo, as iPhones keep them",
    b"mif1": "a HEIC photo, as iPhones keep them",
    b"msf1": "a HEIC photo, as iPhones keep them",
    b"avif": "an AVIF photo",
    b"avis": "an AVIF photo",
}
_FOREIGN = (  # how other things begin that people take for pictures
    (b"<!doctype html", "a web page"),
    (b"<html", "a web page"),
    (b"<svg", "an SVG drawing"),
    (b"<?xml", "an XML file, perhaps an SVG drawing"),
    (b"%pdf", "a PDF document"),
    (b"%!ps", "a PostScript document"),
    (b"pk\x03\x04", "a zip archive or an office document"),
    (b"\x1f\x8b", "a gzip archive"),
    (b"ii*\x00", "a TIFF picture"),
    (b"mm\x00*", "a TIFF picture"),
    (b"bm", "a BMP picture"),
    (b"8bps", "a Photoshop file"),
    (b"\x1ae\xdf\xa3", "a film"),
)


def kind_of(head: bytes) -> str | None:
    """Return the format that the first bytes of a file tell, or None.

    Examples
    --------
    >>> kind_of(b"GIF89a..."), kind_of(b"<html>")
    ('GIF', None)

    """
    if head.startswith(b"\xff\xd8\xff"):
        return "JPEG"
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return "PNG"
    if head[:4] == b"RIFF" and head[8:12] == b"WEBP":
        return "WebP"
    if head[:6] in (b"GIF87a", b"GIF89a"):
        return "GIF"
    return None


def _foreign(head: bytes) -> Refused:
    """Return the refusal of a file that is none of the four formats."""
    start = head.lstrip(b"\xef\xbb\xbf \t\r\n").lower()
    found = next((w for p, w in _FOREIGN if start.startswith(p)), None)
    if head[4:8] == b"ftyp":
        found = _FTYP.get(head[8:12], "a film, or a photo in a film's format")
    if found is None:
        return Refused(415, f"This is no picture that can be read. {_TAKEN}")
    if "HEIC" in found:
        return Refused(
            415,
            f"This is {found}. {_TAKEN} On an iPhone, choose Settings, "
            "Camera, Formats, Most Compatible for new photos, or send a "
            "screenshot.",
        )
    return Refused(415, f"This is {found}. {_TAKEN}")


def check_kind(content: bytes) -> str:
    """Return the format of an upload; quick, nothing is decoded.

    Raises
    ------
    Refused
        400 for an empty file, 415 for another format.

    Examples
    --------
    >>> check_kind(b"GIF89a...")
    'GIF'

    """
    if not content:
        raise Refused(
            400, "The file is empty. Choose a picture and try again."
        )
    kind = kind_of(content[:16])
    if kind is None:
        raise _foreign(content[:64])
    return kind


def open_picture(content: bytes, max_pixels: int) -> Image.Image:
    """Return an upload as 8-bit RGB, upright, as in training.

    Parameters
    ----------
    content
        The whole file.
    max_pixels
        A picture with more is refused before it is decoded.

    Raises
    ------
    Refused
        400 for an empty or damaged file, 413 for too many pixels or layers,
        415 for another format.

    Examples
    --------
    >>> open_picture(b"<html>hello</html>", max_pixels=1_000_000)
    Traceback (most recent call last):
    sevenlessons.deploy.refusals.Refused: This is a web page. Send a JPEG, ...

    """
    kind = check_kind(content)
    if kind == "JPEG" and _too_many_scans(content):
        raise Refused(
            413, "This JPEG is built of too many layers. Save it again."
        )
    width, height = _size(content, kind)
    if width * height > max_pixels:
        raise Refused(
            413,
            f"The picture has {width} x {height} pixels; this server takes "
            f"at most {max_pixels / 1e6:g} million. Make it smaller.",
        )
    if max(width, height) > MAX_SIDE:
        raise Refused(
            413,
            f"The picture has {width} x {height} pixels; this server takes "
            f"at most {MAX_SIDE} a side. Send a part of it.",
        )
    try:
        return read_image(content, max_pixels=max_pixels)
    except Exception as error:  # decoders raise almost anything
        raise _damaged(kind) from error


def _too_many_scans(content: bytes) -> bool:
    """Say whether a JPEG has more than `MAX_SCANS` scans.

    Each passes over all pixels again and may take no more than ten bytes of
    the file. What lies in metadata or behind the picture, as the film of a
    moving photo does, is not counted.
    """
    if content.count(b"\xff\xda") <= MAX_SCANS:
        return False
    scans, place = 0, 2
    for _ in range(100 * MAX_SCANS):  # no picture has so many segments
        found = _MARKER.search(content, place)
        if found is None or found[0] == b"\xff\xd9":  # the end
            return False
        scans += found[0] == b"\xff\xda"
        if scans > MAX_SCANS:
            break
        place = found.end()
        if found[0] not in (b"\xff\x01", b"\xff\xd8"):  # have no length
            length = int.from_bytes(content[place : place + 2], "big")
            place += max(2, length)
    return True


def _size(content: bytes, kind: str) -> tuple[int, int]:
    """Return width and height as the header tells them."""
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")  # of size: the caller judges it
            image = Image.open(io.BytesIO(content), formats=[kind.upper()])
    except Image.DecompressionBombError as error:
        raise Refused(
            413,
            "The picture has far more pixels than this server takes. Make "
            "it smaller.",
        ) from error
    except Exception as error:  # a broken header raises almost anything
        raise _damaged(kind) from error
    with image:
        return image.size


def _damaged(kind: str) -> Refused:
    return Refused(
        400,
        f"The file starts as a {kind} picture, but is damaged or cut off. "
        "Save or copy it again.",
    )
