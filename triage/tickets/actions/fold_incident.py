"""Folds tickets into incidents: which open one a ticket is about, and when a new one opens."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from probes.endpoints.models import Endpoint
from probes.runs.models import Run
from triage.incidents.actions.open_incident import open_incident, take_turn, widen
from triage.incidents.looks import is_look_due
from triage.incidents.measure import met_in_a_row, told_by_several
from triage.incidents.models import Incident
from triage.incidents.recent_runs import SeenRun, in_a_row
from triage.incidents.signature import accounts_in, counts, shared_model, spreads
from triage.tickets.actions.look_around import model_of, standing
from triage.tickets.models import Investigation, InvestigationQuerySet, Ticket
from triage.verdicts.case import Case, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_from_dict
from triage.verdicts.rules.surroundings import fits, met_by_desk

_MOST_ALIKE = 50


def pausing(ticket: Ticket, *, now: datetime) -> Incident | None:
    """The open incident that explains what the ticket tells, so that no probe is needed to know it.

    None also for the ticket whose probe looks again whether it is still so: one in INCIDENT_LOOK_S. To be
    called in the transaction that queues the probe, so that of tickets filed at once only one looks.
    """
    if ticket.endpoint is None:
        return None
    open_here = Incident.objects.touching(ticket.endpoint.pk, model_of(ticket))
    touching = [one for one in open_here if not one.is_quiet(now=now)]  # who would see that it is over?
    if not touching:
        return None
    told = classify(Case(intake=ticket.intake(), now=now))
    explains = next((one for one in touching if fits(told, one.verdict_code)), None)
    return None if explains and _looks_again(explains, now=now) else explains


def _looks_again(incident: Incident, *, now: datetime) -> bool:
    """Asked anew once it is this ticket's turn: the one before may have looked."""
    if not is_look_due(incident, now=now):
        return False
    take_turn(incident.endpoint_id)
    return is_look_due(incident, now=now)


def incident_of(
    investigation: Investigation, verdict: Verdict, runs: Sequence[SeenRun], *, now: datetime
) -> Incident | None:
    """The open incident that this verdict meets or may belong to, opened now if it fills the measure.

    `verdict` is drawn without any incident, `runs` are the endpoint's recent ones, newest first. To be
    called in the transaction of the conclusion: both stand or fall together.
    """
    endpoint = investigation.ticket.endpoint
    if endpoint is None:
        return None
    if paused_for := investigation.incident:
        if verdict.code == paused_for.verdict_code:  # "it does not work" is no sight of it
            Incident.objects.note_sight(paused_for.pk, at=now)
        return paused_for
    sight = _Sight(investigation, verdict, endpoint, now)
    found = _fitting(sight)
    if found and (found.verdict_code != verdict.code or Incident.objects.note_sight(found.pk, at=now)):
        return found
    return _opened(sight, runs) if counts(verdict) else None


@dataclass(frozen=True, slots=True)
class _Sight:
    """One verdict at one endpoint, at the moment of its conclusion."""

    investigation: Investigation
    verdict: Verdict
    endpoint: Endpoint
    now: datetime

    @property
    def ticket(self) -> Ticket:
        return self.investigation.ticket

    @property
    def model(self) -> str:
        return model_of(self.ticket)

    @property
    def met_by_desk(self) -> bool:
        return met_by_desk(self.verdict.evidence)


def _fitting(sight: _Sight) -> Incident | None:
    """The one of the same class before others that it may belong to."""
    touching = Incident.objects.touching(sight.endpoint.pk, sight.model)
    fitting = [one for one in touching if fits(sight.verdict, one.verdict_code)]
    return min(fitting, key=lambda one: (one.verdict_code != sight.verdict.code, one.pk), default=None)


