"""``python -m sevenlessons doctor``: say whether the book can run."""

import argparse
import os
import sys
from collections.abc import Iterable

from sevenlessons.data.cache import cache_root, is_present
from sevenlessons.data.catalogue import sets_for_book

from .checks import (
    Finding,
    check_cache,
    check_cores,
    check_data,
    check_device,
    check_disk,
    check_extras,
    check_memory,
    check_package,
    check_python,
    check_tools,
)
from .machine import available_memory, free_disk, usable_cores

__all__ = ["add_doctor_command", "examine", "run_doctor", "show_findings"]

_OTHER_PACKAGES = {
    "numpy": "1.26",
    "pandas": "2.2",
    "PIL": "10.3",
    "sklearn": "1.4",
    "safetensors": "0.4",
    "matplotlib": "3.8",
}


# What the extra `lessons` brings, by the names that are imported.
_EXTRAS = (
    "starlette",
    "uvicorn",
    "python_multipart",
    "onnx",
    "onnxscript",
    "onnxruntime",
)


def add_doctor_command(
    commands: "argparse._SubParsersAction[argparse.ArgumentParser]",
) -> None:
    """Add ``doctor`` to the commands of a parser."""
    parser = commands.add_parser(
        "doctor",
        help="say whether this machine can run the book",
        description="Look at Python, torch, device, memory, disk and data, "
        "and say what to do where something is missing. The exit status is "
        "1 only when the book cannot run.",
    )
    parser.set_defaults(run=run_doctor)


def run_doctor(options: argparse.Namespace) -> int:
    """Examine the machine and print what was found."""
    findings = list(examine())
    print(show_findings(findings))
    return int(any(f.level == "fail" for f in findings))


def examine() -> Iterable[Finding]:
    """Yield a finding for each thing that the book needs."""
    yield check_python()
    yield from _packages()
    yield check_memory(available_memory())
    root, names = cache_root(), sets_for_book()
    missing = [name for name in names if not is_present(name)]
    yield check_disk(free_disk(root), missing)
    yield check_cache(root)
    yield check_data(names, missing)
    yield check_tools(bool(missing))


def _packages() -> Iterable[Finding]:
    torch = check_package("torch", "2.11")
    yield torch
    yield check_package("torchvision", "0.26")
    others = [check_package(*item) for item in _OTHER_PACKAGES.items()]
    bad = [finding for finding in others if finding.level != "ok"]
    text = ", ".join(f.what for f in others)
    yield from bad or [Finding("ok", "packages", text)]
    yield check_extras(_EXTRAS)
    if torch.level == "ok":
        module = sys.modules["torch"]
        yield check_device(module, os.environ)
        yield check_cores(usable_cores(), module.get_num_threads())


def show_findings(findings: Iterable[Finding]) -> str:
    """Return the findings as lines of text, a verdict at the end.

    Examples
    --------
    >>> print(show_findings([Finding("ok", "Python", "3.12.1")]))
    ok    Python       3.12.1
    <BLANKLINE>
    This machine can run the book.

    """
    findings = list(findings)
    lines = []
    for finding in findings:
        start = f"{finding.level:<5} {finding.what:<12}"
        lines.append(f"{start} {finding.text}")
        if finding.remedy:
            lines.append(" " * 19 + f"-> {finding.remedy}")
    levels = {finding.level for finding in findings}
    if "fail" in levels:
        verdict = "This machine cannot run the book yet: see `fail` above."
    elif "warn" in levels:
        verdict = "This machine can run the book; see `warn` above."
    else:
        verdict = "This machine can run the book."
    return "\n".join([*lines, "", verdict])
