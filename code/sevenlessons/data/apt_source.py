"""Fetch a pinned Debian package, without root and without package lists.

apt keeps lists, cache and state in folders of its own below the temporary
one, so that a bare machine needs no ``apt-get update`` and the system's
folders stay as they are. Only the sources and keys of the system are read.
"""

import shutil
from pathlib import Path

from .archives import BrokenArchive
from .commands import SourceFailed, Watch, folder_size, run_command
from .records import AptSource

__all__ = ["apt_options", "fetch_with_apt"]

# Post-Invoke hooks of the system would write into the system's folders.
_CONFIGURATION = """\
#clear APT::Update::Pre-Invoke;
#clear APT::Update::Post-Invoke;
#clear APT::Update::Post-Invoke-Success;
"""
_SETTINGS = {
    "APT::Sandbox::User": "root",  # the folder belongs to us alone
    "Acquire::Languages": "none",
    "Acquire::Retries": "3",
    "Acquire::http::Timeout": "30",
    "Acquire::https::Timeout": "30",
    "Acquire::IndexTargets::deb::Contents-deb::DefaultEnabled": "false",
    "Acquire::IndexTargets::deb::DEP-11::DefaultEnabled": "false",
    "Acquire::IndexTargets::deb::CNF::DefaultEnabled": "false",
    "Acquire::IndexTargets::deb-src::Sources::DefaultEnabled": "false",
}


def apt_options(folder: Path) -> list[str]:
    """Make apt's own folders below `folder`; return the options to use them.

    Parameters
    ----------
    folder
        A folder that we may write to; it can be removed afterwards.

    Returns
    -------
    list of str
        ``["--config-file", …, "-o", "Dir::State::Lists=…", …]``

    """
    state, cache = folder / "state", folder / "cache"
    for path in (state / "lists" / "partial", cache / "archives" / "partial"):
        path.mkdir(parents=True, exist_ok=True)
    (state / "status").touch()
    (folder / "apt.conf").write_text(_CONFIGURATION, encoding="utf-8")
    settings = {
        "Dir::State": str(state),
        "Dir::State::Lists": str(state / "lists"),
        "Dir::State::status": str(state / "status"),
        "Dir::Cache": str(cache),
        "Dir::Log": str(folder),
    }
    options = ["--config-file", str(folder / "apt.conf")]
    for key, value in (settings | _SETTINGS).items():
        options += ["-o", f"{key}={value}"]
    return options


def _errors(text: str) -> str:
    lines = [line.strip() for line in text.splitlines()]
    errors = [line for line in lines if line.startswith(("E:", "W:"))]
    return " ".join((errors or lines)[-2:])


def fetch_with_apt(source: AptSource, folder: Path, watch: Watch) -> Path:
    """Download the package of `source` into `folder`; return its path.

    Raises
    ------
    SourceFailed
        If there is no apt, or its sources do not offer this version.
    BrokenArchive
        If what arrived is damaged.

    """
    if shutil.which("apt-get") is None:
        raise SourceFailed("this system has no apt-get")
    options, notes = apt_options(folder / "apt"), ""
    try:
        run_command(["apt-get", *options, "--quiet=2", "update"], folder)
    except SourceFailed as error:  # one dead source of many is no matter
        notes = f"; apt-get update: {_errors(str(error))}"
    wanted = f"{source.package}={source.version}"
    lists = folder / "apt" / "state" / "lists"
    if not any(lists.glob("*_Packages*")):
        raise SourceFailed(f"no package lists could be fetched{notes}")
    before = folder_size(folder)
    try:
        run_command(
            ["apt-get", *options, "--quiet=2", "download", wanted],
            folder,
            watch=lambda size: watch(max(0, size - before)),
        )
    except SourceFailed as error:
        text = str(error)
        if "Hash Sum mismatch" in text or "unexpected size" in text:
            raise BrokenArchive(f"apt: {_errors(text)}") from error
        if "was not found" in text or "Unable to locate" in text:
            raise SourceFailed(
                f"this system's package sources do not offer {wanted} "
                f"(another release?){notes}"
            ) from error
        raise SourceFailed(f"{_errors(text)}{notes}") from error
    found = sorted(folder.glob("*.deb"))
    if not found:
        raise SourceFailed(f"apt-get delivered no file for {wanted}")
    return found[0]
