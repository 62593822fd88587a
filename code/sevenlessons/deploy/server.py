"""Put the app on a port, and take it off without losing an answer."""

import os
import signal
import socket
import sys
import threading
import webbrowser
from collections.abc import Callable, Iterator
from contextlib import contextmanager

import uvicorn
from starlette.applications import Starlette

from .connections import patient
from .limits import Limits
from .logs import start_logging

__all__ = ["CannotListen", "listen", "serve"]


class CannotListen(RuntimeError):
    """The address cannot be used; the message says why and what to do."""


def listen(host: str, port: int) -> socket.socket:
    """Return a socket that takes connections; port 0 takes a free one.

    Raises
    ------
    CannotListen
        If the port is in use or not allowed, or the host is unknown.

    Examples
    --------
    >>> with listen("127.0.0.1", 0) as door:
    ...     door.getsockname()[0]
    '127.0.0.1'

    """
    if not 0 <= port < 65536:
        raise CannotListen(f"port must be from 0 to 65535, got {port}")
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    try:
        socket.getaddrinfo(host, port, family)
        return socket.create_server((host, port), family=family, backlog=1024)
    except socket.gaierror as error:
        raise CannotListen(
            f"{host!r} is no address of this machine; use 127.0.0.1 for this "
            "machine alone, 0.0.0.0 for all networks"
        ) from error
    except PermissionError as error:
        raise CannotListen(
            f"port {port} needs more rights than you have; choose one above "
            "1023, for example --port 8000"
        ) from error
    except OSError as error:
        raise CannotListen(
            f"{host} port {port} cannot be used ({error.strerror}); another "
            "program may have it: stop that, or choose another port, or 0 "
            "for a free one"
        ) from error


class _Server(uvicorn.Server):
    """Says when it is ready."""

    ready: Callable[[], None] = staticmethod(lambda: None)

    async def startup(
        self, sockets: list[socket.socket] | None = None
    ) -> None:
        await super().startup(sockets)
        self.ready()


@contextmanager
def _calm_end() -> Iterator[None]:
    """Let signals be an ordinary end: uvicorn raises them when it is done."""
    before = signal.signal(signal.SIGTERM, lambda number, frame: None)
    try:
        yield
    except KeyboardInterrupt:  # Ctrl+C
        pass
    finally:
        signal.signal(signal.SIGTERM, before)


def serve(
    app: Starlette,
    *,
    host: str = "127.0.0.1",
    port: int = 8000,
    limits: Limits | None = None,
    open_browser: bool = False,
    announce: Callable[[str], object] | None = None,
) -> int:
    """Serve `app` until SIGTERM or Ctrl+C; return the exit status 0.

    Requests that run when the signal comes are answered first, within
    ``limits.shutdown_seconds``. The log goes to the standard error, one line
    of JSON a request.

    Parameters
    ----------
    app
        What `create_app` returned.
    host, port
        Where to listen; by default only this machine can connect.
    limits
        The same as the app's; `Limits()` by default.
    open_browser
        Open the page in the browser of this machine when it is ready.
    announce
        Called with the address when it is ready.

    Raises
    ------
    CannotListen
        If the address cannot be used.

    """
    limits = limits or Limits()
    door = listen(host, port)
    name, number = door.getsockname()[:2]
    name = "localhost" if name in ("0.0.0.0", "::") else name
    address = (
        f"http://[{name}]:{number}/"
        if ":" in name
        else (f"http://{name}:{number}/")
    )
    start_logging(sys.stderr)
    server = _Server(
        uvicorn.Config(
            app,
            http=patient(limits.header_seconds, limits.max_connections),
            ws="none",
            lifespan="on",
            log_config=None,
            access_log=False,
            server_header=False,
            proxy_headers=False,
            timeout_keep_alive=5,
            timeout_graceful_shutdown=max(1, round(limits.shutdown_seconds)),
            h11_max_incomplete_event_size=16_384,
        )
    )

    def ready() -> None:
        if announce is not None:
            announce(address)
        if open_browser:
            threading.Thread(  # some browsers return only when closed
                target=webbrowser.open, args=(address,), daemon=True
            ).start()

    server.ready = ready
    try:
        with _calm_end():
            server.run(sockets=[door])
    finally:
        door.close()
        if app.state.workers.running:  # a thread that nothing can stop
            sys.stdout.flush()
            sys.stderr.flush()
            os._exit(0)
    return 0
