"""What is usual at an endpoint, by the newest baselines of one model: one bounded query."""

import math
from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any, Final

from probes.runs.models import Attempt, Run

WINDOW: Final = timedelta(days=7)
MOST_MEASURED: Final = 400
ENOUGH: Final = 5  # with fewer nobody can say what is usual

_FACTS = (
    *("status", "failure", "connect_ms", "first_byte_ms", "first_content_ms", "last_byte_ms", "total_ms"),
    *("completion_tokens", "events", "body_bytes", "retry_after_s"),
)


@dataclass(frozen=True, slots=True)
class Spread:
    """The values below or at which half, nine in ten and ninety-nine in a hundred lie."""

    p50: float
    p90: float
    p99: float


@dataclass(frozen=True, slots=True, kw_only=True)
class Usual:
    """Durations are milliseconds since the request began; rates are of the time in which text flowed."""

    since: datetime  # of the oldest that counts
    until: datetime
    runs: int
    errors: int  # of them: no answer, a refusal, or one without text
    hints: int  # of them: those that asked to wait
    connect_ms: Spread | None
    first_byte_ms: Spread | None
    first_content_ms: Spread | None
    total_ms: Spread | None
    tokens_per_s: Spread | None  # as reported, else events with text, which is what servers send a token in
    bytes_per_s: Spread | None

    @property
    def error_percent(self) -> int:
        return round(100 * self.errors / self.runs)

    @property
    def is_enough(self) -> bool:
        return self.runs >= ENOUGH


def usual_of(endpoint_id: int, model: str, *, now: datetime) -> Usual | None:
    """By the newest baselines of the last seven days until `now`; None where there are none."""
    rows = (
        Attempt.objects.filter(
            run__endpoint=endpoint_id,
            run__model=model,
            run__purpose=Run.Purpose.BASELINE,
            run__queued_at__range=(now - WINDOW, now),
            state=Attempt.State.DONE,
        )
        .order_by("-run__queued_at")
        .values_list("run__queued_at", *(f"facts__{name}" for name in _FACTS))[:MOST_MEASURED]
    )
    measured = [(at, dict(zip(_FACTS, values, strict=True))) for at, *values in rows]
    if not measured:
        return None
    facts = [seen for _at, seen in measured]
    well = [seen for seen in facts if _is_well(seen)]
    return Usual(
        since=measured[-1][0],
        until=measured[0][0],
        runs=len(facts),
        errors=len(facts) - len(well),
        hints=sum(seen["retry_after_s"] is not None for seen in facts),
        connect_ms=spread_of(seen["connect_ms"] for seen in facts),
        first_byte_ms=spread_of(seen["first_byte_ms"] for seen in well),
        first_content_ms=spread_of(seen["first_content_ms"] for seen in well),
        total_ms=spread_of(seen["total_ms"] for seen in well),
        tokens_per_s=spread_of(_per_s(seen, seen["completion_tokens"] or seen["events"]) for seen in well),
        bytes_per_s=spread_of(_per_s(seen, seen["body_bytes"]) for seen in well),
    )


def spread_of(values: Iterable[float | None]) -> Spread | None:
    """Nearest ranks; values that nobody saw do not count. None without any."""
    seen = sorted(value for value in values if value is not None)
    return Spread(_rank(seen, 50), _rank(seen, 90), _rank(seen, 99)) if seen else None


def _rank(seen: Sequence[float], percent: int) -> float:
    return seen[max(math.ceil(len(seen) * percent / 100), 1) - 1]


def _is_well(seen: dict[str, Any]) -> bool:
    status = seen["status"]
    return (
        seen["failure"] is None
        and status is not None
        and 200 <= status < 300
        and seen["first_content_ms"] is not None
    )


def _per_s(seen: dict[str, Any], amount: float | None) -> float | None:
    """None for what came at once: it tells no speed."""
    first, last = seen["first_content_ms"], seen["last_byte_ms"]
    flowing_ms = (last or 0) - (first or 0)
    return amount * 1000 / flowing_ms if amount and flowing_ms > 0 else None
