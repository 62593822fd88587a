"""Fetch a pinned wheel or sdist with pip, as an archive.

The package is not installed. pip checks the SHA-256 of the file itself,
before it would look into it.
"""

import importlib.util
import sys
from pathlib import Path

from .archives import BrokenArchive
from .commands import SourceFailed, Watch, run_command
from .records import PipSource

__all__ = ["fetch_with_pip"]


def _command(source: PipSource, folder: Path, *extra: str) -> list[str]:
    only = "--only-binary" if source.kind == "wheel" else "--no-binary"
    return [
        sys.executable,
        "-m",
        "pip",
        "download",
        "--quiet",
        "--disable-pip-version-check",
        "--no-input",
        "--retries",
        "3",
        "--no-cache-dir",  # the files have a cache of their own
        "--no-deps",
        "--require-hashes",
        "--ignore-requires-python",
        only,
        ":all:",
        *extra,
        "--dest",
        str(folder),
        "--requirement",
        str(folder / "requirements.txt"),
    ]


def _reason(text: str) -> str:
    """Return what pip's output says went wrong, in one line."""
    lines = [line.strip() for line in text.splitlines() if line.strip()]
    if any("connection broken by" in line for line in lines):
        return "pip cannot reach its package index"
    errors = [line for line in lines if line.startswith("ERROR:")]
    return (errors or lines or ["pip said nothing"])[-1]


def fetch_with_pip(source: PipSource, folder: Path, watch: Watch) -> Path:
    """Download the archive of `source` into `folder`; return its path.

    An sdist is asked for its metadata by pip after the hash was checked,
    with setuptools from the index; where that cannot be had, the setuptools
    of this environment serves.

    Raises
    ------
    SourceFailed
        If pip is missing or cannot deliver.
    BrokenArchive
        If what arrived has another SHA-256.

    """
    if importlib.util.find_spec("pip") is None:
        raise SourceFailed(
            f"pip is missing in {sys.executable}; run "
            "`python -m ensurepip`, or install pip into this environment"
        )
    line = f"{source.requirement} --hash=sha256:{source.sha256}\n"
    (folder / "requirements.txt").write_text(line, encoding="utf-8")
    try:
        run_command(_command(source, folder), folder, watch=watch)
    except SourceFailed as error:
        text = str(error)
        if "DO NOT MATCH THE HASHES" in text:
            raise BrokenArchive(
                f"{source.archive} has another SHA-256 than recorded"
            ) from error
        if source.kind == "wheel" or "subprocess" not in text:
            raise SourceFailed(_reason(text)) from error
        _without_isolation(source, folder, watch, _reason(text))
    return folder / source.archive


def _without_isolation(
    source: PipSource, folder: Path, watch: Watch, before: str
) -> None:
    """Ask again with the setuptools of this environment."""
    command = _command(source, folder, "--no-build-isolation")
    try:
        run_command(command, folder, watch=watch)
    except SourceFailed as error:
        raise SourceFailed(f"{before}; then {_reason(str(error))}") from error
