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

from .samples import BAD, GOOD, bad, good
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
    before = len(server.log())
    head = {"User-Agent": "secret-agent", "Content-Type": "secret/kind"}
    server.ask("POST", "/secret-path?secret=1", b"secret", head)
    server.ask("POST", "/predict", good("png"), head)
    time.sleep(0.1)
    lines = server.log()[before:]
    assert [line["status"] for line in lines] == [404, 200]
    assert [line["route"] for line in lines] == ["other", "/predict"]
    assert lines[1]["bytes_in"] == len(good("png"))
    text = json.dumps(server.log())
    assert "secret" not in text and "127.0.0.1" not in text


def test_two_hundred_at_once_are_all_answered_in_bounded_memory():
    photo = good("jpeg") + bytes(100_000)
    with running(seconds=0.005) as server:
        server.predict(photo)
        before, start = server.memory(), time.perf_counter()
        together = threading.Barrier(200)

        def one(_):
            together.wait(30)
            return server.predict(photo)[0]

        with ThreadPoolExecutor(200) as crowd:
            answers = list(crowd.map(one, range(200)))
        seconds = time.perf_counter() - start
        grown = server.memory() - before
        time.sleep(0.1)
        lines = server.log()
    assert answers == [200] * 200
    assert len(lines) == 201
    assert all(line["status"] == 200 for line in lines)
    assert seconds < 30
    assert grown < 120_000_000  # the photos alone are 21 MB


def test_pages_are_served_while_pictures_are_looked_at():
    with running(seconds=1.0) as server, ThreadPoolExecutor(1) as one:
        slow = one.submit(server.predict, good("jpeg"))
        time.sleep(0.2)
        start = time.perf_counter()
        for _ in range(10):
            assert server.ask("GET", "/health")[0] == 200
        assert time.perf_counter() - start < 0.6
        assert slow.result()[0] == 200


def test_too_many_are_told_when_to_come_back():
    limits = {"max_waiting": 2}
    with running(seconds=0.3, limits=limits) as server:
        with ThreadPoolExecutor(8) as crowd:
            answers = list(
                crowd.map(
                    lambda _: server.ask("POST", "/predict", good("jpeg")),
                    range(8),
                )
            )
        assert {status for status, _, _ in answers} == {200, 503}
        for status, headers, content in answers:
            if status == 503:
                assert int(headers["Retry-After"]) >= 1
                assert b"Try again in a moment" in content
        assert server.predict(good("jpeg"))[0] == 200


def test_a_slow_answer_is_given_up():
    with running(seconds=1.0, limits={"predict_seconds": 0.2}) as server:
        status, told = server.predict(good("jpeg"))
        assert status == 504 and "within 0.2 seconds" in told["error"]


@pytest.mark.parametrize("number", [signal.SIGTERM, signal.SIGINT])
def test_stopped_in_the_middle_it_ends_what_it_began(number):
    with running(seconds=1.0) as server, ThreadPoolExecutor(1) as one:
        slow = one.submit(server.predict, good("jpeg"))
        time.sleep(0.4)
        server.process.send_signal(number)
        time.sleep(0.3)
        with pytest.raises(OSError):  # nobody new is let in
            server.ask("GET", "/health", timeout=5)
        assert slow.result()[0] == 200
        status = server.stop(number)
        text = "".join(server.errors)
    if number == signal.SIGTERM:
        assert status == 0
        assert "Traceback" not in text


def test_who_never_ends_is_cut_off_when_it_stops():
    limits = {"shutdown_seconds": 1.0, "predict_seconds": 60.0}
    with running(seconds=30.0, limits=limits) as server:
        with ThreadPoolExecutor(1) as one:
            slow = one.submit(server.predict, good("jpeg"))
            time.sleep(0.4)
            start = time.perf_counter()
            assert server.stop() == 0
            assert time.perf_counter() - start < 10
            status, told = slow.result()
        assert status == 503 and "is stopping" in told["error"]


def test_killed_in_the_middle_it_loses_that_request_and_nothing_else():
    server = Running([HERE / "fake.py", json.dumps({"seconds": 1.0})])
    with ThreadPoolExecutor(1) as one:
        slow = one.submit(server.predict, good("jpeg"))
        time.sleep(0.4)
        assert server.stop(signal.SIGKILL) == -signal.SIGKILL
        with pytest.raises((http.client.HTTPException, OSError)):
            slow.result()
    with running() as again:
        assert again.predict(good("jpeg"))[0] == 200


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


def test_the_port_is_free_again_after_a_stop():
    with running() as server:
        port = server.address.port
    with listen("127.0.0.1", port) as door:
        assert door.getsockname()[1] == port


def test_the_server_s_modules_warn_of_nothing():
    code = "import sevenlessons.deploy.server, sevenlessons.deploy.webapp"
    done = subprocess.run(
        [sys.executable, "-W", "error", "-c", code],
        env={"PYTHONPATH": str(HERE.parents[1] / "code")},
        capture_output=True,
        text=True,
    )
    assert (done.returncode, done.stderr) == (0, "")
