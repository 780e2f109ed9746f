"""The processes that make up a running desk on one machine."""

import signal
import sys
from collections.abc import Mapping
from pathlib import Path

from triage.supervision.supervisor import Program

_CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "triage.celery")
_QUIET_BUS = ("--without-gossip", "--without-mingle", "--without-heartbeat")
# Celery warns a person who starts it as root by hand; here the whole desk was started that way on purpose.
_NO_ROOT_WARNING = {"PYTHONWARNINGS": "ignore:You're running the worker with superuser privileges"}
# What the sweep does every few seconds would bury everything else.
_QUIET_TASKS = {"TASK_LOG_LEVEL": "WARNING"}


def desk_programs(*, root: Path, var: Path, port: int, lab_port: int, probes: int) -> list[Program]:
    """Web, three workers, beat and the lab; `probes` is how many probes may wait on the network at once."""
    return [
        _web(root, port),
        _worker(root, name="worker", queues="probe", threads=probes, environment=_NO_ROOT_WARNING),
        # Taking in a ledger takes minutes of computing: beside it nothing else would get its turn.
        _worker(root, name="ledger", queues="ledger", threads=2, environment=_NO_ROOT_WARNING),
        _worker(
            root,
            name="chores",
            queues="housekeeping",
            threads=2,
            environment=_NO_ROOT_WARNING | _QUIET_TASKS,
        ),
        Program(
            name="beat",
            command=[
                *_CELERY,
                "beat",
                "--pidfile=",
                "--schedule",
                str(var / "beat-schedule"),
                "--loglevel",
                "WARNING",
            ],
            folder=root,
        ),
        Program(
            name="lab",
            command=[sys.executable, str(root / "manage.py"), "lab", "--port", str(lab_port)],
            folder=root,
        ),
    ]


def _web(root: Path, port: int) -> Program:
    return Program(
        name="web",
        command=[sys.executable, "-m", "gunicorn", "triage.wsgi", "--bind", f"127.0.0.1:{port}"],
        environment={"CONN_MAX_AGE": "60"},
        folder=root,
        orphan_signal=signal.SIGTERM,  # the master takes its own children along
        ready_line="Booting worker",
    )


def _worker(root: Path, *, name: str, queues: str, threads: int, environment: Mapping[str, str]) -> Program:
    pool = ("--pool", "threads", "--concurrency", str(threads))
    return Program(
        name=name,
        command=[
            *_CELERY,
            "worker",
            "-Q",
            queues,
            "-n",
            f"{name}@%h",
            *pool,
            *_QUIET_BUS,
            "--loglevel",
            "INFO",
        ],
        environment=environment,
        folder=root,
        ready_line="ready.",
    )
