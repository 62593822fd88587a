"""The checks of the doctor: each looks at one thing and says what to do.

A check takes what it judges as an argument where a test must be able to
choose it, and returns a `Finding`.
"""

import importlib
import importlib.util
import os
import shutil
import sys
import tempfile
import warnings
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from sevenlessons.data.cards import card
from sevenlessons.data.reports import megabytes

__all__ = [
    "Finding",
    "check_cache",
    "check_cores",
    "check_data",
    "check_device",
    "check_disk",
    "check_extras",
    "check_memory",
    "check_package",
    "check_python",
    "check_tools",
]

_LOWEST_PYTHON = (3, 11)
_GIB = 1 << 30
_PAGE_MEMORY = 3 * _GIB // 2  # the most that a page of the book takes
_DOWNLOADS = 300_000_000  # the largest archive, for the time of unpacking


@dataclass(frozen=True)
class Finding:
    """What a check found.

    Parameters
    ----------
    level
        ``"ok"``, ``"warn"`` (slower, or something is still to be fetched) or
        ``"fail"`` (the book cannot run).
    what
        The thing looked at.
    text
        What was found.
    remedy
        What to do; empty where nothing need be done.

    """

    level: str
    what: str
    text: str
    remedy: str = ""


def check_python(version: Sequence[int] = sys.version_info[:3]) -> Finding:
    """Judge the version of Python.

    Examples
    --------
    >>> check_python((3, 8, 1)).level
    'fail'

    """
    text = ".".join(map(str, version))
    if tuple(version[:2]) < _LOWEST_PYTHON:
        remedy = "install Python 3.11 or newer and make a new .venv with it"
        return Finding("fail", "Python", text, remedy)
    return Finding("ok", "Python", text)


def _numbers(version: str) -> tuple[int, ...]:
    parts = version.split("+")[0].split(".")[:2]
    return tuple(int(part) for part in parts if part.isdigit())


def check_package(
    module: str,
    lowest: str,
    load: Callable[[str], Any] = importlib.import_module,
) -> Finding:
    """Judge whether a package can be imported and is new enough.

    Examples
    --------
    >>> check_package("no_such_package", "1.0").level
    'fail'

    """
    remedy = f'pip install "{module}>={lowest}", or `make book`'
    try:
        with warnings.catch_warnings():
            warnings.simplefilter("ignore")
            version = str(load(module).__version__)
    except Exception as error:  # a broken binary raises anything
        reason = f"{type(error).__name__}: {error}".splitlines()[0]
        return Finding("fail", module, reason, remedy)
    if _numbers(version) < _numbers(lowest):
        return Finding("fail", module, f"{version} is too old", remedy)
    return Finding("ok", module, version)


def check_extras(modules: Sequence[str]) -> Finding:
    """Say which packages that only some pages need are missing.

    They are looked for, not imported: that would take seconds.

    Examples
    --------
    >>> check_extras(["no_such_package"]).level
    'warn'

    """
    missing = [m for m in modules if importlib.util.find_spec(m) is None]
    if not missing:
        return Finding("ok", "extras", ", ".join(modules))
    return Finding(
        "warn",
        "extras",
        f"{', '.join(missing)} missing; pages of lesson 2 need them",
        'pip install "sevenlessons[lessons]", in a checkout pip install '
        '".[lessons]"',
    )


def check_device(torch: Any, environment: Mapping[str, str]) -> Finding:
    """Say where the book computes, and whether that exists."""
    wanted = environment.get("SEVENLESSONS_DEVICE", "")
    cuda = bool(torch.cuda.is_available())
    if wanted.startswith("cuda") and not cuda:
        return Finding(
            "fail",
            "device",
            f"SEVENLESSONS_DEVICE={wanted}, but torch finds no CUDA GPU",
            "unset SEVENLESSONS_DEVICE, or install torch with CUDA",
        )
    if wanted and wanted.split(":")[0] not in ("cpu", "cuda", "mps"):
        return Finding(
            "fail",
            "device",
            f"SEVENLESSONS_DEVICE={wanted} is no device",
            "set it to cpu or cuda, or unset it",
        )
    if cuda and wanted in ("", "cuda"):
        name = torch.cuda.get_device_name(0)
        size = torch.cuda.get_device_properties(0).total_memory / _GIB
        return Finding("ok", "device", f"cuda: {name}, {size:.0f} GiB")
    return Finding("ok", "device", wanted or "cpu; every page runs on it")


def check_cores(cores: int, threads: int) -> Finding:
    """Judge the number of cores, and of torch's threads."""
    text = f"{cores} usable, torch takes {threads}"
    if cores < 2:
        remedy = "expect about twice the times that the pages state"
        return Finding("warn", "cores", text, remedy)
    if threads < 2:
        remedy = "unset OMP_NUM_THREADS, or call torch.set_num_threads"
        return Finding("warn", "cores", text, remedy)
    return Finding("ok", "cores", text)


def check_memory(size: int | None) -> Finding:
    """Judge the memory that is available.

    Examples
    --------
    >>> check_memory(1 << 30).level
    'fail'

    """
    if size is None:
        return Finding("ok", "memory", "unknown on this system")
    text = f"{size / _GIB:.1f} GiB available"
    if size < _PAGE_MEMORY:
        remedy = "close programs; a page takes up to 1.5 GiB"
        return Finding("fail", "memory", text, remedy)
    if size < 2 * _PAGE_MEMORY:
        remedy = "enough for one page at a time; close other programs"
        return Finding("warn", "memory", text, remedy)
    return Finding("ok", "memory", text)


def check_cache(folder: Path) -> Finding:
    """Judge whether the cache folder can be written."""
    try:
        folder.mkdir(parents=True, exist_ok=True)
        with tempfile.TemporaryDirectory(prefix=".doctor.", dir=folder):
            return Finding("ok", "cache", str(folder))
    except OSError as error:
        remedy = "set SEVENLESSONS_DATA to a folder that you may write to"
        return Finding("fail", "cache", str(error), remedy)


def check_disk(free: int, missing: Sequence[str]) -> Finding:
    """Judge whether the data sets still missing have room."""
    need = sum(card(name).size_bytes for name in missing)
    need += _DOWNLOADS if missing else 0
    text = f"{free / 1e9:.1f} GB free"
    if free < need:
        remedy = (
            f"{megabytes(need)} are needed for the data; make room, or set "
            "SEVENLESSONS_DATA to another disk"
        )
        return Finding("fail", "disk", text, remedy)
    return Finding("ok", "disk", text)


def check_data(names: Sequence[str], missing: Sequence[str]) -> Finding:
    """Say which of the data sets that the book reads are still missing."""
    here = len(names) - len(missing)
    text = f"{here} of the {len(names)} sets that the book reads are here"
    if missing:
        remedy = "python -m sevenlessons data --for-book"
        return Finding("warn", "data", text, f"{remedy}  (or `make book`)")
    return Finding("ok", "data", text)


def check_tools(missing_data: bool, path: str | None = None) -> Finding:
    """Look for the programs that fetch data and build the book."""
    path = path if path is not None else os.environ.get("PATH", "")
    found = [
        p for p in ("make", "git", "apt-get") if shutil.which(p, path=path)
    ]
    text = ", ".join(found) or "none of make, git, apt-get"
    if missing_data and "git" not in found and "apt-get" not in found:
        remedy = "install git: the deep-sky photos come by apt or git"
        return Finding("warn", "programs", text, remedy)
    if "make" not in found:
        remedy = "install make to build the whole book; pages run without"
        return Finding("warn", "programs", text, remedy)
    return Finding("ok", "programs", text)
