"""Run a package manager, watch the bytes arrive, say why it failed."""

import os
import subprocess
import tempfile
import time
from collections.abc import Callable, Sequence
from pathlib import Path

__all__ = ["SourceFailed", "folder_size", "run_command"]

Watch = Callable[[int], None]
_POLL_SECONDS = 0.2


class SourceFailed(Exception):
    """One source could not deliver; the next one is tried."""


def folder_size(folder: Path) -> int:
    """Return the bytes of all files below `folder`, also while it changes.

    Examples
    --------
    >>> folder_size(Path("no such folder"))
    0

    """
    total = 0
    for parent, _, names in os.walk(folder):
        for name in names:
            try:
                total += os.lstat(os.path.join(parent, name)).st_size
            except OSError:  # moved away in the meantime
                continue
    return total


def _ignore(size: int) -> None:
    """Take the size of the folder and do nothing with it."""


def run_command(
    arguments: Sequence[str],
    folder: Path,
    *,
    watch: Watch = _ignore,
    environment: dict[str, str] | None = None,
    timeout: float = 3600.0,
) -> str:
    """Run a program in `folder` and return what it printed.

    Parameters
    ----------
    arguments
        The program and its arguments; no shell is involved.
    folder
        Where it runs. Its temporary files go there too, so that nothing is
        left behind when the folder is removed.
    watch
        Called a few times a second with the bytes below `folder`.
    environment
        Variables to set besides the present ones.
    timeout
        Seconds until the program is stopped.

    Raises
    ------
    SourceFailed
        If the program is missing, fails or takes too long; the message is
        the last thing it said.

    """
    own = dict.fromkeys(("TMPDIR", "TEMP", "TMP"), str(folder))
    variables = dict(os.environ) | own | {"LC_ALL": "C"} | (environment or {})
    name = Path(arguments[0]).name
    with tempfile.TemporaryFile() as output:
        try:
            process = subprocess.Popen(
                list(arguments),
                cwd=folder,
                env=variables,
                stdin=subprocess.DEVNULL,
                stdout=output,
                stderr=subprocess.STDOUT,
            )
        except OSError as error:
            raise SourceFailed(f"cannot run {name}: {error}") from error
        _wait(process, folder, watch, timeout)
        output.seek(0)
        text = output.read().decode("utf-8", "replace").strip()
    if process.returncode:
        raise SourceFailed(text or f"{name} exited {process.returncode}")
    return text


def _wait(
    process: subprocess.Popen[bytes],
    folder: Path,
    watch: Watch,
    timeout: float,
) -> None:
    deadline = time.monotonic() + timeout
    try:
        while time.monotonic() < deadline:
            try:
                process.wait(_POLL_SECONDS)
                return
            except subprocess.TimeoutExpired:
                watch(folder_size(folder))
        raise SourceFailed(f"stopped after {timeout:.0f} s without an end")
    finally:
        if process.poll() is None:
            process.kill()
            process.wait()
