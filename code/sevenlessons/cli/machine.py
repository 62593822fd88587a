"""What the machine has: cores, memory, disk. No torch here."""

import os
import shutil
from pathlib import Path

__all__ = ["available_memory", "free_disk", "usable_cores"]

_CGROUP = Path("/sys/fs/cgroup/memory.max")
_MEMINFO = Path("/proc/meminfo")


def usable_cores() -> int:
    """Return the number of processor cores that this process may use.

    Examples
    --------
    >>> usable_cores() >= 1
    True

    """
    if hasattr(os, "sched_getaffinity"):
        return len(os.sched_getaffinity(0))
    return os.cpu_count() or 1


def _meminfo(path: Path) -> int:
    for line in path.read_text(encoding="ascii").splitlines():
        if line.startswith("MemAvailable:"):
            return int(line.split()[1]) * 1024
    raise ValueError(f"no MemAvailable in {path}")


def available_memory(
    meminfo: Path = _MEMINFO, cgroup: Path = _CGROUP
) -> int | None:
    """Return the bytes of memory that can be used, or None where unknown.

    Parameters
    ----------
    meminfo
        Linux's list; elsewhere the physical memory is taken.
    cgroup
        A container's limit, where there is one.

    Examples
    --------
    >>> available_memory(Path("missing"), Path("missing")) != 0
    True

    """
    try:
        size = _meminfo(meminfo)
    except (OSError, ValueError):
        try:
            size = os.sysconf("SC_PHYS_PAGES") * os.sysconf("SC_PAGE_SIZE")
        except (AttributeError, OSError, ValueError):
            return None
    try:
        return min(size, int(cgroup.read_text(encoding="ascii")))
    except (OSError, ValueError):  # no container, or "max"
        return size


def free_disk(folder: Path) -> int:
    """Return the free bytes where `folder` is, or will be made.

    Examples
    --------
    >>> free_disk(Path.cwd() / "not" / "there") == free_disk(Path.cwd())
    True

    """
    folder = folder.absolute()
    while not folder.exists():
        folder = folder.parent
    return shutil.disk_usage(folder).free
