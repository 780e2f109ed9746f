"""What is done in Django's admin stands in the audit trail: which fields, never what they hold."""

import pytest
from django.contrib.auth.models import User
from django.urls import reverse

from tests.triage.people.builders import client_of, make_person
from triage.people.audit import verify
from triage.people.models import AuditEntry
from triage.people.roles import Role

pytestmark = pytest.mark.django_db


def entries() -> list[tuple[str, str, str]]:
    rows = AuditEntry.objects.order_by("pk").select_related("actor")
    return [(row.actor.username, row.action, row.subject) for row in rows]


def test_a_halt_is_told_with_who_ordered_it_and_without_its_reason():
    client = client_of(Role.ADMIN)

    client.post(reverse("admin:probes_halt_add"), {"reason": "upstream asked us to stop"})

    assert [entry[:2] for entry in entries()] == [("some-admin", "admin.added")]
    assert entries()[0][2].startswith("halt ")
    assert "upstream" not in str(AuditEntry.objects.values())
    assert verify().bad is None


def test_a_removed_person_is_told():
    person = make_person(Role.SUPPORT)

    client_of(Role.ADMIN).post(reverse("admin:auth_user_delete", args=[person.pk]), {"post": "yes"})

    assert not User.objects.filter(pk=person.pk).exists()
    assert entries() == [("some-admin", "admin.deleted", f"user {person.pk}")]


def test_a_change_names_its_fields():
    person = make_person(Role.SUPPORT)
    address = reverse("admin:auth_user_change", args=[person.pk])
    client = client_of(Role.ADMIN)
    form = client.get(address).context["adminform"].form
    typed = {name: form[name].value() or "" for name in form.fields if name != "password"}

    client.post(
        address,
        {
            **{name: value for name, value in typed.items() if value not in (True, False)},
            "is_active": "on",
            "first_name": "Mei",
            "date_joined_0": "2026-01-01",
            "date_joined_1": "00:00:00",
            "member-TOTAL_FORMS": "1",
            "member-INITIAL_FORMS": "1",
            "member-0-user": str(person.pk),
            "member-0-id": str(person.member.pk),
            "member-0-role": "support",
            "member-0-theme": "auto",
        },
    )

    entry = AuditEntry.objects.get(action="admin.changed")
    assert "First name" in entry.detail["fields"]
    assert "Mei" not in str(entry.detail)
