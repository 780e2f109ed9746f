"""What the figures of operation keep of each attempt: its outcome as one code, its phases, its retry hint."""

from probes.net.tallies import TALLIES
from probes.wire.facts import BodyKind, Facts

ATTEMPTS, SKIPPED, PHASES, RETRY_HINTS = "attempts", "attempts_skipped", "attempt_phases", "retry_hints"
OK = "ok"
# Statuses that are worth a figure of their own; the others are counted by their hundred.
_TELLING = frozenset({400, 401, 402, 403, 404, 408, 413, 422, 429, 500, 502, 503, 504, 520, 522, 524, 529})


def tally_attempt(facts: Facts, *, endpoint: str) -> None:
    TALLIES.count(ATTEMPTS, endpoint, facts.step, outcome_of(facts))
    for phase, ms in _phases(facts).items():
        if ms is not None:
            TALLIES.observe(PHASES, endpoint, phase, seconds=ms / 1000)
    if facts.retry_source:
        TALLIES.count(RETRY_HINTS, facts.retry_source.lower())


def tally_skipped(reason: str) -> None:
    TALLIES.count(SKIPPED, reason)


def outcome_of(facts: Facts) -> str:
    """One of few codes: a `Failure`, http_429, http_5xx …, in_stream_error, no_end_marker or ok."""
    if facts.failure is not None:
        return str(facts.failure)
    if facts.status is None:
        return "no_answer"
    if facts.status >= 300:
        return f"http_{facts.status}" if facts.status in _TELLING else f"http_{facts.status // 100}xx"
    if facts.in_stream_error:
        return "in_stream_error"
    if facts.body_kind == BodyKind.EVENTS and not facts.done_seen:
        return "no_end_marker"
    return OK


def _phases(facts: Facts) -> dict[str, float | None]:
    """Milliseconds since the attempt began. A whole answer has no first token of its own."""
    streamed = facts.body_kind == BodyKind.EVENTS
    return {
        "connect": facts.connect_ms,
        "first_byte": facts.first_byte_ms,
        "first_token": facts.first_content_ms if streamed else None,
        "total": facts.total_ms,
    }
