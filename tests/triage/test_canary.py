"""A worker that is up but deaf ends by itself; a busy one and one without a broker do not."""

from collections.abc import Iterator
from contextlib import closing
from pathlib import Path

import pytest
import redis

from probes.lab.server import Lab
from probes.runs.models import Attempt, Run
from tests.journeys.desk import await_that, file_ticket, lab_endpoint
from tests.supervision.worker import Worker
from triage.canary import NAME
from triage.celery import app as celery

pytestmark = pytest.mark.slow
DEAF_S = 2


@pytest.fixture
def listener(worker: Worker, tmp_path: Path) -> Iterator[Worker]:
    """A worker with room for one probe, which notices soon that it is deaf."""
    worker.stop()
    listener = Worker(
        tmp_path / "listener.log",
        concurrency=1,
        CANARY_EVERY_S="1",
        CANARY_DEAF_S=str(DEAF_S),
        PROBE_STOP_GRACE_S="0",
    )
    listener.ensure_running()
    yield listener
    listener.stop()


def times_heard(worker: Worker) -> int:
    """By the worker's own count; that it heard itself is not worth a line in its log."""
    stats = celery.control.inspect(timeout=1).stats() or {}
    return sum(told["total"].get(NAME, 0) for name, told in stats.items() if name.startswith(worker.name))


def test_a_deaf_worker_ends_in_good_order(listener: Worker):
    await_that(lambda: times_heard(listener) > 0, "the canary")
    (name,) = celery.control.inspect(timeout=2).ping()

    celery.control.cancel_consumer(f"canary.{name}", destination=[name])

    listener.await_end(within_s=20)
    said = listener.log.read_text()
    assert "hears nothing from the queue any more" in said
    assert "Warm shutdown" in said
    assert f"Task {NAME}" not in said


def test_a_worker_that_is_full_is_not_called_deaf(listener: Worker, lab: Lab):
    lab_endpoint(lab)
    investigation = file_ticket(model=f"slow_total:{3 * DEAF_S}")
    ended = Run.objects.filter(pk=investigation.run_id, state=Run.State.FINISHED)

    await_that(ended.exists, "the end of a run longer than the patience of the canary")

    assert listener.is_running
    assert not Attempt.objects.exclude(state=Attempt.State.DONE).exists()


def test_a_worker_hears_itself_again_after_redis_was_emptied(listener: Worker, redis_url: str):
    await_that(lambda: times_heard(listener) > 0, "the canary")
    with closing(redis.Redis.from_url(redis_url)) as client:
        client.flushall()
    before = times_heard(listener)

    await_that(lambda: times_heard(listener) > before + DEAF_S, "the canary, several times")

    assert listener.is_running