def _opened(sight: _Sight, runs: Sequence[SeenRun]) -> Incident | None:
    """Only whoever's turn it is counts, so that of several conclusions at once the last one sees them all."""
    take_turn(sight.endpoint.pk)
    if found := _made_meanwhile(sight):
        return found
    measured = _measure(sight, runs)
    if measured is None:
        return None
    incident = open_incident(
        endpoint_id=sight.endpoint.pk,
        code=sight.verdict.code,
        model=shared_model([sight.model, *(model_of(one.ticket) for one in measured.alike)]),
        now=sight.now,
        counted=measured.counted,
    )
    alike, met = [one.pk for one in measured.alike], _concluded_of(measured.met).values("pk")
    Investigation.objects.filter(Q(pk__in=alike) | Q(pk__in=met), incident=None).update(incident=incident)
    return incident


@dataclass(frozen=True, slots=True)
class _Measured:
    """What fills the measure beside the sight itself, and how much it is."""

    alike: Sequence[Investigation]
    met: Sequence[SeenRun]
    counted: Mapping[str, int]


def _measure(sight: _Sight, runs: Sequence[SeenRun]) -> _Measured | None:
    """None while it is too little for an incident."""
    since = _counted_since(sight)
    alike = _alike(sight, since=since)
    met = _met(sight, runs, since=since) if sight.met_by_desk else []
    counted = _tallies(sight, alike, met)
    if told_by_several(counted):
        return _Measured(alike, met, counted)
    if not met_in_a_row(counted):
        return None
    alike = [one for one in alike if model_of(one.ticket) == sight.model]  # the probes asked no other
    return _Measured(alike, met, _tallies(sight, alike, met))


def _counted_since(sight: _Sight) -> datetime:
    """What was met before somebody closed the last one belongs to that: the count begins anew."""
    closed_at = Incident.objects.last_closing(sight.endpoint.pk, sight.verdict.code)
    window = sight.now - timedelta(seconds=settings.INCIDENT_WINDOW_S)
    return max(window, closed_at) if closed_at else window


def _made_meanwhile(sight: _Sight) -> Incident | None:
    """By whoever had the turn before; or one of another model, which this one shows to be everybody's."""
    code, now = sight.verdict.code, sight.now
    same = Incident.objects.open().filter(endpoint=sight.endpoint, verdict_code=code).order_by("pk")
    for incident in same:
        if incident.model not in ("", sight.model):
            if not (spreads(code) and sight.met_by_desk):
                continue
            widen(incident, now=now)
        if Incident.objects.note_sight(incident.pk, at=now):
            return incident
    return None


def _alike(sight: _Sight, *, since: datetime) -> list[Investigation]:
    """Other tickets of the window and the endpoint with this class, not corrected and in no incident yet."""
    found = (
        standing()
        .still_of(sight.verdict.code)
        .filter(concluded_at__gte=since, verdict_code=sight.verdict.code, incident=None)
        .filter(ticket__endpoint=sight.endpoint)
        .exclude(ticket=sight.ticket)
        .select_related("ticket__endpoint")
        .order_by("-concluded_at")[:_MOST_ALIKE]
    )
    return [one for one in found if one.verdict and counts(verdict_from_dict(one.verdict))]


def _met(sight: _Sight, runs: Sequence[SeenRun], *, since: datetime) -> list[SeenRun]:
    """The desk's own probes in a row, without those whose ticket an engineer gave another class."""
    code = sight.verdict.code
    met = in_a_row(runs, code, since=since)
    judged = _concluded_of(met)
    left = _runs_of(judged) - _runs_of(judged.still_of(code))
    return [run for run in met if run.pk not in left]


def _runs_of(investigations: InvestigationQuerySet) -> set[int | None]:
    return set(investigations.values_list("run", flat=True))


def _tallies(sight: _Sight, alike: Sequence[Investigation], met: Sequence[SeenRun]) -> dict[str, int]:
    run = sight.investigation.run
    own_run = run is not None and run.state == Run.State.FINISHED
    return {
        "tickets": 1 + len({one.ticket_id for one in alike}),
        "accounts": accounts_in([sight.ticket.account_ref, *(one.ticket.account_ref for one in alike)]),
        "runs": len(met) + (own_run and sight.met_by_desk),
        "window_s": settings.INCIDENT_WINDOW_S,
    }


def _concluded_of(runs: Sequence[SeenRun]) -> InvestigationQuerySet:
    """A baseline has none."""
    return Investigation.objects.filter(run__in=[run.pk for run in runs], concluded_at__isnull=False)
