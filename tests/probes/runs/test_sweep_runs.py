"""A run whose worker died gets its true end, and nothing is sent for it again."""

from datetime import timedelta
from decimal import Decimal

import pytest

from probes.endpoints.models import Endpoint
from probes.runs.actions.perform_run import perform_run
from probes.runs.actions.sweep_runs import sweep_runs
from probes.runs.models import MAX_CLAIMS, Attempt, Run, Spend
from probes.wire.moments import Sending
from tests.probes.runs.builders import NOW, answering, let_leases_lapse, make_endpoint, make_run

pytestmark = pytest.mark.django_db
LATER = NOW + timedelta(minutes=1)


class WorkerDied(BaseException):
    """Stands for a kill: nothing after it runs."""


def die_while_sending(request, *, emit, **rest):
    emit(Sending(3))
    raise WorkerDied


def die_before_sending(request, **rest):
    raise WorkerDied


def perform_and_die(run: Run, send) -> None:
    with pytest.raises(WorkerDied):
        perform_run(run.pk, clock=lambda: NOW, send=send)
    let_leases_lapse()


def test_an_attempt_that_was_being_sent_is_unknown_and_possibly_billed():
    run = make_run()
    perform_and_die(run, die_while_sending)

    sweep_runs(now=LATER)

    run.refresh_from_db()
    assert run.state == Run.State.ABANDONED
    assert [attempt.state for attempt in run.attempts.all()] == [Attempt.State.UNKNOWN, Attempt.State.SKIPPED]


def test_what_was_not_sent_any_more_says_why():
    run = make_run()
    perform_and_die(run, die_while_sending)

    sweep_runs(now=LATER)

    assert [attempt.read_facts().skipped for attempt in run.attempts.all()] == ["worker_lost", "not_reached"]


def test_a_run_that_cannot_be_read_leaves_the_others_their_end():
    broken, run = make_run(), make_run(make_endpoint(slug="other"))
    for each in (broken, run):
        perform_and_die(each, die_while_sending)
    Run.objects.filter(pk=broken.pk).update(plan={})

    sweep_runs(now=LATER)

    run.refresh_from_db()
    assert run.state == Run.State.ABANDONED


def test_an_abandoned_run_is_never_sent_again():
    run, sent = make_run(), []
    perform_and_die(run, die_while_sending)
    sweep_runs(now=LATER)

    assert perform_run(run.pk, clock=lambda: LATER, send=answering(sent)) is None
    assert sent == []


def test_the_worst_case_of_an_unknown_attempt_stays_reserved():
    run = make_run()
    perform_and_die(run, die_while_sending)

    sweep_runs(now=LATER)

    run.refresh_from_db()
    assert run.settled == run.reserved / 2
    assert Spend.objects.get(scope=f"endpoint:{run.endpoint_id}").amount == run.settled


def test_prices_raised_meanwhile_take_no_more_than_was_reserved():
    run = make_run()
    perform_and_die(run, die_while_sending)
    Endpoint.objects.update(price_out_per_1k=Decimal(1))

    sweep_runs(now=NOW)

    run.refresh_from_db()
    assert run.settled == run.reserved > 0
    assert Spend.objects.get(scope=f"endpoint:{run.endpoint_id}").amount == run.reserved


def test_money_goes_back_to_where_it_came_from_although_the_currency_was_changed():
    run = make_run()
    perform_and_die(run, die_while_sending)
    Endpoint.objects.update(currency="CNY")

    sweep_runs(now=LATER)

    run.refresh_from_db()
    assert Spend.objects.get(scope="all:USD").amount == run.settled
    assert not Spend.objects.filter(scope="all:CNY").exists()


def test_a_run_that_had_sent_nothing_is_carried_out_after_all():
    run, sent = make_run(), []
    perform_and_die(run, die_before_sending)

    sweep_runs(now=LATER)
    perform_run(run.pk, clock=lambda: LATER, send=answering(sent))

    run.refresh_from_db()
    assert (run.state, len(sent)) == (Run.State.FINISHED, 2)


def test_a_run_that_kills_every_worker_is_given_up():
    run = make_run()

    for _ in range(MAX_CLAIMS):
        perform_and_die(run, die_before_sending)
        sweep_runs(now=LATER)

    run.refresh_from_db()
    assert run.state == Run.State.ABANDONED


def test_a_run_with_a_fresh_lease_is_left_alone():
    run = make_run()
    with pytest.raises(WorkerDied):
        perform_run(run.pk, clock=lambda: NOW, send=die_while_sending)

    sweep_runs(now=LATER)

    run.refresh_from_db()
    assert run.state == Run.State.RUNNING


def test_a_run_whose_worker_died_after_its_last_step_is_finished():
    run = make_run()
    perform_and_die(run, die_before_sending)
    done = {"state": Attempt.State.DONE, "facts": {"sent": True, "prompt_tokens": 1, "completion_tokens": 1}}
    run.attempts.update(finished_at=NOW, **done)

    sweep_runs(now=LATER)

    run.refresh_from_db()
    assert (run.state, run.finished_at) == (Run.State.FINISHED, LATER)
    assert 0 < run.settled < run.reserved


@pytest.mark.parametrize("clock_of_worker", [NOW - timedelta(days=1), NOW + timedelta(days=3650)])
def test_a_worker_with_a_wrong_clock_neither_loses_nor_keeps_its_runs(clock_of_worker):
    run = make_run()
    Run.objects.claim(run.pk, at=clock_of_worker)

    sweep_runs(now=LATER)
    run.refresh_from_db()
    assert run.state == Run.State.RUNNING

    let_leases_lapse()
    sweep_runs(now=LATER)
    run.refresh_from_db()
    assert run.state == Run.State.QUEUED
