"""Every request asks first: the kill switch, the breaker, the rate. A refusal is a finding."""

import contextlib
import threading
from collections.abc import Iterator
from datetime import timedelta
from decimal import Decimal
from functools import partial

import pytest
import time_machine
from django.conf import settings
from django.db import connection
from django.db.backends.signals import connection_created
from django.utils import timezone

from probes.endpoints.models import Endpoint
from probes.net.pacing import Breaker, Outcome, Pacer, Permit
from probes.runs import admission
from probes.runs.actions.perform_run import perform_run
from probes.runs.actions.stop_runs import stop_runs
from probes.runs.circuits import circuits_of
from probes.runs.models import Halt, Run, Spend
from tests.probes.runs.builders import NOW, answering, make_endpoint, make_run, moments

pytestmark = pytest.mark.django_db
DEAD = moments(503, "text/plain", b"no healthy upstream")
NO_REDIS = "redis://127.0.0.1:1"


def clock():
    return NOW


def probe(run: Run, send) -> Run:
    perform_run(run.pk, clock=clock, send=send)
    return Run.objects.get(pk=run.pk)


def open_breaker(run: Run, *, which: int = 1) -> None:
    circuits = circuits_of(run.endpoint_id, run.endpoint.base_url, run.read_plan().steps[0])
    for _ in range(Breaker().failures):
        admission.pacer_at(settings.REDIS_URL).report(Permit(circuits), circuits[which], Outcome.FAILED)


def after_the_first(send, happens):
    """The same exchange; something happens once its first request is over."""
    calls = []

    def exchange(request, **rest):
        send(request, **rest)
        if not calls:
            happens()
        calls.append(request)

    return exchange


def skips(run: Run) -> list[str]:
    return [attempt.read_facts().skipped for attempt in run.attempts.all()]


# --- the breaker


def test_after_five_failures_nothing_is_sent_and_the_run_says_since_and_until_when():
    endpoint, sent = make_endpoint(), []

    runs = [probe(make_run(endpoint), answering(sent, control=DEAD)) for _ in range(7)]

    assert len(sent) == 5
    assert [run.state for run in runs] == [Run.State.FINISHED] * 5 + [Run.State.REFUSED] * 2
    assert {run.refusal for run in runs[5:]} == {"breaker_open"}
    assert runs[6].refused_until - runs[6].refused_since == timedelta(seconds=30)
    assert abs(runs[6].refused_since - timezone.now()) < timedelta(seconds=10)


def test_a_dead_model_does_not_blind_the_desk_to_the_others():
    endpoint, sent = make_endpoint(), []
    open_breaker(make_run(endpoint))

    run = probe(make_run(endpoint, model="another"), answering(sent))

    assert (run.state, len(sent)) == (Run.State.FINISHED, 2)


def test_an_endpoint_that_cannot_be_reached_is_left_alone_for_every_model():
    endpoint, sent = make_endpoint(), []
    open_breaker(make_run(endpoint), which=0)

    run = probe(make_run(endpoint, model="another"), answering(sent))

    assert (run.refusal, sent) == ("breaker_open_reach", [])


def test_a_breaker_that_opens_under_way_stops_the_next_step():
    run, sent = make_run(), []

    run = probe(run, after_the_first(answering(sent), partial(open_breaker, run)))

    assert (run.state, skips(run), len(sent)) == (Run.State.FINISHED, ["", "breaker_open"], 1)


def test_a_finished_run_stands_before_its_failure_counts(monkeypatch):
    """Whoever is refused because of it finds it finished."""
    told = []
    report = Pacer.report

    def telling(pacer, permit, circuit, outcome):
        told.append((outcome, Run.objects.get().state))
        report(pacer, permit, circuit, outcome)

    monkeypatch.setattr(Pacer, "report", telling)

    probe(make_run(), answering([], control=DEAD))

    assert (Outcome.FAILED, Run.State.FINISHED) in told
    assert (Outcome.FAILED, Run.State.RUNNING) not in told


# --- the rate


def use_up_the_minute(endpoint: Endpoint, *, ago_s: float = 0) -> None:
    """Take the one turn of an endpoint that may be asked once a minute."""
    with time_machine.travel(timezone.now() - timedelta(seconds=ago_s), tick=False):
        assert admission.pacer_at(settings.REDIS_URL).take_turn(str(endpoint.pk), per_minute=1) == 0


