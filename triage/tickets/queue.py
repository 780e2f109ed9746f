"""Which tickets stand in the queue: its address says, so that a view of it can be sent to a colleague."""

import re
from collections.abc import Collection, Mapping
from dataclasses import dataclass

from django.contrib.auth.models import AbstractBaseUser, AnonymousUser
from django.db.models import Exists, F, OuterRef, Prefetch, Q, QuerySet, Subquery
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from triage.tickets.models import Investigation, Ticket, VerdictCorrection
from triage.tickets.wording.charges import CHARGE_MOODS, CHARGES
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.verdicts import OWNERS_SHORT
from triage.verdicts.playbooks import Playbooks, title_of

_NUMBER = re.compile(r"(?:[Tt]-?)?0*([0-9]{1,17})")
_STATES = ("open", "done")


def queue_of(query: Mapping[str, str], *, reader: AbstractBaseUser | AnonymousUser) -> QuerySet[Ticket]:
    """Tickets by `q`, `endpoint`, `owner`, `state` (open, done) and `by` (me)."""
    tickets = Ticket.objects.filter(_sought(query.get("q", "")))
    if endpoint := query.get("endpoint"):
        tickets = tickets.filter(endpoint__slug=endpoint)
    if owner := query.get("owner"):
        tickets = tickets.filter(_owned_by(owner))
    if state := query.get("state"):
        tickets = tickets.filter(_investigated(concluded_at__isnull=state == "open"))
    if query.get("by") == "me":
        tickets = tickets.filter(created_by_id=reader.pk)
    newest_first = Investigation.objects.select_related("run").prefetch_related("corrections").order_by("-pk")
    return tickets.select_related("endpoint", "created_by").prefetch_related(
        Prefetch("investigations", queryset=newest_first)
    )


def queue_choices(endpoints: Collection[str]) -> dict[str, Collection[str]]:
    """What each filter of the queue may be; `q` may be anything."""
    return {"endpoint": endpoints, "owner": OWNERS_SHORT, "state": _STATES, "by": ("me",)}


def _investigated(**found: object) -> Exists:
    return Exists(Investigation.objects.filter(ticket=OuterRef("pk"), **found))


def _owned_by(owner: str) -> Exists:
    """By the engineer's word where there is one, else by the machine's."""
    newest = VerdictCorrection.objects.filter(investigation=OuterRef("pk")).order_by("-pk")
    said = Coalesce(Subquery(newest.values("owner")[:1]), F("owner"))
    return Exists(Investigation.objects.filter(ticket=OuterRef("pk")).annotate(said=said).filter(said=owner))


def _sought(words: str) -> Q:
    if not words:
        return Q()
    by_reference = Q(task_id=words) | Q(account_ref=words) | Q(request_ids__contains=[words])
    number = _NUMBER.fullmatch(words)
    return by_reference | Q(pk=int(number[1])) if number else by_reference


@dataclass(frozen=True, slots=True)
class Line:
    """One row of the queue; `title` and `code` are empty while there is no verdict."""

    ticket: Ticket
    state: str
    code: str
    title: str
    owner: str
    confidence: str
    corrected_from: str  # the machine's class, where an engineer put another in its place
    is_confirmed: bool  # an engineer said that the machine was right
    charge_chip: tuple[str, str] | None
    nothing_sent: bool


def line_of(ticket: Ticket, *, language: str, playbooks: Playbooks) -> Line:
    investigation = next(iter(ticket.investigations.all()), None)
    if investigation is None or investigation.verdict is None:
        return Line(
            ticket=ticket,
            state=_state(investigation),
            code="",
            title="",
            owner="",
            confidence="",
            corrected_from="",
            is_confirmed=False,
            charge_chip=None,
            nothing_sent=False,
        )
    correction = investigation.correction
    code = correction.code if correction else investigation.verdict_code
    return Line(
        ticket=ticket,
        state="",
        code=code,
        title=title_of(code, language, playbooks=playbooks),
        owner=correction.owner if correction else investigation.owner,
        confidence=investigation.verdict["confidence"],
        corrected_from=investigation.verdict_code if correction else "",
        is_confirmed=investigation.is_confirmed,
        charge_chip=_charge_chip(investigation),
        nothing_sent=bool(investigation.not_probed or (investigation.run and investigation.run.refusal)),
    )


def _state(investigation: Investigation | None) -> str:
    run = investigation.run if investigation else None
    return run.get_state_display() if run else _("queued")


def _charge_chip(investigation: Investigation) -> tuple[str, str] | None:
    """Only what needs somebody's attention; one charge for one task is no news."""
    code = (investigation.charges or {}).get("code", "")
    return ("bad", in_words(CHARGES, code)) if CHARGE_MOODS.get(code) == "bad" else None
