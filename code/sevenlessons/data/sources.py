"""Get the archive of a data set from one of its sources.

`obtain` looks into the folder of archives brought by hand first, then asks
pip (`pip_source`), apt (`apt_source`), git, an https address or torchvision.
What comes back is an archive or a folder; `archives` takes the files out.
"""

import shutil
import ssl
import sys
import urllib.request
from collections.abc import Callable
from pathlib import Path
from typing import Any

from .apt_source import fetch_with_apt
from .archives import BrokenArchive, file_sha256
from .commands import SourceFailed, Watch, run_command
from .pip_source import fetch_with_pip
from .records import (
    AptSource,
    GitSource,
    PipSource,
    Source,
    TorchvisionSource,
    UrlSource,
)

__all__ = [
    "fetch_with_git",
    "fetch_with_torchvision",
    "fetch_with_url",
    "obtain",
]

_CHUNK = 1 << 20
_TORCHVISION = """\
import sys
from torchvision import datasets
getattr(datasets, sys.argv[1])(sys.argv[2], download=True)
"""


def fetch_with_git(source: GitSource, folder: Path, watch: Watch) -> Path:
    """Clone one folder of a repository at a tag; return the clone's path."""
    if shutil.which("git") is None:
        raise SourceFailed("this system has no git")
    clone = folder / "clone"
    settings = ["-c", "core.autocrlf=false", "-c", "core.symlinks=false"]
    options = ["--quiet", "--depth", "1", "--filter=blob:none", "--sparse"]
    quiet = {"GIT_TERMINAL_PROMPT": "0", "GIT_LFS_SKIP_SMUDGE": "1"}
    place = ["--branch", source.tag, source.repository, str(clone)]
    sparse = ["-C", str(clone), "sparse-checkout", "set", source.folder]
    for command in (["clone", *options, *place], sparse):
        try:
            run_command(
                ["git", *settings, *command],
                folder,
                watch=watch,
                environment=quiet,
            )
        except SourceFailed as error:
            raise SourceFailed(str(error).splitlines()[-1]) from error
    return clone


def fetch_with_torchvision(
    source: TorchvisionSource, folder: Path, watch: Watch
) -> Path:
    """Let torchvision download into `folder`, in a process of its own."""
    code = [sys.executable, "-c", _TORCHVISION, source.dataset, str(folder)]
    try:
        run_command(code, folder, watch=watch)
    except SourceFailed as error:
        raise SourceFailed(str(error).splitlines()[-1]) from error
    return folder


def fetch_with_url(source: UrlSource, folder: Path, watch: Watch) -> Path:
    """Download an https address, never more bytes than recorded."""
    if not source.url.startswith("https://"):
        raise SourceFailed(f"only https addresses are read, got {source.url}")
    target, size = folder / source.archive, 0
    context = ssl.create_default_context()
    try:
        with (
            urllib.request.urlopen(
                source.url, timeout=60, context=context
            ) as answer,
            open(target, "wb") as out,
        ):
            while chunk := answer.read(_CHUNK):
                size += len(chunk)
                if size > source.size:
                    raise BrokenArchive(
                        f"{source.archive} is larger than recorded"
                    )
                out.write(chunk)
                watch(size)
    except OSError as error:
        raise SourceFailed(f"{type(error).__name__}: {error}") from error
    return target


_FETCH: dict[type[Source], Callable[[Any, Path, Watch], Path]] = {
    PipSource: fetch_with_pip,
    AptSource: fetch_with_apt,
    GitSource: fetch_with_git,
    UrlSource: fetch_with_url,
    TorchvisionSource: fetch_with_torchvision,
}


def obtain(
    source: Source, folder: Path, archives: Path | None, watch: Watch
) -> Path:
    """Return the path of the archive, or folder, that `source` gives.

    Parameters
    ----------
    source
        Where to look.
    folder
        An empty folder for downloads.
    archives
        Folder with archives brought by hand, tried before the network.
    watch
        Called with the number of bytes received so far.

    Raises
    ------
    SourceFailed
        If the source cannot deliver.
    BrokenArchive
        If the archive has another SHA-256 than the recorded one.

    """
    by_hand = archives / source.archive if archives else None
    if source.archive and by_hand is not None and by_hand.is_file():
        path, owner = by_hand, "your file "
    else:
        path, owner = _FETCH[type(source)](source, folder, watch), ""
    if not path.exists():
        raise SourceFailed(f"{source.archive} did not arrive")
    if path.is_file() and source.sha256:
        found = file_sha256(path)
        if found != source.sha256:
            raise BrokenArchive(
                f"{owner}{path.name} has SHA-256 {found[:12]}…, "
                f"expected {source.sha256[:12]}…"
            )
    return path
