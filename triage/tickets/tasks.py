"""The doorbells of the queue: only ids travel."""

from celery import shared_task
from django.db import close_old_connections
from django.utils import timezone

from probes.runs.actions.sweep_runs import sweep_runs
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.actions.sweep_investigations import sweep_investigations


@shared_task(name="triage.investigate", queue="probe", ignore_result=True)
def investigate(investigation_id: int) -> None:
    try:
        run_investigation(investigation_id, clock=timezone.now)
    finally:
        close_old_connections()


@shared_task(name="triage.sweep", queue="housekeeping", ignore_result=True)
def sweep() -> None:
    """On beat: what lost its worker gets its true end, then its answer."""
    sweep_runs(now=timezone.now())
    sweep_investigations(now=timezone.now(), enqueue=investigate.delay)
