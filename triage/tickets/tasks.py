"""The doorbells of the queue: only ids travel."""

import threading
from functools import partial
from typing import Any

from celery import shared_task
from celery.signals import worker_shutting_down
from django.conf import settings
from django.db import transaction
from django.utils import timezone

from probes.runs.actions.stop_runs import stop_runs
from probes.runs.actions.sweep_runs import sweep_runs
from probes.runs.connection import let_go
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.actions.sweep_investigations import sweep_investigations, sweep_orphans

_stopping = threading.Event()


def is_stopping() -> bool:
    """Whether this worker ends: what begins now would only be cut off; the sweep rings again for it."""
    return _stopping.is_set()


@shared_task(name="triage.investigate", ignore_result=True)
def investigate(investigation_id: int) -> None:
    if is_stopping():
        return
    try:
        run_investigation(investigation_id, clock=timezone.now)
    finally:
        let_go()


def ring(investigation_id: int) -> None:
    """Call a worker once the ticket is committed."""
    ring_when_committed(investigate, investigation_id)


def ring_when_committed(doorbell: Any, pk: int) -> None:
    """Send the task once its row can be seen.

    A broker that is away must not fail what was written: PostgreSQL knows it, and the beat rings again.
    """

    def call() -> None:  # no partial: Django names what failed, and a partial has no name
        doorbell.apply_async((pk,), retry=False)

    transaction.on_commit(call, robust=True)


@shared_task(name="triage.sweep", ignore_result=True)
def sweep() -> None:
    """On beat: what lost its worker gets its true end, then its answer."""
    sweep_runs(now=timezone.now())
    sweep_orphans(now=timezone.now())
    sweep_investigations(now=timezone.now(), enqueue=investigate.delay)


@worker_shutting_down.connect
def end_runs(**told: Any) -> None:
    """Celery waits for its threads without a limit, so what they wait for is ended beside it.

    A thread of its own: this is called inside a signal handler, which must not wait for a lock.
    """
    if is_stopping():  # asked again
        return
    _stopping.set()
    stop = partial(stop_runs, grace_s=settings.PROBE_STOP_GRACE_S, clock=timezone.now)
    threading.Thread(target=stop, name="stopping").start()
