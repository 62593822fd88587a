"""How much one visitor of the web app may ask for, in one place."""

import math
from dataclasses import dataclass, fields

from sevenlessons.data.images import MAX_PIXELS

__all__ = ["Limits"]


@dataclass(frozen=True)
class Limits:
    """The bounds of the web app; each has a reason.

    Parameters
    ----------
    max_bytes
        Largest picture file. More is refused while it is still arriving.
    max_pixels
        Largest picture, width times height, told from its header. A file of
        a few kilobytes can unfold into gigabytes.
    max_held_bytes
        Bytes of all pictures together that wait or are looked at.
    max_waiting
        Requests that may wait for a worker.
    max_connections
        Connections open at a time; a further one is closed at once.
    workers
        Pictures looked at at a time, each on a thread of its own.
    header_seconds
        Time for a client to say what it wants.
    upload_seconds
        Time for a picture to arrive.
    predict_seconds
        Time to wait for a worker and for its answer.
    shutdown_seconds
        Time that running requests get when the server is asked to stop.

    Raises
    ------
    TypeError, ValueError
        If a bound is no number, not above zero, or smaller than one that it
        has to cover.

    Examples
    --------
    >>> Limits(max_bytes=2_000_000).max_bytes
    2000000
    >>> Limits(workers=0)
    Traceback (most recent call last):
    ValueError: workers must be above 0, got 0

    """

    max_bytes: int = 10_000_000
    max_pixels: int = 40_000_000
    max_held_bytes: int = 100_000_000
    max_waiting: int = 256
    max_connections: int = 512
    workers: int = 1
    header_seconds: float = 10.0
    upload_seconds: float = 30.0
    predict_seconds: float = 30.0
    shutdown_seconds: float = 10.0

    def __post_init__(self) -> None:
        for field in fields(self):
            value = getattr(self, field.name)
            whole = not field.name.endswith("_seconds")
            kinds = int if whole else (int, float)
            if isinstance(value, bool) or not isinstance(value, kinds):
                raise TypeError(
                    f"{field.name} must be a {'whole ' if whole else ''}"
                    f"number, got {value!r}"
                )
            if not 0 < value < math.inf:
                raise ValueError(f"{field.name} must be above 0, got {value}")
        if self.max_pixels > MAX_PIXELS:
            raise ValueError(
                f"max_pixels must be at most {MAX_PIXELS:,}, got "
                f"{self.max_pixels:,}; the package reads no larger pictures"
            )
        if self.max_held_bytes < self.max_bytes:
            raise ValueError(
                f"max_held_bytes is {self.max_held_bytes:,}, less than one "
                f"picture may have (max_bytes is {self.max_bytes:,}); raise "
                "the first or lower the second"
            )
