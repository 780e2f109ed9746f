"""A real Celery worker process, on the database that the tests use."""

import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

from django.db import connection

from triage.embedded import ROOT
from triage.supervision.supervisor import follow_parent

START_TIMEOUT_S = 30
EVERY_QUEUE = "probe,ledger,housekeeping"
_CELERY = (sys.executable, "-m", "celery", "--quiet", "-A", "triage.celery", "worker")
_QUIET_BUS = ("--without-gossip", "--without-mingle", "--without-heartbeat", "-l", "INFO")


class Worker:
    """One process, by default for every queue. `kill` is for tests of what a dead worker leaves behind."""

    def __init__(
        self,
        log: Path,
        *options: str,
        queues: str = EVERY_QUEUE,
        pool: str = "threads",
        concurrency: int = 20,
        **environment: str,
    ) -> None:
        self.log, self.name = log, f"{log.stem}@"
        self._command = [
            *(*_CELERY, "-Q", queues, "--pool", pool, "--concurrency", str(concurrency)),
            *("-n", f"{self.name}%h", *_QUIET_BUS, *options),
        ]
        self._environment = environment
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def pid(self) -> int:
        assert self._process is not None
        return self._process.pid

    @property
    def is_running(self) -> bool:
        return self._process is not None and self._process.poll() is None

    def ensure_running(self) -> None:
        if not self.is_running:
            self.start()
            self.await_ready()

    def start(self) -> None:
        """Begin to start it; `await_ready` waits until it serves."""
        with self.log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command,
                cwd=ROOT,
                env={**os.environ, "DATABASE_URL": _database_url(), "DESK_HTTPS": "0", **self._environment},
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                preexec_fn=follow_parent(signal.SIGKILL),
            )

    def await_ready(self) -> None:
        deadline = time.monotonic() + START_TIMEOUT_S
        while "ready." not in (said := self.log.read_text()):
            assert self.is_running and time.monotonic() < deadline, said
            time.sleep(0.05)

    def signal(self, number: signal.Signals) -> None:
        os.kill(self.pid, number)

    def kill(self) -> None:
        """End it without warning, with its own beat, if it has one."""
        children = Path(f"/proc/{self.pid}/task/{self.pid}/children").read_text().split()
        self.signal(signal.SIGKILL)
        for child in map(int, children):
            with suppress(ProcessLookupError):
                os.kill(child, signal.SIGKILL)
        self._process.wait()

    def stop(self, within_s: float = 3) -> float:
        """Ask it to stop, and kill it when it takes longer; returns the seconds that it took."""
        if not self.is_running:
            return 0.0
        self._process.terminate()
        return self.await_end(within_s)

    def await_end(self, within_s: float) -> float:
        """Seconds until it has ended by itself; after `within_s` it is killed."""
        started = time.monotonic()
        try:
            self._process.wait(timeout=within_s)
        except subprocess.TimeoutExpired:
            self.kill()
        return time.monotonic() - started


def _database_url() -> str:
    settings = connection.settings_dict
    return f"postgresql://postgres@/{settings['NAME']}?host={settings['OPTIONS']['host']}"
