"""Read pictures that may be anything: broken, huge, mislabelled, odd.

`read_image` returns 8-bit RGB or raises an `ImageError` that names the file,
says what was found and what to do. What a file *is* is told from its content,
never from its name. Only common formats are tried: some rare ones start
other programs to be decoded.
"""

import os
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from pathlib import Path

import numpy as np
import torch
from PIL import Image
from torch import Tensor

from .imagefiles import (
    ImageError,
    broken,
    check_pixels,
    name_of,
    open_header,
    orientation,
)

__all__ = ["find_images", "images_to_tensor", "read_image", "squeeze"]

PathLike = str | os.PathLike[str]

MAX_PIXELS = 64_000_000  # 8000 x 8000; as RGB these are 192 MB
EXTENSIONS = ".bmp .gif .jpeg .jpg .pgm .png .ppm .tif .tiff .webp".split()
_UPRIGHT = {  # EXIF orientation: how to turn the picture upright
    2: Image.Transpose.FLIP_LEFT_RIGHT,
    3: Image.Transpose.ROTATE_180,
    4: Image.Transpose.FLIP_TOP_BOTTOM,
    5: Image.Transpose.TRANSPOSE,
    6: Image.Transpose.ROTATE_270,
    7: Image.Transpose.TRANSVERSE,
    8: Image.Transpose.ROTATE_90,
}


def _to_bytes(deep: np.ndarray) -> np.ndarray:
    """Return 16-bit values as bytes, 65535 as 255; some rows at a time."""
    grey = np.empty(deep.shape, np.uint8)
    parts = 1 + deep.size // 2**20  # all at once, 8 bytes a pixel and more
    for values, rows in zip(
        np.array_split(deep, parts),
        np.array_split(grey, parts),
        strict=True,
    ):
        rows[:] = np.rint(values.astype(np.float64) / 257).clip(0, 255)
    return grey


def _to_rgb(image: Image.Image, name: str) -> Image.Image:
    """Return `image` as 8-bit RGB; transparency is dropped."""
    deep = image.mode.startswith("I;16")
    if deep or (image.mode == "I" and image.format in ("PNG", "PPM")):
        image = Image.fromarray(_to_bytes(np.asarray(image)))
    elif image.mode in ("I", "F"):
        raise ImageError(
            f"{name} has 32 bits a pixel (mode {image.mode}), and no rule "
            "says which number is white; save it with 8 or 16 bits"
        )
    if image.mode == "RGB" and "transparency" not in image.info:
        return image
    return image.convert("RGBA").convert("RGB")


def read_image(
    source: PathLike | bytes | Image.Image, *, max_pixels: int = MAX_PIXELS
) -> Image.Image:
    """Return a picture as 8-bit RGB, upright, whatever it was stored as.

    Palette, grey, CMYK and 16-bit pictures are converted (16 bits are scaled,
    not clipped); the alpha channel is dropped; EXIF orientation is applied;
    of an animation the first frame is taken.

    Parameters
    ----------
    source
        A path, the bytes of a file, or a picture that Pillow opened.
    max_pixels
        A picture with more is refused before it is decoded: a file of a few
        kilobytes can unfold into gigabytes. So is one with a side above
        65,535 pixels.

    Raises
    ------
    FileNotFoundError
        If there is no such file.
    ImageError
        If the file is empty, no picture, damaged or too large.

    Examples
    --------
    >>> import io
    >>> grey = io.BytesIO()
    >>> Image.new("L", (4, 2), color=7).save(grey, "PNG")
    >>> image = read_image(grey.getvalue())
    >>> image.mode, image.size, image.getpixel((0, 0))
    ('RGB', (4, 2), (7, 7, 7))

    """
    if isinstance(source, Image.Image):
        check_pixels(source, "the picture given", max_pixels)
        return _upright_rgb(source, "the picture given")
    name = name_of(source)
    with open_header(source, name, max_pixels) as image:
        return _upright_rgb(image, name)


