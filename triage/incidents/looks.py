"""The desk looks again: what its own probes saw of an open incident, and when the next one may go."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Exists, OuterRef, QuerySet

from probes.runs.models import Attempt, Run
from triage.incidents.models import Incident
from triage.incidents.recent_runs import SeenRun, recent_runs
from triage.verdicts.reading import LOOK_UPS

_SAW_NOTHING = "inconclusive"


@dataclass(frozen=True, slots=True)
class Look:
    """What the desk saw last since the incident opened, whatever asked for the probe.

    `seen` is the newest finished run, `tried` a newer one without an outcome: still under way, or refused.
    """

    seen: SeenRun | None
    tried: Run | None
    next_at: datetime | None  # when a ticket's probe may go through; None where none ever does

    def is_over(self, incident: Incident) -> bool:
        """Whether what the desk saw no longer is the incident's fault."""
        return self.seen is not None and self.seen.code not in (incident.verdict_code, _SAW_NOTHING)


def is_look_due(incident: Incident, *, now: datetime) -> bool:
    """Whether the desk has not looked for so long that one probe should."""
    next_at = _next_at(incident, _newest(incident))
    return next_at is not None and now >= next_at


def look_at(incident: Incident) -> Look:
    """Two or three bounded queries."""
    seen = next(iter(recent_runs(incident.endpoint_id, incident.model, since=incident.opened_at)), None)
    newest = _newest(incident)
    is_newer = newest is not None and newest.state != Run.State.FINISHED
    return Look(seen, newest if is_newer else None, _next_at(incident, newest))


def _next_at(incident: Incident, newest: Run | None) -> datetime | None:
    if not settings.INCIDENT_LOOK_S:
        return None
    last = newest.queued_at if newest else incident.opened_at
    return last + timedelta(seconds=settings.INCIDENT_LOOK_S)


def _newest(incident: Incident) -> Run | None:
    """The newest run since it opened that was to meet its fault, in whatever state: also one that was refused
    counts, or an endpoint that is held back would be knocked at by every ticket."""
    runs = Run.objects.filter(endpoint_id=incident.endpoint_id, queued_at__gte=incident.opened_at)
    if incident.model:
        runs = runs.filter(model=incident.model)
    return _calling_a_model(runs).order_by("-queued_at", "-pk").first()


def _calling_a_model(runs: "QuerySet[Run]") -> "QuerySet[Run]":
    return runs.filter(Exists(Attempt.objects.filter(run=OuterRef("pk")).exclude(step__in=LOOK_UPS)))
