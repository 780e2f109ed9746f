"""Hundreds of streams that fell silent, all held by one worker."""

from decimal import Decimal
from pathlib import Path

from django.db import connection

from probes.lab.server import Lab
from probes.runs.models import Attempt
from tests.journeys.desk import await_that, file_ticket, lab_endpoint
from tests.supervision.worker import Worker

SILENT = "stall_mid:300"
HEALTHY = "ok"
# A crowd is no user: nothing here may be refused for its number.
NO_LIMITS = {"PROBE_BUDGET_PER_DAY": "10000", "PROBE_BUDGET_PER_USER_DAY": "10000"}
_GATHERS_WITHIN_S = 120.0


def crowd_worker(log: Path, size: int) -> Worker:
    return Worker(log, concurrency=size + 20, **NO_LIMITS)


def open_endpoints(lab: Lab) -> None:
    """One that falls silent and one that answers: a breaker of the first is no business of the second."""
    patient = {"first_byte_s": 300, "idle_s": 300, "total_s": 300}
    rich = {"daily_budget": Decimal(10000), "requests_per_minute": 6000}
    lab_endpoint(lab, slug="silent", **patient, **rich)
    lab_endpoint(lab, slug="healthy", **rich)


def gather(size: int, lab: Lab) -> None:
    """File so many tickets; returns once every one of them has sent its stream."""
    before = lab.counters.posts(model=SILENT)
    for _ in range(size):
        file_ticket(endpoint="silent", model=SILENT)
    sent = before + 2 * size
    await_that(lambda: lab.counters.posts(model=SILENT) >= sent, "all streams", within_s=_GATHERS_WITHIN_S)
    waiting = Attempt.objects.filter(step="stream", state=Attempt.State.SENDING)
    await_that(lambda: waiting.count() >= size, "all streams to be held")


def database_connections() -> int:
    """All that PostgreSQL serves now, but for the one that asks."""
    with connection.cursor() as cursor:
        cursor.execute(
            "SELECT count(*) FROM pg_stat_activity"
            " WHERE backend_type = 'client backend' AND pid <> pg_backend_pid()"
        )
        return int(cursor.fetchone()[0])
