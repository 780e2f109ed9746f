"""When each queue was last consumed: a task that the beat sends to every one of them writes the time down.

A worker may be up and take nothing. That a message went the whole way, from beat through Redis into a worker
that had a thread free for it, is what "consuming" means here.
"""

from dataclasses import dataclass
from typing import Any

from celery import shared_task
from django.conf import settings
from redis import RedisError

from probes.net.quick_redis import quick_redis

NAME = "triage.heartbeat"
_KEY = "heartbeat"  # a hash: name of the queue -> seconds since 1970, by Redis' own clock


@dataclass(frozen=True, slots=True)
class Beat:
    """When a queue was last consumed: seconds since 1970 and seconds ago; None: never since Redis forgot."""

    queue: str
    at: float | None
    age_s: float | None

    @property
    def is_fresh(self) -> bool:
        return self.age_s is not None and self.age_s <= settings.HEARTBEAT_STALE_S


@shared_task(name=NAME, bind=True, ignore_result=True)
def heartbeat(self: Any) -> None:
    """On beat, once for each queue: the queue it came by was consumed just now."""
    note_beat(self.request.delivery_info["routing_key"])


def note_beat(queue: str) -> None:
    """All times are Redis' own: the clocks of workers may differ by hours. Raises RedisError."""
    redis = quick_redis(settings.REDIS_URL)
    redis.hset(_KEY, queue, _now())


def beats() -> list[Beat]:
    """One for each queue of the desk, in their settings' order. Raises RedisError."""
    redis = quick_redis(settings.REDIS_URL)
    seen: dict[bytes, bytes] = redis.hgetall(_KEY)  # type: ignore[assignment]
    now = _now()
    return [_beat(queue, seen.get(queue.encode()), now) for queue in settings.CELERY_TASK_QUEUES]


def beats_if_redis_answers() -> list[Beat] | None:
    try:
        return beats()
    except (RedisError, ValueError):
        return None


def _beat(queue: str, noted: bytes | None, now: float) -> Beat:
    at = float(noted) if noted else None
    return Beat(queue, at, max(now - at, 0.0) if at is not None else None)


def _now() -> float:
    seconds, micros = quick_redis(settings.REDIS_URL).time()
    return float(seconds) + float(micros) / 1e6
