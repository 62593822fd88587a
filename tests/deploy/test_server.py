"""A real server: 200 at once, killed in the middle, stopped in the middle."""

import http.client
import json
import signal
import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest

from sevenlessons.deploy.server import CannotListen, listen

from .samples import BAD, GOOD, bad, good, slow
from .serving import HERE, Running, running


@pytest.fixture(scope="module")
def server():
    with running(limits={"max_bytes": 300_000}) as server:
        yield server


@pytest.mark.parametrize("name", GOOD)
def test_good_files(server, name):
    status, told = server.predict(good(name))
    assert status == 200 and len(told["probabilities"]) == 3


@pytest.mark.parametrize("name", BAD)
def test_bad_files(server, name):
    content, expected, words = bad(name)
    status, told = server.predict(content)
    assert status == expected and words in told["error"]


def test_the_log_is_one_line_a_request_without_what_was_sent(server):
    time.sleep(0.1)  # the line of the test before may still be on its way
    before = len(server.log())
    head = {"User-Agent": "secret-agent", "Content-Type": "secret/kind"}
    server.ask("POST", "/secret-path?secret=1", b"secret", head)
    server.ask("POST", "/predict", good("png"), head)
    lines = server.log_when(lambda all_: len(all_) >= before + 2)[before:]
    assert [line["status"] for line in lines] == [404, 200]
    assert [line["route"] for line in lines] == ["other", "/predict"]
    assert lines[1]["bytes_in"] == len(good("png"))
    text = json.dumps(server.log())
    assert "secret" not in text and "127.0.0.1" not in text


def test_two_hundred_at_once_are_all_answered_in_bounded_memory(server):
    photo = good("jpeg") + bytes(100_000)
    time.sleep(0.1)  # the line of the test before may still be on its way
    before, lines = server.memory(), len(server.log())
    start = time.perf_counter()
    together = threading.Barrier(200)

    def one(_):
        together.wait(30)
        return server.predict(photo)[0]

    with ThreadPoolExecutor(200) as crowd:
        answers = list(crowd.map(one, range(200)))
    seconds = time.perf_counter() - start
    grown = server.memory() - before
    log = server.log_when(lambda all_: len(all_) >= lines + 200)[lines:]
    statuses = [line["status"] for line in log]
    assert answers == statuses == [200] * 200
    assert seconds < 30
    assert grown < 120_000_000  # the photos alone are 21 MB


def test_the_same_crowd_again_takes_no_more_memory(server):
    photo = good("jpeg") + bytes(100_000)
    with ThreadPoolExecutor(50) as crowd:
        before = server.memory()
        for _ in range(3):
            list(crowd.map(lambda _: server.predict(photo), range(100)))
    assert server.memory() - before < 30_000_000


def test_pages_are_served_while_pictures_are_looked_at(server):
    with ThreadPoolExecutor(1) as one:
        waiting = one.submit(server.predict, slow(1.5))
        time.sleep(0.3)
        start = time.perf_counter()
        for _ in range(10):
            assert server.ask("GET", "/health")[0] == 200
        assert time.perf_counter() - start < 1
        assert not waiting.done()
        assert waiting.result()[0] == 200


def test_who_leaves_while_waiting_is_not_looked_at(server):
    time.sleep(0.1)  # the line of the test before may still be on its way
    before = len(server.log())
    with ThreadPoolExecutor(4) as crowd:
        first = crowd.submit(server.predict, slow(0.8))
        time.sleep(0.2)
        with pytest.raises(TimeoutError):
            server.predict(slow(3), timeout=0.2)
        assert first.result()[0] == 200
        start = time.perf_counter()
        assert server.predict(good("png"))[0] == 200
        assert time.perf_counter() - start < 2
    log = server.log_when(lambda all_: len(all_) >= before + 3)[before:]
    statuses = [line["status"] for line in log]
    assert sorted(statuses) == [200, 200, 499]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_in_the_middle_it_ends_what_it_began(number):
    with running() as server, ThreadPoolExecutor(1) as one:
        waiting = one.submit(server.predict, slow(1.5))
        time.sleep(0.4)
        server.process.send_signal(number)
        time.sleep(0.4)
        with pytest.raises(OSError):  # nobody new is let in
            server.ask("GET", "/health", timeout=5)
        assert waiting.result()[0] == 200
        status = server.process.wait(20)
        server.stop()
        port = server.address.port
    assert status == 0
    assert "Traceback" not in "".join(server.errors)
    with listen("127.0.0.1", port) as door:  # which is free again
        assert door.getsockname()[1] == port


BLOCKING = """
import sys, time, webbrowser
sys.path.insert(0, sys.argv[1])
webbrowser.open = lambda address: time.sleep(60)
from sevenlessons.deploy.server import serve
from sevenlessons.deploy.webapp import create_app
from fake import FakePredictor
sys.exit(serve(create_app(FakePredictor()), port=0, open_browser=True,
               announce=lambda address: print(address, flush=True)))
"""


def test_a_browser_that_blocks_does_not_hold_up_the_server():
    with running("-c", BLOCKING, HERE) as server:
        assert server.ask("GET", "/health", timeout=20)[0] == 200
        assert server.stop() == 0


def test_who_never_ends_is_cut_off_when_it_stops():
    limits = {"shutdown_seconds": 1.0, "predict_seconds": 60.0}
    with running(limits=limits) as server, ThreadPoolExecutor(1) as one:
        waiting = one.submit(server.predict, slow(30))
        time.sleep(0.4)
        start = time.perf_counter()
        assert server.stop() == 0
        assert time.perf_counter() - start < 10
        status, told = waiting.result()
    assert status == 503 and "is stopping" in told["error"]


def test_killed_in_the_middle_it_loses_that_request_and_nothing_else(server):
    doomed = Running([HERE / "fake.py"])
    with ThreadPoolExecutor(1) as one:
        waiting = one.submit(doomed.predict, slow(5))
        time.sleep(0.4)
        assert doomed.predict(b"")[0] == 400  # answered before, not lost
        assert doomed.stop(signal.SIGKILL) == -signal.SIGKILL
        with pytest.raises((http.client.HTTPException, OSError)):
            waiting.result()
    again = json.dumps({"port": doomed.address.port})
    with running(HERE / "fake.py", again) as server:
        assert server.address.port == doomed.address.port
        assert server.predict(good("jpeg"))[0] == 200


def test_a_port_in_use_is_said_in_words():
    with listen("127.0.0.1", 0) as door:
        port = door.getsockname()[1]
        with pytest.raises(CannotListen, match=f"port {port} cannot be used"):
            listen("127.0.0.1", port)


@pytest.mark.parametrize(
    ("host", "port", "words"),
    [
        ("127.0.0.1", 70_000, "port must be from 0 to 65535"),
        ("no.such.host.invalid", 0, "is no address of this machine"),
        ("192.0.2.1", 0, "cannot be used"),
    ],
)
def test_addresses_that_cannot_be_used(host, port, words):
    with pytest.raises(CannotListen, match=words):
        listen(host, port)


def test_the_server_s_modules_warn_of_nothing():
    code = "import sevenlessons.deploy.server, sevenlessons.deploy.webapp"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": str(HERE.parents[1] / "code")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
