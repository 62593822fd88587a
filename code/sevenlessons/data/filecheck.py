"""Look at one picture file: is it whole, and what does it look like.

The file is opened for reading, once, and decoded only if its header promises
few enough pixels. What is wrong comes back as findings, never as an error, so
that one bad file does not stop the look at the others.
"""

import hashlib
from dataclasses import dataclass
from pathlib import Path

import numpy as np
from PIL import Image

from .duplicates import brightness_grid, hash_views, pixel_hash
from .findings import Finding
from .imagefiles import ImageError, name_of, open_header, orientation
from .images import MAX_PIXELS, read_image

__all__ = ["FileFacts", "check_file", "image_ending"]

_SUFFIXES = {  # what the content is: how its name may end
    "BMP": (".bmp", ".dib"),
    "GIF": (".gif",),
    "JPEG": (".jpg", ".jpeg", ".jpe"),
    "PNG": (".png",),
    "PPM": (".ppm", ".pgm", ".pbm", ".pnm"),
    "TIFF": (".tif", ".tiff"),
    "WEBP": (".webp",),
}
_MODES = {
    "1": "black and white",
    "L": "gray",
    "LA": "gray with transparency",
    "P": "palette of colors",
    "RGBA": "with transparency",
    "CMYK": "colors of a printer",
}
_MAGIC = (b"\xff\xd8\xff", b"\x89PNG", b"GIF8", b"BM", b"II*\0", b"MM\0*")


@dataclass(frozen=True)
class FileFacts:
    """What is known of one file.

    Parameters
    ----------
    path
        The file.
    findings
        What is wrong or worth knowing.
    content
        SHA-256 of the bytes; empty if there are none.
    pixels
        SHA-256 of the decoded picture; empty if it cannot be decoded.
    views
        Perceptual hash of the eight views, shape (8, B); None likewise.

    """

    path: Path
    findings: tuple[Finding, ...]
    content: str = ""
    pixels: str = ""
    views: np.ndarray | None = None


def check_file(
    path: Path, *, min_size: int = 32, max_pixels: int = MAX_PIXELS
) -> FileFacts:
    """Return what is known of the file at `path`; nothing is changed.

    Parameters
    ----------
    path
        A file.
    min_size
        Fewest pixels on the shorter side.
    max_pixels
        A picture with more is not decoded.

    Examples
    --------
    >>> import tempfile
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     path = Path(folder) / "note.jpg"
    ...     _ = path.write_text("buy milk")
    ...     [found.kind for found in check_file(path).findings]
    ['not an image']

    """
    try:
        name_of(path)  # refuses what is empty or no plain file
    except ImageError as error:
        empty = path.is_file()
        kind, words = ("empty", "0 bytes") if empty else ("not an image", "")
        return FileFacts(path, (Finding(kind, path, words or str(error)),))
    except OSError as error:
        return _unread(path, error)
    try:
        content = path.read_bytes()
    except OSError as error:  # such as a file that only its owner may read
        return _unread(path, error)
    digest = hashlib.sha256(content).hexdigest()
    try:
        with open_header(content, path.name, max_pixels) as image:
            size, mode, turned = image.size, image.mode, orientation(image)
            kind = "JPEG" if image.format == "MPO" else str(image.format)
    except ImageError as error:
        found = _why_unopened(path, content, error)
        return FileFacts(path, (found,), digest)
    try:
        picture = read_image(content, max_pixels=max_pixels)
    except ImageError as error:
        found = Finding("truncated", path, _reason(error))
        return FileFacts(path, (found,), digest)
    if not image_ending(content, kind):
        found = Finding("truncated", path, f"the end of the {kind} is missing")
        return FileFacts(path, (found,), digest)
    findings = _oddities(path, kind, size, mode, turned, min_size)
    grid = brightness_grid(picture)
    return FileFacts(
        path, findings, digest, pixel_hash(picture), hash_views(grid)
    )


def _unread(path: Path, error: OSError) -> FileFacts:
    words = error.strerror or "no such file"
    found = Finding("not an image", path, f"cannot be read: {words}")
    return FileFacts(path, (found,))


def image_ending(content: bytes, kind: str) -> bool:
    r"""Say whether a file has the mark that ends its format.

    A file cut off after its last pixel decodes without a complaint. Formats
    without such a mark pass.

    Examples
    --------
    >>> image_ending(b"GIF89a ... ;", "GIF")
    True
    >>> image_ending(b"GIF89a ...", "GIF")
    False

    """
    if kind == "WEBP":
        return len(content) >= 8 + int.from_bytes(content[4:8], "little")
    if kind == "BMP":
        return len(content) >= int.from_bytes(content[2:6], "little")
    if kind == "GIF":
        return content.rstrip(b"\0").endswith(b";")
    if kind == "JPEG":
        return b"\xff\xd9" in content[_scan_of_jpeg(content) :]
    return kind != "PNG" or b"IEND\xae\x42\x60\x82" in content


def _scan_of_jpeg(content: bytes) -> int:
    """Return where the pixels begin, after all headers.

    A header may hold a small picture of its own, with its own end mark.
    """
    place = 2
    while content[place : place + 1] == b"\xff":
        if content[place + 1 : place + 2] == b"\xda":
            break
        place += 2 + int.from_bytes(content[place + 2 : place + 4])
    return place


def _why_unopened(path: Path, content: bytes, error: ImageError) -> Finding:
    """Say whether a header was too large, damaged or none at all."""
    cause = error.__cause__
    if cause is None or isinstance(cause, Image.DecompressionBombError):
        return Finding("too large", path, _reason(error))
    foreign = isinstance(cause, Image.UnidentifiedImageError)
    begins = content.startswith(_MAGIC) or content[8:12] == b"WEBP"
    if foreign and not begins:
        return Finding("not an image", path, _reason(error))
    return Finding("truncated", path, "its header is incomplete or damaged")


def _reason(error: ImageError) -> str:
    """Return the middle of a message: what was found."""
    text = str(error)
    for mark in (" is ", ": found "):
        text = text.partition(mark)[2] or text
    return text.partition("; ")[0]


def _oddities(
    path: Path,
    kind: str,
    size: tuple[int, int],
    mode: str,
    turned: int,
    min_size: int,
) -> tuple[Finding, ...]:
    """Return what is odd about a picture that can be decoded."""
    found = []
    if path.suffix.lower() not in _SUFFIXES.get(kind, ()):
        named = path.suffix or "without an ending"
        words = f"the content is {kind}, the name ends in {named}"
        found.append(Finding("wrong name", path, words))
    if min(size) < min_size:
        words = f"{size[0]} x {size[1]}, at least {min_size} asked for"
        found.append(Finding("too small", path, words))
    if mode != "RGB":
        words = f"{mode}, {_MODES.get(mode, 'an unusual mode')}"
        found.append(Finding("mode", path, words))
    if turned != 1:
        found.append(Finding("turned", path, f"EXIF orientation {turned}"))
    return tuple(found)
