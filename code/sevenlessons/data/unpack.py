"""Write the wanted files of an archive, and check what was written.

Only the files asked for, never more bytes than the catalogue records, and in
the end exactly the recorded SHA-256, whoever delivered them.
"""

import fnmatch
import gzip
import hashlib
from pathlib import Path
from typing import IO, cast

from .archives import (
    BrokenArchive,
    file_sha256,
    listing_sha256,
    members,
    reading,
    safe_target,
    tar_members,
)
from .records import Content, Source, TreeSpec

__all__ = ["differences", "extract"]

_CHUNK = 1 << 20


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
    with reading(path):
        if content.tree is None:
            return _extract_files(source, content, path, folder)
        return _extract_tree(source, content.tree, path, folder)


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


def _extract_tree(
    source: Source, tree: TreeSpec, path: Path, folder: Path
) -> dict[str, str]:
    prefix, found, left = source.folder.rstrip("/") + "/", {}, tree.size
    for member, file in members(path):
        name = member.removeprefix(prefix)
        if member.startswith(prefix) and _kept(name, tree):
            size, found[name] = _write(file, safe_target(folder, name), left)
            left -= size
    if len(found) != tree.count or listing_sha256(found) != tree.sha256:
        raise BrokenArchive(
            f"{len(found)} files came, and they or their content differ from "
            f"the {tree.count} recorded ones"
        )
    return found


def _kept(name: str, tree: TreeSpec) -> bool:
    return any(fnmatch.fnmatchcase(name, pattern) for pattern in tree.keep)


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
        return cast(IO[bytes], gzip.GzipFile(fileobj=file))
    for member, inner in tar_members(file):
        if member == step.removeprefix("!"):
            return inner
    raise BrokenArchive(f"{name} is not in the nested archive")


def differences(content: Content, folder: Path) -> list[str]:
    """Read every byte in `folder`; say what differs from `content`.

    Returns
    -------
    list of str
        One line a difference; empty when all is as recorded.

    Examples
    --------
    >>> from sevenlessons.data.catalogue import find_set
    >>> differences(find_set("adult").content, Path("no such folder"))
    ['adult.data is missing']

    """
    if content.tree is not None:
        return _tree_differences(content.tree, folder)
    bad = []
    for name, spec in content.files.items():
        path = folder / name
        if not path.is_file():
            bad.append(f"{name} is missing")
        elif path.stat().st_size != spec.size:
            bad.append(f"{name} has another size")
        elif file_sha256(path) != spec.sha256:
            bad.append(f"{name} has another SHA-256")
    return bad


def _tree_differences(tree: TreeSpec, folder: Path) -> list[str]:
    paths = [p for p in folder.rglob("*") if p.is_file()]
    named = {p.relative_to(folder).as_posix(): p for p in paths}
    found = {n: file_sha256(p) for n, p in named.items() if _kept(n, tree)}
    if len(found) != tree.count:
        return [f"{len(found)} files are there, {tree.count} are recorded"]
    if listing_sha256(found) != tree.sha256:
        return ["the names or the content of the files differ"]
    return []
