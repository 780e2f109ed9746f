"""Gives a run that nobody works on any more its true end; never sends anything again."""

from collections.abc import Callable
from datetime import datetime
from decimal import Decimal
from functools import partial

from django.db import transaction

from probes.runs.actions.create_run import terms_of
from probes.runs.budget import settle_for
from probes.runs.models import MAX_CLAIMS, NOT_REACHED, WORKER_LOST, Attempt, Run, RunQuerySet
from probes.runs.plan import settled_cost, worst_case_of

_End = Callable[[Run, datetime], None]


def release_run(
    found: RunQuerySet, *, now: datetime, why: str = WORKER_LOST, skip_locked: bool = False
) -> None:
    """End the run that `found` still finds, or queue it again; with `skip_locked`, unless it is in use.

    One that has sent nothing is queued again, one whose attempts all have their end is finished, and one
    that was sending is abandoned: its open attempt is "unknown (possibly billed)", `why` as a code.
    """
    with transaction.atomic():
        held = found.select_related("endpoint").select_for_update(skip_locked=skip_locked, of=("self",))
        run = held.first()
        if run is not None:
            _judge(run, why)(run, now)


def give_up_run(found: RunQuerySet, *, now: datetime) -> None:
    """End the queued run that `found` still finds: nobody will ring for it, and nothing was sent."""
    with transaction.atomic():
        held = found.filter(state=Run.State.QUEUED).select_related("endpoint")
        run = held.select_for_update(skip_locked=True, of=("self",)).first()
        if run is not None:
            _abandon(run, now, why=WORKER_LOST)


def _judge(run: Run, why: str) -> _End:
    states = set(run.attempts.values_list("state", flat=True))
    if states == {Attempt.State.PLANNED} and run.fence < MAX_CLAIMS:
        return _requeue
    if states & {Attempt.State.PLANNED, Attempt.State.SENDING}:
        return partial(_abandon, why=why)
    return _finish


def _requeue(run: Run, now: datetime) -> None:
    settle_for(run, Decimal(0))
    run.state, run.lease_until, run.reserved = Run.State.QUEUED, None, Decimal(0)
    run.save(update_fields=["state", "lease_until", "reserved"])


def _finish(run: Run, now: datetime) -> None:
    _close(run, Run.State.FINISHED, now, spent=_spent(run))


def _abandon(run: Run, now: datetime, *, why: str) -> None:
    spent = _spent(run)
    for attempt in run.attempts.select_for_update().filter(state=Attempt.State.SENDING):
        attempt.state, attempt.finished_at = Attempt.State.UNKNOWN, now
        attempt.facts = attempt.facts | {"skipped": why}
        attempt.save(update_fields=["state", "finished_at", "facts"])
    run.attempts.filter(state=Attempt.State.PLANNED).update(
        state=Attempt.State.SKIPPED, facts={"skipped": NOT_REACHED}, finished_at=now
    )
    _close(run, Run.State.ABANDONED, now, spent=spent)


def _close(run: Run, state: Run.State, now: datetime, *, spent: Decimal) -> None:
    settle_for(run, spent)
    run.state, run.finished_at, run.settled, run.lease_until = state, now, spent, None
    run.save(update_fields=["state", "finished_at", "settled", "lease_until"])


def _spent(run: Run) -> Decimal:
    """What was reported, and the worst case for what was being sent when the worker went.

    Never more than was reserved: an admin may have raised the prices since.
    """
    terms, total = terms_of(run.endpoint), Decimal(0)
    for attempt, step in zip(run.attempts.all(), run.read_plan().steps, strict=True):
        if attempt.state == Attempt.State.DONE:
            total += settled_cost(terms, step, attempt.read_facts())
        elif attempt.state == Attempt.State.SENDING:
            total += worst_case_of(terms, step)
    return min(total, run.reserved)
