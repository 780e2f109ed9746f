"""A field that could not be checked is withheld, and the ticket's page says which and why."""

import pytest
from django.test import Client

from probes.redaction.models import RedactionRule
from tests.probes.runs.builders import make_endpoint
from tests.triage.people.builders import client_of
from triage.people.roles import Role
from triage.tickets.masked import told_of
from triage.tickets.models import Ticket

pytestmark = pytest.mark.django_db
TYPED = {
    "symptom": "timeout",
    "endpoint": "shop",
    "model": "glm-4",
    "status_code": "504",
    "occurred_at": "2026-03-28T14:05",
    "zone": "Asia/Shanghai",
    "stream": "yes",
    "error_text": "upstream request timeout",
    "notes": "since noon",
}


@pytest.fixture
def support() -> Client:
    make_endpoint(slug="shop")
    return client_of()


def break_rules(*only_in: str) -> RedactionRule:
    """A row as nothing but a hand in the database can write it: its pattern does not compile."""
    return RedactionRule.objects.create(
        name="staff", kind="staff_number", pattern=r"EMP-(\d{6}", only_in=list(only_in)
    )


def filed(client: Client, **typed: str) -> str:
    answer = client.post("/tickets/new/", TYPED | typed, follow=True)
    assert answer.status_code == 200
    return answer.content.decode()


def test_the_page_names_the_one_field_whose_rule_failed_and_why(support: Client) -> None:
    break_rules("notes")

    page = filed(support)

    assert "1 field was withheld" in page
    assert "<strong>Notes</strong>: a redaction rule failed while it was read" in page
    assert "sensitive piece" not in page
    ticket = Ticket.objects.get()
    assert (ticket.notes, ticket.error_text) == ("[withheld]", "upstream request timeout")


def test_with_a_rule_for_all_fields_broken_choices_numbers_and_times_still_make_a_ticket(
    support: Client,
) -> None:
    break_rules()

    page = filed(support)

    assert "3 fields were withheld" in page
    ticket = Ticket.objects.get()
    assert (ticket.symptom, ticket.status_code, ticket.stream) == ("timeout", 504, "yes")
    assert (ticket.endpoint.slug, ticket.occurred_at.hour) == ("shop", 6)
    assert ticket.error_text == "[withheld]"
    assert not any(text in page for text in ("since noon", "upstream request timeout"))


def test_a_model_that_was_withheld_is_not_asked_for_under_that_name(support: Client) -> None:
    break_rules()

    filed(support)

    run = Ticket.objects.get().investigations.get().run
    assert run.model == run.endpoint.probe_model


def test_a_form_that_came_back_is_told_of_once(support: Client) -> None:
    break_rules("notes")
    page = support.post("/tickets/new/", TYPED | {"status_code": "42"}).content.decode()
    token = page.split('name="masked_before" value="')[1].split('"')[0]

    assert "1 field was withheld" in page
    assert "since noon" not in page
    assert "1 field was withheld" in filed(support, notes="[withheld]", masked_before=token)


def test_no_answer_of_somebodys_own_passes_as_a_choice(support: Client) -> None:
    break_rules()
    secret = "sk-" + "a1B2" * 12

    answer = support.post("/tickets/new/", dict.fromkeys(TYPED, secret))

    assert answer.status_code == 422
    assert secret not in answer.content.decode()


def test_it_says_so_in_chinese(support: Client) -> None:
    break_rules("notes")
    support.post("/tickets/new/", TYPED)

    page = client_of(Role.ENGINEER, language="zh-hans").get(f"/tickets/{Ticket.objects.get().pk}/")

    assert "1 个字段未保留" in page.content.decode()


def test_a_text_beyond_what_can_be_checked_says_that_it_was_too_long() -> None:
    spot = {"field": "notes", "kind": "withheld", "start": 0, "end": 65 * 1024 * 1024}

    (one,) = told_of([spot, spot]).withheld

    assert (one.field, one.reason) == ("notes", "too_long")


def test_the_list_of_rules_names_the_broken_one() -> None:
    break_rules("notes")

    page = client_of(Role.ADMIN).get("/rules/").content.decode()

    assert "does not compile: texts are withheld" in page
