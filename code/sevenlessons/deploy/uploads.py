"""Read an upload while counting its bytes; stop when there are too many.

A picture comes as the only file of a form, as browsers send it, or as the
body itself (``curl --data-binary @photo.jpg``). It is kept in memory only
until it is answered.
"""

import asyncio
from collections.abc import AsyncIterator
from contextlib import aclosing, asynccontextmanager

from starlette.requests import Request

from .limits import Limits
from .multipart import FormReader, boundary_of
from .refusals import Refused, megabytes

__all__ = ["Uploads"]

_FORM = 16_384  # what the form around a picture may take
_DRAIN = 32_000_000  # bytes of a refused upload that are read and dropped
_DRAIN_SECONDS = 5.0


class Uploads:
    """Reads one picture a request and knows how many bytes all hold.

    Parameters
    ----------
    limits
        `max_bytes`, `max_held_bytes` and `upload_seconds` are used.

    Attributes
    ----------
    held
        Bytes of all uploads that are in memory now.

    Examples
    --------
    >>> Uploads(Limits()).held
    0

    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.held = 0

    @asynccontextmanager
    async def receive(self, request: Request) -> AsyncIterator[bytes]:
        """Give the bytes of the picture in `request`; let go at the end.

        Raises
        ------
        Refused
            400 for a damaged form, 408 when the upload takes too long, 413
            when it is too large, 415 when it is compressed, 503 when too
            much is in memory already.

        """
        count = _Count(self)
        try:
            yield await self._read(request, count)
        finally:
            self.held -= count.bytes

    async def _read(self, request: Request, count: "_Count") -> bytes:
        seconds = self.limits.upload_seconds
        async with aclosing(request.stream()) as stream:
            try:
                async with asyncio.timeout(seconds):
                    return await self._take(request, stream, count)
            except TimeoutError:
                raise Refused(
                    408,
                    f"The picture did not arrive within {seconds:g} seconds. "
                    "Try a smaller one, or a faster connection.",
                ) from None
            except Refused:
                if count.bytes or "expect" not in request.headers:
                    await _drain(stream)
                raise

    async def _take(
        self, request: Request, stream: AsyncIterator[bytes], count: "_Count"
    ) -> bytes:
        coding = request.headers.get("content-encoding", "identity")
        if coding != "identity":
            raise Refused(415, "Send the picture as it is, not compressed.")
        boundary = boundary_of(request.headers.get("content-type", ""))
        form = None if boundary is None else FormReader(boundary)
        most = self.limits.max_bytes + (_FORM if form else 0)
        if int(request.headers.get("content-length", 0)) > most:
            raise self._too_large()
        body = bytearray()
        async for piece in stream:
            count.add(len(piece))
            if count.bytes > most:
                raise self._too_large()
            (form.write if form else body.extend)(piece)
        content = form.close() if form else body
        if len(content) > self.limits.max_bytes:
            raise self._too_large()
        return bytes(content)

    def _too_large(self) -> Refused:
        return Refused(
            413,
            "The file is too large: this server takes at most "
            f"{megabytes(self.limits.max_bytes)}. Make the picture smaller.",
        )


class _Count:
    """Bytes of one upload, added to those of all."""

    def __init__(self, uploads: Uploads) -> None:
        self.uploads = uploads
        self.bytes = 0

    def add(self, size: int) -> None:
        if self.uploads.held + size > self.uploads.limits.max_held_bytes:
            raise Refused(
                503,
                "Too many pictures are on their way. Try again in a moment.",
                retry_after=2,
            )
        self.uploads.held += size
        self.bytes += size


async def _drain(stream: AsyncIterator[bytes]) -> None:
    """Read on for a moment and drop it, so that the client hears us.

    Many clients read no answer before they have sent everything, and lose it
    if the connection closes meanwhile.
    """
    left = _DRAIN
    try:
        async with asyncio.timeout(_DRAIN_SECONDS):
            async for piece in stream:
                left -= len(piece)
                if left < 0:
                    return
    except TimeoutError:
        return
