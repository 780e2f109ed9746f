"""When bytes and events came: reads, bursts and gaps, which is all that shows a buffering hop."""

from collections import deque
from collections.abc import Mapping
from typing import Any

_BURST_MS = 5.0  # reads closer than this were one delivery
_FIRST_BURSTS = 150
_LAST_BURSTS = 50
GAP_EDGES_MS = (10.0, 100.0, 1000.0, 10000.0)


def rounded(value: float | None, digits: int = 1) -> float | None:
    return None if value is None else round(value, digits)


class Bursts:
    """Reads joined into deliveries; of very many the first and the last are kept."""

    def __init__(self) -> None:
        self.count = 0
        self._first: list[tuple[float, int]] = []
        self._last: deque[tuple[float, int]] = deque(maxlen=_LAST_BURSTS)
        self._open: tuple[float, int] | None = None
        self._read_at = 0.0

    def add(self, at_ms: float, size: int) -> None:
        if self._open and at_ms - self._read_at < _BURST_MS:
            self._open = (self._open[0], self._open[1] + size)
        else:
            self._keep_open_one()
            self._open = (round(at_ms, 1), size)
            self.count += 1
        self._read_at = at_ms

    def kept(self) -> tuple[tuple[float, int], ...]:
        """(at_ms, bytes) of each, the one still growing included."""
        return (*self._first, *self._last, *((self._open,) if self._open else ()))

    def _keep_open_one(self) -> None:
        if self._open:
            (self._first if len(self._first) < _FIRST_BURSTS else self._last).append(self._open)


def as_kept_today(facts: Mapping[str, Any]) -> Mapping[str, Any]:
    """Stored facts as `Bursts` would have left them: an older desk kept every delivery, however many."""
    bursts = facts.get("bursts")
    if not isinstance(bursts, list) or len(bursts) <= _FIRST_BURSTS + _LAST_BURSTS + 1:
        return facts
    kept = [*bursts[:_FIRST_BURSTS], *bursts[-_LAST_BURSTS:]]
    return {**facts, "bursts": kept, "burst_count": facts.get("burst_count") or len(bursts)}


class Gaps:
    """Silences between happenings of one kind; before the first there is none."""

    def __init__(self) -> None:
        self.longest_ms: float | None = None
        self.longest_from_ms: float | None = None
        self.longest_after = 0  # happenings before it
        self.histogram = [0] * (len(GAP_EDGES_MS) + 1)
        self._count = 0
        self._last_at: float | None = None

    def add(self, at_ms: float) -> None:
        self.silent_until(at_ms)
        self._last_at = at_ms
        self._count += 1

    def silent_until(self, at_ms: float) -> None:
        """Count the silence up to now, as when the stream ends in it."""
        if self._last_at is None:
            return
        gap = at_ms - self._last_at
        self.histogram[sum(gap >= edge for edge in GAP_EDGES_MS)] += 1
        if self.longest_ms is None or gap > self.longest_ms:
            self.longest_ms, self.longest_from_ms, self.longest_after = gap, self._last_at, self._count

    def facts(self) -> dict[str, Any]:
        """By the names of Facts; nothing before there were two happenings."""
        if self.longest_ms is None:
            return {}
        return {
            "max_gap_ms": rounded(self.longest_ms),
            "max_gap_at_ms": rounded(self.longest_from_ms),
            "max_gap_after": self.longest_after,
            "gap_histogram": tuple(self.histogram),
        }
