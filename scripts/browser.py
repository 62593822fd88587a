"""Find the Chromium of this machine; install one where that is allowed.

Usage: python -m scripts.browser [--install]

Prints the path. With `--install` and without a browser it asks apt for one,
as root or where `sudo` needs no password, and never asks a question itself.
The exit status is 1, with the reason, where there is no browser.
"""

import os
import shutil
import subprocess
import sys
from collections.abc import Mapping

__all__ = ["ARGUMENTS", "BrowserMissingError", "find", "install"]

NAMES = (
    "chromium",
    "chromium-browser",
    "google-chrome",
    "google-chrome-stable",
    "chrome",
    "microsoft-edge",
)
ARGUMENTS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-background-networking",
)
HELP = (
    "The browser tests and the page weights need Chromium. Install it, for"
    " example with `apt-get install chromium`, or set CHROMIUM to the path of"
    " a Chromium or Chrome that is already there."
)


class BrowserMissingError(RuntimeError):
    """No browser was found, and the message says how to get one."""


def find(environ: Mapping[str, str] = os.environ) -> str:
    """Return the path of a Chromium.

    Raises
    ------
    BrowserMissingError
        If there is none, or CHROMIUM names none.

    """
    given = environ.get("CHROMIUM")
    places = environ.get("PATH", "")
    if given:
        found = shutil.which(given, path=places)
        if found is None:
            raise BrowserMissingError(
                f"CHROMIUM is {given}, which is no program that can be run;"
                " set it to the path of a Chromium, or unset it"
            )
        return found
    for name in NAMES:
        found = shutil.which(name, path=places)
        if found:
            return found
    raise BrowserMissingError(
        f"no browser found; looked for {', '.join(NAMES)} on PATH. {HELP}"
    )


def _prefix(environ: Mapping[str, str], root: bool) -> list[str] | None:
    """Return what must stand before apt-get; `None` if it may not run."""
    if root:
        return []
    sudo = shutil.which("sudo", path=environ.get("PATH", ""))
    if sudo is None:
        return None
    asked = subprocess.run(
        [sudo, "-n", "true"],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        check=False,
        env=dict(environ),
    )
    return None if asked.returncode else [sudo, "-n"]


def install(
    environ: Mapping[str, str] = os.environ, *, root: bool | None = None
) -> str:
    """Return the path of a Chromium, installed by apt if there is none.

    Parameters
    ----------
    environ
        The environment variables.
    root
        Whether this user is root; found out by default.

    Raises
    ------
    BrowserMissingError
        If apt is missing, may not be used, or fails.

    """
    if environ.get("CHROMIUM"):
        return find(environ)
    try:
        return find(environ)
    except BrowserMissingError as missing:
        reason = str(missing)
    apt = shutil.which("apt-get", path=environ.get("PATH", ""))
    if apt is None:
        raise BrowserMissingError(f"{reason} (There is no apt-get here.)")
    if root is None:
        root = hasattr(os, "geteuid") and os.geteuid() == 0
    before = _prefix(environ, root)
    if before is None:
        raise BrowserMissingError(
            f"{reason} (apt-get was not tried: this user is not root, and"
            " sudo is missing or asks for a password.)"
        )
    apt_get = [*before, apt, "-qq"]
    command = [*apt_get, "install", "-y", "--no-install-recommends"]
    command.append("chromium")
    status = _run(command, environ)
    if status:  # a new machine has no lists of packages, or old ones
        _run([*apt_get, "update"], environ)
        status = _run(command, environ)
    if status:
        raise BrowserMissingError(
            f"`{' '.join(command)}` failed with status {status}; its"
            f" messages stand above. {HELP}"
        )
    return find(environ)


def _run(command: list[str], environ: Mapping[str, str]) -> int:
    """Run a command of apt; return its exit status."""
    done = subprocess.run(
        command,
        stdin=subprocess.DEVNULL,
        stdout=2,  # the path alone goes to the output
        check=False,
        env=dict(environ) | {"DEBIAN_FRONTEND": "noninteractive"},
    )
    return done.returncode


def main(argv: list[str]) -> int:
    """Print the path of the browser, or what is missing."""
    unknown = [word for word in argv if word != "--install"]
    if unknown:
        print(f"unknown: {' '.join(unknown)}; only --install is understood")
        return 2
    try:
        print(install() if argv else find())
    except BrowserMissingError as missing:
        print(missing, file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
