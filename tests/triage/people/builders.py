"""People for tests: one line each."""

from django.contrib.auth.models import User
from django.test import Client

from triage.people.models import Member
from triage.people.roles import Role

PASSWORD = "correct horse " + "battery"


def make_person(role: Role | None = Role.SUPPORT, name: str = "") -> User:
    user = User.objects.create_user(name or f"some-{role}", password=PASSWORD)
    if role:
        Member.objects.create(user=user, role=role)
    return User.objects.get(pk=user.pk)


def client_of(role: Role | None = Role.SUPPORT, *, language: str = "en") -> Client:
    """A browser in which a person of this role is signed in."""
    client = Client(headers={"accept-language": language})
    client.force_login(make_person(role))
    return client
