"""Redaction rules in Django's admin: there to be read."""

import pytest
from django.urls import reverse

from tests.triage.people.builders import client_of
from tests.triage.rules.builders import make_rule
from triage.people.roles import Role

pytestmark = pytest.mark.django_db


def test_a_rule_can_be_read_and_leads_to_the_workshop():
    rule = make_rule()

    page = client_of(Role.ADMIN).get(reverse("admin:probes_redactionrule_change", args=[rule.pk]))

    assert 'href="/rules/rule/acme-token/"' in page.content.decode()


def test_nothing_is_added_changed_or_removed_there():
    rule, client = make_rule(), client_of(Role.ADMIN)
    address = reverse("admin:probes_redactionrule_change", args=[rule.pk])

    answers = [
        client.post("/admin/probes/redactionrule/add/", {"name": "x"}),
        client.post(address, {"enabled": ""}),
        client.post(reverse("admin:probes_redactionrule_delete", args=[rule.pk]), {"post": "yes"}),
    ]

    assert [answer.status_code for answer in answers] == [403, 403, 403]
    rule.refresh_from_db()
    assert rule.enabled
