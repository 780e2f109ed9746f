"""An import whose worker, database or queue dies half-way: nothing half-written, and the rerun finishes."""

import signal
from collections.abc import Callable, Iterator
from contextlib import contextmanager, suppress
from threading import Thread

import pytest
import redis
from django.db import Error, connection
from django.utils import timezone

from tests.journeys.desk import await_that
from tests.journeys.faults import restart_postgres
from tests.supervision.worker import Worker
from tests.triage.charges.uploads import ROW, counts, file_of
from triage.charges.actions.begin_upload import begin_upload
from triage.charges.actions.commit_import import commit_import
from triage.charges.actions.undo_import import undo_import
from triage.charges.models import Charge, ChargeImport, ImportState, RejectedRow, SealedChunk
from triage.charges.tasks import ring_committer, ring_reader

pytestmark = pytest.mark.slow

ROWS = 24_000  # more than are merged at once
LATE = "c23000"
CONTENT = file_of(*(ROW.replace("c1", f"c{number}") for number in range(ROWS)), ROW.replace("0.9", "much"))
TAKEN_IN = {"read": ROWS + 1, "new": ROWS, "rejected": 1}
HASTE = {"SWEEP_EVERY_S": "1", "LEDGER_SILENCE_S": "1"}

_LATE_ROW = """
INSERT INTO triage_charge (
    source_id, batch_id, charge_id, payload_hash, kind, task_id, task_key, request_id, request_key, account,
    model, key_hint, fingerprint, ref_charge_id, component, amount, currency, occurred_at, row_number, exports
) VALUES (%s, %s, %s, '', 'charge', '', '', '', '', '', '', '', '', '', '', 1, 'USD', now(), 1, 1)
"""
_BLOCKED = "SELECT EXISTS (SELECT FROM pg_stat_activity WHERE %s = ANY(pg_blocking_pids(pid)))"


@pytest.fixture(scope="module")
def own_worker(
    django_db_setup: None, worker_process: Worker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Worker]:
    """It serves every test of this file, with its own beat; the session's worker would take its messages."""
    worker_process.stop()
    folder = tmp_path_factory.mktemp("imports")
    beat = ("--beat", "--schedule", str(folder / "beat"))
    worker = Worker(folder / "ledger.log", *beat, queues="ledger,housekeeping", concurrency=2, **HASTE)
    yield worker
    worker.stop()


@pytest.fixture
def worker(transactional_db: None, own_worker: Worker, redis_url: str) -> Iterator[Worker]:
    with connection.cursor() as cursor:  # tests forget commits faster than a desk does
        cursor.execute(f'ALTER DATABASE "{connection.settings_dict["NAME"]}" SET synchronous_commit = on')
    connection.close()
    with redis.Redis.from_url(redis_url) as client:
        client.flushdb()
    own_worker.ensure_running()
    yield own_worker
    await_that(
        lambda: not ChargeImport.objects.filter(state__in=("reading", "committing")).exists(), "idleness"
    )


def uploaded(name: str = "march.csv") -> ChargeImport:
    return begin_upload(
        source="s",
        file_name=name,
        pieces=[CONTENT],
        declared={},
        by=None,
        now=timezone.now(),
        enqueue=ring_reader,
    )


def confirm(record: ChargeImport) -> None:
    commit_import(record.pk, by=None, now=timezone.now(), enqueue=ring_committer)


def comes_to(record: ChargeImport, state: ImportState) -> ChargeImport:
    reached = ChargeImport.objects.filter(pk=record.pk, state=state)
    await_that(reached.exists, f"state {state}", within_s=60)
    return reached.get()


@contextmanager
def holding_up(statement: str, *parameters: object) -> Iterator[Callable[[], bool]]:
    """A transaction that others must wait for; yields whether one of them does."""
    other = connection.copy()
    other.set_autocommit(False)
    with other.cursor() as cursor:
        cursor.execute("SELECT pg_backend_pid()")
        (pid,) = cursor.fetchone()
        cursor.execute(statement, parameters or None)

    def blocks() -> bool:
        with connection.cursor() as looking:
            looking.execute(_BLOCKED, [pid])
            return bool(looking.fetchone()[0])

    try:
        yield blocks
    finally:
        with suppress(Error):
            other.rollback()
        other.close()


@contextmanager
def half_committed(record: ChargeImport) -> Iterator[None]:
    """Thousands of rows are in, and the next has an id that somebody else may be about to use."""
    with holding_up(_LATE_ROW, record.source_id, record.pk, LATE) as blocks:
        confirm(record)
        await_that(blocks, "the import to reach the late row")
        yield


def kill(worker: Worker) -> None:
    worker.kill()


def restart_the_database(worker: Worker) -> None:
    restart_postgres(signal.SIGQUIT)


FAULTS = pytest.mark.parametrize("strike", [kill, restart_the_database])


@FAULTS
def test_reading_that_breaks_off_leaves_nothing_and_is_done_again(strike, worker: Worker):
    with holding_up("LOCK TABLE triage_charge IN ACCESS EXCLUSIVE MODE") as blocks:
        record = uploaded()
        await_that(blocks, "the reader to need the ledger")
        strike(worker)

    assert not RejectedRow.objects.exists()
    worker.ensure_running()
    assert counts(comes_to(record, ImportState.PREVIEW)) == TAKEN_IN
    assert RejectedRow.objects.count() == 1
    assert not Charge.objects.exists()


@FAULTS
def test_a_commit_that_breaks_off_leaves_nothing_and_is_done_again(strike, worker: Worker):
    record = comes_to(uploaded(), ImportState.PREVIEW)
    with half_committed(record):
        strike(worker)

    if not worker.is_running:
        assert not Charge.objects.exists()
        assert ChargeImport.objects.get().state == ImportState.COMMITTING
    worker.ensure_running()
    assert counts(comes_to(record, ImportState.DONE)) == TAKEN_IN
    assert Charge.objects.count() == ROWS
    assert RejectedRow.objects.count() == 1
    assert not SealedChunk.objects.exists()


def test_a_queue_that_forgot_everything_is_filled_again(worker: Worker, redis_url: str):
    worker.kill()
    record = uploaded()
    with redis.Redis.from_url(redis_url) as client:
        client.flushall()
    worker.ensure_running()

    assert counts(comes_to(record, ImportState.PREVIEW)) == TAKEN_IN


def test_two_uploads_at_once_count_every_row_once(worker: Worker):
    first, second = [comes_to(uploaded(name), ImportState.PREVIEW) for name in ("a.csv", "b.csv")]
    for record in (first, second):
        confirm(record)
    told = sorted(comes_to(record, ImportState.DONE).new for record in (first, second))

    assert told == [0, ROWS]
    assert Charge.objects.count() == ROWS


def test_an_undo_that_breaks_off_leaves_everything(worker: Worker):
    record = comes_to(uploaded(), ImportState.PREVIEW)
    confirm(record)
    comes_to(record, ImportState.DONE)

    def undo() -> None:
        with suppress(Error):
            undo_import(record.pk, by=None, now=timezone.now())
        connection.close()

    undoing = Thread(target=undo)
    with holding_up("SELECT 1 FROM triage_charge WHERE charge_id = %s FOR UPDATE", LATE) as blocks:
        undoing.start()
        await_that(blocks, "the undo to reach the late row")
        restart_postgres(signal.SIGQUIT)
    undoing.join()

    assert Charge.objects.count() == ROWS
    undo_import(record.pk, by=None, now=timezone.now())
    assert not Charge.objects.exists()
