"""The page of further steps: does it work, whom does it refuse, what if something is missing or bad."""

import re
from decimal import Decimal

import pytest
from django.test import Client

from probes.endpoints.models import Route
from probes.runs.models import Spend
from tests.probes.runs.builders import make_endpoint
from tests.triage.people.builders import client_of
from tests.triage.tickets.builders import conclude, make_investigation
from triage.people.roles import Role
from triage.tickets.models import Investigation

pytestmark = pytest.mark.django_db


def buffered(**columns) -> Investigation:
    """A ticket whose verdict calls for gzip, a long answer and the second route."""
    investigation = make_investigation(concluded=False, **columns)
    conclude(investigation, code="stream.block_buffered")
    investigation.refresh_from_db()
    return investigation


def address_of(investigation: Investigation, query: str = "") -> str:
    return f"/tickets/{investigation.ticket_id}/further/{query}"


def page_of(client: Client, address: str) -> str:
    answer = client.get(address)
    assert answer.status_code == 200
    return answer.content.decode()


def picked_in(page: str) -> list[str]:
    boxes = re.findall(r'<input type="checkbox" name="steps" value="(\w+)"[^>]*?( checked)?>', page)
    return [kind for kind, checked in boxes if checked]


def form_in(page: str) -> dict[str, list[str]]:
    """What the button below the plan would send."""
    form = re.search(r'<form method="post" action="/tickets/\d+/further/run/">(.*?)</form>', page, re.S)[1]
    sent: dict[str, list[str]] = {}
    for name, value in re.findall(r'name="(\w+)" value="([^"]*)"', form):
        sent.setdefault(name, []).append(value)
    return sent


def run(client: Client, investigation: Investigation, query: str = "", **changed):
    page = page_of(client, address_of(investigation, query))
    return client.post(f"/tickets/{investigation.ticket_id}/further/run/", form_in(page) | changed)


# --- before anything is sent


def test_what_the_verdict_calls_for_is_picked_with_its_reason_and_its_cost():
    investigation = buffered()

    page = page_of(client_of(Role.ENGINEER), address_of(investigation))

    assert picked_in(page) == ["gzip", "long"]
    assert "16 KB settle it" in page
    assert "1. Stream with compression" in page
    assert re.search(r"2 requests, at most.*?<strong>0\.\d+ USD", page, re.S)


def test_what_the_endpoint_does_not_offer_is_shown_with_the_reason():
    page = page_of(client_of(Role.ENGINEER), address_of(buffered()))

    assert re.search(r'value="route"[^>]* disabled>', page)
    assert "No second route is registered" in page
    assert "No WebSocket path is set" in page
    assert "The ticket names no task ID" in page


def test_a_registered_route_is_offered_by_name():
    investigation = buffered()
    Route.objects.create(
        endpoint=investigation.ticket.endpoint, slug="inner", base_url="https://inner.shop.example/v1"
    )

    page = page_of(client_of(Role.ENGINEER), address_of(investigation))

    assert picked_in(page) == ["gzip", "long", "route"]
    assert "route inner" in page


def test_the_address_says_what_was_picked():
    page = page_of(
        client_of(Role.ENGINEER), address_of(buffered(), "?picked=1&steps=repeat&steps=models&times=4")
    )

    assert picked_in(page) == ["repeat", "models"]
    assert "Repeated request 4" in page
    assert "Asked for by an engineer" in page


@pytest.mark.parametrize(
    ("query", "said"),
    [
        ("?picked=1", "Pick at least one step"),
        ("?picked=1&steps=repeat&times=99", "whole number from 2 to 10"),
        ("?picked=1&steps=model&model=", "Name the other model"),
        ("?picked=1&steps=rm", "There is no step of this name"),
        ("?picked=1&steps=balance", "not offered here any more"),
        ("?picked=1&steps=gzip&route=nowhere", "Choose one of the list"),
    ],
)
def test_a_choice_that_makes_no_plan_says_why(query, said):
    page = page_of(client_of(Role.ENGINEER), address_of(buffered(), query))

    assert said in page
    assert "further/run/" not in page


