"""The audit trail: who did what, each entry sealed to the one before it, so that no change goes unseen."""

import hashlib
import json
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db import connection, transaction

from triage.people.models import AuditEntry

_LOCK = 0x7452_4149_4C  # of the trail in PostgreSQL; any number that nothing else locks


@dataclass(frozen=True, slots=True)
class Checked:
    """What a reading of the whole trail found; `bad` is the id of the first entry that does not fit."""

    entries: int
    head: str
    bad: int | None = None


def record(
    action: str,
    *,
    actor: AbstractBaseUser | AnonymousUser | None,
    subject: str,
    at: datetime,
    detail: dict[str, Any] | None = None,
) -> AuditEntry:
    """Add an entry, in the caller's transaction: what it tells of and the entry stand or fall together.

    Writers take turns until they commit, so that the order of ids is the order of the chain. `detail` must
    be plain JSON without a text that somebody typed unmasked.
    """
    with transaction.atomic():
        _take_turn()
        last = AuditEntry.objects.values_list("hash", flat=True).first() or ""
        entry = AuditEntry(
            at=at.astimezone(UTC),
            actor_id=actor.pk if actor else None,
            action=action,
            subject=subject,
            detail=detail or {},
            previous_hash=last,
        )
        entry.hash = seal_of(entry)
        entry.save(force_insert=True)
    return entry


def seal_of(entry: AuditEntry) -> str:
    """SHA-256 over the previous entry's seal and this one's content as canonical JSON."""
    content = {
        "at": entry.at.astimezone(UTC).isoformat(timespec="microseconds"),
        "actor": entry.actor_id,
        "action": entry.action,
        "subject": entry.subject,
        "detail": entry.detail,
    }
    canonical = json.dumps(content, sort_keys=True, ensure_ascii=True, separators=(",", ":"))
    return hashlib.sha256(f"{entry.previous_hash}{canonical}".encode()).hexdigest()


def verify() -> Checked:
    """Read the whole trail. Cutting off its end leaves no trace in it: keep the head elsewhere."""
    entries, head = 0, ""
    for entry in AuditEntry.objects.order_by("pk").iterator():
        if entry.previous_hash != head or entry.hash != seal_of(entry):
            return Checked(entries, head, bad=entry.pk)
        entries, head = entries + 1, entry.hash
    return Checked(entries, head)


def _take_turn() -> None:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [_LOCK])
