"""An investigation ends with a verdict, once, whatever happened on its way."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from probes.redaction.actions import current_redactor
from probes.runs.actions.sweep_runs import sweep_runs
from probes.runs.models import Run
from tests.probes.runs.builders import answering, let_leases_lapse, make_endpoint, moments
from tests.probes.runs.test_sweep_runs import WorkerDied, die_while_sending
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.actions.submit_ticket import submit_ticket
from triage.tickets.actions.sweep_investigations import sweep_investigations
from triage.tickets.models import Investigation

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
REFUSED = moments(
    402,
    "application/json",
    orjson.dumps({"error": {"message": "Insufficient Balance", "code": "invalid_request_error"}}),
)


def clock():
    return NOW


def opened(**typed) -> Investigation:
    make_endpoint(slug="shop")
    return filed(**{"endpoint": "shop"} | typed)


def filed(**typed) -> Investigation:
    ticket = submit_ticket(
        fields_typed=typed,
        author=None,
        now=NOW,
        redactor=current_redactor(),
        enqueue=lambda _: None,
    )
    return ticket.investigations.get()


def test_the_verdict_follows_the_facts():
    investigation = opened(error_text="402")

    run_investigation(investigation.pk, clock=clock, send=answering([], control=REFUSED))

    investigation.refresh_from_db()
    assert investigation.verdict_code == "balance.empty"
    assert investigation.concluded_at == NOW


def test_a_second_delivery_sends_and_writes_nothing():
    investigation, sent = opened(), []
    run_investigation(investigation.pk, clock=clock, send=answering(sent))
    before = Investigation.objects.values().get(pk=investigation.pk)

    run_investigation(investigation.pk, clock=lambda: NOW + timedelta(hours=1), send=answering(sent))

    assert len(sent) == 2
    assert Investigation.objects.values().get(pk=investigation.pk) == before


def test_a_missing_investigation_is_no_error():
    run_investigation(404, clock=clock, send=answering([]))


def test_a_ticket_that_cannot_be_probed_is_judged_by_what_was_declared():
    investigation = opened(endpoint="", error_text="402 Insufficient Balance", status_code="402")

    run_investigation(investigation.pk, clock=clock, send=answering([]))

    investigation.refresh_from_db()
    assert investigation.verdict_code.startswith("balance.")


def test_after_a_killed_worker_the_ticket_gets_an_answer_and_no_second_probe():
    investigation, sent = opened(), []
    with pytest.raises(WorkerDied):
        run_investigation(investigation.pk, clock=clock, send=die_while_sending)
    later = NOW + timedelta(minutes=1)

    let_leases_lapse()
    sweep_runs(now=later)
    rung = []
    sweep_investigations(now=later, enqueue=rung.append)
    run_investigation(rung[0], clock=lambda: later, send=answering(sent))

    investigation.refresh_from_db()
    assert (rung, sent) == ([investigation.pk], [])
    assert investigation.is_concluded
    assert investigation.run.state == Run.State.ABANDONED


def test_a_lost_message_is_sent_again():
    investigation, rung = opened(), []

    sweep_investigations(now=NOW + timedelta(seconds=61), enqueue=rung.append)

    assert rung == [investigation.pk]


def test_a_long_queue_does_not_flood_the_broker():
    oldest, rung = opened(), []
    filed()

    sweep_investigations(now=NOW + timedelta(seconds=61), enqueue=rung.append, at_most=1)

    assert rung == [oldest.pk]


def test_a_message_on_its_way_is_not_sent_twice():
    opened()

    assert sweep_investigations(now=NOW + timedelta(seconds=5), enqueue=lambda _: None) == 0
