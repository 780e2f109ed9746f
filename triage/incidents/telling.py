"""An incident as its pages tell it: in the reader's words, with what it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.conf import settings
from django.utils.translation import get_language
from django.utils.translation import gettext as _

from triage.incidents.models import Incident
from triage.incidents.recent_runs import SeenRun, recent_runs
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.case import Confidence, Owner, Verdict
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import Words, title_of, words_for

MOST_SHOWN = 200  # of the timeline


@dataclass(frozen=True, slots=True)
class Told:
    """One incident in words; `is_quiet` when it was not met for so long that it is perhaps over."""

    incident: Incident
    title: str
    model: str
    is_quiet: bool


@dataclass(frozen=True, slots=True)
class Moment:
    """One line of the timeline: an investigation that was folded in, or the incident's own change."""

    at: datetime
    kind: str  # "opened", "closed", "ticket"
    investigation: Any = None


def told_of(incidents: Iterable[Incident], *, now: datetime) -> list[Told]:
    """In the language in force."""
    playbooks, language = playbooks_in_force(), get_language() or "en"
    return [
        Told(
            incident=one,
            title=title_of(one.verdict_code, language, playbooks=playbooks),
            model=one.model or _("every model"),
            is_quiet=one.is_quiet(now=now),
        )
        for one in incidents
    ]


def advice_for(incident: Incident) -> Words:
    """The playbook of its class: one answer for all of its tickets."""
    owner = Owner(incident.owner) if incident.owner else ISSUES[incident.verdict_code].owner
    verdict = Verdict(code=incident.verdict_code, confidence=Confidence.LIKELY, owner=owner)
    return words_for(verdict, get_language() or "en", playbooks=playbooks_in_force())


def timeline_of(incident: Incident) -> list[Moment]:
    """Newest first; of very many tickets the newest."""
    folded = (
        incident.investigations.filter(concluded_at__isnull=False)
        .select_related("ticket", "run")
        .order_by("-concluded_at", "-pk")[:MOST_SHOWN]
    )
    moments = [Moment(one.concluded_at, "ticket", one) for one in folded if one.concluded_at]
    moments.append(Moment(incident.opened_at, "opened"))
    if incident.closed_at:
        moments.append(Moment(incident.closed_at, "closed"))
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


def newest_probe(incident: Incident, *, now: datetime) -> SeenRun | None:
    """What the desk itself saw last, whatever asked for it: an open incident may be over."""
    since = max(incident.opened_at, now - timedelta(seconds=settings.HEALTH_WINDOW_S))
    return next(iter(recent_runs(incident.endpoint_id, incident.model, since=since)), None)
