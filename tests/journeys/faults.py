"""What can happen to a desk. A fault strikes while investigations are held, and returns when it is over."""

import os
import signal
from collections.abc import Callable, Sequence
from dataclasses import dataclass
from pathlib import Path

import redis
from django.db import OperationalError, connection

from probes.lab.server import Lab
from tests.journeys.desk import await_that
from tests.journeys.moments import Held
from tests.supervision.worker import Worker
from triage.celery import app as celery
from triage.supervision.supervisor import QUICK_DEATH_S
from triage.tickets.tasks import investigate

# Seconds, so that a whole matrix takes a minute or two; the defaults are in triage/settings.py.
HASTE = {
    "PROBE_LEASE_S": "3",
    "SWEEP_EVERY_S": "1",
    "QUEUE_PATIENCE_S": "2",
    "PROBE_STOP_GRACE_S": "1",
    "IDLE_IN_TRANSACTION_S": "2",
    "BROKER_RESTORE_EVERY_S": "1",
}
STOPS_WITHIN_S = 8.0
UNHARMED = "done 1+1"
NOT_PACED = ("refused 0+0", "done 1+0")  # what is not sent while nobody can be asked whether it may be


@dataclass
class Desk:
    """The processes of a desk: a worker to strike at, a second one, and one that sweeps, with its beat."""

    prober: Worker
    second: Worker
    chores: Worker
    lab: Lab
    redis: "redis.Redis"

    @classmethod
    def set_up(cls, folder: Path, lab: Lab, redis_url: str) -> "Desk":
        beat = ("--beat", "--schedule", str(folder / "beat"))
        return cls(
            prober=Worker(folder / "prober.log", queues="probe", concurrency=60, **HASTE),
            second=Worker(folder / "second.log", queues="probe", **HASTE),
            chores=Worker(
                folder / "chores.log",
                *beat,
                queues="ledger,housekeeping",
                pool="prefork",
                concurrency=1,
                **HASTE,
            ),
            lab=lab,
            redis=redis.Redis.from_url(redis_url),
        )

    def ensure_running(self) -> None:
        for worker in (self.prober, self.chores):
            if not worker.is_running:
                worker.start()
        for worker in (self.prober, self.chores):
            worker.await_ready()

    def take_down(self) -> None:
        for worker in (self.prober, self.second, self.chores):
            worker.stop()
        self.redis.close()


Strike = Callable[[Desk, Sequence[Held]], None]


@dataclass(frozen=True)
class Fault:
    """`allows`: how runs may end, any true end by default; `spares_worker`: its process goes on."""

    name: str
    strike: Strike
    allows: tuple[str, ...] = ()
    spares_worker: bool = True


def let_all_go(held: Sequence[Held]) -> None:
    for each in held:
        each.let_go()


def delivered_twice(desk: Desk, held: Sequence[Held]) -> None:
    for each in held:
        investigate.delay(each.investigation.pk)
        investigate.delay(each.investigation.pk)


def delivered_a_hundred_times(desk: Desk, held: Sequence[Held]) -> None:
    """In parallel: one process, sixty threads."""
    for each in held:
        if each.moment.name in ("message lost", "mid-stream", "concluded, not acknowledged"):
            for _ in range(100):
                investigate.delay(each.investigation.pk)


def outlasts_visibility(desk: Desk, held: Sequence[Held]) -> None:
    """The broker takes the messages for lost, and hands them out again while the runs go on."""
    impatient = Worker(desk.second.log, queues="probe", BROKER_VISIBILITY_S="1", **HASTE)
    before = _ended_tasks(desk.prober)
    desk.redis.delete("unacked_mutex")  # a worker that was killed while it looked keeps others from looking
    impatient.ensure_running()  # it restores what the first worker has not acknowledged, ten at a time
    try:
        await_that(
            lambda: _ended_tasks(desk.prober) - before + _ended_tasks(impatient) > 0,
            "the answer to a second delivery",
        )
        let_all_go(held)
        _await_conclusions(held)
    finally:
        impatient.stop()


def _ended_tasks(worker: Worker) -> int:
    return worker.log.read_text().count("] succeeded in ")


def killed(desk: Desk, held: Sequence[Held]) -> None:
    desk.prober.kill()
    let_all_go(held)
    desk.prober.ensure_running()


