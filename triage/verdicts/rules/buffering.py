"""Who holds a stream back: the fingerprint of its bursts names the holder."""

from dataclasses import replace
from itertools import pairwise
from statistics import median

from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence
from triage.verdicts.reading import Conclusion, Reading, shown

ENOUGH_EVENTS = 5
LATE_MS = 1000.0
"""A lump that comes sooner may be a quick answer: too quick to tell."""

TOO_FEW_BYTES = 4096
"""Shorter streams fit into the smallest buffer there is: whether one holds them back, nobody can tell."""

SURE_BYTES = 16384
"""Longer ones overflow the usual buffers of proxies (4 to 16 KB), so that holding back shows."""

BLOCK_BYTES = 2048
_SAME_SIZE = 0.06
_SAME_SIZE_CODED = 0.5
"""A block of text that is compressed afterwards comes out shorter or longer than the one before."""

_PACKED = 20


def size_of(facts: Facts) -> int | None:
    """Bytes of the answer as far as they are known: compression makes none of it shorter."""
    return facts.decoded_bytes or facts.body_bytes or sum(size for _at, size in facts.bursts) or None


def _size_name(facts: Facts) -> str:
    return "decoded_bytes" if facts.decoded_bytes else "body_bytes"


def too_short_to_tell(facts: Facts) -> bool:
    size = size_of(facts)
    return size is not None and size < TOO_FEW_BYTES


def witness(reading: Reading) -> Facts | None:
    """The longer answer shows a buffer that a short one hides."""
    long = reading.case.attempt("long")
    return long if long is not None and long.status == 200 and long.events else reading.stream


def held_back(facts: Facts, reading: Reading) -> Conclusion | None:
    """By all that the arrivals show, headers that waited included."""
    rules = (*BUFFERING, headers_and_all_at_once)
    return next((conclusion for rule in rules if (conclusion := rule(facts, reading))), None)


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


def _is_late_lump(facts: Facts) -> bool:
    first, last = facts.first_event_ms, facts.last_byte_ms
    if first is None or last is None or facts.events < ENOUGH_EVENTS or first < LATE_MS:
        return False
    if facts.first_comment_ms is not None and facts.first_comment_ms < 0.5 * first:
        return False  # heartbeats came through while the text was not there yet: nobody holds bytes back
    took = last - first
    return took <= 20 + 0.02 * first or (took <= 0.15 * first and _is_packed(facts))


def _is_packed(facts: Facts) -> bool:
    """Many events to a burst: over a far network one lump takes a few round trips to arrive."""
    return 0 < facts.burst_count * _PACKED <= facts.events


def _lump(facts: Facts, confidence: Confidence, *alternatives: str) -> Conclusion | None:
    if not _is_late_lump(facts) or too_short_to_tell(facts):
        return None
    return _as_sure_as_its_size(
        Conclusion(
            code="stream.fully_buffered",
            confidence=confidence,
            evidence=shown(facts, *_LUMP_FACTS, "reads", "events", "content_encoding"),
            alternatives=alternatives,
            params={"seconds": round((facts.first_event_ms or 0) / 1000, 1)},
        ),
        facts,
    )


_LUMP_FACTS = ("headers_ms", "first_event_ms", "last_byte_ms")


def _as_sure_as_its_size(conclusion: Conclusion, facts: Facts) -> Conclusion:
    size = size_of(facts)
    if size is None:
        return conclusion
    sure = size >= SURE_BYTES or conclusion.confidence is not Confidence.CERTAIN
    return replace(
        conclusion,
        confidence=conclusion.confidence if sure else Confidence.LIKELY,
        evidence=(*conclusion.evidence, Evidence(facts.step, _size_name(facts), size)),
    )


def cannot_tell(facts: Facts, reading: Reading) -> Conclusion | None:
    """One late lump that would fit into any buffer: held back, or simply short and late."""
    if not _is_late_lump(facts) or not too_short_to_tell(facts):
        return None
    return Conclusion(
        code="inconclusive",
        confidence=Confidence.POSSIBLE,
        evidence=(
            Evidence(facts.step, _size_name(facts), size_of(facts)),
            *shown(facts, *_LUMP_FACTS, "events"),
        ),
        alternatives=("stream.fully_buffered", "stream.slow_first_token", "upstream.slow"),
        params={"bytes": size_of(facts)},
        overturned_by="long_probe",
    )


def in_blocks(facts: Facts, reading: Reading) -> Conclusion | None:
    """Bursts of one size, many events in each, pauses between: a buffer that fills and empties."""
    sizes = [round(size * _expansion(facts)) for _, size in facts.bursts][:-1]
    if not sizes or facts.events < ENOUGH_EVENTS * len(sizes):
        return None
    usual = median(sizes)
    tolerance = _SAME_SIZE_CODED if facts.decoded_bytes else _SAME_SIZE
    alike = [size for size in sizes if abs(size - usual) <= tolerance * usual]
    if usual < BLOCK_BYTES or len(alike) < max(1, 0.7 * len(sizes)) or _usual_pause_ms(facts) < 40:
        return None
    if (len(sizes) == 1 and usual % 4096) or too_short_to_tell(facts):
        return None
    return _as_sure_as_its_size(
        Conclusion(
            code="stream.block_buffered",
            confidence=Confidence.CERTAIN if len(alike) > 2 else Confidence.LIKELY,
            evidence=(
                Evidence(facts.step, "burst_bytes", sizes[:8]),
                *shown(facts, "reads", "events", "content_encoding", "max_gap_ms"),
            ),
            alternatives=("stream.fully_buffered",),
            params={"kilobytes": round(usual / 1024)},
        ),
        facts,
    )


def _expansion(facts: Facts) -> float:
    """How many bytes of text a byte on the wire stands for: blocks are as large as what was held."""
    return facts.decoded_bytes / facts.body_bytes if facts.decoded_bytes and facts.body_bytes else 1.0


def _usual_pause_ms(facts: Facts) -> float:
    """The middle one of the pauses between bursts."""
    starts = [at for at, _ in facts.bursts]
    return median(later - earlier for earlier, later in pairwise(starts))


BUFFERING = (all_at_once, in_blocks)
