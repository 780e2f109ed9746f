"""How the desk itself is, as engineers read it: which queue is consumed, and what waits."""

from dataclasses import dataclass
from datetime import UTC, datetime

from django.conf import settings
from django.db.models import Count, Min
from django.utils.translation import gettext_lazy as _
from redis import RedisError

from probes.runs.halts import present_stop
from probes.runs.models import Run
from triage.heartbeat import Beat, beats
from triage.insights.metrics.shared import queue_lengths
from triage.tickets.models import Investigation

_WORK = {
    "probe": _("probes and their verdicts"),
    "ledger": _("ledgers: reading, importing, fetching"),
    "housekeeping": _("the sweep, which finds what was lost"),
}


@dataclass(frozen=True, slots=True)
class Queue:
    """One queue: what it does, when its checker was last seen, how many messages wait in it."""

    name: str
    work: str
    seen_at: datetime | None
    age_ms: float | None
    is_fresh: bool
    waiting: int


@dataclass(frozen=True, slots=True)
class DeskState:
    """`queues` is None while Redis does not answer."""

    queues: list[Queue] | None
    stale_s: int
    runs_waiting: int
    oldest_run: datetime | None
    unanswered: int
    oldest_unanswered: datetime | None
    is_stopped: bool

    @property
    def is_consuming(self) -> bool:
        return self.queues is not None and all(queue.is_fresh for queue in self.queues)


def desk_state() -> DeskState:
    runs = Run.objects.filter(state=Run.State.QUEUED).aggregate(count=Count("pk"), since=Min("queued_at"))
    open_ones = Investigation.objects.open().aggregate(count=Count("pk"), since=Min("created_at"))
    return DeskState(
        queues=_queues_or_none(),
        stale_s=settings.HEARTBEAT_STALE_S,
        runs_waiting=runs["count"],
        oldest_run=runs["since"],
        unanswered=open_ones["count"],
        oldest_unanswered=open_ones["since"],
        is_stopped=present_stop() is not None,
    )


def _queues_or_none() -> list[Queue] | None:
    try:
        lengths = queue_lengths()
        return [_queue(beat, lengths[beat.queue]) for beat in beats()]
    except (RedisError, ValueError):
        return None


def _queue(beat: Beat, waiting: int) -> Queue:
    return Queue(
        name=beat.queue,
        work=str(_WORK.get(beat.queue, beat.queue)),
        seen_at=datetime.fromtimestamp(beat.at, UTC) if beat.at is not None else None,
        age_ms=beat.age_s * 1000 if beat.age_s is not None else None,
        is_fresh=beat.is_fresh,
        waiting=waiting,
    )