def stopped(desk: Desk, held: Sequence[Held]) -> None:
    """As Ctrl-C of `up` and every deployment do."""
    desk.prober.signal(signal.SIGTERM)
    for each in held:
        if each.moment.row:  # nobody else's lock lasts for ever; an endpoint's silence does
            each.let_go()
    took = desk.prober.await_end(within_s=STOPS_WITHIN_S)
    assert took < STOPS_WITHIN_S, "the worker did not stop within its grace"
    let_all_go(held)
    desk.prober.ensure_running()


def frozen(desk: Desk, held: Sequence[Held]) -> None:
    """Longer than the lease, as a paused machine or a cut network does; then it wakes up and goes on."""
    desk.prober.signal(signal.SIGSTOP)
    let_all_go(held)
    desk.second.ensure_running()
    _await_conclusions(held)
    desk.prober.signal(signal.SIGCONT)
    await_that(lambda: _is_idle(desk.prober), "the woken worker to let go")
    desk.second.stop()


def _is_idle(worker: Worker) -> bool:
    with celery.connection_for_write() as fresh:
        active = celery.control.inspect(timeout=1, connection=fresh).active() or {}
    return any(tasks == [] for name, tasks in active.items() if name.startswith(worker.name))


def kill_the_child(worker: Worker) -> None:
    """The process of a prefork pool that does the work; Celery starts another."""
    with celery.connection_for_write() as fresh:  # pooled ones may be from before a restart of Redis
        stats = celery.control.inspect(timeout=2, connection=fresh).stats() or {}
    for name, told in stats.items():
        if name.startswith(worker.name):
            for child in told["pool"]["processes"]:
                os.kill(child, signal.SIGKILL)


def redis_killed(desk: Desk, held: Sequence[Held]) -> None:
    first = desk.redis.info()["process_id"]
    os.kill(first, signal.SIGKILL)
    await_that(lambda: _redis_pid(desk) not in (0, first), "Redis to come back")


def _redis_pid(desk: Desk) -> int:
    try:
        return int(desk.redis.info()["process_id"])
    except redis.RedisError:
        return 0


def redis_flushed(desk: Desk, held: Sequence[Held]) -> None:
    desk.redis.flushall()


def sockets_dropped(desk: Desk, held: Sequence[Held]) -> None:
    for kind in ("normal", "pubsub"):
        desk.redis.execute_command("CLIENT", "KILL", "TYPE", kind, "SKIPME", "yes")


def postgres_fast(desk: Desk, held: Sequence[Held]) -> None:
    restart_postgres(signal.SIGINT)


def postgres_immediate(desk: Desk, held: Sequence[Held]) -> None:
    """Without a checkpoint, as after a crash: the next start reads the log."""
    restart_postgres(signal.SIGQUIT)


def restart_postgres(how: signal.Signals) -> None:
    """Returns once it answers again; `how` is the signal that its postmaster gets."""
    await_that(_postgres_is_settled, "a PostgreSQL whose end is no quick death to its supervisor")
    with connection.cursor() as cursor:
        cursor.execute("SELECT current_setting('data_directory'), pg_postmaster_start_time()::text")
        folder, started = cursor.fetchone()
    os.kill(int(Path(folder, "postmaster.pid").read_text().splitlines()[0]), how)
    connection.close()
    await_that(lambda: _postgres_start() not in ("", started), "PostgreSQL to come back")


def _postgres_is_settled() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT extract(epoch FROM clock_timestamp() - pg_postmaster_start_time())")
        return bool(cursor.fetchone()[0] > QUICK_DEATH_S)


def _postgres_start() -> str:
    try:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_postmaster_start_time()::text")
            return str(cursor.fetchone()[0])
    except OperationalError:
        connection.close()
        return ""


def _await_conclusions(held: Sequence[Held]) -> None:
    await_that(lambda: all(each.is_concluded for each in held), "every verdict")


FAULTS = (
    Fault("message delivered twice more", delivered_twice, allows=(UNHARMED,)),
    Fault("100 deliveries in parallel", delivered_a_hundred_times, allows=(UNHARMED,)),
    Fault("visibility timeout shorter than the run", outlasts_visibility, allows=(UNHARMED,)),
    Fault("worker killed", killed, spares_worker=False),
    Fault("worker stopped (SIGTERM)", stopped, spares_worker=False),
    Fault("worker frozen beyond its lease", frozen),
    Fault("Redis killed", redis_killed, allows=(UNHARMED, *NOT_PACED)),
    Fault("Redis flushed", redis_flushed, allows=(UNHARMED,)),
    Fault("broker sockets dropped", sockets_dropped, allows=(UNHARMED,)),
    Fault("PostgreSQL restarted, fast", postgres_fast),
    Fault("PostgreSQL restarted, immediate", postgres_immediate),
)
