"""Whatever happens to messages and workers, the endpoint sees one POST per step."""

import pytest
import redis
from django.utils import timezone

from probes.lab.server import Lab
from probes.runs.actions.sweep_runs import sweep_runs
from probes.runs.models import LEASE, Attempt, Run
from tests.journeys.desk import await_that, concluded, file_ticket, lab_endpoint
from tests.supervision.worker import Worker
from triage.tickets.actions.sweep_investigations import sweep_investigations
from triage.tickets.tasks import investigate

pytestmark = pytest.mark.slow


def test_one_message_delivered_many_times_sends_each_step_once(worker: Worker, lab: Lab):
    lab_endpoint(lab)
    lab.counters.reset()

    investigation = file_ticket(model="ok")
    for _ in range(20):
        investigate.delay(investigation.pk)
    concluded(investigation)
    investigate.delay(investigation.pk)
    last = concluded(file_ticket(model="empty_200"))

    assert last.is_concluded
    assert lab.counters.posts(model="ok") == 2


def test_a_worker_killed_in_the_middle_of_a_stream_leaves_one_post_and_the_truth(worker: Worker, lab: Lab):
    lab_endpoint(lab)
    lab.counters.reset()
    investigation = file_ticket(model="stall_mid:25")
    stream = Attempt.objects.filter(run=investigation.run, step="stream")
    await_that(
        lambda: stream.filter(state=Attempt.State.SENDING, facts__events__gt=0).exists(),
        "the stream to begin",
    )

    worker.kill()
    later = timezone.now() + LEASE
    sweep_runs(now=later)
    worker.ensure_running()
    sweep_investigations(now=later, enqueue=investigate.delay)

    ended = concluded(investigation)
    assert ended.run.state == Run.State.ABANDONED
    assert stream.get().state == Attempt.State.UNKNOWN
    assert lab.counters.posts(model="stall_mid:25") == 2


def test_a_flushed_broker_loses_no_ticket(worker: Worker, lab: Lab, redis_url: str):
    lab_endpoint(lab)
    lab.counters.reset()
    worker.kill()
    investigation = file_ticket(model="ok")
    redis.Redis.from_url(redis_url).flushall()
    worker.ensure_running()

    sweep_investigations(now=timezone.now() + LEASE * 4, enqueue=investigate.delay)

    assert concluded(investigation).run.state == Run.State.FINISHED
    assert lab.counters.posts(model="ok") == 2
