"""An investigation ends with a verdict, once, whatever happened on its way."""

from datetime import UTC, datetime, timedelta

import orjson
import pytest

from probes.redaction.actions import current_redactor
from probes.runs.actions.perform_run import perform_run
from probes.runs.actions.sweep_runs import sweep_runs
from probes.runs.models import Halt, Run
from tests.probes.runs.builders import answering, let_leases_lapse, make_endpoint, make_run, moments
from tests.probes.runs.test_admission import after_the_first, open_breaker
from tests.probes.runs.test_sweep_runs import WorkerDied, die_while_sending
from tests.triage.people.builders import client_of
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.actions.submit_ticket import submit_ticket
from triage.tickets.actions.sweep_investigations import sweep_investigations, sweep_orphans
from triage.tickets.models import MOST_FAILED_CONCLUSIONS, Investigation, Ticket

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


def probed_and_unreadable(sent) -> Investigation:
    """Its probe is done, but its ticket holds what this version of the desk cannot read."""
    investigation = opened()
    perform_run(investigation.run_id, clock=clock, send=answering(sent, control=REFUSED))
    Ticket.objects.update(charged="perhaps")
    return investigation


def test_a_verdict_that_raises_is_tried_again_and_then_given_up_honestly(caplog):
    sent = []
    investigation = probed_and_unreadable(sent)

    for tried in range(MOST_FAILED_CONCLUSIONS):
        investigation.refresh_from_db()
        assert (investigation.is_concluded, investigation.failed_conclusions) == (False, tried)
        run_investigation(investigation.pk, clock=clock, send=answering(sent))

    investigation.refresh_from_db()
    assert investigation.verdict_code == "inconclusive"
    assert investigation.verdict["evidence"] == [
        {"where": "desk", "fact": "not_probed", "value": "desk_failed"}
    ]
    assert len(sent) == 1
    assert len([record for record in caplog.records if record.exc_info]) == MOST_FAILED_CONCLUSIONS


def test_the_page_of_a_given_up_verdict_says_that_the_desk_failed():
    investigation = probed_and_unreadable([])
    for _ in range(MOST_FAILED_CONCLUSIONS):
        run_investigation(investigation.pk, clock=clock, send=answering([]))

    page = client_of().get(investigation.ticket.get_absolute_url(), headers={"accept-language": "en"})

    assert "The desk itself failed to judge this ticket" in page.content.decode()


def test_a_verdict_that_raised_only_once_is_the_real_one():
    investigation = probed_and_unreadable([])
    run_investigation(investigation.pk, clock=clock, send=answering([]))

    Ticket.objects.update(charged="unknown")
    run_investigation(investigation.pk, clock=clock, send=answering([]))

    investigation.refresh_from_db()
    assert investigation.verdict_code == "balance.empty"


def test_a_queued_run_without_a_ticket_is_ended_and_says_that_nothing_was_sent():
    run, sent = make_run(), []

    sweep_orphans(now=NOW + timedelta(seconds=61))

    run.refresh_from_db()
    assert (run.state, run.settled) == (Run.State.ABANDONED, 0)
    assert [attempt.read_facts().skipped for attempt in run.attempts.all()] == ["not_reached", "not_reached"]
    assert perform_run(run.pk, clock=clock, send=answering(sent)) is None
    assert sent == []


def test_a_queued_run_of_a_ticket_or_of_this_very_moment_is_no_orphan():
    investigation, young = opened(), make_run(make_endpoint(slug="other"))

    sweep_orphans(now=NOW + timedelta(seconds=59))
    Run.objects.filter(pk=young.pk).delete()
    sweep_orphans(now=NOW + timedelta(hours=1))

    investigation.run.refresh_from_db()
    assert investigation.run.state == Run.State.QUEUED


def test_a_probe_that_was_broken_off_proves_no_health():
    investigation, sent = opened(), []

    run_investigation(
        investigation.pk,
        clock=clock,
        send=after_the_first(answering(sent), lambda: Halt.objects.create(since=NOW)),
    )

    investigation.refresh_from_db()
    assert len(sent) == 1
    assert investigation.verdict_code == "inconclusive"
    assert investigation.verdict["evidence"][0]["value"] == "kill_switch"


def test_a_stream_that_the_breaker_held_back_is_judged_by_the_newest_that_failed():
    first, second = opened(), filed(endpoint="shop")
    cut_off = answering([], stream=moments(503, "text/plain", b"no healthy upstream"))
    run_investigation(first.pk, clock=clock, send=cut_off)

    run_investigation(
        second.pk, clock=clock, send=after_the_first(answering([]), lambda: open_breaker(second.run))
    )

    first.refresh_from_db()
    second.refresh_from_db()
    assert second.borrowed_id == first.run_id
    assert second.verdict_code == first.verdict_code != "ok.not_reproduced"


def test_a_lender_is_of_the_same_model_and_fresh():
    stale, other = opened(), filed(endpoint="shop", model="another")
    dead = answering([], control=moments(503, "text/plain", b"no healthy upstream"))
    run_investigation(stale.pk, clock=lambda: NOW - timedelta(minutes=11), send=dead)
    run_investigation(other.pk, clock=clock, send=dead)
    held_back = filed(endpoint="shop")
    open_breaker(held_back.run)

    run_investigation(held_back.pk, clock=clock, send=answering([]))

    held_back.refresh_from_db()
    assert (held_back.run.refusal, held_back.borrowed) == ("breaker_open", None)


def test_a_media_task_is_never_judged_by_another_one():
    investigations = [opened(workload="video", task_id="task-1")]
    investigations.append(filed(endpoint="shop", workload="video", task_id="task-2"))
    dead = answering([], control=moments(503, "text/plain", b"no healthy upstream"))
    run_investigation(investigations[0].pk, clock=clock, send=dead)
    held_back = investigations[1]
    open_breaker(held_back.run)

    run_investigation(held_back.pk, clock=clock, send=answering([]))

    held_back.refresh_from_db()
    assert (held_back.run.refusal, held_back.borrowed) == ("breaker_open", None)
