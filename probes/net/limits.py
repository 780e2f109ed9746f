"""How long an exchange may take and how much it may read, and the watch that says which limit was reached."""

import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from probes.wire.facts import Failure


@dataclass(frozen=True, slots=True, kw_only=True)
class Deadlines:
    """Seconds. The first three follow one another; `total_s` runs over all."""

    connect_s: float = 10  # resolve, connect and TLS together
    first_byte_s: float = 60  # from the first byte sent to the first byte of the body
    idle_s: float = 30  # between two reads of the body
    total_s: float = 120
    grace_s: float = 2  # how long a server may linger once the caller has enough


@dataclass(frozen=True, slots=True, kw_only=True)
class Caps:
    """What is read at most, counted on the wire after TLS and before anything is decoded."""

    header_bytes: int = 64 * 1024
    body_bytes: int = 2 * 1024 * 1024
    body_reads: int = 20_000


class DeadlinePassed(Exception):
    """A deadline ran out; `failure` names it."""

    def __init__(self, failure: Failure) -> None:
        super().__init__(failure.value)
        self.failure = failure


class CapReached(Exception):
    """The endpoint sends more than the desk reads; `cap` names which of the Caps."""

    def __init__(self, cap: str) -> None:
        super().__init__(cap)
        self.cap = cap


class GraceOver(Exception):
    """The caller has had enough for a while: stop reading, nothing is wrong."""


class Watch:
    """Times one exchange on the monotonic clock, and knows the deadline that comes next."""

    def __init__(self, deadlines: Deadlines) -> None:
        self._deadlines = deadlines
        self._start = time.monotonic()
        self._total = self._start + deadlines.total_s
        self._next: tuple[float, Exception]
        self._arm(deadlines.connect_s, DeadlinePassed(Failure.CONNECT_TIMEOUT))
        self._in_body = self._in_grace = False

    def ms(self) -> float:
        """Milliseconds since the start of the attempt."""
        return round((time.monotonic() - self._start) * 1000, 3)

    def left(self) -> float:
        """Seconds to the next deadline. Raises what that deadline means when it has passed."""
        due, meaning = self._next
        seconds = due - time.monotonic()
        if seconds <= 0:
            raise meaning
        return seconds

    def overrun(self) -> Exception:
        """What the next deadline means, for an operation that waited for as long as `left` said."""
        return self._next[1]

    @contextmanager
    def stopped(self) -> Iterator[None]:
        """The desk is busy with itself: no time of the attempt passes, lest the endpoint seem slow."""
        began = time.monotonic()
        yield
        own = time.monotonic() - began
        self._start += own
        self._total += own

    def sending(self) -> None:
        self._arm(self._deadlines.first_byte_s, DeadlinePassed(Failure.FIRST_BYTE_TIMEOUT))

    def body_began(self) -> None:
        self._in_body = True
        self.read_something()

    def read_something(self) -> None:
        if self._in_body and not self._in_grace:
            self._arm(self._deadlines.idle_s, DeadlinePassed(Failure.IDLE_TIMEOUT))

    def only_grace(self) -> None:
        """From now on a passing deadline, whichever comes first, is no failure."""
        if not self._in_grace:
            self._in_grace = True
            due = time.monotonic() + self._deadlines.grace_s
            self._next = (min(due, self._total), GraceOver())

    def _arm(self, seconds: float, meaning: Exception) -> None:
        due = time.monotonic() + seconds
        total = (self._total, DeadlinePassed(Failure.TOTAL_TIMEOUT))
        self._next = total if self._total < due else (due, meaning)
