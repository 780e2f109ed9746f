"""What can be changed when a run is sent again, what that would cost, and what belongs to its chain."""

from dataclasses import dataclass
from datetime import datetime

from django.contrib.auth.models import User

from probes.runs.actions.create_run import terms_of
from probes.runs.models import Run
from probes.runs.plan import NothingToProbe, Plan
from probes.runs.replays import origin_of, replays_of
from triage.history.replay_plan import (
    CHANGES,
    SAME,
    Change,
    Difference,
    asks_a_model,
    differences,
    plan_again,
    protocol_of,
)
from triage.tickets.models import Ticket
from triage.tickets.offer import Quote, quote_of
from triage.tickets.steps import plan_of


@dataclass(frozen=True, slots=True)
class Choice:
    """One change that may be picked; `hindrance` is the code of why it may not."""

    what: str
    hindrance: str = ""


@dataclass(frozen=True, slots=True)
class Chain:
    """Where a run stands among its replays; `ticket` is that of the run it all began with."""

    differs: list[Difference]  # from the run that it replays
    replays: list[Run]  # of this run, oldest first
    ticket: Ticket | None  # None also for a run that replays none: it knows its own


def choices_for(run: Run, then: Plan) -> list[Choice]:
    asked = asks_a_model(then)
    has_routes = run.endpoint.routes.exists()
    return [Choice(what, hindrance=_hindrance(what, asked=asked, has_routes=has_routes)) for what in CHANGES]


def _hindrance(what: str, *, asked: bool, has_routes: bool) -> str:
    if what == SAME:
        return ""
    if not asked:
        return "only_look_ups"
    return "route" if what == "route" and not has_routes else ""


def quote_again(run: Run, change: Change, *, asker: User, now: datetime) -> Quote:
    """Raises NothingToProbe when the plan cannot be had, with this change or at all."""
    then = plan_of(run)
    if then is None:
        raise NothingToProbe("plan_unreadable")
    terms = terms_of(run.endpoint, protocol=protocol_of(then))
    return quote_of(run.endpoint, terms, plan_again(terms, then, change), asker=asker, now=now)


def chain_of(run: Run) -> Chain:
    replays = replays_of([run.pk], deep=False)
    if run.replay_of is None:
        return Chain([], replays, ticket=None)
    then, before = plan_of(run), plan_of(run.replay_of)
    return Chain(
        differs=differences(before, then) if before and then else [],
        replays=replays,
        ticket=Ticket.objects.filter(investigations__run=origin_of(run)).first(),
    )
