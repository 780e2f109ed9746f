"""Rings again for investigations that no worker is busy with; PostgreSQL knows, the broker may not."""

from collections.abc import Callable
from datetime import datetime, timedelta

from django.db.models import Q

from probes.runs.models import Run
from triage.tickets.models import Investigation

_GRACE = timedelta(seconds=60)  # a message that young may still be on its way
_ENDED = (Run.State.FINISHED, Run.State.REFUSED, Run.State.ABANDONED)


def sweep_investigations(*, now: datetime, enqueue: Callable[[int], object]) -> int:
    """Enqueue what waits without a worker; returns how many. Ringing twice does no harm."""
    forgotten = Q(run__state=Run.State.QUEUED, run__queued_at__lt=now - _GRACE)
    nothing_left_to_send = Q(run__state__in=_ENDED) | Q(run__isnull=True, created_at__lt=now - _GRACE)
    waiting = (
        Investigation.objects.open().filter(forgotten | nothing_left_to_send).values_list("pk", flat=True)
    )
    for investigation_id in waiting:
        enqueue(investigation_id)
    return len(waiting)
