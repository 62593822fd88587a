"""Headers that tell a browser what the page of the app may do: very little."""

from starlette.datastructures import MutableHeaders
from starlette.types import ASGIApp, Message, Receive, Scope, Send

__all__ = ["SecurityHeaders", "content_policy"]


def content_policy(frame_ancestors: str = "'none'") -> str:
    """Return the Content-Security-Policy of the app.

    Scripts, styles and requests: from the app itself only, none inline.
    Pictures: also those that the page holds in memory (``blob:``).

    Parameters
    ----------
    frame_ancestors
        Sites that may show the app in a frame, separated by blanks.

    Raises
    ------
    ValueError
        If `frame_ancestors` is neither ``'none'``, ``'self'`` nor a list of
        ``https://`` addresses.

    Examples
    --------
    >>> content_policy().split("; ")[0]
    "default-src 'none'"

    """
    words = frame_ancestors.split()
    good = words in (["'none'"], ["'self'"]) or all(
        word.startswith(("https://", "http://localhost", "http://127.0.0.1"))
        and not set(word) & set(";,'\"")
        and word.isascii()
        for word in words
    )
    if not words or not good:
        raise ValueError(
            "frame_ancestors must be \"'none'\", \"'self'\" or addresses that "
            f"start with https://, separated by blanks; got "
            f"{frame_ancestors!r}"
        )
    return "; ".join(
        [
            "default-src 'none'",
            "script-src 'self'",
            "style-src 'self'",
            "img-src 'self' blob:",
            "connect-src 'self'",
            "form-action 'self'",
            "base-uri 'none'",
            f"frame-ancestors {' '.join(words)}",
            "require-trusted-types-for 'script'",
        ]
    )


class SecurityHeaders:
    """ASGI middleware that adds the headers to every answer.

    Parameters
    ----------
    app
        The application around which it goes.
    frame_ancestors
        See `content_policy`.

    Examples
    --------
    >>> async def app(scope, receive, send): ...
    >>> SecurityHeaders(app).headers["X-Content-Type-Options"]
    'nosniff'

    """

    def __init__(self, app: ASGIApp, frame_ancestors: str = "'none'") -> None:
        self.app = app
        self.headers = {
            "Content-Security-Policy": content_policy(frame_ancestors),
            "X-Content-Type-Options": "nosniff",
            "Referrer-Policy": "no-referrer",
            "Cross-Origin-Opener-Policy": "same-origin",
            "Cross-Origin-Resource-Policy": "same-origin",
            "Permissions-Policy": "geolocation=(), microphone=()",
            "Cache-Control": "no-store",
        }
        if frame_ancestors == "'none'":  # for browsers before the policy
            self.headers["X-Frame-Options"] = "DENY"

    async def __call__(
        self, scope: Scope, receive: Receive, send: Send
    ) -> None:
        """Pass a request on; the answer gets what it does not set itself."""
        if scope["type"] != "http":
            await self.app(scope, receive, send)
            return

        async def with_headers(message: Message) -> None:
            if message["type"] == "http.response.start":
                headers = MutableHeaders(scope=message)
                for name, value in self.headers.items():
                    headers.setdefault(name, value)
            await send(message)

        await self.app(scope, receive, with_headers)
