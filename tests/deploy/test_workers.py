import asyncio
import threading
import time

import pytest

from sevenlessons.deploy.limits import Limits
from sevenlessons.deploy.refusals import Refused
from sevenlessons.deploy.workers import Workers


def with_workers(test, **limits):
    """Run a coroutine function on workers; open every gate at the end."""

    async def go():
        workers, gate = Workers(Limits(**limits)), threading.Event()
        try:
            return await test(workers, gate)
        finally:
            gate.set()
            workers.close()

    return asyncio.run(go())


def test_the_loop_is_free_while_a_thread_works():
    async def test(workers, gate):
        task = asyncio.create_task(workers.run(gate.wait))
        ticks = 0
        while ticks < 5:
            await asyncio.sleep(0.01)
            ticks += 1
        assert not task.done() and workers.running == 1
        gate.set()
        assert await task
        await asyncio.sleep(0.01)
        assert workers.running == 0

    with_workers(test)


@pytest.mark.parametrize("slots", [1, 3])
def test_never_more_threads_than_slots(slots):
    now = most = 0
    lock = threading.Lock()

    def work():
        nonlocal now, most
        with lock:
            now += 1
            most = max(most, now)
        time.sleep(0.01)
        with lock:
            now -= 1

    async def test(workers, gate):
        await asyncio.gather(*(workers.run(work) for _ in range(12)))

    with_workers(test, workers=slots)
    assert most == slots


def test_first_come_first_served():
    async def test(workers, gate):
        order = []
        await asyncio.gather(
            *(workers.run(lambda k=k: order.append(k)) for k in range(9))
        )
        assert order == list(range(9))

    with_workers(test)


def test_a_full_queue_is_refused_at_once():
    async def test(workers, gate):
        tasks = [asyncio.create_task(workers.run(gate.wait)) for _ in "123"]
        await asyncio.sleep(0.02)
        assert (workers.running, workers.waiting) == (1, 2)
        with pytest.raises(Refused, match="Too many pictures") as caught:
            await workers.run(gate.wait)
        assert caught.value.status == 503
        assert int(caught.value.headers["Retry-After"]) >= 1
        gate.set()
        assert await asyncio.gather(*tasks) == [True] * 3

    with_workers(test, max_waiting=2)


def test_too_slow_is_told_while_the_slot_stays_taken():
    async def test(workers, gate):
        with pytest.raises(Refused, match="No answer within") as caught:
            await workers.run(gate.wait)
        assert caught.value.status == 504
        assert workers.running == 1
        with pytest.raises(Refused, match="waiting") as caught:
            await workers.run(lambda: None)
        assert caught.value.status == 503
        gate.set()
        await asyncio.sleep(0.02)
        assert workers.running == 0
        assert await workers.run(lambda: 5) == 5

    with_workers(test, predict_seconds=0.1)


def test_who_left_while_waiting_costs_nothing():
    async def test(workers, gate):
        async def gone():
            return True

        done = []
        with pytest.raises(Refused) as caught:
            await workers.run(lambda: done.append(1), gone)
        assert caught.value.status == 499
        assert done == []
        assert await workers.run(lambda: 1) == 1

    with_workers(test)


def test_errors_come_through_and_free_the_slot():
    def wrong():
        raise TimeoutError("its own")

    async def test(workers, gate):
        for _ in range(3):
            with pytest.raises(TimeoutError, match="its own"):
                await workers.run(wrong)
        assert await workers.run(lambda: 1) == 1

    with_workers(test)


def test_a_canceled_request_frees_its_slot_when_the_thread_is_done():
    async def test(workers, gate):
        task = asyncio.create_task(workers.run(gate.wait))
        await asyncio.sleep(0.02)
        task.cancel()
        with pytest.raises(asyncio.CancelledError):
            await task
        assert workers.running == 1
        gate.set()
        assert await workers.run(lambda: 1) == 1

    with_workers(test)
