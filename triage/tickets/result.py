"""Everything that the result page shows of one ticket, read from its rows and put into the reader's words."""

import hashlib
from collections.abc import Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from django.db.models import Prefetch
from django.utils.translation import gettext as _
from django.utils.translation import ngettext

from probes.runs.admission import KILL_SWITCH
from probes.runs.lending import held_back
from probes.runs.models import Attempt, Run
from triage.charges.actions.tell_charges import told_charges
from triage.charges.codec import finding_from_dict
from triage.charges.finding import ChargeFinding
from triage.charges.telling import Asked, Told
from triage.tickets.actions.ask_ledger import ask_ledger, client_of
from triage.tickets.around import Around, around_of
from triage.tickets.card import Card, Reader, card_of
from triage.tickets.compared import Compared, comparisons
from triage.tickets.corrections import leading_verdict
from triage.tickets.models import Investigation, Ticket, VerdictCorrection
from triage.tickets.narration import Stage, Story, refusal_of, stages, stories
from triage.tickets.offer import Option, options_for
from triage.tickets.places import SeenRequest, begun, seen_requests
from triage.tickets.relevance import SYMPTOM_WORDS
from triage.tickets.sequel import Change, Earlier, changes_since, earlier_verdicts
from triage.tickets.steps import requests_of
from triage.tickets.waterfall import Waterfall, draw
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.facts import DECLARED
from triage.tickets.wording.outcomes import PHASES
from triage.tickets.wording.refusals import NOT_PROBED
from triage.tickets.wording.values import fact_text
from triage.tickets.wording.verdicts import OWNERS
from triage.verdicts.agreement import agreement
from triage.verdicts.case import Tri, Verdict
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import Playbooks, Words, words_for

_LONG = frozenset({"error_text", "notes"})
_SECONDS_PER_VERSION = 15  # a waiting ticket says how long it has waited, and this often it says so anew


@dataclass(frozen=True, slots=True)
class Declared:
    """A field of the ticket as the page shows it."""

    name: str
    label: str
    value: str
    is_long: bool


@dataclass(frozen=True, slots=True)
class FoundBeside:
    """A finding of money or tasks beside the verdict, with what its own class asks for."""

    code: str
    owner: str
    words: Words


@dataclass(frozen=True, slots=True)
class Result:
    version: str  # changes whenever the page would
    is_concluded: bool
    announcement: str
    stages: list[Stage]
    runs: list[Run]
    borrowed: Run | None
    borrowed_age: str
    waterfall: Waterfall | None
    stories: list[Story]
    comparisons: list[Compared]
    phases: list[tuple[str, Any]]
    declared: list[Declared]
    verdict: Verdict | None  # the one that leads: the machine's, or as an engineer corrected it
    words: Words | None
    card: Card | None
    seen: list[SeenRequest]
    around: Around
    findings: list[FoundBeside]
    not_probed: str  # in words
    is_stopped: bool  # the newest probe, by a stop of all probes
    told: Told | None  # what the ledger says now
    agreement: str  # of the ticket's "charged" with the rows, as a code
    finding_then: ChargeFinding | None  # what the verdict rests on, where that was something else
    earlier: list[Earlier]
    changes: list[Change]
    suggested: list[Option]


def investigations_of(ticket_id: int) -> list[Investigation]:
    """All investigations of a ticket, oldest first, with all that its page needs, in three queries."""
    in_order = Attempt.objects.order_by("position")
    found = list(
        Investigation.objects.filter(ticket_id=ticket_id)
        .select_related(
            *("ticket__endpoint", "ticket__created_by", "run__requested_by"),
            *("borrowed__investigation__ticket", "incident__endpoint"),
        )
        .prefetch_related(
            Prefetch("run__attempts", queryset=in_order),
            Prefetch("borrowed__attempts", queryset=in_order),
            Prefetch("corrections", queryset=VerdictCorrection.objects.select_related("corrected_by")),
        )
        .order_by("pk")
    )
    by_id = {part.pk: part for part in found}
    for part in found:
        part.builds_on = by_id.get(part.builds_on_id or 0)
    return found


