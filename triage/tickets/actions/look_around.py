"""What the desk knows of an endpoint beside one ticket: few bounded queries, at its conclusion."""

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Count, Q

from probes.runs.usual import usual_of
from triage.incidents.models import Incident
from triage.incidents.recent_runs import SeenRun, health_of, recent_runs
from triage.tickets.models import Investigation, InvestigationQuerySet, Ticket
from triage.verdicts.case import Similar, Usual
from triage.verdicts.surroundings import Surroundings

_MOST_TICKETS = 1000  # of the window; an endpoint with more has its incident long since


@dataclass(frozen=True, slots=True)
class Around:
    """What was found, and the runs that its health was read from, newest first."""

    known: Surroundings
    runs: tuple[SeenRun, ...] = ()

    def with_incident(self, incident: Incident) -> Surroundings:
        return replace(self.known, incident=incident.known())


def look_around(ticket: Ticket, *, now: datetime) -> Around:
    """Health and similar tickets; nothing for a ticket without an endpoint."""
    if ticket.endpoint is None:
        return Around(Surroundings())
    since = now - timedelta(seconds=settings.HEALTH_WINDOW_S)
    runs = recent_runs(ticket.endpoint.pk, model_of(ticket), since=since, but_of_ticket=ticket.pk)
    known = Surroundings(
        health=health_of(runs, since=since),
        similar=similar_to(ticket, now=now),
        usual=_usual_for(ticket.endpoint.pk, model_of(ticket), now=now),
    )
    return Around(known, tuple(runs))


def _usual_for(endpoint_id: int, model: str, *, now: datetime) -> Usual | None:
    """None where too little was measured to speak of usual."""
    usual = usual_of(endpoint_id, model, now=now)
    if usual is None or not usual.is_enough:
        return None
    return Usual(
        since=usual.since,
        runs=usual.runs,
        first_content_p90_ms=usual.first_content_ms.p90 if usual.first_content_ms else None,
        first_byte_p90_ms=usual.first_byte_ms.p90 if usual.first_byte_ms else None,
    )


def similar_to(ticket: Ticket, *, now: datetime) -> Similar | None:
    """Other tickets of the endpoint in the window by class, and how many other accounts; one query."""
    since = now - timedelta(seconds=settings.INCIDENT_WINDOW_S)
    recent = Ticket.objects.filter(endpoint=ticket.endpoint, created_at__gte=since).exclude(pk=ticket.pk)
    newest = recent.order_by("-created_at").values("pk")[:_MOST_TICKETS]
    others = ~Q(ticket__account_ref__in=("", ticket.account_ref))
    rows = (
        standing()
        .filter(ticket__in=newest)
        .values_list("verdict_code")
        .annotate(
            tickets=Count("ticket", distinct=True),
            accounts=Count("ticket__account_ref", distinct=True, filter=others),
        )
        .order_by("verdict_code")
    )
    found = list(rows)
    if not found:
        return None
    return Similar(
        since=since,
        tickets={code: tickets for code, tickets, _accounts in found},
        accounts={code: accounts for code, _tickets, accounts in found},
    )


def standing() -> InvestigationQuerySet:
    """Concluded ones whose verdict still stands: no further steps have led to another."""
    concluded = Investigation.objects.filter(concluded_at__isnull=False)
    return concluded.exclude(followed_by__concluded_at__isnull=False)


def model_of(ticket: Ticket) -> str:
    """What a probe for it asks, also where none was sent."""
    return ticket.model or (ticket.endpoint.probe_model if ticket.endpoint else "")
