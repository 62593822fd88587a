"""Measure whether every page fits into Binder's 2 GB, server included.

Starts a real Jupyter server, runs each launch notebook through it cell by
cell, as a browser does, and adds up the memory of the server and its kernel.
Run it with a Python that has JupyterLab; the kernel may be another one:

    python -m venv lab && lab/bin/pip install jupyterlab
    lab/bin/python -m scripts.launch.binder_memory --kernel .venv/bin/python

The table goes to `benchmarks/results/`.
"""

import argparse
import contextlib
import json
import os
import platform
import secrets
import socket
import subprocess
import sys
import tempfile
import threading
import time
import urllib.error
import urllib.request
import uuid
from collections.abc import Iterator
from datetime import UTC, datetime
from pathlib import Path

import websocket  # comes with JupyterLab

__all__ = ["descendants", "main", "memory_mb"]

LIMIT_MB = 2048
COLUMNS = ("Rss", "Pss", "Anonymous")


def descendants(pid: int) -> list[int]:
    """Return `pid` and all processes below it."""
    found = [pid]
    for parent in found:
        path = Path(f"/proc/{parent}/task")
        for task in path.iterdir() if path.is_dir() else ():
            with contextlib.suppress(OSError):
                found += map(int, (task / "children").read_text().split())
    return found


def memory_mb(pid: int) -> dict[str, float]:
    """Return the memory of `pid` and all below it, by kind, in MiB.

    `Rss` counts shared pages in full, `Pss` by share, `Anonymous` only what
    is no copy of a file.
    """
    total = dict.fromkeys(COLUMNS, 0.0)
    for process in descendants(pid):
        with contextlib.suppress(OSError):
            text = Path(f"/proc/{process}/smaps_rollup").read_text()
            for line in text.splitlines():
                name, _, rest = line.partition(":")
                if name in total:
                    total[name] += int(rest.split()[0]) / 1024
    return total


class Peak(threading.Thread):
    """Looks at the memory every fifth of a second."""

    def __init__(self, pid: int) -> None:
        super().__init__(daemon=True)
        self.pid, self.stop = pid, threading.Event()
        self.peak = dict.fromkeys(COLUMNS, 0.0)

    def run(self) -> None:
        while not self.stop.wait(0.2):
            for name, value in memory_mb(self.pid).items():
                self.peak[name] = max(self.peak[name], value)


class Server:
    """A Jupyter server with one kernel, spoken to as a browser does."""

    def __init__(self, process: subprocess.Popen, port: int, token: str):
        self.process, self.token = process, token
        self.base = f"localhost:{port}"

    def ask(self, path: str, data: dict | None = None, method: str = "GET"):
        body = json.dumps(data).encode() if data is not None else None
        request = urllib.request.Request(
            f"http://{self.base}/{path}", data=body, method=method
        )
        request.add_header("Authorization", f"token {self.token}")
        with urllib.request.urlopen(request, timeout=30) as answer:
            return json.loads(answer.read() or "null")

    def run(self, cells: list[dict]) -> str:
        """Run `cells` in a fresh kernel; return the first error or nothing."""
        kernel = self.ask("api/kernels", {"name": "python3"}, "POST")["id"]
        session = uuid.uuid4().hex
        link = websocket.create_connection(
            f"ws://{self.base}/api/kernels/{kernel}/channels"
            f"?session_id={session}&token={self.token}",
            timeout=600,
        )
        try:
            for cell in cells:
                error = self._cell(link, session, "".join(cell["source"]))
                tags = cell["metadata"].get("tags", [])
                if error and "raises-exception" not in tags:
                    return error
            return ""
        finally:
            link.close()
            self.ask(f"api/kernels/{kernel}", method="DELETE")

    def _cell(self, link, session: str, code: str) -> str:
        name, error = uuid.uuid4().hex, ""
        head = {"msg_id": name, "msg_type": "execute_request"}
        head |= {"session": session, "username": "", "version": "5.3"}
        content = {"code": code, "silent": False, "stop_on_error": False}
        content |= {"store_history": True, "allow_stdin": False}
        message = {"header": head, "parent_header": {}, "metadata": {}}
        message |= {"content": content, "channel": "shell"}
        link.send(json.dumps(message))
        while True:
            raw = link.recv()
            if not isinstance(raw, str):
                continue
            answer = json.loads(raw)
            if answer["parent_header"].get("msg_id") != name:
                continue
            kind, said = answer["msg_type"], answer["content"]
            if kind == "error":
                error = f"{said['ename']}: {said['evalue']}"
            if kind == "status" and said["execution_state"] == "idle":
                return error


