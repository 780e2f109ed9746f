"""Investigations brought to one moment of their life each, and held there until they are let go."""

import itertools
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import UTC, datetime

import psycopg
from django.db import connection
from django.db.models import Model

from probes.lab.server import Lab
from probes.runs.models import Run, Spend
from tests.journeys.desk import await_that, file_ticket, lab_endpoint
from tests.journeys.gate import Enough, Gate, half_a_body, nothing, some_events
from triage.tickets.models import Investigation
from triage.tickets.tasks import investigate

_numbers = itertools.count(1)

Row = Callable[[Investigation], Model]


def _run(investigation: Investigation) -> Model:
    return Run.objects.get(pk=investigation.run_id)


def _control(investigation: Investigation) -> Model:
    return investigation.run.attempts.get(step="control")


def _stream(investigation: Investigation) -> Model:
    return investigation.run.attempts.get(step="stream")


def spend(investigation: Investigation) -> Model:
    """What reserving and settling have to write to."""
    scope, today = f"endpoint:{investigation.run.endpoint_id}", datetime.now(UTC).date()
    return Spend.objects.get_or_create(scope=scope, day=today)[0]


def _itself(investigation: Investigation) -> Model:
    return investigation


@dataclass(frozen=True)
class Moment:
    """Held by a gate that keeps the answer to the `nth` request back, or by a `row` that cannot be written.

    With both, the gate is where the row is locked, and opens again.
    """

    name: str
    nth: int = 0
    shut: Enough = nothing
    row: Row | None = None
    rings: bool = True
    ends: bool = False


MOMENTS = (
    Moment("message lost", rings=False),
    Moment("control sent, no answer yet", nth=1),
    Moment("mid-control", nth=1, shut=half_a_body),
    Moment("stream sent, no answer yet", nth=2),
    Moment("mid-stream", nth=2, shut=some_events),
    Moment("concluded, not acknowledged", ends=True),
    # Rows of attempts last: the live page of all runs waits for such a lock as well.
    Moment("before the claim", row=_run),
    Moment("claimed, budget not reserved", row=spend),
    Moment("all sent, run not ended", nth=2, shut=some_events, row=spend),
    Moment("run ended, not concluded", nth=2, shut=some_events, row=_itself),
    Moment("connected, sending not committed", row=_control),
    Moment("between control and stream", row=_stream),
    Moment("last byte read, not written down", nth=2, shut=some_events, row=_stream),
)


class Held:
    """One investigation at one moment, at an endpoint, with money and under a model name of its own."""

    def __init__(self, moment: Moment, lab: Lab) -> None:
        number = next(_numbers)
        self.moment, self.model = moment, f"ok:{number}"
        self.gate = Gate(lab.port, nth=moment.nth, shut=moment.shut)
        lab_endpoint(
            lab,
            slug=f"gate-{number}",
            base_url=f"http://127.0.0.1:{self.gate.port}/v1",
            allow_addresses=[f"127.0.0.1:{self.gate.port}"],
            currency=f"X{chr(65 + number // 26 % 26)}{chr(65 + number % 26)}",
        )
        self.investigation = file_ticket(endpoint=f"gate-{number}", model=self.model, enqueue=lambda _: None)
        self._lock: RowLock | None = None

    def reach(self) -> None:
        """Go on to the moment; returns once it is reached."""
        if self.moment.row and not self.moment.nth:
            self.lock(self.moment.row)
        if self.moment.rings:
            investigate.delay(self.investigation.pk)
        if self.moment.nth:
            await_that(self.gate.holding.is_set, self.moment.name)
        if self.moment.nth and self.moment.row:
            self.lock(self.moment.row)
            self.gate.open()
        if self._lock:
            await_that(lambda: self._lock.blocks_somebody, self.moment.name)
        if self.moment.ends:
            await_that(lambda: self.is_concluded, self.moment.name)

    def lock(self, row: Row) -> "RowLock":
        """Hold it there by this row, from now on."""
        self._lock = RowLock(row(self.investigation))
        return self._lock

    def let_go(self) -> None:
        if self._lock:
            self._lock.release()
        self.gate.open()

    def close(self) -> None:
        """Leave no lock on a row that the next test empties."""
        self.let_go()
        self.gate.close()

    @property
    def is_concluded(self) -> bool:
        return Investigation.objects.get(pk=self.investigation.pk).is_concluded


class RowLock:
    """A row that nobody else can write, from a connection of its own; a server that goes away frees it."""

    def __init__(self, row: Model) -> None:
        settings = connection.settings_dict
        self._connection = psycopg.connect(
            dbname=settings["NAME"], host=settings["OPTIONS"]["host"], user="postgres"
        )
        self._connection.execute(f"SELECT 1 FROM {row._meta.db_table} WHERE id = %s FOR UPDATE", [row.pk])
        self._pid = self._connection.info.backend_pid

    @property
    def blocks_somebody(self) -> bool:
        with connection.cursor() as cursor:
            cursor.execute(
                "SELECT bool_or(%s = ANY(pg_blocking_pids(pid))) FROM pg_stat_activity", [self._pid]
            )
            return bool(cursor.fetchone()[0])

    def release(self) -> None:
        self._connection.close()


@contextmanager
def holding(moments: Sequence[Moment], lab: Lab) -> Iterator[list[Held]]:
    """One investigation per moment, all of them there at the same time."""
    held: list[Held] = []
    try:
        for moment in moments:
            held.append(Held(moment, lab))
            held[-1].reach()
        yield held
    finally:
        for each in held:
            each.close()
