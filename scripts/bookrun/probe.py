"""The last cell of every run: what the kernel knows of itself.

PACKAGE is replaced by the name of the import package. This is not shown.
"""

import json as _json
import platform as _platform
import re as _re
import resource as _resource
import sys as _sys
from pathlib import Path as _Path


def _peak_memory_mb() -> float:
    """Return the high-water mark of this process alone.

    VmHWM, because ru_maxrss may carry the parent's peak over.
    """
    status = _Path("/proc/self/status")
    if status.is_file():
        found = _re.search(r"VmHWM:\s+(\d+)", status.read_text())
        if found:
            return int(found[1]) / 1024
    peak = _resource.getrusage(_resource.RUSAGE_SELF).ru_maxrss
    return peak / (2**20 if _sys.platform == "darwin" else 2**10)


def _facts() -> dict[str, object]:
    torch = _sys.modules.get("torch")
    # cuda only where the page really used it
    used = torch is not None and torch.cuda.is_initialized()
    # what the page chose, even if a later cell seeded again
    chosen = getattr(globals().get("settings"), "seed", None)
    if chosen is None and torch:
        chosen = torch.initial_seed()
    catalogue = _sys.modules.get("PACKAGE.data.catalogue")
    facts = {
        "peak_memory_mb": round(_peak_memory_mb(), 1),
        "device": torch.cuda.get_device_name() if used else "cpu",
        "python": _platform.python_version(),
        "torch": str(torch.__version__) if torch else None,
        "seed": chosen,
        "data": catalogue.asked_for() if catalogue else [],
        "modules": sorted(
            name
            for name in _sys.modules
            if name == "PACKAGE" or name.startswith("PACKAGE.")
        ),
    }
    if used:
        peak = torch.cuda.max_memory_allocated() / 2**20
        facts["peak_gpu_memory_mb"] = round(peak, 1)
    return facts


print(_json.dumps(_facts()))
