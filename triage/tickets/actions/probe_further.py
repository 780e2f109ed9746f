"""Adds further steps to a ticket that has its verdict: a run of its own, judged with all that came before."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from probes.runs.actions.create_run import create_run
from probes.runs.plan import NothingToProbe, Plan
from triage.tickets.models import Investigation, Ticket


class FurtherRefused(Exception):
    """No further steps now; `code` says why: still_running, newer_verdict or costs_more."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def probe_further(
    *,
    ticket_id: int,
    builds_on: int,
    plan: Plan,
    at_most: Decimal,
    asked_by: User,
    now: datetime,
    enqueue: Callable[[int], object],
) -> Investigation:
    """Queue `plan` on top of the investigation `builds_on`, once, however often the same form is sent.

    `at_most` is the amount that the person agreed to. Raises FurtherRefused, and NothingToProbe for a
    ticket without an endpoint. Whoever asks pays: the run is charged to their budget.
    """
    with transaction.atomic():
        ticket = _taken_in_turns(ticket_id)
        if same := _already_asked(ticket, builds_on, plan, asked_by):
            return same
        latest = ticket.investigations.order_by("-pk")[0]
        if not latest.is_concluded:
            raise FurtherRefused("still_running")
        if latest.pk != builds_on:
            raise FurtherRefused("newer_verdict")
        if plan.worst_case > at_most:
            raise FurtherRefused("costs_more")
        if ticket.endpoint is None:
            raise NothingToProbe("no_endpoint")
        run = create_run(endpoint=ticket.endpoint, plan=plan, requested_by=asked_by, now=now)
        investigation = Investigation.objects.create(ticket=ticket, builds_on=latest, run=run, created_at=now)
        enqueue(investigation.pk)
    return investigation


def _taken_in_turns(ticket_id: int) -> Ticket:
    """The ticket, locked: a form that is sent twice at once must find what the first one made."""
    locked = Ticket.objects.select_related("endpoint").select_for_update(of=("self",), no_key=True)
    return locked.get(pk=ticket_id)


def _already_asked(ticket: Ticket, builds_on: int, plan: Plan, asked_by: User) -> Investigation | None:
    """What the same person asked for on top of the same verdict: the same form, sent again."""
    followers = ticket.investigations.filter(
        builds_on_id=builds_on, run__requested_by=asked_by, run__plan=plan.as_dict()
    )
    return followers.order_by("pk").first()
