"""Whoever loses a run while waiting for its row sends nothing."""

import threading
import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from django.db import connection, connections, transaction

from probes.redaction.engine import builtin_redactor
from probes.runs.models import Attempt, Run
from probes.runs.recorder import Recorder, RunLost
from probes.wire.dialects.table import DIALECTS
from probes.wire.facts import Facts
from probes.wire.moments import Resolved, Sending
from probes.wire.reader import Reader
from tests.probes.runs.builders import NOW, make_run


def recorder_of(run: Run) -> Recorder:
    return Recorder(
        run=run,
        attempt=run.attempts.get(step="control"),
        reader=Reader(step="control", dialect=DIALECTS["openai_chat"], wall_start=NOW),
        redactor=builtin_redactor(),
        clock=lambda: NOW,
    )


def await_a_waiting_writer() -> None:
    deadline = time.monotonic() + 10
    while time.monotonic() < deadline:
        with connection.cursor() as cursor:
            cursor.execute("SELECT count(*) FROM pg_locks WHERE NOT granted")
            if cursor.fetchone() != (0,):
                return
        threading.Event().wait(0.01)
    raise AssertionError("nobody waits for the row")


@pytest.mark.django_db(transaction=True)
def test_of_two_workers_that_meet_at_one_attempt_one_sends():
    run = Run.objects.claim(make_run().pk, at=NOW)
    record = recorder_of(run)

    def send() -> None:
        try:
            record(Sending(3))
        finally:
            connections.close_all()

    with ThreadPoolExecutor(1) as pool:
        with transaction.atomic():
            Attempt.objects.filter(run=run, step="control").update(state=Attempt.State.SENDING)
            slower = pool.submit(send)
            await_a_waiting_writer()

        with pytest.raises(RunLost):
            slower.result(10)


@pytest.mark.django_db
def test_an_attempt_with_an_end_is_written_no_more():
    run = Run.objects.claim(make_run().pk, at=NOW)
    record = recorder_of(run)
    run.attempts.update(state=Attempt.State.UNKNOWN)

    record(Resolved(1, ("203.0.113.7",)))
    record.show()
    with pytest.raises(RunLost):
        record.finish(Facts(step="control"))
    assert run.attempts.get(step="control").facts == {}


@pytest.mark.django_db
def test_the_page_is_told_what_came_and_only_when_something_did(django_assert_num_queries):
    run = Run.objects.claim(make_run().pk, at=NOW)
    record = recorder_of(run)
    record(Resolved(1, ("203.0.113.7",)))

    record.show()
    with django_assert_num_queries(0):
        record.show()

    attempt = run.attempts.get(step="control")
    assert (attempt.stage, attempt.facts["resolve_ms"]) == ("resolved", 1)


@pytest.mark.django_db
def test_who_claims_later_shuts_the_earlier_one_out():
    first = Run.objects.claim(make_run().pk, at=NOW)
    Run.objects.update(state=Run.State.QUEUED)
    second = Run.objects.claim(first.pk, at=NOW)

    with pytest.raises(RunLost):
        recorder_of(first)(Sending(3))
    recorder_of(second)(Sending(3))
