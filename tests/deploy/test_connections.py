"""Clients that say nothing, little, or nonsense, on a real port."""

import asyncio
import json
import socket
import time
from contextlib import ExitStack, contextmanager

import pytest
import uvicorn
from uvicorn.server import ServerState

from sevenlessons.deploy.connections import patient

from .samples import good
from .serving import running


@pytest.fixture(scope="module")
def server():
    limits = {"header_seconds": 0.6, "upload_seconds": 0.6}
    with running(limits=limits | {"max_bytes": 100_000}) as server:
        yield server


@contextmanager
def line_to(server):
    where = (server.address.hostname, server.address.port)
    with socket.create_connection(where, timeout=10) as line:
        yield line


def until_closed(line):
    """Return all that comes until the other side hangs up."""
    found = b""
    while piece := line.recv(65536):
        found += piece
    return found


def head(length, *more):
    lines = ["POST /predict HTTP/1.1", "Host: x", f"Content-Length: {length}"]
    return "\r\n".join([*lines, *more, "", ""]).encode()


def test_who_says_nothing_is_let_go(server):
    start = time.perf_counter()
    with line_to(server) as line:
        assert until_closed(line) == b""
    assert 0.4 < time.perf_counter() - start < 5


def test_one_letter_at_a_time_is_no_way_to_stay(server):
    start = time.perf_counter()
    with line_to(server) as line, pytest.raises(OSError):
        for letter in b"GET /health HTTP/1.1\r\nX-Long: " + b"a" * 500:
            line.sendall(bytes([letter]))
            time.sleep(0.05)
    assert time.perf_counter() - start < 5


def test_the_time_starts_again_after_an_answer(server):
    with line_to(server) as line:
        for _ in range(3):
            line.sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
            answer = b""
            while b'"ok"' not in answer:
                answer += line.recv(65536)
            time.sleep(0.3)
        start = time.perf_counter()
        until_closed(line)
        assert time.perf_counter() - start < 5


@pytest.mark.parametrize(
    "words",
    [
        b"nonsense\r\n\r\n",
        b"GET /health HTTP/1.1\r\n\r\n",  # no Host
        head("abc"),
        head("-5"),
        b"GET / HTTP/1.1\r\nHost: x\r\nX: " + b"a" * 40_000,
    ],
)
def test_what_is_no_request_gets_a_sentence(server, words):
    with line_to(server) as line:
        line.sendall(words)
        answer = until_closed(line)
    start, _, content = answer.partition(b"\r\n\r\n")
    assert start.startswith(b"HTTP/1.1 400")
    assert "no request" in json.loads(content)["error"]


def test_nonsense_without_end_is_cut_off(server):
    start = time.perf_counter()
    with line_to(server) as line, pytest.raises(OSError):
        while time.perf_counter() < start + 10:
            line.sendall(b"nonsense\r\n\r\n" + bytes(10_000))
            time.sleep(0.02)
    assert time.perf_counter() - start < 5


def test_a_picture_that_does_not_arrive_in_time(server):
    with line_to(server) as line:
        line.sendall(head(5000) + b"\xff\xd8\xff")
        answer = until_closed(line)
    assert answer.startswith(b"HTTP/1.1 408")
    assert b"did not arrive within 0.6 seconds" in answer


def statuses(lines):
    return {line.get("status") for line in lines}


def test_a_length_that_is_too_short_is_a_damaged_picture(server):
    content = good("jpeg")
    with line_to(server) as line:
        line.sendall(head(200) + content)
        answer = line.recv(65536)
    assert answer.startswith(b"HTTP/1.1 400")
    assert server.predict(content)[0] == 200


def test_who_hangs_up_in_the_middle_disturbs_nobody(server):
    before = len(server.log())
    for _ in range(20):
        with line_to(server) as line:
            line.sendall(head(5000) + b"\xff\xd8\xff")
    assert server.predict(good("jpeg"))[0] == 200
    lines = server.log_when(lambda all_: 499 in statuses(all_[before:]))
    assert 499 in statuses(lines[before:])


def test_a_body_without_end_is_refused_and_cut_off(server):
    start = b"POST /predict HTTP/1.1\r\nHost: x\r\n"
    start += b"Transfer-Encoding: chunked\r\n\r\n"
    piece = b"10000\r\n" + bytes(65536) + b"\r\n"
    before, begun = server.memory(), time.perf_counter()
    written = len(server.log())
    with line_to(server) as line:
        line.sendall(start)
        with pytest.raises(OSError):
            while time.perf_counter() < begun + 20:
                line.sendall(piece)
    assert server.memory() - before < 60_000_000
    lines = server.log_when(lambda all_: 413 in statuses(all_[written:]))
    assert 413 in statuses(lines[written:])
    assert server.predict(good("jpeg"))[0] == 200


def test_too_large_is_heard_by_a_client_that_sends_first(server):
    status, told = server.predict(bytes(3_000_000))
    assert status == 413
    assert told["error"].startswith("The file is too large")


def test_little_is_read_at_a_time():
    """Else tiny chunks keep the others waiting while they are parsed."""
    pieces = []

    class Noting(patient(5.0)):
        def data_received(self, data):
            pieces.append(len(data))
            super().data_received(data)

    async def app(scope, receive, send):
        while (await receive()).get("more_body"):
            pass

    async def go():
        config, state = uvicorn.Config(app, log_config=None), ServerState()
        loop = asyncio.get_running_loop()
        server = await loop.create_server(
            lambda: Noting(config, state, {}), "127.0.0.1", 0
        )
        where = server.sockets[0].getsockname()[:2]
        _, writer = await asyncio.open_connection(*where)
        writer.write(head(200_000) + bytes(200_000))
        while sum(pieces) < 200_000:
            await asyncio.sleep(0.01)
        writer.close()
        server.close()

    asyncio.run(asyncio.wait_for(go(), 20))
    assert max(pieces) <= 16_384


def test_one_connection_too_many_is_closed_and_the_others_served():
    with running(limits={"max_connections": 3}) as server, ExitStack() as held:
        lines = [held.enter_context(line_to(server)) for _ in range(3)]
        with line_to(server) as line:
            assert until_closed(line) == b""
        lines[0].sendall(b"GET /health HTTP/1.1\r\nHost: x\r\n\r\n")
        answer = lines[0].recv(65536)
        assert answer.startswith(b"HTTP/1.1 200")
        assert b"content-security-policy" in answer.lower()
        lines[1].close()
        time.sleep(0.2)
        assert server.ask("GET", "/health")[0] == 200


def test_nothing_of_this_was_an_error(server):
    assert all(line["level"] != "error" for line in server.log())


def test_each_limit_makes_a_protocol_of_its_own():
    assert patient(1.0).header_seconds == 1.0
    assert patient(2.0).header_seconds == 2.0
    assert (patient(2.0, 7).most, patient(2.0).most) == (7, 512)
