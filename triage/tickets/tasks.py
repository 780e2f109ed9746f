"""The doorbells of the queue: only ids travel."""

from functools import partial

from celery import shared_task
from django.db import transaction
from django.utils import timezone

from probes.runs.actions.sweep_runs import sweep_runs
from probes.runs.connection import let_go
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.actions.sweep_investigations import sweep_investigations


@shared_task(name="triage.investigate", ignore_result=True)
def investigate(investigation_id: int) -> None:
    try:
        run_investigation(investigation_id, clock=timezone.now)
    finally:
        let_go()


def ring(investigation_id: int) -> None:
    """Call a worker once the ticket is committed.

    A broker that is away must not fail the filing: PostgreSQL knows the run, and the sweep rings again.
    """
    call = partial(investigate.apply_async, (investigation_id,), retry=False)
    transaction.on_commit(call, robust=True)


@shared_task(name="triage.sweep", ignore_result=True)
def sweep() -> None:
    """On beat: what lost its worker gets its true end, then its answer."""
    sweep_runs(now=timezone.now())
    sweep_investigations(now=timezone.now(), enqueue=investigate.delay)
