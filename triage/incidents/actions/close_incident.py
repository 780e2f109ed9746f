"""What an engineer does with an open incident: writes a note, and closes it."""

from datetime import datetime

from django.contrib.auth.models import User
from django.db import transaction

from probes.redaction.actions import current_redactor
from triage.incidents.models import Incident
from triage.people.audit import record

LONGEST_NOTE = 2000  # characters


class IncidentClosed(Exception):
    """Somebody has closed it already."""


def write_note(incident: Incident, text: str, *, by: User, now: datetime) -> None:
    """Put `text`, masked, in the place of the note. Raises IncidentClosed."""
    masked = masked_note(text)[:LONGEST_NOTE]
    with transaction.atomic():
        if not Incident.objects.open().filter(pk=incident.pk).update(note=masked):
            raise IncidentClosed
        record("incident.noted", actor=by, subject=incident.ref, at=now, detail={"why": masked})


def masked_note(text: str) -> str:
    """Whole: cut first, the half of a key at the end would no longer be known for one."""
    return current_redactor().redact(text).text


def close_incident(incident: Incident, *, by: User, now: datetime) -> None:
    """End it: from now on tickets of its endpoint are probed again. Raises IncidentClosed.

    Its tickets stay linked, so that whoever answers them finds them all.
    """
    with transaction.atomic():
        if not Incident.objects.open().filter(pk=incident.pk).update(closed_at=now, closed_by=by):
            raise IncidentClosed
        tickets = incident.investigations.belonging().values("ticket_id").distinct().count()
        record("incident.closed", actor=by, subject=incident.ref, at=now, detail={"tickets": tickets})
