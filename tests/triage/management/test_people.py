"""The first admin of a desk without a browser."""

import io
import json

import pytest
from django.contrib.auth.models import User
from django.core.management import CommandError, call_command

from tests.triage.people.builders import make_person
from triage.people.access import role_of
from triage.people.audit import verify
from triage.people.models import AuditEntry
from triage.people.roles import Role

pytestmark = pytest.mark.django_db
PASSWORD = "correct horse " + "battery"


def people(*arguments: str) -> str:
    out = io.StringIO()
    call_command("people", *arguments, stdout=out)
    return out.getvalue()


@pytest.fixture(autouse=True)
def _password(monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", PASSWORD)


def add(name: str = "lin", role: str = "admin") -> str:
    return people("add", "--name", name, "--role", role, "--password-env", "FIRST_PASSWORD")


def test_the_first_admin_can_sign_in_and_manage(client):
    add()

    assert client.login(username="lin", password=PASSWORD)
    assert client.get("/admin/auth/user/").status_code == 200


def test_everybody_is_listed_with_role_and_state():
    add()
    make_person(Role.SUPPORT, name="mei")
    User.objects.filter(username="mei").update(is_active=False)

    rows = [json.loads(line) for line in people("list", "--json").splitlines()]

    assert rows == [
        {"name": "lin", "role": "admin", "active": True},
        {"name": "mei", "role": "none", "active": False},
    ]


@pytest.mark.parametrize(
    ("password", "complaint"),
    [("", "empty or not set"), ("short", "too short"), ("123456789012", "numeric")],
)
def test_a_password_that_is_not_fit_adds_nobody(monkeypatch, password, complaint):
    monkeypatch.setenv("FIRST_PASSWORD", password)

    with pytest.raises(CommandError, match=complaint):
        add()

    assert not User.objects.exists()


def test_a_name_that_is_taken_is_said_and_keeps_its_role():
    add(role="support")

    with pytest.raises(CommandError, match="already exists"):
        add()

    assert role_of(User.objects.get(username="lin")) is Role.SUPPORT


def test_who_was_added_from_the_command_line_stands_in_the_audit_trail():
    add(role="admin")

    entry = AuditEntry.objects.get()
    lin = User.objects.get()
    assert (entry.action, entry.actor, entry.subject) == ("person.added", None, f"user {lin.pk}")
    assert entry.detail == {"role": "admin", "door": "manage.py people"}
    assert verify().bad is None


def test_nobody_added_nothing_recorded(monkeypatch):
    monkeypatch.setenv("FIRST_PASSWORD", "short")

    with pytest.raises(CommandError):
        add()

    assert not AuditEntry.objects.exists()