def test_the_plan_alone_comes_for_a_changed_choice():
    fragment = page_of(
        client_of(Role.ENGINEER), address_of(buffered(), "plan/?picked=1&steps=gzip&steps=models")
    )

    assert fragment.lstrip().startswith("<section")
    assert "free" in fragment
    assert "The plan: 2 requests, at most" in fragment


def test_a_plan_beyond_a_budget_has_no_button_but_a_reason():
    investigation = buffered(endpoint=make_endpoint(slug="poor", daily_budget=Decimal("0.000001")))

    page = page_of(client_of(Role.ENGINEER), address_of(investigation))

    assert "not enough" in page
    assert "further/run/" not in page


def test_while_probes_are_stopped_or_paused_there_is_a_reason_in_place_of_the_button(settings):
    paused = buffered(endpoint=make_endpoint(slug="paused", paused=True))
    client = client_of(Role.ENGINEER)

    told = page_of(client, address_of(paused))
    settings.PROBES_STOPPED = True
    stopped = page_of(client, address_of(buffered()))

    assert "paused by an admin" in told
    assert "All probes of this desk are stopped" in stopped
    assert "further/run/" not in told + stopped


def test_a_pasted_key_as_a_model_is_not_even_echoed():
    secret = "sk-" + "a1B2c3D4" * 6

    typed = address_of(buffered(), f"?picked=1&steps=model&model={secret}")
    answer = client_of(Role.ENGINEER).get(typed, follow=True)

    assert answer.status_code == 200
    assert secret not in answer.content.decode() + answer.redirect_chain[0][0]


def test_a_ticket_without_endpoint_has_nothing_to_probe():
    investigation = buffered()
    type(investigation.ticket).objects.update(endpoint=None)

    assert "names no endpoint" in page_of(client_of(Role.ENGINEER), address_of(investigation))


@pytest.mark.parametrize(("method", "end"), [("get", ""), ("get", "plan/"), ("post", "run/")])
def test_support_is_refused(method, end):
    answer = getattr(client_of(Role.SUPPORT), method)(address_of(buffered(), end))

    assert answer.status_code == 403


@pytest.mark.parametrize(("method", "end"), [("get", ""), ("get", "plan/"), ("post", "run/")])
def test_a_ticket_that_is_not_there_is_a_404(method, end):
    assert getattr(client_of(Role.ENGINEER), method)(f"/tickets/4711/further/{end}").status_code == 404


# --- running it


def test_the_plan_that_was_shown_is_queued_at_the_expense_of_who_asked():
    investigation, client = buffered(), client_of(Role.ENGINEER)

    answer = run(client, investigation)

    further = Investigation.objects.get(builds_on=investigation)
    assert (answer.status_code, answer["Location"]) == (302, investigation.ticket.get_absolute_url())
    assert [step.kind for step in further.run.read_plan().steps] == ["gzip", "long"]
    assert {step.reason for step in further.run.read_plan().steps} == {
        "compression_holds_back",
        "too_short_to_tell",
    }
    assert further.run.requested_by.username == "some-engineer"


def test_the_same_form_sent_twice_runs_once():
    investigation, client = buffered(), client_of(Role.ENGINEER)
    sent = form_in(page_of(client, address_of(investigation)))

    answers = [client.post(f"/tickets/{investigation.ticket_id}/further/run/", sent) for _ in range(2)]

    assert [answer.status_code for answer in answers] == [302, 302]
    assert Investigation.objects.filter(builds_on=investigation).count() == 1


def test_while_steps_run_others_are_refused_in_words():
    investigation, client = buffered(), client_of(Role.ENGINEER)
    other = form_in(page_of(client, address_of(investigation, "?picked=1&steps=models")))
    run(client, investigation)

    answer = client.post(f"/tickets/{investigation.ticket_id}/further/run/", other)

    assert answer.status_code == 409
    assert "still running" in answer.content.decode()
    assert Investigation.objects.filter(builds_on=investigation).count() == 1


def test_a_plan_on_an_outdated_verdict_is_refused_and_shown_anew():
    investigation, client = buffered(), client_of(Role.ENGINEER)
    outdated = form_in(page_of(client, address_of(investigation, "?picked=1&steps=models")))
    run(client, investigation)
    conclude(Investigation.objects.get(builds_on=investigation))

    answer = client.post(f"/tickets/{investigation.ticket_id}/further/run/", outdated)

    assert answer.status_code == 409
    assert "newer verdict" in answer.content.decode()


