"""A real server in a process of its own, for the tests."""

import http.client
import json
import os
import signal
import subprocess
import sys
import threading
import time
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import urlsplit

__all__ = ["Running", "running"]

HERE = Path(__file__).parent
CODE = HERE.parents[1] / "code"


class Running:
    """A server that runs; asks it things and knows what it wrote.

    The pipes are read by threads of their own, so that it never waits.
    """

    def __init__(self, command, code=CODE):
        env = os.environ | {
            "PYTHONPATH": str(code),
            "OMP_NUM_THREADS": "1",
            "PYTHONWARNINGS": "error",
        }
        self.process = subprocess.Popen(
            [sys.executable, *map(str, command)],
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            text=True,
            env=env,
        )
        self.errors = []
        self.reader = threading.Thread(target=self._read, daemon=True)
        self.reader.start()
        line = self.process.stdout.readline()
        found = [word for word in line.split() if word.startswith("http")]
        if not found:
            self.process.wait(10)
            self.reader.join(10)
            raise RuntimeError(f"no server: {line}{''.join(self.errors)}")
        self.home = found[0]
        self.address = urlsplit(self.home)

    def _read(self):
        for line in self.process.stderr:
            self.errors.append(line)

    def ask(self, method, path, body=None, headers=None, timeout=60):
        """Return status, headers and content of one answer."""
        where = (self.address.hostname, self.address.port)
        line = http.client.HTTPConnection(*where, timeout=timeout)
        try:
            line.request(method, path, body, headers or {})
            answer = line.getresponse()
            return answer.status, answer.headers, answer.read()
        finally:
            line.close()

    def predict(self, body, **options):
        """Return status and the parsed answer."""
        status, _, content = self.ask("POST", "/predict", body, **options)
        return status, json.loads(content)

    def log(self):
        """Return the lines of the log so far, parsed."""
        return [json.loads(line) for line in list(self.errors)]

    def log_when(self, enough, seconds=10):
        """Return the lines of the log once `enough` says so of them.

        A line is written after its answer was sent, so a test that has the
        answer may be faster. After `seconds` the lines are what they are.
        A moment more shows a line too many.
        """
        end = time.monotonic() + seconds
        while not enough(self.log()) and time.monotonic() < end:
            time.sleep(0.02)
        time.sleep(0.1)
        return self.log()

    def memory(self):
        """Return the most memory that it ever held, in bytes."""
        path = Path(f"/proc/{self.process.pid}/status")
        text = path.read_text(encoding="ascii")
        (line,) = (x for x in text.splitlines() if x.startswith("VmHWM"))
        return 1024 * int(line.split()[1])

    def stop(self, number=signal.SIGTERM):
        """Send a signal and return the exit status."""
        if self.process.poll() is None:
            self.process.send_signal(number)
        try:
            status = self.process.wait(30)
        except subprocess.TimeoutExpired:
            self.process.kill()
            raise
        self.reader.join(10)
        self.process.stdout.close()
        self.process.stderr.close()
        return status


@contextmanager
def running(*command, code=CODE, **options):
    """Give a server of the fake predictor, or of `command`; stop it."""
    server = Running(command or [HERE / "fake.py", json.dumps(options)], code)
    try:
        yield server
    finally:
        server.stop()
