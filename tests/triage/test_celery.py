"""The queue as it stands behind a real Redis, with a real worker at its end."""

import time
from contextlib import closing

import redis

from triage.tickets.tasks import investigate

NO_SUCH_INVESTIGATION = 0


def test_a_call_arrives_even_after_redis_was_emptied(worker, redis_url):
    with closing(redis.Redis.from_url(redis_url)) as client:
        client.flushall()

    call = investigate.apply_async((NO_SUCH_INVESTIGATION,))

    assert heard(worker, call.id)


def test_a_worker_that_was_killed_is_replaced_for_the_next_test(worker):
    worker.kill()
    worker.ensure_running()

    assert heard(worker, investigate.apply_async((NO_SUCH_INVESTIGATION,)).id)


def heard(worker, call_id: str) -> bool:
    """Whether the worker's log soon tells of this call."""
    deadline = time.monotonic() + 10
    while call_id not in worker.log.read_text() and time.monotonic() < deadline:
        time.sleep(0.02)
    return call_id in worker.log.read_text()
