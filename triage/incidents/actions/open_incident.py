"""Opens an incident, once for each signature: by what was counted, or because an engineer says so."""

from collections.abc import Mapping
from datetime import datetime

from django.contrib.auth.models import User
from django.db import connection, transaction

from triage.incidents.models import Incident
from triage.people.audit import record
from triage.verdicts.codes import ISSUES
from triage.verdicts.rules.surroundings import service_owner

_LOCK = 0x4944  # of folding, with the endpoint's id; PostgreSQL takes pairs of 32-bit numbers


def take_turn(endpoint_id: int) -> None:
    """Wait, until the transaction ends, for others that count or open incidents of the same endpoint.

    Without it, two workers that conclude at the same time would each miss the other's ticket.
    """
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s, %s)", [_LOCK, endpoint_id & 0x7FFF_FFFF])


def open_incident(
    *,
    endpoint_id: int,
    code: str,
    model: str,
    now: datetime,
    counted: Mapping[str, int | str] | None = None,
    by: User | None = None,
    note: str = "",
) -> Incident:
    """The open incident of this signature, made now unless there is one. `note` is masked already.

    `code` is one of codes.ISSUES. The constraint of the table decides between two that come at once.
    """
    with transaction.atomic():
        incident, made = Incident.objects.get_or_create(
            endpoint_id=endpoint_id,
            verdict_code=code,
            model=model,
            closed_at=None,
            defaults={
                "owner": service_owner(code) if code in ISSUES else "",
                "opened_at": now,
                "opened_by": by,
                "counted": dict(counted or {}),
                "last_seen_at": now,
                "note": note,
            },
        )
        if made:
            record("incident.opened", actor=by, subject=incident.ref, at=now, detail=_told(incident))
    return incident


def widen(incident: Incident, *, now: datetime) -> None:
    """A second model has it too: from now on it is about every model, unless another incident is already."""
    others = Incident.objects.open().filter(
        endpoint_id=incident.endpoint_id, verdict_code=incident.verdict_code, model=""
    )
    if not incident.model or others.exists():
        return
    was = incident.model
    if Incident.objects.open().filter(pk=incident.pk, model=was).update(model=""):
        incident.model = ""
        record("incident.widened", actor=None, subject=incident.ref, at=now, detail={"model": was})


def _told(incident: Incident) -> dict[str, int | str]:
    named = {"endpoint": incident.endpoint.slug, "class": incident.verdict_code}
    model = {"model": incident.model} if incident.model else {}
    return {**named, **model, **incident.counted}
