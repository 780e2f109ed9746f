"""Keeps the leases of the runs that this process is working on."""

import logging
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import Error
from django.db.models import Q
from django.utils import timezone

from probes.runs.connection import let_go
from probes.runs.models import LEASE, Run

log = logging.getLogger(__name__)

_RENEW_EVERY_S = LEASE / timedelta(seconds=1) / 4


class LeaseKeeper:
    """One thread renews all leases of a process, however many runs wait on the network."""

    def __init__(self, *, renew_every_s: float = _RENEW_EVERY_S) -> None:
        self._every_s = renew_every_s
        self._held: set[tuple[int, int]] = set()  # id and fence: a run may come back while it is let go
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def keeping(self, run: Run) -> Iterator[None]:
        claimed = (run.pk, run.fence)
        with self._lock:
            self._held.add(claimed)
            if self._thread is None:
                self._thread = threading.Thread(target=self._renew_until_idle, name="leases", daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(claimed)
                if not self._held:
                    self._wake.set()

    def _renew_until_idle(self) -> None:
        while not self._is_idle():
            if not self._wake.wait(self._every_s):
                self._renew()

    def _is_idle(self) -> bool:
        with self._lock:
            self._wake.clear()
            if not self._held:
                self._thread = None
            return not self._held

    def _renew(self) -> None:
        """A database that is away is asked again: without this thread every run would be taken for lost."""
        with self._lock:
            ours = reduce(or_, (Q(pk=pk, fence=fence) for pk, fence in self._held), Q(pk__in=()))
        try:
            running = Run.objects.filter(ours, state=Run.State.RUNNING)
            running.update(lease_until=timezone.now() + LEASE)
        except Error as error:
            log.warning("leases were not renewed: %s", type(error).__name__)
        finally:
            let_go()


KEEPER = LeaseKeeper()
