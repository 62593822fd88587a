"""From an archive to verified files, never outside one folder.

An archive is opened, never installed. Only regular files are read (links and
devices are passed over), only those asked for are written, never more bytes
than the catalogue records, and a path that leaves the folder is refused. What
was written must have the recorded SHA-256, whoever delivered it.
"""

import fnmatch
import gzip
import hashlib
import io
import lzma
import stat
import tarfile
import zipfile
import zlib
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path, PurePosixPath
from typing import IO

from .catalogue import Content, Source

__all__ = [
    "BrokenArchive",
    "extract",
    "file_sha256",
    "listing_sha256",
    "members",
    "safe_target",
]

_CHUNK = 1 << 20
_CORRUPT = (
    zipfile.BadZipFile,
    tarfile.TarError,
    lzma.LZMAError,
    zlib.error,
    gzip.BadGzipFile,
    EOFError,
    NotImplementedError,  # a zip with an unknown compression
    RuntimeError,  # a zip that asks for a password
)


class BrokenArchive(Exception):
    """What was delivered is not what the catalogue records."""


def file_sha256(path: Path) -> str:
    """Return the SHA-256 of a file, as 64 hexadecimal digits.

    Examples
    --------
    >>> file_sha256(Path(__file__)) == file_sha256(Path(__file__))
    True

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
            yield from _tar_members(file)


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


def _tar_members(file: IO[bytes]) -> Iterator[tuple[str, IO[bytes]]]:
    with tarfile.open(fileobj=file, mode="r|*") as archive:
        for info in archive:
            inner = archive.extractfile(info) if info.isreg() else None
            if inner is not None:
                yield info.name.removeprefix("./"), inner


def _deb_members(path: Path) -> Iterator[tuple[str, IO[bytes]]]:
    """Read the ``data.tar`` inside a Debian package (an ``ar`` archive)."""
    with open(path, "rb") as file:
        if file.read(8) != b"!<arch>\n":
            raise BrokenArchive(f"{path.name} is no Debian package")
        while len(header := file.read(60)) == 60:
            name, size = header[:16].decode().strip(), int(header[48:58])
            if name.startswith("data.tar"):
                yield from _tar_members(file)
                return
            file.seek(size + size % 2, io.SEEK_CUR)
    raise BrokenArchive(f"{path.name} ends before its content")


def _write(file: IO[bytes], target: Path, limit: int) -> tuple[int, str]:
    """Copy at most `limit` bytes; return their number and SHA-256."""
    target.parent.mkdir(parents=True, exist_ok=True)
    digest, size = hashlib.sha256(), 0
    with open(target, "wb") as out:
        while chunk := file.read(_CHUNK):
            size += len(chunk)
            if size > limit:
                raise BrokenArchive(f"{target.name} is larger than recorded")
            digest.update(chunk)
            out.write(chunk)
    return size, digest.hexdigest()


def _inner(file: IO[bytes], step: str, name: str) -> IO[bytes]:
    """Open what lies inside a member: gzip layer or nested archive."""
    if not step:
        return file
    if step == "|gunzip":
        return gzip.GzipFile(fileobj=file)  # type: ignore[return-value]
    for member, inner in _tar_members(file):
        if member == step.removeprefix("!"):
            return inner
    raise BrokenArchive(f"{name} is not in the nested archive")


def _extract_files(
    source: Source, content: Content, path: Path, folder: Path
) -> dict[str, str]:
    wanted, found = {}, {}
    for name, where in source.where.items():
        member = where.split("!")[0].removesuffix("|gunzip")
        wanted[member] = (name, where.removeprefix(member))
    for member, file in members(path):
        if member not in wanted:
            continue
        name, step = wanted.pop(member)
        spec, target = content.files[name], safe_target(folder, name)
        size, found[name] = _write(_inner(file, step, name), target, spec.size)
        if (size, found[name]) != (spec.size, spec.sha256):
            raise BrokenArchive(f"{name} differs from the recorded SHA-256")
        if not wanted:
            return found
    names = ", ".join(sorted(name for name, _ in wanted.values()))
    raise BrokenArchive(f"not in the archive as regular files: {names}")


def _kept(name: str, prefix: str, patterns: Iterable[str]) -> bool:
    inner = name.removeprefix(prefix)
    return name.startswith(prefix) and any(
        fnmatch.fnmatchcase(inner, pattern) for pattern in patterns
    )


def _extract_tree(
    source: Source, content: Content, path: Path, folder: Path
) -> dict[str, str]:
    tree, prefix = content.tree, source.folder.rstrip("/") + "/"
    if tree is None:
        raise BrokenArchive("the catalogue records no tree for this set")
    found, left = {}, tree.size
    for member, file in members(path):
        if _kept(member, prefix, tree.keep):
            name = member.removeprefix(prefix)
            size, found[name] = _write(file, safe_target(folder, name), left)
            left -= size
    if len(found) != tree.count or listing_sha256(found) != tree.sha256:
        raise BrokenArchive(
            f"{len(found)} files or their content differ from the "
            f"{tree.count} recorded ones"
        )
    return found


def extract(
    source: Source, content: Content, path: Path, folder: Path
) -> dict[str, str]:
    """Write the wanted files of the archive `path` into `folder`.

    Returns
    -------
    dict
        SHA-256 of each file by name, equal to the recorded content.

    Raises
    ------
    BrokenArchive
        If anything differs from what the catalogue records.

    """
    how = _extract_files if content.tree is None else _extract_tree
    try:
        return how(source, content, path, folder)
    except _CORRUPT as error:
        kind = type(error).__name__
        raise BrokenArchive(f"{path.name} is damaged: {kind}") from error
