"""From what support typed to a redacted ticket with its investigation queued."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from types import MappingProxyType
from typing import Any

from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.db.models import Q

from probes.endpoints.models import Endpoint
from probes.redaction import meter
from probes.redaction.engine import WITHHELD, Finding, Redactor, redact_leaves
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.kinds import FREE
from probes.runs.plan import NothingToProbe, Plan, plan_for
from triage.tickets.actions.fold_incident import pausing
from triage.tickets.models import Investigation, Ticket
from triage.tickets.own_words import is_own_word
from triage.tickets.paste.filling import with_paste
from triage.verdicts.case import Intake, Tri
from triage.verdicts.intake import read_intake

_LONGEST_NAME = 60  # far more than any field's
_FIELDS = frozenset(field.name for field in fields(Intake))
_NAMES = _FIELDS | {"paste"}  # fields that the desk has itself
_SENT_OR_SOUGHT = ("model", "task_id", "request_ids")
_NO_OWN: Mapping[str, Redactor] = MappingProxyType({})


@dataclass(frozen=True, slots=True)
class Masked:
    """What was masked in one field: where and which kind, never the value.

    A key is matched by its `fingerprints`, the first under today's pepper, and is `shown` masked.
    """

    field: str
    kind: str
    start: int
    end: int
    rule: str = ""
    fingerprints: tuple[str, ...] = ()
    shown: str = ""

    def as_dict(self) -> dict[str, Any]:
        """As a ticket keeps it; only what could be a key has fingerprints."""
        place = {"field": self.field, "kind": self.kind, "start": self.start, "end": self.end}
        mark = {"fingerprints": list(self.fingerprints), "shown": self.shown}
        return place | (mark if self.fingerprints else {})


def submit_ticket(
    *,
    fields_typed: Mapping[str, Any],
    author: AbstractBaseUser | None,
    now: datetime,
    redactor: Redactor,
    enqueue: Callable[[int], object],
    channel: str = "form",
    own_redactors: Mapping[str, Redactor] = _NO_OWN,
    masked_before: Sequence[Masked] = (),
    form_drawn_at: datetime | None = None,
    always_probe: bool = False,
) -> Ticket:
    """Store the ticket, masked before the first write, and ring for the worker.

    `fields_typed` holds the names of DESIGN.md section 6 as typed, or masked already with what was found
    in `masked_before`; raises UnknownEndpoint for a slug that no admin registered. `form_drawn_at` is when
    the form was shown: what the same author has filed since then and this adds nothing to is the same form
    sent again, and its ticket is returned in place of a second one. What is masked here is counted for
    `channel`, what was masked before is not; `own_redactors` are those of fields with rules of their own.
    `always_probe` is for who asks to see a probe, even where an open incident explains the ticket.
    """
    clean, masked = redact_fields(fields_typed, redactor, own_redactors)
    intake = read_intake(_without_withheld(with_paste(clean, now=now)), now=now)
    endpoint = _endpoint(intake.endpoint)
    columns = _columns(intake, endpoint, author)
    with transaction.atomic():
        if author and form_drawn_at and (twin := _twin(columns, author, form_drawn_at)):
            return twin
        ticket = Ticket.objects.create(
            masked=[spot.as_dict() for spot in (*masked_before, *masked)], created_at=now, **columns
        )
        investigation = open_investigation(ticket, now=now, always_probe=always_probe)
        enqueue(investigation.pk)
        count_masked(masked, channel=channel)  # last, since it locks rows that others count in
    return ticket


class UnknownEndpoint(Exception):
    """No endpoint of this short name is registered."""

    def __init__(self, slug: str) -> None:
        super().__init__(f'there is no endpoint "{slug}"; `manage.py endpoints list` shows those registered')
        self.slug = slug


def redact_fields(
    typed: Mapping[str, Any], redactor: Redactor, own_redactors: Mapping[str, Redactor] = _NO_OWN
) -> tuple[dict[str, Any], list[Masked]]:
    """Every text of the form, masked, with what was masked in which field.

    The names are texts as well: those in a file may be anything. What could not be checked is withheld, and
    then only the answers that the desk itself offers remain.
    """
    clean, masked = {}, []
    for name, value in typed.items():
        shown, found_in_name = _redact_name(name, redactor)
        clean[shown], found = _redact_answer(name, value, own_redactors.get(name, redactor))
        masked += [_masked(shown, finding) for finding in (*found_in_name, *found)]
    return clean, masked


def _redact_name(name: str, redactor: Redactor) -> tuple[str, tuple[Finding, ...]]:
    if name in _NAMES:
        return name, ()
    named = redactor.redact(name)
    return named.text[:_LONGEST_NAME], named.findings


def _redact_answer(name: str, value: Any, redactor: Redactor) -> tuple[Any, tuple[Finding, ...]]:
    if value == WITHHELD:  # of a form that came back; it was told then
        return value, ()
    clean, found = redact_leaves(value, redactor)
    return (value, ()) if clean == WITHHELD and is_own_word(name, value) else (clean, found)


def _without_withheld(clean: Mapping[str, Any]) -> dict[str, Any]:
    """What is sent or looked up must be a real name; elsewhere the mark stays for people to read."""
    return {name: value for name, value in clean.items() if value != WITHHELD or name not in _SENT_OR_SOUGHT}


def _masked(field: str, finding: Finding) -> Masked:
    place = field, finding.kind, finding.start, finding.end
    return Masked(*place, finding.rule, finding.fingerprints, finding.shown)


def count_masked(masked: Sequence[Masked], *, channel: str) -> None:
    """Tell the meter; a name that no form has counts as "other", since a file may hold any number of them."""
    places = ((spot.field if spot.field in _NAMES else "other", spot.kind, spot.rule) for spot in masked)
    meter.count_all(places, channel=channel)


def open_investigation(ticket: Ticket, *, now: datetime, always_probe: bool = False) -> Investigation:
    """An investigation with a queued run, or with the reason why nothing is probed."""
    try:
        endpoint, plan = _plan_for(ticket)
    except NothingToProbe as reason:
        return Investigation.objects.create(ticket=ticket, not_probed=reason.code, created_at=now)
    calls_a_model = any(step.kind not in FREE for step in plan.steps)
    if calls_a_model and not always_probe and (incident := pausing(ticket, now=now)):
        known = {"not_probed": "incident", "incident": incident}
        return Investigation.objects.create(ticket=ticket, created_at=now, **known)
    run = create_run(endpoint=endpoint, plan=plan, requested_by=ticket.created_by, now=now)
    return Investigation.objects.create(ticket=ticket, run=run, created_at=now)


def _plan_for(ticket: Ticket) -> tuple[Endpoint, Plan]:
    if ticket.endpoint is None:
        raise NothingToProbe("no_endpoint")
    terms = terms_of(ticket.endpoint, protocol=ticket.protocol)
    plan = plan_for(terms, workload=ticket.workload, model=ticket.model, task_id=ticket.task_id)
    return ticket.endpoint, plan


def _endpoint(named: str) -> Endpoint | None:
    """By its short name, or by the base URL that it was registered with."""
    if not named:
        return None
    endpoint = Endpoint.objects.filter(Q(slug=named) | Q(base_url=named.rstrip("/"))).order_by("pk").first()
    if endpoint is None:
        raise UnknownEndpoint(named)
    return endpoint


def _columns(intake: Intake, endpoint: Endpoint | None, author: AbstractBaseUser | None) -> dict[str, Any]:
    """What a ticket says and who says it."""
    said = {f.name: getattr(intake, f.name) for f in fields(Intake) if f.name != "endpoint"}
    return said | {
        "request_ids": list(intake.request_ids),
        "endpoint": endpoint,
        "created_by_id": author.pk if author else None,
    }


def _twin(columns: Mapping[str, Any], author: AbstractBaseUser, since: datetime) -> Ticket | None:
    """The author's row is locked, so that the second of two clicks waits for what the first one makes."""
    User.objects.select_for_update(no_key=True).get(pk=author.pk)
    filed = Ticket.objects.select_related("endpoint").filter(created_by_id=author.pk, created_at__gte=since)
    return next((ticket for ticket in filed.order_by("pk") if _adds_nothing(columns, ticket)), None)


def _adds_nothing(columns: Mapping[str, Any], ticket: Ticket) -> bool:
    """A browser that goes back fills in only some fields again, so what is left out says nothing either."""
    return all(value in _UNSAID or value == getattr(ticket, name) for name, value in columns.items())


_UNSAID: tuple[Any, ...] = (None, "", [], Tri.UNKNOWN)
