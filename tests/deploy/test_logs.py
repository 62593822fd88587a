import asyncio
import io
import json
import logging

import pytest

from sevenlessons.deploy.logs import JSONLines, RequestLog, start_logging

SECRET = "secret-name.png"


@pytest.fixture
def page():
    names = ("sevenlessons.app", "uvicorn.error", "asyncio")
    names += ("python_multipart",)
    loggers = [logging.getLogger(name) for name in names]
    before = [(x.handlers, x.level, x.propagate) for x in loggers]
    stream = io.StringIO()
    start_logging(stream)
    yield stream
    for logger, (handlers, level, propagate) in zip(
        loggers, before, strict=True
    ):
        logger.handlers, logger.propagate = handlers, propagate
        logger.setLevel(level)


def call(app, **scope):
    """Send one request to `app` inside the log; return what it answered."""
    sent = []

    async def receive():
        return {"type": "http.request", "body": SECRET.encode()}

    async def send(message):
        sent.append(message)

    scope = {
        "type": "http",
        "method": "POST",
        "path": f"/{SECRET}",
        "query_string": SECRET.encode(),
        "headers": [(b"user-agent", SECRET.encode())],
        "client": ("10.20.30.40", 5),
    } | scope
    asyncio.run(RequestLog(app)(scope, receive, send))
    return sent


async def fine(scope, receive, send):
    await receive()
    await send({"type": "http.response.start", "status": 200, "headers": []})
    await send({"type": "http.response.body", "body": b"abc"})


def test_a_line_says_what_happened_and_nothing_of_the_visitor(page):
    sent = call(fine)
    (line,) = page.getvalue().splitlines()
    line = json.loads(line)
    assert line["status"] == 200 and line["method"] == "POST"
    assert line["bytes_in"] == len(SECRET) and line["bytes_out"] == 3
    assert line["route"] == "other" and line["ms"] >= 0
    assert (b"x-request-id", line["id"].encode()) in sent[0]["headers"]
    assert SECRET not in page.getvalue()
    assert "10.20.30.40" not in page.getvalue()


def test_methods_that_nobody_knows_are_not_repeated(page):
    call(fine, method=SECRET.upper())
    assert json.loads(page.getvalue())["method"] == "other"


def test_a_fault_is_answered_and_noted_without_its_words(page):
    async def broken(scope, receive, send):
        raise RuntimeError(f"cannot read {SECRET}")

    sent = call(broken)
    assert sent[0]["status"] == 500
    assert json.loads(sent[1]["body"])["error"].startswith("Something went")
    line = json.loads(page.getvalue())
    assert line["error"] == "RuntimeError" and line["level"] == "error"
    assert line["at"].startswith("test_logs.py:")
    assert SECRET not in page.getvalue()


def test_a_fault_after_the_beginning_sends_no_second_answer(page):
    async def late(scope, receive, send):
        await fine(scope, receive, send)
        raise RuntimeError("late")

    assert len(call(late)) == 2


def test_who_is_cut_off_by_the_end_is_told(page):
    async def canceled(scope, receive, send):
        raise asyncio.CancelledError

    sent = call(canceled)
    assert sent[0]["status"] == 503
    assert b"is stopping" in sent[1]["body"]


def test_what_is_no_request_passes():
    seen = []

    async def app(scope, receive, send):
        seen.append(scope["type"])

    asyncio.run(RequestLog(app)({"type": "lifespan"}, None, None))
    assert seen == ["lifespan"]


def test_tracebacks_of_the_server_become_a_kind_and_a_place():
    try:
        raise ValueError(SECRET)
    except ValueError as error:
        info = (type(error), error, error.__traceback__)
    record = logging.LogRecord("x", 40, "", 1, "oops\n", (), info)
    line = JSONLines().format(record)
    assert json.loads(line)["event"] == "oops"
    assert json.loads(line)["error"] == "ValueError"
    assert SECRET not in line
