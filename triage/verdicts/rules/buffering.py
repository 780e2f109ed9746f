"""Who holds a stream back: the fingerprint of its bursts names the holder."""

from itertools import pairwise
from statistics import median

from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Conclusion, Reading, shown

ENOUGH_EVENTS = 5
LATE_MS = 1000.0
"""A lump that comes sooner may be a quick answer: too quick to tell."""

BLOCK_BYTES = 2048
_SAME_SIZE = 0.06


def all_at_once(facts: Facts, reading: Reading) -> Conclusion | None:
    """Headers early, then every event in one late delivery."""
    return _lump(facts, Confidence.CERTAIN, "stream.block_buffered") if _headers_came_early(facts) else None


def headers_and_all_at_once(facts: Facts, reading: Reading) -> Conclusion | None:
    """Headers waited too: a holder of whole answers, or a late and quick server."""
    return (
        None
        if _headers_came_early(facts)
        else _lump(facts, Confidence.LIKELY, "stream.headers_held", "upstream.slow")
    )


def _headers_came_early(facts: Facts) -> bool:
    return (facts.headers_ms or 0) < 0.5 * (facts.first_event_ms or 0)


def _lump(facts: Facts, confidence: Confidence, *alternatives: str) -> Conclusion | None:
    first, last = facts.first_event_ms, facts.last_byte_ms
    if first is None or last is None or facts.events < ENOUGH_EVENTS or first < LATE_MS:
        return None
    if last - first > 20 + 0.02 * first:
        return None
    return Conclusion(
        code="stream.fully_buffered",
        confidence=confidence,
        evidence=shown(
            facts, "headers_ms", "first_event_ms", "last_byte_ms", "reads", "events", "content_encoding"
        ),
        alternatives=alternatives,
        params={"seconds": round(first / 1000, 1)},
    )


def in_blocks(facts: Facts, reading: Reading) -> Conclusion | None:
    """Bursts of one size, many events in each, pauses between: a buffer that fills and empties."""
    sizes = [size for _, size in facts.bursts][:-1]
    if not sizes or facts.events < ENOUGH_EVENTS * len(sizes):
        return None
    usual = median(sizes)
    alike = [size for size in sizes if abs(size - usual) <= _SAME_SIZE * usual]
    if usual < BLOCK_BYTES or len(alike) < max(1, 0.7 * len(sizes)) or _usual_pause_ms(facts) < 40:
        return None
    if len(sizes) == 1 and usual % 4096:
        return None
    return Conclusion(
        code="stream.block_buffered",
        confidence=Confidence.CERTAIN if len(alike) > 2 else Confidence.LIKELY,
        evidence=(
            Evidence(facts.step, "burst_bytes", sizes[:8]),
            *shown(facts, "reads", "events", "content_encoding", "max_gap_ms"),
        ),
        alternatives=("stream.fully_buffered",),
        params={"kilobytes": round(usual / 1024)},
    )


def _usual_pause_ms(facts: Facts) -> float:
    """The middle one of the pauses between bursts."""
    starts = [at for at, _ in facts.bursts]
    return median(later - earlier for earlier, later in pairwise(starts))


BUFFERING = (all_at_once, in_blocks)
