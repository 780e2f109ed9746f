"""The doorbells of runs that no ticket asks for: replays and baselines. Only ids travel."""

from datetime import timedelta

from celery import shared_task
from django.conf import settings
from django.utils import timezone

from probes.runs.actions.perform_run import perform_run
from probes.runs.baselines import queue_due
from probes.runs.connection import let_go
from probes.runs.models import Run
from triage.tickets.tasks import is_stopping, ring_when_committed

_MOST_AT_ONCE = 100


@shared_task(name="triage.carry_out", ignore_result=True)
def carry_out(run_id: int) -> None:
    """A second delivery finds the run claimed and does nothing."""
    if is_stopping():
        return
    try:
        perform_run(run_id, clock=timezone.now)
    finally:
        let_go()


def ring_run(run_id: int) -> None:
    """Call a worker once the run is committed. When the broker is away, `ring_again` makes up for it."""
    ring_when_committed(carry_out, run_id)


@shared_task(name="triage.queue_baselines", ignore_result=True)
def queue_baselines() -> None:
    """On beat: one run for each baseline that is due."""
    queue_due(now=timezone.now(), enqueue=ring_run)


@shared_task(name="triage.ring_again", ignore_result=True)
def ring_again() -> None:
    """On beat: what waits without a worker for longer than a message takes is rung for again."""
    patience = timedelta(seconds=settings.QUEUE_PATIENCE_S)
    for run_id in Run.objects.waiting_alone(since=timezone.now() - patience)[:_MOST_AT_ONCE]:
        carry_out.delay(run_id)
