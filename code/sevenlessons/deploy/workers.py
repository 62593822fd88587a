"""Threads that look at pictures, so that the event loop stays free.

The loop hands over a function and awaits its answer; meanwhile it serves
everybody else. There are as many threads as slots, the rest waits in a queue
of bounded length and for a bounded time.
"""

import asyncio
import time
from collections.abc import Awaitable, Callable
from concurrent.futures import Future, ThreadPoolExecutor
from typing import TypeVar

from .limits import Limits
from .refusals import Refused

__all__ = ["Workers"]

Answer = TypeVar("Answer")


class Workers:
    """A pool of threads with a queue of bounded length.

    A thread cannot be stopped from outside. One that takes too long keeps
    its slot until it is done, while its client has long been told: so slow
    pictures make others wait, but never pile up.

    Parameters
    ----------
    limits
        `workers`, `max_waiting` and `predict_seconds` are used.

    Attributes
    ----------
    running, waiting
        How many functions run in threads, and how many wait for one.

    Examples
    --------
    >>> async def example():
    ...     workers = Workers(Limits())
    ...     answer = await workers.run(lambda: 6 * 7)
    ...     workers.close()
    ...     return answer
    >>> asyncio.run(example())
    42

    """

    def __init__(self, limits: Limits) -> None:
        self.limits = limits
        self.running = 0
        self.waiting = 0
        self._mean_seconds = 0.1
        self._slots = asyncio.Semaphore(limits.workers)
        self._pool = ThreadPoolExecutor(
            limits.workers, thread_name_prefix="picture"
        )

    async def run(
        self,
        function: Callable[[], Answer],
        gone: Callable[[], Awaitable[bool]] | None = None,
    ) -> Answer:
        """Return what `function` returns, computed in a thread.

        Parameters
        ----------
        function
            Takes nothing; bind its arguments with `functools.partial`.
        gone
            Asked before the function starts: whether nobody waits for the
            answer any more.

        Raises
        ------
        Refused
            503 if the queue is full or no slot became free in time, 504 if
            the function is not done in time, 499 if the client is gone.

        """
        seconds = self.limits.predict_seconds
        deadline = asyncio.get_running_loop().time() + seconds
        await self._slot(deadline)
        try:
            if gone is not None and await gone():
                raise Refused(499, "The client went away.")
            future = self._pool.submit(self._timed, function)
        except BaseException:
            self._slots.release()
            raise
        self._follow(future)
        clock = asyncio.timeout_at(deadline)
        try:
            async with clock:
                return await asyncio.wrap_future(future)
        except TimeoutError:
            if not clock.expired():  # the function's own
                raise
            raise Refused(
                504,
                f"No answer within {seconds:g} seconds. Try a smaller "
                "picture.",
            ) from None

    def close(self) -> None:
        """Take no more work; what runs ends by itself."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    async def _slot(self, deadline: float) -> None:
        """Wait for a free thread, not for ever and not in a crowd."""
        if self.waiting >= self.limits.max_waiting:
            raise self._busy()
        self.waiting += 1
        clock = asyncio.timeout_at(deadline)
        try:
            async with clock:
                await self._slots.acquire()
        except TimeoutError:
            raise self._busy() from None
        finally:
            self.waiting -= 1

    def _follow(self, future: "Future[Answer]") -> None:
        """Give the slot back when the thread is done, not when we give up."""
        loop = asyncio.get_running_loop()
        self.running += 1

        def free() -> None:
            self.running -= 1
            self._slots.release()

        def done(_: "Future[Answer]") -> None:
            if not loop.is_closed():
                loop.call_soon_threadsafe(free)

        future.add_done_callback(done)

    def _timed(self, function: Callable[[], Answer]) -> Answer:
        start = time.perf_counter()
        try:
            return function()
        finally:
            seconds = time.perf_counter() - start
            self._mean_seconds += 0.1 * (seconds - self._mean_seconds)

    def _busy(self) -> Refused:
        queue = (self.waiting + self.running) * self._mean_seconds
        return Refused(
            503,
            "Too many pictures are waiting. Try again in a moment.",
            retry_after=min(60.0, queue / self.limits.workers),
        )
