"""Finds runs whose worker was lost and says what became of them; never sends anything again."""

import logging
from collections.abc import Callable
from datetime import datetime
from decimal import Decimal

from django.db import transaction

from probes.runs.actions.create_run import terms_of
from probes.runs.budget import settle_for
from probes.runs.models import MAX_CLAIMS, NOT_REACHED, Attempt, Run
from probes.runs.plan import settled_cost, worst_case_of

log = logging.getLogger(__name__)


def sweep_runs(*, now: datetime) -> None:
    """Give every lost run its true end.

    A run that had sent nothing is queued again; one that had begun to send is abandoned, its
    open attempt "unknown (possibly billed)".
    """
    for run_id in Run.objects.lost(at=now).values_list("pk", flat=True):
        try:
            _sweep_run(run_id, now)
        except Exception:  # one run that cannot be read must not leave all others without an end
            log.exception("run %s cannot be swept", run_id)


def _sweep_run(run_id: int, now: datetime) -> None:
    with transaction.atomic():
        held = Run.objects.lost(at=now).select_for_update(skip_locked=True, of=("self",))
        run = held.select_related("endpoint").filter(pk=run_id).first()
        if run is not None:
            _judge(run)(run, now)


def _judge(run: Run) -> Callable[[Run, datetime], None]:
    untouched = not run.attempts.exclude(state=Attempt.State.PLANNED).exists()
    return _requeue if untouched and run.fence < MAX_CLAIMS else _abandon


def _requeue(run: Run, now: datetime) -> None:
    settle_for(run, Decimal(0))
    run.state, run.lease_until, run.reserved = Run.State.QUEUED, None, Decimal(0)
    run.save(update_fields=["state", "lease_until", "reserved"])


def _abandon(run: Run, now: datetime) -> None:
    spent = _spent(run)
    run.attempts.filter(state=Attempt.State.SENDING).update(state=Attempt.State.UNKNOWN, finished_at=now)
    run.attempts.filter(state=Attempt.State.PLANNED).update(
        state=Attempt.State.SKIPPED, facts={"skipped": NOT_REACHED}, finished_at=now
    )
    settle_for(run, spent)
    run.state, run.finished_at, run.settled, run.lease_until = Run.State.ABANDONED, now, spent, None
    run.save(update_fields=["state", "finished_at", "settled", "lease_until"])


def _spent(run: Run) -> Decimal:
    """What was reported, and the worst case for what was being sent when the worker went."""
    total = Decimal(0)
    for attempt, step in zip(run.attempts.all(), run.read_plan().steps, strict=True):
        terms = terms_of(run.endpoint, protocol=step.protocol)
        if attempt.state == Attempt.State.DONE:
            total += settled_cost(terms, step, attempt.read_facts())
        elif attempt.state == Attempt.State.SENDING:
            total += worst_case_of(terms, step)
    return total
