"""What can be probed further for a ticket, what that would cost, and what today's budgets leave."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from typing import Any

from django.contrib.auth.models import User

from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import terms_of
from probes.runs.admission import Refused, refuse_if_held
from probes.runs.budget import caps_of, left_of, own_cap_of
from probes.runs.kinds import FREE, KINDS, USUAL_REPEATS, Wish
from probes.runs.models import Run
from probes.runs.plan import (
    MEDIA_WORKLOADS,
    NothingToProbe,
    Plan,
    Terms,
    offered_kinds,
    plan_steps,
    worst_case_of,
)
from probes.wire.media_models import makes_media
from triage.tickets.models import Investigation, Ticket
from triage.tickets.steps import StepName, names_of
from triage.tickets.wording.steps import HINDRANCES
from triage.verdicts.further import Suggestion, suggestions_for

_BASIC = (Suggestion("control", "nothing_seen_yet"), Suggestion("stream", "nothing_seen_yet"))
_BASIC_KINDS = frozenset({"control", "stream"})


@dataclass(frozen=True, slots=True)
class Option:
    """One kind of step: `reason` is the code of a suggestion, `hindrance` that of why it cannot be had."""

    kind: str
    reason: str = ""
    times: int = USUAL_REPEATS
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class Chosen:
    """What somebody picked on the page."""

    kinds: frozenset[str]
    times: int = USUAL_REPEATS
    route: str = ""
    model: str = ""


@dataclass(frozen=True, slots=True)
class Left:
    """What one budget leaves today; `scope` is the code of the refusal when it does not suffice."""

    scope: str
    amount: Decimal
    suffices: bool


@dataclass(frozen=True, slots=True)
class Quote:
    """A plan with the most that each of its steps can cost."""

    plan: Plan
    lines: list[tuple[StepName, Decimal]]
    left: list[Left]
    hindrance: str  # the code of what would refuse the run now; empty when nothing would

    @property
    def is_affordable(self) -> bool:
        return all(left.suffices for left in self.left)

    @property
    def has_reasons(self) -> bool:
        return any(name.reason for name, _cost in self.lines)

    @property
    def refusal(self) -> str:
        """The code of what would refuse the run now, a budget that does not suffice included."""
        return self.hindrance or next((left.scope for left in self.left if not left.suffices), "")


def options_for(investigation: Investigation) -> list[Option]:
    """Every kind of step that makes sense for the ticket, in the order of a plan."""
    ticket = investigation.ticket
    if ticket.endpoint is None:
        return []
    offered = offered_kinds(terms_of(ticket.endpoint, protocol=ticket.protocol), model=ticket.model)
    suggested = {step.kind: step for step in suggestions_of(investigation)}
    return [
        Option(
            kind=kind,
            reason=suggested[kind].reason if kind in suggested else "",
            times=suggested[kind].times if kind in suggested else USUAL_REPEATS,
            hindrance=_hindrance(kind, ticket, offered),
        )
        for kind in KINDS
        if kind not in _BASIC_KINDS or kind in suggested
    ]


def suggestions_of(investigation: Investigation) -> list[Suggestion]:
    """What the verdict calls for and was not sent yet; before anything was, the two basic requests."""
    sent = {
        attempt.step
        for part in investigation.story()
        if part.run
        for attempt in part.run.attempts.all()
        if attempt.read_facts().sent
    }
    basic = () if sent or _is_media(investigation.ticket) else _BASIC
    verdict = investigation.verdict or {}
    called_for = (
        *basic,
        *suggestions_for(
            investigation.verdict_code,
            overturned_by=verdict.get("overturned_by", ""),
            findings=verdict.get("findings", ()),
        ),
    )
    return [step for step in called_for if step.kind not in sent]


def quote(ticket: Ticket, chosen: Chosen, options: Iterable[Option], *, asker: User, now: datetime) -> Quote:
    """Raises NothingToProbe when a step cannot be had."""
    if ticket.endpoint is None:
        raise NothingToProbe("no_endpoint")
    terms = terms_of(ticket.endpoint, protocol=ticket.protocol)
    wishes = [_wish(option, chosen) for option in options if option.kind in chosen.kinds]
    plan = plan_steps(terms, wishes, model=ticket.model, task_id=ticket.task_id)
    return quote_of(ticket.endpoint, terms, plan, asker=asker, now=now)


def quote_of(endpoint: Endpoint, terms: Terms, plan: Plan, *, asker: User, now: datetime) -> Quote:
    """What the plan can cost at these terms, what is left for it, and what would refuse it now."""
    return Quote(
        plan=plan,
        lines=_priced(terms, plan),
        left=_left(endpoint, plan, asker=asker, now=now),
        hindrance=_standing_refusal(endpoint, plan),
    )


def _standing_refusal(endpoint: Endpoint, plan: Plan) -> str:
    try:
        refuse_if_held(endpoint, plan.steps[0])
    except Refused as refused:
        return refused.code
    return ""


def _wish(option: Option, chosen: Chosen) -> Wish:
    more: Mapping[str, Any] = {
        "repeat": {"times": chosen.times},
        "route": {"route": chosen.route},
        "model": {"model": chosen.model},
    }
    return Wish(kind=option.kind, reason=option.reason or "asked", **more.get(option.kind, {}))


def _priced(terms: Terms, plan: Plan) -> list[tuple[StepName, Decimal]]:
    costs = (worst_case_of(terms, step) for step in plan.steps)
    return list(zip(names_of(plan.steps), costs, strict=True))


def _left(endpoint: Endpoint, plan: Plan, *, asker: User, now: datetime) -> list[Left]:
    """What one run may cost is no budget of the day, so it is told only where it does not suffice."""
    run = Run(endpoint=endpoint, plan=plan.as_dict(), requested_by=asker)
    own = own_cap_of(run)
    left = left_of(caps_of(run), day=now.date())
    return [
        Left(cap.refusal, amount, suffices=amount >= plan.worst_case)
        for cap, amount in (*left, *([(own, own.limit)] if plan.worst_case > own.limit else ()))
    ]


def _hindrance(kind: str, ticket: Ticket, offered: Iterable[str]) -> str:
    if kind == "status" and not ticket.task_id:
        return "status"
    if kind in offered and (kind in FREE or ticket.workload not in MEDIA_WORKLOADS):
        return ""
    return kind if kind in HINDRANCES else "media"


def _is_media(ticket: Ticket) -> bool:
    probed = ticket.model or (ticket.endpoint.probe_model if ticket.endpoint else "")
    return ticket.workload in MEDIA_WORKLOADS or makes_media(probed)