def version_of(investigation: Investigation, *, now: datetime) -> str:
    """A token of all that the page draws from; polling with the current one is answered with nothing."""
    run = investigation.run
    seen: list[object] = [investigation.pk, investigation.is_concluded]
    if run is not None and not run.is_finished:
        seen.append((now - run.queued_at).total_seconds() // _SECONDS_PER_VERSION)
    for attempt in run.attempts.all() if run else ():
        seen += [attempt.state, attempt.stage, attempt.facts.get("events"), attempt.facts.get("body_bytes")]
    return hashlib.sha256(repr((run.state if run else "", seen)).encode()).hexdigest()[:16]


def result_of(investigation: Investigation, *, reader: Reader, now: datetime) -> Result:
    language, playbooks = reader.language, reader.playbooks
    runs = _runs(investigation)
    requests = requests_of(runs)
    seen = begun(requests)
    options = options_for(investigation)
    then, today = _findings(investigation)
    told = tell(investigation, today) if today else None
    verdict = leading_verdict(investigation)
    words = words_for(verdict, language, playbooks=playbooks) if verdict else None
    card = None
    if verdict and words:
        card = card_of(
            investigation, verdict, words, reader=reader, options=options, requests=seen, told=told
        )
    steps = stages(investigation, requests, now=now)
    return Result(
        version=version_of(investigation, now=now),
        is_concluded=investigation.is_concluded,
        announcement=words.title if words else _announce(steps),
        stages=steps,
        runs=runs,
        borrowed=investigation.borrowed,
        borrowed_age=_borrowed_age(investigation),
        waterfall=draw([(request.label, request.facts) for request in seen]),
        stories=stories(seen),
        comparisons=comparisons(seen),
        phases=list(PHASES.items()),
        declared=declared_of(investigation.ticket),
        verdict=verdict,
        words=words,
        card=card,
        around=around_of(investigation, language=language, playbooks=playbooks),
        seen=seen_requests(seen, card.cited if card else ()),
        findings=_beside(verdict, then, language, playbooks) if verdict else [],
        not_probed=_not_probed(investigation),
        is_stopped=investigation.run is not None and _is_stopped(investigation.run),
        told=told,
        agreement=(agreement(Tri(investigation.ticket.charged), today) or "") if today else "",
        finding_then=then if then and today and then.code != today.code else None,
        earlier=earlier_verdicts(investigation, language=language, playbooks=playbooks),
        changes=changes_since(investigation, language=language, playbooks=playbooks),
        suggested=[option for option in options if option.reason and not option.hindrance],
    )


def _runs(investigation: Investigation) -> list[Run]:
    """Every run that the verdict rests on, its own or lent, in the order of the story."""
    return [run for part in investigation.story() for run in (part.run, part.borrowed) if run]


def _borrowed_age(investigation: Investigation) -> str:
    lender, at = investigation.borrowed, investigation.concluded_at
    if lender is None or lender.finished_at is None or at is None:
        return ""
    minutes = int((at - lender.finished_at).total_seconds() // 60)
    if minutes < 1:
        return _("less than a minute earlier")
    return ngettext("%(n)d minute earlier", "%(n)d minutes earlier", minutes) % {"n": minutes}


def _not_probed(investigation: Investigation) -> str:
    if investigation.not_probed or investigation.run is None:
        return in_words(NOT_PROBED, investigation.not_probed) if investigation.not_probed else ""
    return refusal_of(investigation.run)


def _is_stopped(run: Run) -> bool:
    return any(reason == KILL_SWITCH for _step, reason in held_back(run))


def declared_of(ticket: Ticket) -> list[Declared]:
    """Every field that says something."""
    return [
        Declared(name, str(label), _declared_text(ticket, name), name in _LONG)
        for name, label in DECLARED.items()
        if getattr(ticket, name) not in (None, "", [], "unknown")
    ]


def _declared_text(ticket: Ticket, name: str) -> str:
    if name == "symptom":
        return in_words(SYMPTOM_WORDS, ticket.symptom)
    display = getattr(ticket, f"get_{name}_display", None)
    return str(display()) if display else fact_text(name, getattr(ticket, name))


def _announce(steps: Sequence[Stage]) -> str:
    now = next((step for step in steps if step.state == "now"), None)
    return f"{now.title}: {now.detail}" if now and now.detail else (now.title if now else _("Running"))


def _beside(
    verdict: Verdict, ledger: ChargeFinding | None, language: str, playbooks: Playbooks
) -> list[FoundBeside]:
    return [
        FoundBeside(
            code=code,
            owner=in_words(OWNERS, ISSUES[code].owner) if code in ISSUES else "",
            words=words_for(_standing_alone(verdict, code, ledger), language, playbooks=playbooks),
        )
        for code in verdict.findings
    ]


def _standing_alone(verdict: Verdict, code: str, ledger: ChargeFinding | None) -> Verdict:
    """The finding as a verdict of its own; what the ledger shows is not hedged as the ticket's words are."""
    by_ledger = ledger is not None and ledger.code == code
    return replace(verdict, code=code, findings=(), evidence=() if by_ledger else verdict.evidence)


def _findings(investigation: Investigation) -> tuple[ChargeFinding | None, ChargeFinding | None]:
    """What the ledger said when the verdict was drawn, and what it says now that more may be imported."""
    then = finding_from_dict(investigation.charges) if investigation.charges else None
    today = ask_ledger(investigation) if investigation.is_concluded else None
    return then, today or then


def tell(investigation: Investigation, finding: ChargeFinding) -> Told:
    """The finding beside what the ticket knows of its requests, and what the desk's own probes of it cost."""
    ticket = investigation.ticket
    asked = Asked(
        at=ticket.occurred_at,
        retries=ticket.retry_count,
        client=client_of(ticket),
        request_ids=tuple(ticket.request_ids),
    )
    attempts = (request.facts for request in requests_of(_runs(investigation)))
    sent_by_us = [request_id for facts in attempts for request_id in facts.request_ids]
    return told_charges(finding, asked=asked, sent_by_us=sent_by_us)
