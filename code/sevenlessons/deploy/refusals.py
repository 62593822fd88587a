"""Requests that are turned down, each with a status and a plain sentence."""

import math

__all__ = ["Refused", "megabytes"]


class Refused(Exception):
    """A request that is not answered with a prediction.

    Parameters
    ----------
    status
        Of HTTP: 400 to 499 when the sender can do something about it, 503
        and 504 when only time can.
    sentence
        What the sender reads. It says what was wrong and what to do, and
        repeats nothing that was sent.
    retry_after
        Seconds after which trying again makes sense.

    Examples
    --------
    >>> Refused(413, "The picture is too large.").status
    413

    """

    def __init__(
        self, status: int, sentence: str, *, retry_after: float | None = None
    ) -> None:
        super().__init__(sentence)
        self.status = status
        self.sentence = sentence
        self.retry_after = retry_after

    @property
    def headers(self) -> dict[str, str]:
        """Return the headers of the answer.

        Examples
        --------
        >>> Refused(503, "Busy.", retry_after=1.2).headers
        {'Retry-After': '2'}

        """
        if self.retry_after is None:
            return {}
        return {"Retry-After": str(max(1, math.ceil(self.retry_after)))}


def megabytes(size: int) -> str:
    """Return a number of bytes in words.

    Examples
    --------
    >>> megabytes(10_000_000), megabytes(1_500_000), megabytes(20)
    ('10 MB', '1.5 MB', '20 bytes')

    """
    if size < 10_000:
        return f"{size} bytes"
    return f"{size / 1e6:.2f}".rstrip("0").rstrip(".") + " MB"
