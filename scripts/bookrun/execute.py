"""Run the cells of one page in a kernel of its own."""

import json
import os
import re
import shutil
import subprocess
import time
from dataclasses import dataclass, field
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import nbformat
from nbclient import NotebookClient
from nbclient.exceptions import (
    CellExecutionError,
    CellTimeoutError,
    DeadKernelError,
)
from nbformat import NotebookNode

from . import files
from .layout import PACKAGE, Book
from .pages import Page, code_cells

__all__ = ["Outcome", "commit", "environment", "execute"]

THREADS = "1"  # two pages side by side gain more than two threads in one
PROBE = Path(__file__).with_name("probe.py")
ASSERTION = re.compile(r"^\s*assert\b|assert_(?:close|equal|allclose)\(", re.M)
KNOWN = (CellExecutionError, CellTimeoutError, DeadKernelError)
COLOR = re.compile(r"\x1b\[[0-9;]*m")


@dataclass
class Outcome:
    """What came of one run: the notebook, a receipt, or why there is none."""

    notebook: NotebookNode
    staged: Path  # the files that it published
    receipt: dict[str, Any] = field(default_factory=dict)
    loaded: list[str] = field(default_factory=list)
    data: list[str] = field(default_factory=list)
    error: str = ""


def environment(book: Book, page: str, device: str) -> dict[str, str]:
    """Return the environment of the kernel of `page`.

    The number of threads is fixed because sums over threads round
    differently; the profile keeps ipykernel's own start-up lines out of the
    log.
    """
    profile = book.build / "ipython" / "profile_default"
    profile.mkdir(parents=True, exist_ok=True)
    for name in ("ipython_config.py", "ipython_kernel_config.py"):
        lines = ["c = get_config()  # noqa: F821"]
        if "kernel" in name:
            lines.append("c.IPKernelApp.log_level = 40")
        else:
            lines.append("c.HistoryAccessor.enabled = False")
        text = "\n".join(lines) + "\n"
        if not (profile / name).is_file():
            (profile / name).write_text(text, encoding="utf-8")
    env = os.environ | {
        "SEVENLESSONS_PAGE": page,
        "SEVENLESSONS_DEVICE": device,
        "PYTHONHASHSEED": "0",
        "PYTHONPATH": str(book.code),
        "IPYTHONDIR": str(profile.parent),
        "MPLBACKEND": "module://matplotlib_inline.backend_inline",
        "CUBLAS_WORKSPACE_CONFIG": ":4096:8",
        # One heap for all threads: freed memory is used again, whichever
        # thread freed it, and the peak varies less from run to run.
        "MALLOC_ARENA_MAX": "1",
    }
    if device == "cpu":
        # A thread that waits sleeps: one that spins takes the core from the
        # one it waits for as soon as the machine does anything else.
        env |= {"OMP_NUM_THREADS": THREADS, "MKL_NUM_THREADS": THREADS}
        env |= {"OMP_WAIT_POLICY": "PASSIVE", "GOMP_SPINCOUNT": "0"}
    return env


def commit(root: Path, digits: int = 12) -> str:
    """Return the commit of `root`, with `-dirty` where files differ."""
    command = ["git", "describe", "--always", "--dirty", f"--abbrev={digits}"]
    command += ["--exclude", "*"]
    try:
        done = subprocess.run(
            command, cwd=root, capture_output=True, text=True, check=False
        )
    except OSError:
        return "unknown"
    return done.stdout.strip() or "unknown"


def assertions(notebook: NotebookNode) -> int:
    """Return how many assertions the cells of `notebook` make."""
    return sum(len(ASSERTION.findall(c.source)) for c in code_cells(notebook))


def _shown(notebook: NotebookNode) -> str:
    """Return the text that the last cell showed before it failed."""
    done = [cell for cell in code_cells(notebook) if cell.get("outputs")]
    lines = []
    for output in done[-1].outputs if done else []:
        text = output.get("text") or output.get("data", {}).get("text/plain")
        lines += (text or "").splitlines()
    return "\n".join(["", "It showed:", *lines[-20:]]) if lines else ""


def _explain(error: BaseException, timeout: int) -> str:
    """Return what a person needs to know of an error of a run."""
    while error.__context__ and not isinstance(error, KNOWN):
        error = error.__context__  # cleaning up may fail for the same cause
    if isinstance(error, CellExecutionError):
        return COLOR.sub("", str(error)).strip()
    if isinstance(error, CellTimeoutError):
        return f"a cell ran for more than {timeout} s; make it smaller"
    if isinstance(error, DeadKernelError):
        return f"the kernel died ({error}): most often memory ran out"
    return f"the kernel failed with {type(error).__name__}: {error}"


async def execute(
    book: Book, page: Page, device: str, *, timeout: int = 600
) -> Outcome:
    """Run `page` in a fresh kernel, in an empty folder.

    What it publishes lies in the outcome's folder `staged` afterwards; the
    caller keeps it or throws it away.

    Parameters
    ----------
    book
        The book.
    page
        A page with cells; they are not changed.
    device
        `cpu` or `cuda`.
    timeout
        Seconds that one cell may take.

    """
    notebook = nbformat.from_dict(json.loads(json.dumps(page.notebook)))
    folder = book.build / "work" / f"{page.name}-{os.getpid()}"
    outcome = Outcome(notebook, folder.with_name(f"{folder.name}.files"))
    for path in (folder, outcome.staged):
        shutil.rmtree(path, ignore_errors=True)
        path.mkdir(parents=True)
    probe = PROBE.read_text(encoding="utf-8").replace("PACKAGE", PACKAGE)
    notebook.cells.append(nbformat.v4.new_code_cell(probe))
    client = NotebookClient(
        notebook,
        timeout=timeout,
        record_timing=False,
        resources={"metadata": {"path": str(folder)}},
    )
    began = datetime.now(UTC).isoformat(timespec="seconds")
    start = time.perf_counter()
    try:
        env = environment(book, page.name, device)
        env[files.VARIABLE] = str(outcome.staged)
        await client.async_execute(env=env)
        facts = json.loads(notebook.cells[-1].outputs[0].text)
    except Exception as error:  # one page must not end the run of others
        outcome.error = _explain(error, timeout) + _shown(notebook)
        return outcome
    finally:
        notebook.cells.pop()
        shutil.rmtree(folder, ignore_errors=True)
    outcome.loaded = facts.pop("modules")
    outcome.data = facts.pop("data")
    outcome.receipt = {
        "page": page.name,
        "seconds": round(time.perf_counter() - start, 2),
        **facts,
        "cells": len(code_cells(notebook)),
        "asserts": assertions(notebook),
        "executed_at": began,
        "commit": commit(book.root),
    }
    return outcome
