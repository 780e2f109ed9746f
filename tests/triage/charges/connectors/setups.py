"""Connectors as an admin sets them up, and a fetch of one."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

from django.contrib.auth.models import User

from probes.net.exchange import Deadlines
from tests.triage.charges.connectors.systems import TOKEN, System
from triage.charges.connectors.actions.fetch_ledger import Fetched, fetch_ledger
from triage.charges.connectors.actions.save_connector import Setup, save_connector
from triage.charges.connectors.models import LedgerConnector
from triage.charges.models import LedgerSource
from triage.people.models import Member
from triage.people.roles import Role

NOW = datetime(2026, 3, 1, 12, 0, tzinfo=UTC)
QUICK = Deadlines(connect_s=2, first_byte_s=2, idle_s=2, total_s=5)


def at(minutes: float) -> datetime:
    """That many minutes before NOW."""
    return NOW - timedelta(minutes=minutes)


def admin(name: str = "ada") -> User:
    user, is_new = User.objects.get_or_create(username=name)
    if is_new:
        Member.objects.create(user=user, role=Role.ADMIN)
    return user


def connector_to(system: System, kind: str, *, token: str = TOKEN, **settings: Any) -> LedgerConnector:
    source, _ = LedgerSource.objects.get_or_create(slug="gw")
    setup = Setup(
        kind=kind,
        base_url=system.url,
        allowed_addresses=[system.entry],
        settings={"days_back": 1, **settings},
        enabled=True,
        token=token,
    )
    return save_connector(source, setup, by=admin(), now=NOW).connector


def fetch(connector: LedgerConnector, *, now: datetime = NOW, **own: Any) -> Fetched:
    fetched = fetch_ledger(connector.pk, clock=fixed(now), deadlines=QUICK, **own)
    assert fetched is not None
    connector.refresh_from_db()
    return fetched


def fixed(now: datetime) -> Callable[[], datetime]:
    return lambda: now
