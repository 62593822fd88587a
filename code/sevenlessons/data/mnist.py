"""All of MNIST, 70,000 handwritten digits, for those who have its files.

The book needs only the 5,000 of `digits`. These files are fetched only if you
ask for it: torchvision knows where they are and checks them.
"""

from pathlib import Path

from torch import Tensor

from .cache import cache_root
from .commands import SourceFailed
from .fashion import read_idx
from .records import TorchvisionSource
from .sources import fetch_with_torchvision

__all__ = ["has_mnist", "load"]

_FILES = {"train": "train", "test": "t10k"}
_RAW = Path("MNIST", "raw")  # where torchvision puts them


def has_mnist(folder: Path | None = None) -> bool:
    """Tell whether all four files are there; the net is not asked.

    Parameters
    ----------
    folder
        Where to look: the files themselves, or ``MNIST/raw`` with the files,
        as torchvision lays them down; the book's cache when None.

    Examples
    --------
    >>> has_mnist(Path("no such folder"))
    False

    """
    return all(
        path.is_file() for part in _FILES for path in _paths(part, folder)
    )


def load(
    part: str = "train", folder: Path | None = None, *, download: bool = False
) -> tuple[Tensor, Tensor]:
    """Return images and digits, in the order of the file.

    Parameters
    ----------
    part
        ``"train"`` (60,000 digits) or ``"test"`` (10,000).
    folder
        As for `has_mnist`.
    download
        Let torchvision fetch the files if they are not there.

    Returns
    -------
    tuple of Tensor
        Images, uint8, shape ``(N, 28, 28)``, 0 is paper and 255 ink; and the
        digits, int64, shape ``(N,)``.

    Raises
    ------
    FileNotFoundError
        If the files are not there and may not, or could not, be fetched.
    ValueError
        If there is no such part, or a file is damaged.

    Examples
    --------
    >>> images, target = load("test", download=True)  # doctest: +SKIP
    >>> images.shape  # doctest: +SKIP
    torch.Size([10000, 28, 28])

    """
    if part not in _FILES:
        raise ValueError(
            f"part must be one of {', '.join(_FILES)}, got {part!r}"
        )
    if not has_mnist(folder):
        _fetch(folder, download)
    image_file, digit_file = _paths(part, folder)
    images, target = read_idx(image_file, 3), read_idx(digit_file, 1).long()
    if len(images) != len(target) or not 0 <= max(target, default=-1) <= 9:
        raise ValueError(
            f"{image_file.parent}: expected as many digits from 0 to 9 as "
            f"images, got {len(images)} images and {len(target)} digits; "
            "delete the files and fetch them again"
        )
    return images, target


def _paths(part: str, folder: Path | None) -> tuple[Path, Path]:
    """Return the two files of a part, where they are or would be."""
    home = cache_root() if folder is None else Path(folder)
    name = _FILES[part]
    direct = home / f"{name}-images-idx3-ubyte"
    place = home if direct.is_file() else home / _RAW
    return place / direct.name, place / f"{name}-labels-idx1-ubyte"


def _fetch(folder: Path | None, download: bool) -> None:
    """Let torchvision fetch the files, if it may; say so if it cannot."""
    home = cache_root() if folder is None else Path(folder)
    if not download:
        raise FileNotFoundError(
            f"expected the four files of MNIST in {(home / _RAW).as_posix()}, "
            "and they are not all there; put them there, or pass "
            "download=True if this machine may use the network"
        )
    home.mkdir(parents=True, exist_ok=True)
    source = TorchvisionSource(kind="torchvision", dataset="MNIST")
    try:
        fetch_with_torchvision(source, home, lambda size: None)
    except SourceFailed as error:
        raise FileNotFoundError(
            f"MNIST could not be fetched into {home.as_posix()}: {error}; "
            "the book's own 5,000 digits are in data/digits"
        ) from error
