"""Sends the plan of a run again: a run of its own that knows which one it replays."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from probes.runs.actions.create_run import create_run
from probes.runs.models import Run
from triage.tickets.offer import Quote


class ReplayRefused(Exception):
    """Not now; `code` is still_running, costs_more, or that of the budget or stop that would refuse it."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def replay_run(
    *,
    run_id: int,
    shown_after: int,
    quote: Quote,
    at_most: Decimal,
    asked_by: User,
    now: datetime,
    enqueue: Callable[[int], object],
) -> Run:
    """Queue the quoted plan as a replay of `run_id`, once, however often the same form is sent.

    `shown_after` is the newest replay that the form knew of, `at_most` the amount that the person agreed to.
    Whoever asks pays. The ticket's verdict stays: a replay is judged by itself. Raises ReplayRefused.
    """
    with transaction.atomic():
        run = _taken_in_turns(run_id)
        if same := _already_asked(run, shown_after, quote, asked_by):
            return same
        if not run.is_finished:
            raise ReplayRefused("still_running")
        if quote.plan.worst_case > at_most:
            raise ReplayRefused("costs_more")
        if quote.refusal:
            raise ReplayRefused(quote.refusal)
        replay = create_run(
            endpoint=run.endpoint,
            plan=quote.plan,
            requested_by=asked_by,
            now=now,
            purpose=Run.Purpose.REPLAY,
            replay_of=run,
        )
        enqueue(replay.pk)
    return replay


def _taken_in_turns(run_id: int) -> Run:
    """The run, locked: a form that is sent twice at once must find what the first one made."""
    locked = Run.objects.select_related("endpoint").select_for_update(of=("self",), no_key=True)
    return locked.get(pk=run_id)


def _already_asked(run: Run, shown_after: int, quote: Quote, asked_by: User) -> Run | None:
    """What the same person asked for since the form was shown: the same form, sent again."""
    since = run.replays.filter(pk__gt=shown_after, requested_by=asked_by, plan=quote.plan.as_dict())
    return since.order_by("pk").first()
