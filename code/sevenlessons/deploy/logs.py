"""One line of JSON a request, without anything that the visitor sent.

No file name, address, header or content is written, and of a fault only its
kind and its place in the program: a message could hold any of them.
"""

import asyncio
import json
import logging
import secrets
import time
import traceback
from datetime import UTC, datetime
from pathlib import Path
from typing import Any, TextIO

from starlette.datastructures import MutableHeaders
from starlette.responses import JSONResponse
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["JSONLines", "RequestLog", "start_logging"]

_LOGGER = logging.getLogger("sevenlessons.app")
_METHODS = ("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS")


class JSONLines(logging.Formatter):
    """Writes a log record as one line of JSON.

    Examples
    --------
    >>> record = logging.makeLogRecord({"msg": "start", "levelname": "INFO"})
    >>> json.loads(JSONLines().format(record))["event"]
    'start'

    """

    def format(self, record: logging.LogRecord) -> str:
        """Return the line; a fault becomes its kind and place."""
        when = datetime.fromtimestamp(record.created, UTC)
        line: dict[str, Any] = {
            "time": when.isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "event": record.getMessage().strip(),
        }
        line |= getattr(record, "fields", {})
        if record.exc_info and record.exc_info[1]:
            line |= _fault(record.exc_info[1])
        return json.dumps(line)


def _fault(error: BaseException) -> dict[str, str]:
    """Say what kind of error happened and where, not what it says."""
    frames = traceback.extract_tb(error.__traceback__)
    at = [f"{Path(f.filename).name}:{f.lineno}" for f in frames[-1:]]
    return {"error": type(error).__name__, "at": "".join(at)}


def start_logging(stream: TextIO) -> None:
    """Send the log of the app and of the server to `stream` as JSON.

    Examples
    --------
    >>> import io
    >>> page = io.StringIO()
    >>> start_logging(page)
    >>> logging.getLogger("sevenlessons.app").info("hello")
    >>> json.loads(page.getvalue())["event"]
    'hello'

    """
    handler = logging.StreamHandler(stream)
    handler.setFormatter(JSONLines())
    for name, level in (
        ("sevenlessons.app", logging.INFO),
        ("uvicorn.error", logging.WARNING),
        ("asyncio", logging.ERROR),
        ("python_multipart", logging.CRITICAL),  # it quotes what was sent
    ):
        logger = logging.getLogger(name)
        logger.handlers = [handler]
        logger.setLevel(level)
        logger.propagate = False


class RequestLog:
    """ASGI middleware that writes the line, and answers when all else fails.

    Parameters
    ----------
    app
        The application around which it goes.

    Examples
    --------
    >>> async def app(scope, receive, send): ...
    >>> RequestLog(app).app is app
    True

    """

    def __init__(self, app: ASGIApp) -> None:
        self.app = app

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Pass a request on and note what became of it."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return
        start = time.perf_counter()
        line: dict[str, Any] = {"id": secrets.token_hex(8)}
        line |= {"status": 0, "bytes_in": 0, "bytes_out": 0}

        async def counted_receive() -> Message:
            message = await receive()
            line["bytes_in"] += len(message.get("body", b""))
            return message

        async def counted_send(message: Message) -> None:
            if message["type"] == "http.response.start":
                line["status"] = message["status"]
                MutableHeaders(scope=message)["X-Request-ID"] = line["id"]
            line["bytes_out"] += len(message.get("body", b""))
            await send(message)

        try:
            await self.app(scope, counted_receive, counted_send)
        except asyncio.CancelledError:  # out of patience while it stops
            sentence = "The server is stopping. Try again in a minute."
            await _last_words(503, sentence, line, scope, counted_send)
        except Exception as error:
            line |= _fault(error)
            sentence = "Something went wrong in the server; it is noted."
            await _last_words(500, sentence, line, scope, counted_send)
        finally:
            route, method = scope.get("route"), scope["method"]
            line["method"] = method if method in _METHODS else "other"
            line["route"] = getattr(route, "path", "other")
            line["ms"] = round(1000 * (time.perf_counter() - start), 1)
            level = logging.ERROR if line["status"] == 500 else logging.INFO
            _LOGGER.log(level, "request", extra={"fields": line})


async def _last_words(
    status: int, sentence: str, line: dict[str, Any], scope: Scope, send: Send
) -> None:
    """Answer a request whose application failed before it answered."""
    if line["status"] == 0:
        answer = JSONResponse({"error": sentence}, status)
        await answer(scope, _nothing, send)


async def _nothing() -> Message:
    return {"type": "http.disconnect"}
