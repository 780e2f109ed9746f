"""One background thread that looks after all things of a kind that this process is busy with."""

import logging
import threading
from collections.abc import Callable, Hashable, Iterator
from contextlib import contextmanager
from typing import Generic, TypeVar

from django.db import Error

from probes.runs.connection import let_go

log = logging.getLogger(__name__)

T = TypeVar("T", bound=Hashable)


class Ticker(Generic[T]):
    """Calls `tick` with what is held, every `every_s` seconds, for as long as anything is.

    A tick that fails is followed by the next: without this thread nothing would be looked after any more.
    The thread keeps its connection from tick to tick: it must not queue for one behind those it looks after.
    `name` says in the log what was missed.
    """

    def __init__(self, tick: Callable[[frozenset[T]], None], *, every_s: float, name: str) -> None:
        self._tick, self._every_s, self._name = tick, every_s, name
        self._held: set[T] = set()
        self._lock = threading.Lock()
        self._wake = threading.Event()
        self._thread: threading.Thread | None = None

    @contextmanager
    def holding(self, item: T) -> Iterator[None]:
        with self._lock:
            self._held.add(item)
            if self._thread is None:
                self._thread = threading.Thread(target=self._run_until_idle, name=self._name, daemon=True)
                self._thread.start()
        try:
            yield
        finally:
            with self._lock:
                self._held.discard(item)
                if not self._held:
                    self._wake.set()

    def held(self) -> frozenset[T]:
        with self._lock:
            return frozenset(self._held)

    def tick_now(self) -> None:
        """One tick in the caller's thread, beside the regular ones."""
        self._tick_once()

    def _run_until_idle(self) -> None:
        try:
            while not self._is_idle():
                if not self._wake.wait(self._every_s):
                    self._tick_once()
        finally:
            let_go()

    def _is_idle(self) -> bool:
        with self._lock:
            self._wake.clear()
            if not self._held:
                self._thread = None
            return not self._held

    def _tick_once(self) -> None:
        try:
            self._tick(self.held())
        except Error as error:
            log.warning("%s: the database is away: %s", self._name, type(error).__name__)
            let_go()
        except Exception:
            log.exception("%s: a tick failed", self._name)
