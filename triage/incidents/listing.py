"""Which incidents a list shows: its address says, so that a view of it can be sent to a colleague."""

from collections.abc import Mapping
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import F, Q, QuerySet

from triage.incidents.looks import look_at
from triage.incidents.models import Incident

STATES = ("open", "quiet", "closed")
ABOVE_A_LIST = 3


def incidents_by(query: Mapping[str, str], *, now: datetime) -> QuerySet[Incident]:
    """By `state`, `endpoint` (its short name) and `class`: open ones first, each part newest first."""
    incidents = Incident.objects.select_related("endpoint", "opened_by")
    state = query.get("state", "")
    if state:
        incidents = incidents.filter(closed_at__isnull=state != "closed")
    if state == "quiet":
        quiet = Q(last_seen_at__lte=now - timedelta(seconds=settings.INCIDENT_QUIET_S))
        looked = [one.pk for one in Incident.objects.open() if look_at(one).is_over(one)]
        incidents = incidents.filter(quiet | Q(pk__in=looked))
    if endpoint := query.get("endpoint"):
        incidents = incidents.filter(endpoint__slug=endpoint)
    if code := query.get("class"):
        incidents = incidents.filter(verdict_code=code)
    return incidents.with_tickets().order_by(F("closed_at").desc(nulls_first=True), "-pk")


def newest_open() -> QuerySet[Incident]:
    """What a list of tickets shows above it; one more tells that there are more."""
    return Incident.objects.open().select_related("endpoint").order_by("-pk")[: ABOVE_A_LIST + 1]
