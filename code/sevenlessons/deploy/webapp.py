"""The web app: a page to drop a picture on, and its answers as JSON.

Read in this order: `limits` (how much one may ask for), `uploads` (bytes),
`pictures` (bytes to picture), `workers` (threads), then here. `headers` and
`logs` go around it, `server` puts it on a port.
"""

import platform
import time
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from functools import partial
from importlib.resources import files
from typing import Any, Protocol, TypeVar

import numpy as np
import torch
from PIL import Image
from starlette.applications import Starlette
from starlette.middleware import Middleware
from starlette.requests import Request
from starlette.responses import JSONResponse, Response
from starlette.routing import Route

from sevenlessons import __version__

from .answers import answer_of, handlers
from .headers import SecurityHeaders, content_policy
from .heatmaps import heat_to_png
from .limits import Limits
from .logs import RequestLog
from .pictures import FORMATS, check_kind, open_picture
from .refusals import Refused
from .uploads import Uploads
from .workers import Workers

__all__ = ["LikePredictor", "create_app"]

_STATIC = {
    "/": ("index.html", "text/html"),
    "/app.css": ("app.css", "text/css"),
    "/app.js": ("app.js", "text/javascript"),
    "/icon.svg": ("icon.svg", "image/svg+xml"),
}
Answer = TypeVar("Answer")
Explain = Callable[[Image.Image, str | None], Any]


class LikePredictor(Protocol):
    """What the app needs of a predictor; `Predictor` has it."""

    classes: list[str]
    threshold: float | None

    def predict(self, photo: Any) -> Any:
        """Return label, probability and probabilities of one picture."""


def create_app(
    predictor: LikePredictor,
    *,
    limits: Limits | None = None,
    explain: Explain | None = None,
    name: str = "model",
    frame_ancestors: str = "'none'",
) -> Starlette:
    """Return the app as an ASGI application.

    Parameters
    ----------
    predictor
        Answers for one picture; called in several threads at a time if
        ``limits.workers`` is above 1.
    limits
        How much one may ask for; `Limits()` by default.
    explain
        Given a picture and a label, returns heat of shape ``(H, W)``: where
        the model looked for it; `sevenlessons.deploy.reasons` makes one. The
        page shows it over the picture to whoever asks why.
    name
        What the page and ``/version`` call the model.
    frame_ancestors
        Sites that may show the app in a frame; none by default.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> app = create_app(SimpleNamespace(classes=["a", "b"], threshold=None))
    >>> [route.path for route in app.routes][-3:]
    ['/health', '/version', '/predict']

    """
    content_policy(frame_ancestors)  # a wrong one is told here
    served = _Served(predictor, limits or Limits(), explain, name)
    routes = [
        Route(path, partial(_static, content=_read(file), kind=kind))
        for path, (file, kind) in _STATIC.items()
    ]
    routes += [
        Route("/health", served.health),
        Route("/version", served.version),
        Route("/predict", served.predict, methods=["POST"]),
    ]
    if explain is not None:
        routes.append(Route("/explain", served.explain, methods=["POST"]))
    app = Starlette(
        routes=routes,
        middleware=[
            Middleware(SecurityHeaders, frame_ancestors=frame_ancestors),
            Middleware(RequestLog),
        ],
        exception_handlers=handlers(),
        lifespan=served.lifespan,
    )
    app.router.redirect_slashes = False
    app.state.workers = served.workers
    app.state.uploads = served.uploads
    return app


class _Served:
    """The endpoints, and what they share."""

    def __init__(
        self,
        predictor: LikePredictor,
        limits: Limits,
        explain: Explain | None,
        name: str,
    ) -> None:
        self.predictor, self.limits, self.name = predictor, limits, name
        self.explainer = explain
        self.uploads = Uploads(limits)
        self.workers = Workers(limits)

    @asynccontextmanager
    async def lifespan(self, app: Starlette) -> AsyncIterator[None]:
        yield
        self.workers.close()

    async def health(self, request: Request) -> Response:
        return JSONResponse({"status": "ok"})

    async def version(self, request: Request) -> Response:
        return JSONResponse(
            {
                "package": __version__,
                "model": self.name,
                "classes": list(self.predictor.classes),
                "threshold": self.predictor.threshold,
                "torch": torch.__version__,
                "python": platform.python_version(),
                "formats": FORMATS,
                "max_bytes": self.limits.max_bytes,
                "max_pixels": self.limits.max_pixels,
                "explain": self.explainer is not None,
            }
        )

    async def predict(self, request: Request) -> Response:
        answer = await self._answer(request, self._look)
        return JSONResponse(answer | {"model": self.name})

    async def explain(self, request: Request) -> Response:
        label = request.query_params.get("label")
        if label is not None and label not in self.predictor.classes:
            raise Refused(
                422,
                "The model knows no such class; /version lists those it "
                "knows.",
            )
        png = await self._answer(request, partial(self._heat, label))
        if png is None:
            return Response(status_code=204)
        return Response(png, media_type="image/png")

    async def _answer(
        self, request: Request, look: Callable[[bytes], Answer]
    ) -> Answer:
        """Read the upload here, look at it in a thread."""
        async with self.uploads.receive(request) as content:
            check_kind(content)  # what is no picture need not wait
            work = partial(look, content)
            return await self.workers.run(work, request.is_disconnected)

    def _look(self, content: bytes) -> dict[str, Any]:
        start = time.perf_counter()
        picture = open_picture(content, self.limits.max_pixels)
        answer = answer_of(self.predictor.predict(picture))
        answer["ms"] = round(1000 * (time.perf_counter() - start), 1)
        return answer

    def _heat(self, label: str | None, content: bytes) -> bytes | None:
        """Return a heat map, or None if nothing speaks for the class."""
        picture = open_picture(content, self.limits.max_pixels)
        if self.explainer is None:
            raise Refused(404, "This server does not explain its answers.")
        if label is None:
            label = next(iter(self.predictor.predict(picture).probabilities))
        heat = self.explainer(picture, label)
        return heat_to_png(heat) if np.any(np.asarray(heat)) else None


def _read(file: str) -> bytes:
    return files(__package__).joinpath("static", file).read_bytes()


async def _static(request: Request, *, content: bytes, kind: str) -> Response:
    return Response(
        content, media_type=kind, headers={"Cache-Control": "no-cache"}
    )