def test_a_run_whose_turn_is_too_far_off_is_refused_with_the_time():
    endpoint, sent = make_endpoint(requests_per_minute=1), []
    use_up_the_minute(endpoint)

    run = probe(make_run(endpoint), answering(sent))

    assert (run.state, run.refusal, sent) == (Run.State.REFUSED, "paced", [])
    assert timedelta(seconds=50) < run.refused_until - timezone.now() <= timedelta(seconds=60)


def test_a_later_step_that_is_too_early_is_skipped():
    run, sent = make_run(make_endpoint(requests_per_minute=1)), []

    run = probe(run, answering(sent))

    assert (run.state, skips(run), len(sent)) == (Run.State.FINISHED, ["", "paced"], 1)


@pytest.mark.django_db(transaction=True)
def test_a_run_waits_for_its_turn_without_a_database_connection():
    run, sent, held = make_run(make_endpoint(requests_per_minute=1), kinds=("control",)), [], []
    use_up_the_minute(run.endpoint, ago_s=58.5)
    waiting = threading.Thread(target=lambda: [probe(run, answering(sent)), connection.close()])

    with connections_made_by(waiting) as served_by:
        waiting.start()
        while not sent and waiting.is_alive():
            if served_by:
                held.append(still_served(served_by))
            waiting.join(0.02)
        waiting.join()

    assert 0 in held
    assert Run.objects.get().state == Run.State.FINISHED


@contextlib.contextmanager
def connections_made_by(thread: threading.Thread) -> Iterator[list[int]]:
    """The numbers of the server's processes that the thread's connections were given, as they are made."""
    served_by: list[int] = []

    def note(connection, **_):
        if threading.current_thread() is thread:
            served_by.append(connection.connection.info.backend_pid)

    connection_created.connect(note)
    yield served_by
    connection_created.disconnect(note)


def still_served(processes: list[int]) -> int:
    with connection.cursor() as cursor:
        cursor.execute("select count(*) from pg_stat_activity where pid = any(%s)", [processes])
        return cursor.fetchone()[0]


# --- Redis away


def test_without_redis_nothing_is_sent_and_the_run_says_so(settings):
    settings.REDIS_URL = NO_REDIS
    sent = []

    run = probe(make_run(), answering(sent))

    assert (run.state, run.refusal, sent) == (Run.State.REFUSED, "pacing_unavailable", [])
    assert not Spend.objects.exclude(amount=0).exists()


def test_a_redis_that_goes_under_way_stops_the_next_step_and_keeps_the_first(settings):
    run, sent = make_run(), []

    run = probe(run, after_the_first(answering(sent), lambda: setattr(settings, "REDIS_URL", NO_REDIS)))

    assert (run.state, skips(run), len(sent)) == (Run.State.FINISHED, ["", "pacing_unavailable"], 1)


# --- the kill switch and the money


def test_a_halt_refuses_and_says_since_when():
    Halt.objects.create(since=NOW - timedelta(hours=2), reason="the bill")
    Halt.objects.create(since=NOW - timedelta(hours=3), lifted_at=NOW)
    sent = []

    run = probe(make_run(), answering(sent))

    assert (run.refusal, run.refused_since, sent) == ("kill_switch", NOW - timedelta(hours=2), [])


def test_a_halt_stops_a_plan_before_its_next_step():
    run, sent = make_run(), []

    run = probe(run, after_the_first(answering(sent), lambda: Halt.objects.create(since=NOW)))

    assert (run.state, skips(run), len(sent)) == (Run.State.FINISHED, ["", "kill_switch"], 1)


def test_a_run_dearer_than_a_run_may_be_is_refused(settings):
    settings.PROBE_BUDGET_PER_RUN = Decimal("0.0001")
    sent = []

    run = probe(make_run(), answering(sent))

    assert (run.refusal, sent, run.reserved) == ("over_run_budget", [], 0)
    assert not Spend.objects.exclude(amount=0).exists()


@pytest.mark.django_db(transaction=True)
def test_a_desk_that_stops_does_not_wait_for_waiting_runs():
    run, sent = make_run(make_endpoint(requests_per_minute=1)), []
    use_up_the_minute(run.endpoint, ago_s=50)
    waiting = threading.Thread(target=lambda: [probe(run, answering(sent)), connection.close()])
    waiting.start()
    while not Run.objects.filter(state=Run.State.RUNNING, reserved__gt=0).exists():
        waiting.join(0.01)

    while waiting.is_alive():
        stop_runs(grace_s=0, clock=clock)
        waiting.join(0.05)

    assert (Run.objects.get().state, sent) == (Run.State.QUEUED, [])
