"""From when to when a ledger is complete: the imports' spans put together, and the gaps between them."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum
from itertools import pairwise

Span = tuple[datetime, datetime]

# A file says when its first and its last row were, not when its export began and ended. Rows that come by
# chance leave ten times their usual pause between them once in twenty thousand times.
USUAL_PAUSES = 10
LEAST_GAP = timedelta(minutes=15)
MOST_GAP = timedelta(hours=6)  # a longer silence is called a gap even in a ledger with few rows


class Reach(StrEnum):
    """Where a moment lies."""

    COVERED = "covered"
    BEFORE = "before"
    BEYOND = "beyond"
    GAP = "gap"
    NOTHING = "nothing"  # nothing was ever taken in


@dataclass(frozen=True, slots=True)
class Coverage:
    """Spans in order and apart from each other, both ends included. Aware times."""

    spans: tuple[Span, ...] = ()

    @property
    def until(self) -> datetime | None:
        return self.spans[-1][1] if self.spans else None

    @property
    def gaps(self) -> tuple[Span, ...]:
        return tuple((end, start) for (_, end), (start, _) in pairwise(self.spans))

    def at(self, moment: datetime) -> Reach:
        if not self.spans:
            return Reach.NOTHING
        if moment < self.spans[0][0]:
            return Reach.BEFORE
        if moment > self.spans[-1][1]:
            return Reach.BEYOND
        return Reach.GAP if any(start < moment < end for start, end in self.gaps) else Reach.COVERED

    def gaps_within(self, start: datetime, end: datetime) -> tuple[Span, ...]:
        """The gaps that take away something of the time from `start` to `end`."""
        return tuple(gap for gap in self.gaps if gap[0] < end and start < gap[1])

    def holds(self, start: datetime, end: datetime) -> bool:
        """Whether every row from `start` to `end` would be there."""
        return any(first <= start and end <= last for first, last in self.spans)


def coverage_of(spans: Iterable[Span], *, rows: int = 0) -> Coverage:
    """The union of the spans of all imports; `rows` of the ledger say how long a usual pause is."""
    known = sorted(spans)
    merged = _merged(known, timedelta(0))
    covered = sum((end - start for start, end in merged), timedelta(0))
    return Coverage(tuple(_merged(merged, _tolerated(covered, rows))))


def _tolerated(covered: timedelta, rows: int) -> timedelta:
    """The longest pause between two imports that is no gap."""
    usual = covered / rows if rows else timedelta(0)
    return min(max(LEAST_GAP, USUAL_PAUSES * usual), MOST_GAP)


def _merged(spans: Iterable[Span], tolerated: timedelta) -> list[Span]:
    merged: list[Span] = []
    for start, end in spans:
        if merged and start - merged[-1][1] <= tolerated:
            merged[-1] = (merged[-1][0], max(merged[-1][1], end))
        else:
            merged.append((start, end))
    return merged