@contextlib.contextmanager
def started(kernel: str, folder: Path, code: str) -> Iterator[Server]:
    """Start a server whose kernels are run by the Python called `kernel`."""
    spec = folder / "share/kernels/python3"
    spec.mkdir(parents=True)
    argv = [kernel, "-m", "ipykernel_launcher", "-f", "{connection_file}"]
    facts = {"argv": argv, "display_name": "Python 3", "language": "python"}
    (spec / "kernel.json").write_text(json.dumps(facts))
    with socket.socket() as free:
        free.bind(("localhost", 0))
        port = free.getsockname()[1]
    token = secrets.token_hex(16)
    command = [sys.executable, "-m", "jupyterlab", "--no-browser"]
    command += [f"--port={port}", f"--IdentityProvider.token={token}"]
    command += ["--allow-root", f"--ServerApp.root_dir={folder}"]
    command += ["--KernelSpecManager.ensure_native_kernel=False"]
    env = os.environ | {
        "JUPYTER_PATH": str(folder / "share"),
        "OMP_NUM_THREADS": "1",  # as .binder/start says
        "MALLOC_ARENA_MAX": "1",
        "SEVENLESSONS_PROGRESS": str(folder / "progress.json"),
        "PYTHONPATH": code,
    }
    with (folder / "server.log").open("w") as log:
        process = subprocess.Popen(
            command, cwd=folder, env=env, stdout=log, stderr=log
        )
    server = Server(process, port, token)
    try:
        for _ in range(150):
            with contextlib.suppress(urllib.error.URLError, OSError):
                server.ask("api/status")
                break
            time.sleep(0.2)
        yield server
    finally:
        process.terminate()
        process.wait(20)


def measure(server: Server, path: Path) -> list[str]:
    """Run one notebook; return a row of the table."""
    cells = json.loads(path.read_text(encoding="utf-8"))["cells"]
    watch = Peak(server.process.pid)
    watch.start()
    start = time.perf_counter()
    error = server.run([c for c in cells if c["cell_type"] == "code"])
    seconds = time.perf_counter() - start
    watch.stop.set()
    watch.join()
    peak = [f"{watch.peak[name]:.0f}" for name in COLUMNS]
    fits = "yes" if watch.peak["Rss"] <= LIMIT_MB else "NO"
    return [*peak, f"{seconds:.0f}", error or fits]


def main() -> int:
    """Measure every notebook, write a table, return the exit status."""
    parser = argparse.ArgumentParser(description=__doc__.split("\n")[0])
    parser.add_argument("--kernel", default=sys.executable)
    parser.add_argument("--code", default=str(Path("code").resolve()))
    parser.add_argument("--notebooks", type=Path, default="_build/launch")
    parser.add_argument("--out", type=Path, default="benchmarks/results")
    args = parser.parse_args()
    kernel = str(Path(args.kernel).absolute())
    lines = [
        "| page | RSS, MiB | PSS, MiB | anonymous, MiB | s | within 2048 |",
        "| --- | ---: | ---: | ---: | ---: | --- |",
    ]
    good = True
    with tempfile.TemporaryDirectory() as folder:
        with started(kernel, Path(folder), args.code) as server:
            alone = memory_mb(server.process.pid)
            figures = [f"{alone[name]:.0f}" for name in COLUMNS]
            lines.append(f"| server alone | {' | '.join(figures)} | | |")
            for path in sorted(args.notebooks.rglob("*.ipynb")):
                name = path.relative_to(args.notebooks).with_suffix("")
                row = measure(server, path)
                good = good and row[-1] == "yes"
                lines.append(f"| {name.as_posix()} | {' | '.join(row)} |")
                print(lines[-1], flush=True)
    ask = "import torch; print(torch.__version__)"
    done = subprocess.run([kernel, "-c", ask], capture_output=True, text=True)
    day = datetime.now(UTC).date().isoformat()
    head = (
        f"# Memory of a Jupyter server and its kernel, {day}\n\n"
        "Highest sum over the server and all processes below it, looked at"
        " every 0.2 s\nwhile one notebook at a time runs through the server."
        " RSS counts files that other\nprograms map as well, so it is the"
        f" safe side.\n\n{platform.system()} {platform.machine()}, Python"
        f" {platform.python_version()}, torch {done.stdout.strip()} on the"
        " CPU, one thread.\n\n"
    )
    target = args.out / f"binder-memory-{day}.md"
    target.parent.mkdir(parents=True, exist_ok=True)
    target.write_text(head + "\n".join(lines) + "\n", encoding="utf-8")
    print(target)
    return 0 if good else 1


if __name__ == "__main__":
    sys.exit(main())
