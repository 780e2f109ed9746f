"""A real Celery worker process, on the database that the tests use."""

import os
import signal
import subprocess
import sys
import time
from pathlib import Path

from django.db import connection

from triage.embedded import ROOT
from triage.supervision.supervisor import follow_parent

START_TIMEOUT_S = 30
COMMAND = [
    *(sys.executable, "-m", "celery", "--quiet", "-A", "triage.celery", "worker"),
    *("-Q", "probe,ledger,housekeeping", "--pool", "threads", "--concurrency", "20", "-n", "tests@%h"),
    *("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO"),
]


class Worker:
    """One process for every queue. `kill` is for tests of what a dead worker leaves behind."""

    def __init__(self, log: Path) -> None:
        self.log = log
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    def ensure_running(self) -> None:
        if self._process is None or self._process.poll() is not None:
            self._start()

    def kill(self) -> None:
        """End it without warning, as the kernel would when memory is short."""
        os.kill(self.pid, signal.SIGKILL)
        self._process.wait()

    def stop(self) -> None:
        if self._process is not None and self._process.poll() is None:
            self._process.terminate()
            try:
                self._process.wait(timeout=3)
            except subprocess.TimeoutExpired:
                self.kill()

    def _start(self) -> None:
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                COMMAND,
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": _database_url(), "DESK_HTTPS": "0"},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=follow_parent(signal.SIGKILL),
            )
        self._await_ready()

    def _await_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while "ready." not in (said := self.log.read_text()):
            assert self._process.poll() is None and time.monotonic() < deadline, said
            time.sleep(0.05)


def _database_url() -> str:
    settings = connection.settings_dict
    return f"postgresql://postgres@/{settings['NAME']}?host={settings['OPTIONS']['host']}"
