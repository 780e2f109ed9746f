"""Figures that Redis knows: what waits in the queues, when each was consumed, which breakers are open."""

from collections import Counter
from collections.abc import Iterator

from django.conf import settings
from prometheus_client.metrics_core import Metric

from probes.endpoints.models import Endpoint
from probes.net.quick_redis import quick_redis
from probes.runs.admission import pacer_at
from triage.heartbeat import beats
from triage.insights.metrics.families import MOST_VALUES, OTHER, gauge, with_zeros

STATES = ("open", "half_open")


def shared_figures() -> Iterator[Metric]:
    """Raises RedisError and PacingUnavailable."""
    yield gauge(
        "desk_queue_length",
        "Messages that wait for a worker, by queue.",
        ("queue",),
        {(queue,): length for queue, length in queue_lengths().items()},
    )
    yield gauge(
        "desk_queue_consumed_timestamp_seconds",
        "When a worker last took the beat's message from the queue, since 1970; 0: not as long as Redis"
        " remembers.",
        ("queue",),
        {(beat.queue,): beat.at or 0.0 for beat in beats()},
    )
    yield gauge(
        "desk_breakers",
        "Circuits that are not closed, by endpoint and state.",
        ("endpoint", "state"),
        _breakers(),
    )


def queue_lengths() -> dict[str, int]:
    """How many messages wait in each queue. Raises RedisError."""
    redis = quick_redis(settings.REDIS_URL)
    return {queue: int(redis.llen(queue)) for queue in settings.CELERY_TASK_QUEUES}


def _breakers() -> dict[tuple[str, ...], float]:
    """With a zero for every endpoint whose circuits are all closed."""
    slugs = dict(Endpoint.objects.order_by("pk").values_list("pk", "slug")[:MOST_VALUES])
    found = Counter(
        (_endpoint_of(circuit, slugs), STATES[is_over])
        for circuit, is_over in pacer_at(settings.REDIS_URL).not_closed()
    )
    expected = [(slug, state) for slug in slugs.values() for state in STATES]
    return with_zeros({labels: float(count) for labels, count in found.items()}, expected)


def _endpoint_of(circuit: str, slugs: dict[int, str]) -> str:
    """Circuits begin with the endpoint's number, see probes/runs/circuits.py."""
    number = circuit.partition(":")[0]
    return slugs.get(int(number), OTHER) if number.isdigit() else OTHER
