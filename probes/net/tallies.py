"""Counts that all processes share: each adds what it counted to Redis every few seconds.

Nobody waits for it, and whoever counts never fails by it: while Redis is away the counts wait in the process,
a killed process loses its last seconds, and an emptied Redis starts from zero, which Prometheus expects of
counters. What must be right to the last one is counted in PostgreSQL instead.
"""

import atexit
import json
import os
import threading
from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping

from django.conf import settings
from redis import RedisError

from probes.net.quick_redis import quick_redis

EVERY_S = 5.0
SECONDS = (0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1.0, 2.5, 5.0, 10.0, 30.0, 60.0, 120.0)
"""Upper bounds of the buckets of durations, in seconds; one more holds what is longer."""
SUM = "sum"
_KEY = "tallies"  # a hash: JSON list of a name and its labels -> number

Tally = tuple[str, ...]
"""A name and the values of its labels; of a duration also the bucket's number, or `SUM`."""


class Tallies:
    """What this process has counted and not yet added."""

    def __init__(self) -> None:
        self.forget()

    def forget(self) -> None:
        """Also for a forked child: what the parent counted, the parent adds."""
        self._lock = threading.Lock()
        self._pending: Counter[Tally] = Counter()
        self._adding: threading.Thread | None = None

    def count(self, name: str, *labels: str) -> None:
        self._add({(name, *labels): 1.0})

    def observe(self, name: str, *labels: str, seconds: float) -> None:
        """One duration, into its bucket."""
        bucket = str(bisect_left(SECONDS, seconds))
        self._add({(name, *labels, bucket): 1.0, (name, *labels, SUM): seconds})

    def flush(self) -> None:
        """Add everything now, or keep it for the next time."""
        with self._lock:
            pending, self._pending = self._pending, Counter()
        if not pending:
            return
        try:
            _add_to_redis(pending)
        except (RedisError, ValueError):
            with self._lock:
                self._pending.update(pending)

    def _add(self, counts: Mapping[Tally, float]) -> None:
        with self._lock:
            self._pending.update(counts)
            if self._adding is None:
                self._adding = threading.Thread(target=self._add_for_ever, name="tallies", daemon=True)
                self._adding.start()

    def _add_for_ever(self) -> None:
        pause = threading.Event()
        while not pause.wait(EVERY_S):
            self.flush()


def read_tallies() -> dict[Tally, float]:
    """What all processes added. Raises RedisError."""
    counted: dict[bytes, bytes] = quick_redis(settings.REDIS_URL).hgetall(_KEY)  # type: ignore[assignment]
    return {tuple(json.loads(tally)): float(number) for tally, number in counted.items()}


def _add_to_redis(pending: Mapping[Tally, float]) -> None:
    with quick_redis(settings.REDIS_URL).pipeline(transaction=True) as pipe:
        for tally, number in pending.items():
            pipe.hincrbyfloat(_KEY, json.dumps(tally), number)
        pipe.execute()


TALLIES = Tallies()
atexit.register(TALLIES.flush)
if hasattr(os, "register_at_fork"):
    os.register_at_fork(after_in_child=TALLIES.forget)
