"""An incident as its pages tell it: in the reader's words, with what it holds."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.utils.translation import get_language
from django.utils.translation import gettext as _

from triage.incidents.looks import Look, look_at
from triage.incidents.measure import met_in_a_row, told_by_several
from triage.incidents.models import Incident
from triage.incidents.signature import accounts_in
from triage.verdicts.actions.playbooks_in_force import playbooks_in_force
from triage.verdicts.case import Confidence, Owner, Verdict
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import Words, title_of, words_for

MOST_SHOWN = 200  # of the timeline


@dataclass(frozen=True, slots=True)
class Told:
    """One incident in words. It is perhaps over when it was not met for long, or the desk looked and saw
    something else."""

    incident: Incident
    title: str
    model: str
    is_quiet: bool
    look: Look | None  # of an open one

    @property
    def is_perhaps_over(self) -> bool:
        return self.is_quiet or (self.look is not None and self.look.is_over(self.incident))


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
            look=look_at(one) if one.is_open else None,
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
        incident.investigations.belonging()
        .filter(concluded_at__isnull=False)
        .select_related("ticket", "run")
        .order_by("-concluded_at", "-pk")[:MOST_SHOWN]
    )
    moments = [Moment(one.concluded_at, "ticket", one) for one in folded if one.concluded_at]
    moments.append(Moment(incident.opened_at, "opened"))
    if incident.closed_at:
        moments.append(Moment(incident.closed_at, "closed"))
    return sorted(moments, key=lambda moment: moment.at, reverse=True)


@dataclass(frozen=True, slots=True)
class Seen:
    """What the desk's newest probe met, in words."""

    run: int
    at: datetime
    code: str
    title: str
    is_well: bool


def seen_of(look: Look | None) -> Seen | None:
    if look is None or look.seen is None:
        return None
    run = look.seen
    title = title_of(run.code, get_language() or "en", playbooks=playbooks_in_force())
    return Seen(run.pk, run.at, run.code, title, run.is_well)


@dataclass(frozen=True, slots=True)
class Left:
    """What remains of an incident after tickets have left it.

    `is_too_little` when the desk opened it and would not have done so for what remains.
    """

    gone: int
    tickets: int
    accounts: int
    runs: int
    is_too_little: bool


def left_of(incident: Incident) -> Left | None:
    """None while every ticket that was folded in belongs to it still."""
    folded = incident.investigations.filter(concluded_at__isnull=False)
    kept = folded.belonging()
    tickets = set(kept.values_list("ticket", flat=True))
    gone = folded.exclude(ticket__in=tickets)
    left = set(gone.values_list("ticket", flat=True))
    if not left:
        return None
    met_before = gone.filter(run__isnull=False, created_at__lte=incident.opened_at).count()
    met_since = kept.filter(run__isnull=False, created_at__gt=incident.opened_at).count()
    counted = {
        "tickets": len(tickets),
        "accounts": accounts_in(kept.values_list("ticket__account_ref", flat=True)),
        "runs": max(0, incident.counted.get("runs", 0) - met_before + met_since),
    }
    enough = told_by_several(counted) or met_in_a_row(counted)
    return Left(len(left), **counted, is_too_little=bool(incident.counted) and not enough)
