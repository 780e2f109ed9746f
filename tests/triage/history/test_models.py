"""An entry says what its attempt, its run, its ticket and its verdict say, whoever changed them."""

import pytest
from django.db import connection
from django.utils import timezone

from probes.runs.models import Attempt, Run
from probes.wire.facts import EndMode, Failure
from tests.probes.runs.builders import NOW, make_endpoint, make_run
from tests.triage.tickets.builders import make_investigation
from tests.triage.tickets.test_waterfall import make_facts
from triage.history.models import Entry
from triage.tickets.models import Investigation, Ticket, VerdictCorrection

pytestmark = pytest.mark.django_db


def store(attempt: Attempt, **facts) -> Entry:
    Attempt.objects.filter(pk=attempt.pk).update(
        state="done", facts=make_facts(step=attempt.step, **facts).as_dict()
    )
    return Entry.objects.get(attempt=attempt)


def test_each_planned_attempt_has_an_entry_at_once():
    run = make_run()

    assert list(run.entries.order_by("position").values_list("step", "state", "at")) == [
        ("control", "queued", NOW),
        ("stream", "queued", NOW),
    ]


def test_a_run_without_attempts_has_an_entry_that_names_none():
    run = Run.objects.create(endpoint=make_endpoint(), plan={"steps": []}, queued_at=NOW)

    assert run.entries.values_list("attempt", "step").get() == (None, "")


def test_what_an_attempt_showed_is_mirrored():
    entry = store(
        make_run().attempts.last(),
        status=429,
        failure=Failure.RESET,
        end_mode=EndMode.RESET,
        http_version="HTTP/2",
        connect_ms=12.5,
        first_reasoning_ms=300.0,
        first_content_ms=900.0,
        error_code="rate_limit",
        error_message="请求超时",
        request_ids=("req_1",),
    )

    assert (entry.status, entry.failure, entry.end_mode, entry.http_version) == (
        429,
        "reset",
        "reset",
        "HTTP/2",
    )
    assert (entry.connect_ms, entry.first_token_ms) == (12.5, 300.0)
    assert (entry.error_text, entry.request_ids) == ("rate_limit 请求超时", ["req_1"])
    assert (entry.protocol, entry.model) == ("openai_chat", "gpt-4o-mini")


@pytest.mark.parametrize(
    "odd",
    [
        {"status": "429"},
        {"status": 10**9},
        {"total_ms": [1]},
        {"request_ids": "req_1"},
        {"error_message": {}},
    ],
)
def test_facts_of_a_strange_shape_are_stored_all_the_same(odd):
    attempt = make_run().attempts.first()

    Attempt.objects.filter(pk=attempt.pk).update(state="done", facts=odd)

    entry = Entry.objects.get(attempt=attempt)
    assert (entry.status, entry.total_ms) == (None, None)


def test_the_ticket_brings_its_client_its_ids_and_the_prints_of_its_keys():
    masked = [{"field": "notes", "kind": "api_key", "start": 0, "end": 9, "fingerprints": ["f1", "f2"]}]
    investigation = make_investigation(client="OpenAI-Python", request_ids=["req_told"], masked=masked)

    entry = investigation.run.entries.first()

    assert (entry.ticket_id, entry.client) == (investigation.ticket_id, "openai-python")
    assert "req_told" in entry.request_ids
    assert entry.key_prints == ["f1", "f2"]


def test_the_verdict_that_stands_is_an_engineers_where_there_is_one():
    investigation = make_investigation()
    machine = investigation.verdict_code or Investigation.objects.get(pk=investigation.pk).verdict_code
    assert set(investigation.run.entries.values_list("verdict", "machine_verdict")) == {(machine, "")}

    said = VerdictCorrection.objects.create(
        investigation=investigation,
        code="edge.buffering",
        owner="edge",
        reason="seen",
        corrected_at=timezone.now(),
    )
    assert set(investigation.run.entries.values_list("verdict", "machine_verdict", "owner")) == {
        ("edge.buffering", machine, "edge")
    }

    VerdictCorrection.objects.create(
        investigation=investigation, code=machine, owner="edge", reason="no", corrected_at=said.corrected_at
    )
    assert set(investigation.run.entries.values_list("verdict", "machine_verdict")) == {(machine, "")}


def test_a_ticket_that_goes_leaves_its_run_without_a_verdict():
    investigation = make_investigation()

    Ticket.objects.get(pk=investigation.ticket_id).delete()

    assert set(Entry.objects.filter(run=investigation.run_id).values_list("ticket", "verdict")) == {
        (None, "")
    }


def test_a_run_goes_with_its_entries():
    run = make_run()

    run.delete()

    assert not Entry.objects.exists()


def test_what_an_attempt_shows_while_it_runs_is_not_mirrored():
    """It changes more than once a second, for its live page alone."""
    attempt = make_run().attempts.first()

    Attempt.objects.filter(pk=attempt.pk).update(state="sending", facts={"step": "control", "status": 200})

    assert Entry.objects.get(attempt=attempt).status is None


def test_writing_again_what_is_written_changes_nothing():
    run = make_investigation().run
    before = list(run.entries.order_by("pk").values())

    with connection.cursor() as cursor:
        cursor.execute("SELECT history_write(ARRAY[%s::bigint])", [run.pk])

    assert list(run.entries.order_by("pk").values()) == before
