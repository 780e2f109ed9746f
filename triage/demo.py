"""The demo: people, the lab as an endpoint, a small ledger. It exists in demo mode only."""

import secrets
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path

from django.contrib.auth.models import User
from django.db import transaction

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.models import Endpoint, Protocol, Route
from triage.charges.demo import load_demo_ledger
from triage.people.models import Member
from triage.people.roles import Role

LAB_KEY = "sk-lab-demo"  # opens nothing but the lab
# A change of the redaction rules takes two admins.
_PEOPLE = (*((role.value, role) for role in Role), ("admin-2", Role.ADMIN))


@dataclass(frozen=True, slots=True)
class DemoPerson:
    username: str
    password: str
    role: Role


def load_demo(now: datetime, *, lab_url: str, passwords: Path) -> tuple[DemoPerson, ...]:
    """Create what the demo needs and does not have yet; the people with their sign-ins.

    `passwords` is a folder for one file a person (0600): a password is drawn once and kept.
    """
    people = tuple(DemoPerson(name, _password(passwords, name), role) for name, role in _PEOPLE)
    with transaction.atomic():
        _keep_people(people)
        _keep_lab(lab_url)
        load_demo_ledger(now)
    return people


def _password(folder: Path, username: str) -> str:
    file = folder / f"demo-{username}"
    if not file.exists():
        folder.mkdir(parents=True, exist_ok=True)
        file.touch(mode=0o600)
        file.write_text(secrets.token_urlsafe(9))
    return file.read_text()


def _keep_people(people: Iterable[DemoPerson]) -> None:
    for person in people:
        user, _created = User.objects.get_or_create(username=person.username)
        if not user.check_password(person.password):
            user.set_password(person.password)
            user.save()
        Member.objects.update_or_create(user=user, defaults={"role": person.role})


def _keep_lab(lab_url: str) -> None:
    """One endpoint a protocol, since the Anthropic convention leaves /v1 to the client."""
    address = lab_url.removeprefix("http://").split("/")[0]
    for slug, name, end, protocol in (
        ("lab", "Lab (OpenAI)", "/v1", Protocol.OPENAI_CHAT),
        ("lab-anthropic", "Lab (Anthropic)", "", Protocol.ANTHROPIC),
    ):
        version = "" if end else "/v1"
        endpoint, created = Endpoint.objects.update_or_create(
            slug=slug,
            defaults={
                "name": name,
                "base_url": lab_url + end,
                "protocol": protocol,
                "probe_model": "ok",
                "allow_addresses": [address],
                "balance_path": f"{version}/balance",
                "websocket_path": f"{version}/realtime",
                "is_lab": True,
            },
        )
        Route.objects.update_or_create(
            endpoint=endpoint,
            slug="edge",
            defaults={
                "place": Route.Side.THROUGH_EDGE,
                "base_url": f"{lab_url}/edge{end}",
                "allow_addresses": [address],
            },
        )
        if created:
            seal_probe_key(endpoint, LAB_KEY)