def test_a_price_that_rose_since_the_plan_was_shown_is_agreed_to_anew():
    investigation, client = buffered(), client_of(Role.ENGINEER)

    answer = run(client, investigation, at_most=["0.000001"])

    assert answer.status_code == 409
    assert "costs more now" in answer.content.decode()
    assert not Investigation.objects.filter(builds_on=investigation).exists()


@pytest.mark.parametrize("changed", [{"at_most": ["lots"]}, {"builds_on": [""]}, {"steps": ["rm"]}])
def test_a_plan_that_was_never_shown_is_not_run(changed):
    investigation, client = buffered(), client_of(Role.ENGINEER)

    answer = run(client, investigation, **changed)

    assert answer.status_code == 422
    assert not Investigation.objects.filter(builds_on=investigation).exists()


def test_what_was_spent_today_is_taken_off_what_is_left():
    investigation, client = buffered(), client_of(Role.ENGINEER)
    page = page_of(client, address_of(investigation))
    day = investigation.created_at.date()
    Spend.objects.create(scope=f"endpoint:{investigation.ticket.endpoint_id}", day=day, amount=Decimal("1.5"))

    after = page_of(client, address_of(investigation))

    assert "20.00 USD" in page
    assert "18.50 USD" in after


# --- the result page


def test_support_reads_the_suggestion_as_text_to_hand_on():
    investigation = buffered()

    page = page_of(client_of(Role.SUPPORT), investigation.ticket.get_absolute_url())

    assert "Please probe" in page
    assert f"http://testserver/tickets/{investigation.ticket_id}/further/" in page
    assert 'class="button" href="/tickets' not in page.partition('id="further"')[2]


def test_an_engineer_finds_the_way_there():
    investigation = buffered()

    page = page_of(client_of(Role.ENGINEER), investigation.ticket.get_absolute_url())

    assert f'href="/tickets/{investigation.ticket_id}/further/"' in page


def test_the_verdict_before_stays_and_what_changed_is_said():
    investigation, client = buffered(), client_of(Role.ENGINEER)
    run(client, investigation, "?picked=1&steps=gzip")
    conclude(Investigation.objects.get(builds_on=investigation), code="stream.cut")

    page = page_of(client, investigation.ticket.get_absolute_url())
    before = page_of(client, f"/tickets/{investigation.ticket_id}/verdicts/{investigation.pk}/")

    assert "Before the further steps" in page
    assert f"/verdicts/{investigation.pk}/" in page
    assert "(stream.cut)" in page.partition("</dl>")[0]
    assert "This is an older verdict" in before
    assert "stream.block_buffered" in before
    assert 'id="reply"' not in before


def test_all_requests_of_the_story_stand_on_one_page():
    investigation, client = buffered(), client_of(Role.ENGINEER)
    run(client, investigation, "?picked=1&steps=gzip&steps=repeat&times=3")
    conclude(Investigation.objects.get(builds_on=investigation))

    page = page_of(client, investigation.ticket.get_absolute_url())

    for title in ("Control request", "Stream request", "Stream with compression", "Repeated request 3"):
        assert f"<p>{title}:" in page
    assert "Further steps asked for" in page
    assert page.count('class="lane"') == 6


def test_while_further_steps_run_the_page_polls_and_keeps_the_verdict_before():
    investigation, client = buffered(), client_of(Role.ENGINEER)
    run(client, investigation)

    page = page_of(client, investigation.ticket.get_absolute_url())

    assert "data-poll" in page
    assert "Before the further steps" in page
    assert "Waiting for a worker" in page


def test_the_address_of_the_newest_verdict_is_that_of_the_ticket():
    investigation = buffered()

    answer = client_of().get(f"/tickets/{investigation.ticket_id}/verdicts/{investigation.pk}/")

    assert (answer.status_code, answer["Location"]) == (302, investigation.ticket.get_absolute_url())


def test_a_verdict_of_another_ticket_is_a_404():
    investigation, other = buffered(), buffered()

    answer = client_of().get(f"/tickets/{investigation.ticket_id}/verdicts/{other.pk}/")

    assert answer.status_code == 404
