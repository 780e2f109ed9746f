"""Keeps the leases of the runs that this process is working on."""

import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta

from django.utils import timezone

from probes.runs.connection import let_go
from probes.runs.models import LEASE, Run

_RENEW_EVERY_S = LEASE / timedelta(seconds=1) / 4


class LeaseKeeper:
    """One thread renews all leases of a process, however many runs wait on the network."""

    def __init__(self) -> None:
        self._held: set[int] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def keeping(self, run: Run) -> Iterator[None]:
        with self._lock:
            self._held.add(run.pk)
            if self._thread is None:
                self._thread = threading.Thread(target=self._renew_until_idle, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(run.pk)
                if not self._held:
                    self._wake.set()

    def _renew_until_idle(self) -> None:
        while not self._is_idle():
            if not self._wake.wait(_RENEW_EVERY_S):
                self._renew()

    def _is_idle(self) -> bool:
        with self._lock:
            self._wake.clear()
            if not self._held:
                self._thread = None
            return not self._held

    def _renew(self) -> None:
        with self._lock:
            held = list(self._held)
        running = Run.objects.filter(pk__in=held, state=Run.State.RUNNING)
        running.update(lease_until=timezone.now() + LEASE)
        let_go()


KEEPER = LeaseKeeper()
