"""Redaction rules in Django's admin."""

import pytest
from django.urls import reverse

from probes.redaction.models import RedactionRule
from tests.triage.people.builders import client_of
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
ADD = "/admin/probes/redactionrule/add/"
FORM = {
    "name": "employee-number",
    "kind": "employee",
    "enabled": "on",
    "pattern": r"\bEMP-\d{6}\b",
    "shown": "label",
    "positive_samples": "EMP-123456",
    "negative_samples": "EMP-12",
}


def test_an_admin_adds_a_rule_and_it_knows_who_changed_it() -> None:
    client = client_of(Role.ADMIN)

    assert client.post(ADD, FORM).status_code == 302
    rule = RedactionRule.objects.get()
    client.post(
        reverse("admin:probes_redactionrule_change", args=[rule.pk]), {**FORM, "negative_samples": "EMP-1"}
    )

    rule.refresh_from_db()
    assert (rule.version, rule.updated_by and rule.updated_by.username) == (2, "some-admin")


def test_a_rule_that_breaks_its_samples_is_not_saved_and_says_where() -> None:
    answer = client_of(Role.ADMIN).post(ADD, {**FORM, "positive_samples": "EMP-123456\nEMP-1"})

    assert "Line 2 is not masked by the pattern." in answer.content.decode()
    assert not RedactionRule.objects.exists()


def test_the_name_of_a_kind_is_one_plain_word() -> None:
    answer = client_of(Role.ADMIN).post(ADD, {**FORM, "kind": "Employee Number"})

    assert "small letters" in answer.content.decode().lower()


@pytest.mark.parametrize("role", [Role.SUPPORT, Role.ENGINEER])
def test_others_are_refused(role: Role) -> None:
    assert client_of(role).get(ADD, follow=True).status_code == 403


def test_the_help_shows_the_groups_of_a_pattern_as_text():
    page = client_of(Role.ADMIN).get("/admin/probes/redactionrule/add/").content.decode()

    assert "(?P&lt;secret&gt;…)" in page
