"""Read archives without trusting them.

An archive is opened, never installed. Only regular files are read: links and
devices are passed over. A path that leaves the folder is refused. `unpack`
writes the files and checks what was written.
"""

import gzip
import hashlib
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path, PurePosixPath
from typing import IO

__all__ = [
    "BrokenArchive",
    "file_sha256",
    "listing_sha256",
    "members",
    "reading",
    "safe_target",
    "tar_members",
]

_CORRUPT = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    gzip.BadGzipFile,
    EOFError,
    RuntimeError,  # a zip that asks for a password, or of an unknown kind
    ValueError,  # a header that holds no number
)


class BrokenArchive(Exception):
    """What was delivered is not what the catalogue records."""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits.

    Examples
    --------
    >>> len(file_sha256(Path(__file__)))
    64

    """
    with open(path, "rb") as file:
        return hashlib.file_digest(file, "sha256").hexdigest()


def listing_sha256(digests: Mapping[str, str]) -> str:
    """Return the SHA-256 of the listing ``sha256sum`` prints of a folder.

    Parameters
    ----------
    digests
        SHA-256 of each file by its name.

    Examples
    --------
    >>> listing_sha256({})[:12]
    'e3b0c44298fc'

    """
    lines = (f"{digest}  {name}\n" for name, digest in sorted(digests.items()))
    return hashlib.sha256("".join(lines).encode()).hexdigest()


def safe_target(folder: Path, name: str) -> Path:
    """Return ``folder / name``, or refuse a name that leaves the folder.

    Raises
    ------
    BrokenArchive
        If `name` is absolute, holds ``..``, a backslash, a drive or nothing.

    Examples
    --------
    >>> safe_target(Path("cache"), "sports/001.txt").as_posix()
    'cache/sports/001.txt'

    """
    pure = PurePosixPath(name)
    bad = any(sign in name for sign in ("\\", ":", "\0"))
    if bad or pure.is_absolute() or ".." in pure.parts or not pure.parts:
        raise BrokenArchive(f"unsafe path in the archive: {name!r}")
    target = folder.joinpath(*pure.parts)
    if not target.resolve().is_relative_to(folder.resolve()):
        raise BrokenArchive(f"path leaves the folder: {name!r}")
    return target


@contextmanager
def reading(path: Path) -> Iterator[None]:
    """Turn every error of a damaged archive into `BrokenArchive`.

    Examples
    --------
    >>> with reading(Path("toy.whl")):
    ...     raise EOFError
    Traceback (most recent call last):
    sevenlessons.data.archives.BrokenArchive: toy.whl is damaged (EOFError)

    """
    try:
        yield
    except _CORRUPT as error:
        kind = type(error).__name__
        raise BrokenArchive(f"{path.name} is damaged ({kind})") from error


def members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and open file of each regular file of an archive.

    Parameters
    ----------
    path
        A wheel, zip, tar (any compression), ``.deb``, or a folder.

    """
    if path.is_dir():
        yield from _folder_members(path)
    elif path.suffix in (".whl", ".zip"):
        yield from _zip_members(path)
    elif path.suffix == ".deb":
        yield from _deb_members(path)
    else:
        with open(path, "rb") as file:
            yield from tar_members(file)


def tar_members(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    """Yield name and open file of each regular file of a tar, as a stream."""
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for info in archive:
            inner = archive.extractfile(info) if info.isreg() else None
            if inner is not None:
                yield info.name.removeprefix("./"), inner


def _folder_members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    for inner in sorted(path.rglob("*")):
        if inner.is_file() and not inner.is_symlink():
            with open(inner, "rb") as file:
                yield inner.relative_to(path).as_posix(), file


def _zip_members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    with zipfile.ZipFile(path) as archive:
        for info in archive.infolist():
            if info.is_dir() or stat.S_ISLNK(info.external_attr >> 16):
                continue
            with archive.open(info) as file:
                yield info.filename, file


def _deb_members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Read the ``data.tar`` inside a Debian package (an ``ar`` archive)."""
    with open(path, "rb") as file:
        if file.read(8) != b"!<arch>\n":
            raise BrokenArchive(f"{path.name} is no Debian package")
        while len(header := file.read(60)) == 60:
            name, size = header[:16].decode().strip(), int(header[48:58])
            if name.startswith("data.tar"):
                yield from tar_members(file)
                return
            file.seek(abs(size) + size % 2, io.SEEK_CUR)
    raise BrokenArchive(f"{path.name} ends before its content")
