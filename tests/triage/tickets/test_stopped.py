"""While all probes are stopped, support is told so, and no reply pretends that the desk had looked."""

from datetime import UTC, datetime

import pytest
from django.test import Client
from django.utils import timezone

from probes.runs.halts import lift_halts
from probes.runs.models import Halt
from tests.probes.runs.builders import make_endpoint
from tests.triage.people.builders import client_of
from triage.people.roles import Role
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.models import Investigation
from triage.verdicts.case import Case, Intake, Owner
from triage.verdicts.classify import classify
from triage.verdicts.codes import HELD_BACK
from triage.verdicts.playbooks import words_for

pytestmark = pytest.mark.django_db
ASKS = ("Please send", "请补充", "请告诉", "Please tell")


def halt(reason: str = "maintenance of the lab", **columns) -> Halt:
    return Halt.objects.create(since=datetime(2026, 1, 5, 4, 0, tzinfo=UTC), reason=reason, **columns)


def page_of(client: Client, address: str) -> str:
    return client.get(address).content.decode()


def refused_ticket(client: Client) -> str:
    """The address of a ticket whose probe met the stop."""
    make_endpoint(slug="shop")
    address = client.post("/tickets/new/", {"endpoint": "shop", "symptom": "timeout"})["Location"]
    run_investigation(Investigation.objects.get().pk, clock=timezone.now)
    return address


@pytest.mark.parametrize(
    ("language", "title"), [("en", "All probes are stopped"), ("zh-hans", "目前已停止所有探测")]
)
def test_the_form_says_that_nothing_will_be_sent_why_and_since_when(language, title):
    halt()

    page = page_of(client_of(language=language), "/tickets/new/")

    assert title in page
    assert "maintenance of the lab" in page
    assert "2026-01-05 12:00:00" in page


@pytest.mark.parametrize("reason", ["internal: the bill", "Internal：the bill", " 内部：the bill"])
def test_an_internal_reason_stays_with_the_admins(reason):
    halt(reason)

    page = page_of(client_of(), "/tickets/new/")

    assert "All probes are stopped" in page
    assert "the bill" not in page


def test_a_setting_that_stops_probes_is_told_too(settings):
    settings.PROBES_STOPPED = True

    assert "All probes are stopped" in page_of(client_of(), "/tickets/new/")


def test_without_a_stop_nobody_reads_of_one():
    halt(lifted_at=timezone.now())

    assert 'id="stopped"' not in page_of(client_of(), "/tickets/new/")


def test_a_ticket_that_was_held_back_says_so_and_asks_the_customer_for_nothing():
    halt()
    client = client_of()

    page = page_of(client, refused_ticket(client))

    assert "The probe of this ticket is held back" in page
    assert "you need not send anything more now" in page
    assert "Support: it stays here for now" in page
    assert "The desk itself</span>" in page and "The ticket says</span>" not in page
    assert not any(words in page for words in ASKS)


def test_after_the_stop_the_ticket_says_that_it_can_be_made_up_for():
    stop = halt()
    client = client_of()
    address = refused_ticket(client)
    lift_halts([stop.pk], now=timezone.now())

    page = page_of(client, address)

    assert "They may be sent again now" in page
    assert "The probe of this ticket is held back" not in page


def test_a_ticket_that_waits_for_its_turn_tells_of_the_stop_meanwhile():
    halt()
    make_endpoint(slug="shop")
    client = client_of()
    address = client.post("/tickets/new/", {"endpoint": "shop", "symptom": "timeout"})["Location"]

    assert "All probes are stopped" in page_of(client, address)


def test_a_ticket_that_asks_for_no_probe_is_left_alone():
    halt()
    client = client_of()
    address = client.post("/tickets/new/", {"symptom": "timeout"})["Location"]

    assert 'id="stopped"' not in page_of(client, address)


def test_the_admin_who_stops_probes_is_told_who_reads_the_reason():
    page = page_of(client_of(Role.ADMIN), "/admin/probes/halt/add/")

    assert "begin with “internal:” to keep it here" in page


@pytest.mark.parametrize("reason", sorted(HELD_BACK))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_whatever_held_the_probe_back_the_customer_is_not_asked_first(reason, language):
    verdict = classify(Case(intake=Intake(symptom="timeout", endpoint="shop"), not_probed=reason))

    words = words_for(verdict, language)

    assert (verdict.code, verdict.owner) == ("inconclusive", Owner.SUPPORT)
    assert not any(asked in words.reply for asked in ASKS)


@pytest.mark.parametrize("reason", ["no_endpoint", "media_without_task_id", ""])
def test_where_the_ticket_lacks_something_the_customer_is_still_asked(reason):
    verdict = classify(Case(intake=Intake(symptom="timeout"), not_probed=reason))

    assert words_for(verdict, "en").reply.count("Please send what the ticket still lacks")
