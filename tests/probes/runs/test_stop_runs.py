"""Stopping a worker ends what it is working on, within its grace, and each attempt says the truth."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections
from django.utils import timezone

from probes.lab.server import Lab
from probes.runs.actions.perform_run import perform_run
from probes.runs.actions.stop_runs import stop_runs
from probes.runs.models import Attempt, Run
from tests.journeys.desk import await_that, lab_endpoint
from tests.probes.runs.builders import make_run

pytestmark = pytest.mark.django_db(transaction=True)


def perform(run: Run) -> Run | None:
    try:
        return perform_run(run.pk, clock=timezone.now)
    finally:
        connections.close_all()


def streaming(run: Run) -> bool:
    return run.attempts.filter(step="stream", facts__events__gt=0).exists()


def stop(grace_s: float) -> float:
    """Seconds that it took."""
    started = time.monotonic()
    stop_runs(grace_s=grace_s, clock=timezone.now)
    return time.monotonic() - started


def test_a_stalled_stream_is_hung_up_on_and_keeps_what_it_had_seen(lab: Lab):
    run = make_run(lab_endpoint(lab, is_lab=True), model="stall_mid:60")

    with ThreadPoolExecutor(1) as pool:
        performing = pool.submit(perform, run)
        await_that(lambda: streaming(run), "the stream to begin")
        took = stop(grace_s=0)

        assert performing.result(5) is None
    control, stream = run.attempts.all()
    assert (control.state, stream.state) == (Attempt.State.DONE, Attempt.State.UNKNOWN)
    assert stream.read_facts().skipped == "desk_stopped"
    assert stream.read_facts().events > 0
    assert stream.read_facts().end_mode is None
    run.refresh_from_db()
    assert (run.state, run.why_abandoned) == (Run.State.ABANDONED, "desk_stopped")
    assert 0 < run.settled <= run.reserved
    assert took < 2


def test_a_run_that_ends_within_the_grace_is_finished(lab: Lab):
    run = make_run(lab_endpoint(lab), model="slow_total:0.5")

    with ThreadPoolExecutor(1) as pool:
        performing = pool.submit(perform, run)
        await_that(lambda: run.attempts.filter(state=Attempt.State.SENDING).exists(), "the first request")
        took = stop(grace_s=20)
        assert performing.result(5) is not None

    run.refresh_from_db()
    assert run.state == Run.State.FINISHED
    assert took < 10


def test_a_run_that_had_sent_nothing_goes_back_into_the_queue(lab: Lab):
    run = make_run(lab_endpoint(lab))
    at_the_door, go_on = threading.Event(), threading.Event()

    def send(request, *, emit, **rest):
        at_the_door.set()
        go_on.wait(10)
        raise AssertionError("nothing may be sent")

    def performing():
        try:
            perform_run(run.pk, clock=timezone.now, send=send)
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        performed = pool.submit(performing)
        assert at_the_door.wait(10)
        stop(grace_s=0)
        go_on.set()
        assert performed.exception(10) is not None

    run.refresh_from_db()
    assert (run.state, run.reserved) == (Run.State.QUEUED, 0)


def test_with_nothing_to_do_stopping_takes_no_time(django_assert_num_queries):
    with django_assert_num_queries(0):
        assert stop(grace_s=20) < 1
    assert connection.connection is None or not connection.in_atomic_block
