"""A ticket is stored masked, with its investigation queued, or not at all."""

import time
from datetime import UTC, datetime

import pytest

from probes.redaction.actions import current_redactor
from probes.runs.models import Run
from tests.probes.runs.builders import make_endpoint
from tests.triage.people.builders import client_of
from triage.tickets.actions.submit_ticket import UnknownEndpoint, submit_ticket
from triage.tickets.models import Ticket
from triage.tickets.tasks import investigate
from triage.verdicts.case import Tri

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 1, 5, 4, 0, tzinfo=UTC)
PASTED_KEY = "sk-" + "a1B2c3D4" * 6


def submit(enqueue=lambda _: None, **typed) -> Ticket:
    return submit_ticket(
        fields_typed=typed, author=None, now=NOW, redactor=current_redactor(), enqueue=enqueue
    )


def test_a_ticket_with_an_endpoint_queues_one_run_and_rings_once():
    make_endpoint(slug="shop")
    rung = []

    ticket = submit(rung.append, endpoint="shop", model="glm-4", error_text="it hangs")

    investigation = ticket.investigations.get()
    assert rung == [investigation.pk]
    assert (investigation.run.state, investigation.run.model) == (Run.State.QUEUED, "glm-4")


def test_a_pasted_key_is_masked_in_every_text_field():
    ticket = submit(
        error_text=f"401 with {PASTED_KEY}",
        notes=f"客户的密钥是{PASTED_KEY}，请看",
        client=f"curl -H 'Authorization: Bearer {PASTED_KEY}'",
        request_ids=["req_0123456789abcdef", PASTED_KEY],
    )

    stored = str(Ticket.objects.values().get())
    assert PASTED_KEY not in stored
    assert "req_0123456789abcdef" in stored
    assert {found["field"] for found in ticket.masked} == {"error_text", "notes", "client", "request_ids"}


def test_what_support_needs_survives():
    ticket = submit(
        error_text="model gpt-4o-mini, request id req_0123456789abcdef, key sk-…a1b2",
        task_id="task_b6f152719ae801fd5619cbfe",
        key_hint="sk-…a1b2",
    )

    assert ticket.masked == []
    assert ticket.error_text == "model gpt-4o-mini, request id req_0123456789abcdef, key sk-…a1b2"
    assert (ticket.task_id, ticket.key_hint) == ("task_b6f152719ae801fd5619cbfe", "sk-…a1b2")


def test_free_text_where_yes_or_no_is_asked_is_read_and_kept():
    ticket = submit(via_proxy="Cloudflare, nginx", charged="两次")

    assert (ticket.via_proxy, ticket.via_proxy_text) == (Tri.YES, "Cloudflare, nginx")
    assert (ticket.charged, ticket.charged_text) == (Tri.YES, "两次")


def test_an_unknown_endpoint_is_named_and_nothing_is_stored():
    with pytest.raises(UnknownEndpoint, match="nowhere"):
        submit(endpoint="nowhere", error_text="x")

    assert not Ticket.objects.exists()


def test_a_media_ticket_without_a_task_id_is_not_probed():
    make_endpoint(slug="shop")

    ticket = submit(endpoint="shop", workload="video", model="sora-2")

    assert ticket.investigations.get().not_probed == "media_without_task_id"
    assert not Run.objects.exists()


def test_a_ticket_without_an_endpoint_is_still_investigated():
    assert submit(error_text="402 Insufficient Balance").investigations.get().not_probed == "no_endpoint"


@pytest.fixture
def no_broker(monkeypatch):
    """The Celery application as it is when Redis is away."""
    app = investigate.app
    monkeypatch.setattr(app.conf, "broker_write_url", "redis://127.0.0.1:1")
    monkeypatch.setattr(app, "_pool", None)
    monkeypatch.setattr(app.amqp, "_producer_pool", None)


@pytest.mark.django_db(transaction=True)
def test_a_ticket_is_filed_at_once_while_the_broker_is_away(no_broker, caplog):
    client, start = client_of(), time.monotonic()

    answer = client.post("/tickets/new/", {"symptom": "timeout", "notes": "since noon"})

    assert (answer.status_code, Ticket.objects.count()) == (302, 1)
    assert "Connection refused" in caplog.text
    assert time.monotonic() - start < 15  # it does not wait for the broker to come back
