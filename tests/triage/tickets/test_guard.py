"""What the browser's guard is told of the admins' rules: who may ask, what they read, when nothing is new."""

import pytest
from django.test import Client

from probes.redaction.models import RedactionRule
from tests.triage.people.builders import make_person
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
ADDRESS = "/tickets/new/guard.json"


@pytest.fixture
def support(client: Client) -> Client:
    client.force_login(make_person(Role.SUPPORT))
    return client


def make_rule(name: str, pattern: str, **columns: object) -> RedactionRule:
    return RedactionRule.objects.create(name=name, kind="staff_number", pattern=pattern, **columns)


def test_rules_come_in_their_order_with_their_fields_and_kinds_in_words(support: Client) -> None:
    make_rule("later", r"EMP-(?P<secret>\d{6})", only_in=["notes"], order=20)
    make_rule("sooner", "EMP", order=10)

    told = support.get(ADDRESS, headers={"accept-language": "en"}).json()

    assert [row[0] for row in told["rules"]] == ["sooner", "later"]
    assert told["rules"][1][2] == "EMP-(?<secret>[0-9]{6})"
    assert told["rules"][1][7] == ["notes"]
    assert told["kinds"]["openai_key"] == "key (openai key)"


def test_rules_that_are_off_or_that_javascript_cannot_say_stay_on_the_server(support: Client) -> None:
    make_rule("off", "EMP", enabled=False)
    make_rule("bytes", r"EMP\C")

    assert support.get(ADDRESS).json()["rules"] == []


def test_nothing_is_sent_again_until_a_rule_changes(support: Client) -> None:
    known = {"if-none-match": support.get(ADDRESS)["ETag"]}

    assert support.get(ADDRESS, headers=known).status_code == 304
    make_rule("new", "EMP")
    assert support.get(ADDRESS, headers=known).status_code == 200


def test_a_stranger_is_asked_to_sign_in(client: Client) -> None:
    assert client.get(ADDRESS).status_code == 302
