"""What the guard masked in the browser is counted, and nothing that a report says is believed unseen."""

import json

import pytest
from django.test import Client

from probes.redaction.models import Catch, RedactionRule
from tests.triage.people.builders import client_of, make_person
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
ADDRESS = "/tickets/new/guard-counts/"
KEY = "openai_project_key"


def report(client: Client, rows: object) -> int:
    body = rows if isinstance(rows, str) else json.dumps(rows)
    return client.post(ADDRESS, body, content_type="text/plain").status_code


def counted() -> list[tuple]:
    return list(Catch.objects.order_by("pk").values_list("channel", "field", "kind", "rule", "count"))


def test_a_report_is_counted_under_its_own_way_in_and_shown():
    engineer = client_of(Role.ENGINEER)

    assert report(engineer, [["error_text", KEY, KEY, 2], ["notes", "password", "", 1]]) == 204

    assert sorted(counted()) == [
        ("browser", "error_text", KEY, KEY, 2),
        ("browser", "notes", "password", "", 1),
    ]
    page = engineer.get("/insights/pastes/").content.decode()
    assert "masked in the browser, before it was sent" in page
    assert "3 pieces were masked" in page


def test_the_rules_of_the_admins_count_too():
    RedactionRule.objects.create(name="staff", kind="staff_number", pattern="EMP")

    report(client_of(), [["notes", "staff_number", "staff", 1]])

    assert counted() == [("browser", "notes", "staff_number", "staff", 1)]


def test_nothing_that_the_desk_does_not_know_is_kept():
    secret = "sk-" + "a1B2" * 12

    report(client_of(), [[secret, KEY, secret, 1], ["notes", secret, KEY, 1]])

    assert counted() == [("browser", "other", KEY, "", 1)]


@pytest.mark.parametrize(
    "rows",
    [
        "no JSON",
        "[" * 5000,
        {"notes": 1},
        ["notes"],
        [["notes", KEY, KEY]],
        [["notes", KEY, KEY, 0]],
        [["notes", KEY, KEY, 21]],
        [["notes", KEY, KEY, True]],
        [["notes", KEY, KEY, "1"]],
        [["notes", [KEY], KEY, 1]],
        [["notes", KEY, KEY, 1]] * 61,
        [["n" * 9000, KEY, KEY, 1]],
    ],
)
def test_a_report_that_no_guard_makes_is_refused_whole(rows):
    assert report(client_of(), rows) == 400
    assert not counted()


def test_a_stranger_or_another_site_counts_nothing():
    assert report(Client(), [["notes", KEY, KEY, 1]]) == 302
    strict = Client(enforce_csrf_checks=True)
    strict.force_login(make_person(Role.SUPPORT))

    assert report(strict, [["notes", KEY, KEY, 1]]) == 403
    assert client_of(Role.ENGINEER).get(ADDRESS).status_code == 405
    assert not counted()
