"""Connections that are patient, but not for ever.

uvicorn waits without end for a client that opens a connection and says
nothing, or says it one letter a minute. This protocol gives it a bounded
time, and answers what is no HTTP in a sentence. It also takes little at a
time, and hangs up on whom there is no room for.
"""

import asyncio
import json
from typing import Any

import h11
from uvicorn.protocols.http.h11_impl import H11Protocol

__all__ = ["PatientProtocol", "patient"]

_PIECE = 16_384  # bytes read at a time: all are parsed before others' turn
_NO_HTTP = {"error": "This is no request that the server understands."}


class PatientProtocol(H11Protocol):
    """uvicorn's protocol with a time limit while no request is running.

    Attributes
    ----------
    header_seconds
        How long a client may take to say what it wants.
    most
        Connections open at a time.

    Examples
    --------
    >>> PatientProtocol.header_seconds
    10.0

    """

    header_seconds = 10.0
    most = 512
    _alarm: asyncio.TimerHandle | None = None
    _refused = False

    def connection_made(self, transport: Any) -> None:
        super().connection_made(transport)
        if hasattr(transport, "max_size"):  # asyncio's own loop
            transport.max_size = _PIECE
        if len(self.connections) > self.most:
            transport.close()
        self._watch()

    def data_received(self, data: bytes) -> None:
        if not self._refused:
            super().data_received(data)
            self._watch()

    def connection_lost(self, exc: Exception | None) -> None:
        self._calm()
        super().connection_lost(exc)

    def on_response_complete(self) -> None:
        super().on_response_complete()
        self._watch()

    def send_400_response(self, msg: str) -> None:
        """Answer what is no HTTP, unless an answer is on its way."""
        if self.conn.our_state in (h11.IDLE, h11.SEND_RESPONSE):
            headers = [
                (b"content-type", b"application/json"),
                (b"x-content-type-options", b"nosniff"),
                (b"connection", b"close"),
            ]
            for event in (
                h11.Response(status_code=400, headers=headers, reason=b""),
                h11.Data(data=json.dumps(_NO_HTTP).encode()),
                h11.EndOfMessage(),
            ):
                self.transport.write(self.conn.send(event) or b"")
            self._hang_up()
        else:
            self.transport.close()

    def _hang_up(self) -> None:
        """End the answer; close when the client did, or in a second.

        Closed while more arrives, the connection would be reset, and the
        client might never read the answer.
        """
        self._refused = True
        if self.cycle is not None:
            self.cycle.disconnected = True
            self.cycle.message_event.set()
        self.transport.write_eof()
        self._calm()
        self._alarm = self.loop.call_later(1.0, self._too_late)

    def _watch(self) -> None:
        """Start the clock when nothing runs, stop it when something does."""
        if self._refused:
            return
        running = self.cycle is not None and not self.cycle.response_complete
        if running or self.transport.is_closing():
            self._calm()
        elif self._alarm is None:
            self._alarm = self.loop.call_later(
                self.header_seconds, self._too_late
            )

    def _calm(self) -> None:
        if self._alarm is not None:
            self._alarm.cancel()
            self._alarm = None

    def _too_late(self) -> None:
        self._alarm = None
        self.transport.close()


def patient(
    header_seconds: float, most: int = PatientProtocol.most
) -> type[PatientProtocol]:
    """Return the protocol with other limits.

    Examples
    --------
    >>> patient(3.0).header_seconds
    3.0

    """
    limits = {"header_seconds": header_seconds, "most": most}
    return type("Patient", (PatientProtocol,), limits)