def _upright_rgb(image: Image.Image, name: str) -> Image.Image:
    """Decode `image`; return it as RGB and upright."""
    try:
        image.load()
        upright = _UPRIGHT.get(orientation(image))
        rgb = _to_rgb(image, name)
    except ImageError:
        raise
    except Exception as error:  # decoders raise almost anything
        raise broken(name, error) from error
    rgb = rgb.copy() if rgb is image else rgb
    made = rgb if upright is None else rgb.transpose(upright)
    made.info.clear()  # or the next reader would turn it once more
    return made


def squeeze(image: Image.Image, height: int, width: int) -> Image.Image:
    """Return a picture of another size, the same bytes everywhere.

    Pillow's bicubic filter, rows to `width` first, then columns to `height`.
    In one call Pillow 13 begins with the columns where that is quicker, and
    rounds to other bytes; other programs with this filter do not.

    Examples
    --------
    >>> squeeze(Image.new("L", (4, 9), color=7), 3, 5).size
    (5, 3)

    """
    rows = image.resize((width, image.height), Image.Resampling.BICUBIC)
    return rows.resize((width, height), Image.Resampling.BICUBIC)


def _square(
    source: PathLike | bytes | Image.Image, size: int, max_pixels: int
) -> Tensor:
    image = squeeze(read_image(source, max_pixels=max_pixels), size, size)
    return torch.from_numpy(np.array(image)).permute(2, 0, 1)


def images_to_tensor(
    sources: Sequence[PathLike | bytes | Image.Image],
    size: int,
    *,
    max_pixels: int = MAX_PIXELS,
) -> Tensor:
    """Return pictures as one tensor, each squeezed to a square.

    Parameters
    ----------
    sources
        What `read_image` takes, in the order wanted.
    size
        Height and width in pixels, at least 1.
    max_pixels
        See `read_image`.

    Returns
    -------
    Tensor
        uint8, shape ``(N, 3, size, size)``.

    Examples
    --------
    >>> import io
    >>> dot = io.BytesIO()
    >>> Image.new("RGB", (9, 5)).save(dot, "PNG")
    >>> images_to_tensor([dot.getvalue()], 8).shape
    torch.Size([1, 3, 8, 8])

    """
    if isinstance(sources, str | bytes | os.PathLike | Image.Image):
        raise TypeError("sources must be a list of pictures, got only one")
    if len(sources) == 0:
        raise ValueError("there is no picture to read: the list is empty")
    if size < 1:
        raise ValueError(f"size must be at least 1 pixel, got {size}")
    images = torch.empty((len(sources), 3, size, size), dtype=torch.uint8)
    read = partial(_square, size=size, max_pixels=max_pixels)
    with ThreadPoolExecutor(min(4, os.cpu_count() or 1)) as pool:
        for place, image in enumerate(pool.map(read, sources)):
            images[place] = image
    return images


def find_images(folder: PathLike, *, recursive: bool = True) -> list[Path]:
    """Return the pictures in `folder` by file name, in sorted order.

    Hidden files and folders (those that start with a dot) are left out.

    Raises
    ------
    FileNotFoundError, NotADirectoryError
        If `folder` is missing, or a file.
    ValueError
        If it holds no picture.

    Examples
    --------
    >>> find_images("no/such/folder")
    Traceback (most recent call last):
    FileNotFoundError: no such folder: no/such/folder

    """
    folder = Path(folder)
    if not folder.exists():
        raise FileNotFoundError(f"no such folder: {folder.as_posix()}")
    if not folder.is_dir():
        raise NotADirectoryError(f"{folder} is a file; give its folder")
    files = [
        path
        for path in sorted(
            folder.rglob("*") if recursive else folder.iterdir()
        )
        if path.is_file()
        and not any(
            part.startswith(".") for part in path.relative_to(folder).parts
        )
    ]
    images = [path for path in files if path.suffix.lower() in EXTENSIONS]
    if not images:
        others = sorted({path.suffix or path.name for path in files})
        raise ValueError(
            f"no pictures in {folder}: looked for {' '.join(EXTENSIONS)}, "
            f"found {len(files)} other files {' '.join(others[:8])}".rstrip()
            + "; check the path, or convert the files to PNG or JPEG"
        )
    return images
