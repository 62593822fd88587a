"""What this process runs on: versions, device, threads, memory."""

import os
import platform
import sys
from pathlib import Path

import torch
import torchvision

from .settings import pick_device

__all__ = ["environment", "peak_memory_mb", "total_memory_mb"]


def peak_memory_mb() -> float:
    """Return the most memory that this process has held so far, in MB.

    Linux tells it in ``/proc/self/status``; elsewhere the standard library
    is asked; where neither knows (Windows) the answer is 0.

    Examples
    --------
    >>> from sevenlessons.page.machine import peak_memory_mb
    >>> peak_memory_mb() >= 0
    True

    """
    status = Path("/proc/self/status")
    if status.exists():
        for line in status.read_text(encoding="ascii").splitlines():
            if line.startswith("VmHWM:"):
                return int(line.split()[1]) / 1024
    try:
        import resource  # noqa: PLC0415 - Unix only
    except ImportError:
        return 0.0
    peak = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if sys.platform == "darwin" else 1024)


def total_memory_mb() -> float:
    """Return the memory of the whole machine in MB; 0 if it is not told.

    Examples
    --------
    >>> from sevenlessons.page.machine import total_memory_mb
    >>> total_memory_mb() >= 0
    True

    """
    try:
        return os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES") / 2**20
    except (AttributeError, ValueError, OSError):
        return 0.0


def environment() -> dict[str, str]:
    """Return what a run depends on, by name.

    Examples
    --------
    >>> from sevenlessons.page.machine import environment
    >>> list(environment())[:3]
    ['Python', 'torch', 'torchvision']

    """
    device = pick_device()
    name = torch.cuda.get_device_name() if device == "cuda" else "CPU"
    return {
        "Python": platform.python_version(),
        "torch": torch.__version__,
        "torchvision": torchvision.__version__,
        "system": f"{platform.system()} {platform.machine()}",
        "device": f"{device} ({name})",
        "threads": str(torch.get_num_threads()),
        "memory of the machine": f"{total_memory_mb():,.0f} MB",
        "peak of this process": f"{peak_memory_mb():,.0f} MB",
        "seed of torch": str(torch.initial_seed()),
    }
