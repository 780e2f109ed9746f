"""Rings again for investigations that no worker is busy with; PostgreSQL knows, the broker may not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.conf import settings
from django.db.models import Q

from probes.runs.actions.release_run import give_up_run
from probes.runs.models import CARRIED_OUT_ALONE, Run
from triage.tickets.models import Investigation

_MOST_AT_ONCE = 500  # a long queue is no loss: ringing for all of it each time would flood the broker
_ENDED = (Run.State.FINISHED, Run.State.REFUSED, Run.State.ABANDONED)


def sweep_investigations(
    *, now: datetime, enqueue: Callable[[int], object], at_most: int = _MOST_AT_ONCE
) -> int:
    """Enqueue what waits without a worker, the oldest first; returns how many. Ringing twice does no harm."""
    forgotten = Q(run__state=Run.State.QUEUED, run__queued_at__lt=now - _grace())
    nothing_left_to_send = Q(run__state__in=_ENDED) | Q(run__isnull=True, created_at__lt=now - _grace())
    waiting = Investigation.objects.open().filter(forgotten | nothing_left_to_send).order_by("pk")
    rung = waiting.values_list("pk", flat=True)[:at_most]
    for investigation_id in rung:
        enqueue(investigation_id)
    return len(rung)


def sweep_orphans(*, now: datetime) -> None:
    """End queued runs that belong to no ticket: whoever was to carry them out, at a terminal, is gone.

    Replays and baselines belong to none either; a worker carries them out, and is rung for again.
    """
    waiting = Run.objects.filter(
        state=Run.State.QUEUED, investigation__isnull=True, queued_at__lt=now - _grace()
    ).exclude(purpose__in=CARRIED_OUT_ALONE)
    for run_id in waiting.values_list("pk", flat=True):
        give_up_run(waiting.filter(pk=run_id), now=now)


def _grace() -> timedelta:
    """A message that young may still be on its way."""
    return timedelta(seconds=settings.QUEUE_PATIENCE_S)
