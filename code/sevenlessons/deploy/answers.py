"""What the app says: predictions and refusals, as JSON."""

from collections.abc import Awaitable, Callable
from typing import Any

from starlette.exceptions import HTTPException
from starlette.requests import ClientDisconnect, Request
from starlette.responses import JSONResponse, Response

from .refusals import Refused

__all__ = ["answer_of", "handlers"]

Handler = Callable[[Request, Exception], Awaitable[Response]]
_SENTENCES = {
    404: "There is nothing at this address. The page of the app is at /.",
    405: "This address does not take that method; pictures go to /predict "
    "with POST.",
}


def answer_of(prediction: Any) -> dict[str, Any]:
    """Return a prediction as JSON will show it, likeliest class first.

    Examples
    --------
    >>> from types import SimpleNamespace
    >>> both = {"dog": 0.1, "cat": 0.9}
    >>> p = SimpleNamespace(label="cat", probability=0.9, probabilities=both)
    >>> answer_of(p)["probabilities"][0]
    {'label': 'cat', 'probability': 0.9}

    """
    pairs = sorted(prediction.probabilities.items(), key=lambda x: -x[1])
    return {
        "label": prediction.label,
        "probability": prediction.probability,
        "probabilities": [
            {"label": label, "probability": p} for label, p in pairs
        ],
    }


def handlers() -> dict[Any, Handler]:
    """Return who answers which exception, as Starlette takes it.

    Examples
    --------
    >>> Refused in handlers()
    True

    """
    return {
        Refused: _refused,
        HTTPException: _not_here,
        ClientDisconnect: _gone,
    }


async def _refused(request: Request, error: Exception) -> Response:
    """Answer with the sentence of a `Refused`."""
    if not isinstance(error, Refused):
        raise error
    return JSONResponse(
        {"error": error.sentence}, error.status, headers=error.headers
    )


async def _not_here(request: Request, error: Exception) -> Response:
    """Answer an address or a method that does not exist."""
    if not isinstance(error, HTTPException):
        raise error
    sentence = _SENTENCES.get(error.status_code, "The request was refused.")
    return JSONResponse(
        {"error": sentence}, error.status_code, headers=error.headers
    )


async def _gone(request: Request, error: Exception) -> Response:
    """Answer a client that hung up: nobody reads it, the log has it."""
    return Response(status_code=499)
