"""A connector is set up, changed or taken away; each leaves an entry in the trail."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.contrib.auth.models import User
from django.db import transaction

from probes.endpoints.actions import key_hint, origin_of, settings_vault
from triage.charges.connectors.actions.system import sealed_row
from triage.charges.connectors.models import LedgerConnector
from triage.charges.models import LedgerSource
from triage.people.audit import record

_COLUMNS = ("kind", "base_url", "allowed_addresses", "settings", "every_minutes", "enabled")


@dataclass(frozen=True, slots=True, kw_only=True)
class Setup:
    """What an admin entered, checked. An empty `token` keeps the present one."""

    kind: str
    base_url: str
    allowed_addresses: list[str] = field(default_factory=list)
    settings: Mapping[str, Any] = field(default_factory=dict)
    every_minutes: int = 15
    enabled: bool = False
    token: str = field(default="", repr=False)


@dataclass(frozen=True, slots=True)
class Saved:
    """`token_dropped`: the address leads to another machine, and no new token came with it."""

    connector: LedgerConnector
    token_dropped: bool


def save_connector(source: LedgerSource, setup: Setup, *, by: User, now: datetime) -> Saved:
    """Store it, and end a fetch that is under way: it asked for something else.

    A token belongs to the machine that it was entered for, and so does what was read so far.
    """
    with transaction.atomic():
        connector = LedgerConnector.objects.select_for_update(no_key=True).filter(source=source).first()
        connector = connector or LedgerConnector(source=source)
        changed = [name for name in _COLUMNS if getattr(connector, name) != getattr(setup, name)]
        moved = _leads_elsewhere(connector, setup)
        for name in _COLUMNS:
            setattr(connector, name, getattr(setup, name))
        if moved:
            connector.cursor = {}
        token = _keep_token(connector, setup.token, moved=moved)
        connector.failures, connector.claimed_until = 0, None
        connector.save()
        detail = {"kind": connector.kind, "changed": changed, "token": token}
        record("ledger.connector_saved", actor=by, subject=source.slug, at=now, detail=detail)
    return Saved(connector, token_dropped=token == "dropped")  # noqa: S105 - a word for the trail


def restart_connector(connector: LedgerConnector, *, by: User, now: datetime) -> None:
    """Forget how far it has read, and end a fetch that is under way: the next one begins anew."""
    with transaction.atomic():
        kept = {name: connector.cursor[name] for name in ("last", "wait_until") if name in connector.cursor}
        LedgerConnector.objects.filter(pk=connector.pk).update(cursor=kept, claimed_until=None, failures=0)
        record("ledger.connector_restarted", actor=by, subject=connector.source.slug, at=now)


def remove_connector(source: LedgerSource, *, by: User, now: datetime) -> None:
    """The connector and its token; what it brought stays in the ledger."""
    with transaction.atomic():
        removed, _ = LedgerConnector.objects.filter(source=source).delete()
        if removed:
            record("ledger.connector_removed", actor=by, subject=source.slug, at=now)


def _leads_elsewhere(connector: LedgerConnector, setup: Setup) -> bool:
    return (connector.kind, origin_of(connector.base_url)) != (setup.kind, origin_of(setup.base_url))


def _keep_token(connector: LedgerConnector, token: str, *, moved: bool) -> str:
    """Seal a new token, or drop one that was meant for another machine; what was done, in a word."""
    if token:
        sealed = settings_vault().seal(token, row=sealed_row(connector))
        connector.ciphertext, connector.kek_id = sealed.ciphertext, sealed.kek_id
        connector.token_hint = key_hint(token)
        return "set"
    if moved and connector.ciphertext:
        connector.ciphertext, connector.kek_id, connector.token_hint = None, "", ""
        return "dropped"
    return "kept" if connector.ciphertext else "none"
