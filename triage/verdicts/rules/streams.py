"""What is wrong with a stream whose control was fine, from its shape on the wire."""

from collections.abc import Callable
from dataclasses import replace

from probes.wire.comparison import OUTPUT_LIMITS, Shortfall, compare
from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from probes.wire.request_ids import PASSED_ON
from triage.verdicts.case import Confidence, Evidence, Owner
from triage.verdicts.reading import Conclusion, Reading, answer_of, shown
from triage.verdicts.rules.behind import lies_behind
from triage.verdicts.rules.buffering import cannot_tell, headers_and_all_at_once
from triage.verdicts.rules.errors import read_error
from triage.verdicts.rules.stories import STALLED
from triage.verdicts.rules.timeouts import hops_limit_s

StreamRule = Callable[[Facts, Reading], Conclusion | None]

SLOW_START_MS = 5000.0
SLOW_START_WHEN_ASKED_MS = 2000.0
"""A first text later than this is slow; sooner when the ticket complains of waiting."""

LINGER_MS = 5000.0
_SHORTEST_LINGER_MS = 100.0
"""What the texts show as less than 0.1 s tells nobody how long it stayed open."""

SILENCE_MS = 5000.0
"""No healthy model pauses that long after its first words without a heartbeat."""

SLOW_CHARS_PER_S = 15.0
SLOW_PACE_AFTER_MS = 5000.0

_MENDED_SHARE = 0.4
"""A model asked twice may be brief once; it does not leave out more than half of a list."""

EVENT_STREAM = "text/event-stream"

_BROKEN_ENDS = (EndMode.RESET, EndMode.INCOMPLETE)
_TIMED_OUT_ENDS = (EndMode.IDLE_TIMEOUT, EndMode.TOTAL_TIMEOUT)
_BROKEN = (Failure.RESET, Failure.INCOMPLETE_BODY, Failure.BAD_PROTOCOL)
_TIMED_OUT = (Failure.FIRST_BYTE_TIMEOUT, Failure.IDLE_TIMEOUT, Failure.TOTAL_TIMEOUT)
_TOLD_BY_CODE = ("upstream.overloaded", "limit.", "balance.", "quota.", "content.", "auth.", "client.context")


_BROKE = ("stream.", "body.")


def has_content(facts: Facts) -> bool:
    return bool(facts.content_chars or facts.tool_calls)


def error_inside(facts: Facts, reading: Reading) -> Conclusion | None:
    """An error object inside a 200: its own code leads when it names a cause and nothing came before it."""
    if not facts.in_stream_error:
        return None
    read = read_error(answer_of(facts))
    inner = read.conclusion if read and read.specific and read.code.startswith(_TOLD_BY_CODE) else None
    seen = shown(facts, "status", "in_stream_error", "error_type", "error_code", "events", "content_chars")
    if inner and not has_content(facts):
        return Conclusion(
            code=inner.code,
            confidence=inner.confidence,
            evidence=seen,
            alternatives=("stream.error_inside",),
            answer=inner.answer,
        )
    if read and lies_behind(read.code, answer_of(facts)) and read.code.startswith(_BROKE):
        told = (*seen, Evidence(facts.step, "error_message", facts.error_message[:160]))
        return replace(
            read.conclusion,
            confidence=Confidence.LIKELY,
            evidence=told,
            alternatives=("stream.error_inside",),
        )
    alternatives = (inner.code,) if inner else ("upstream.error",)
    return Conclusion(
        code="stream.error_inside",
        confidence=Confidence.CERTAIN,
        owner=Owner.GATEWAY if facts.unframed_lines or facts.body_kind is BodyKind.JSON_ERROR else None,
        evidence=seen,
        alternatives=alternatives,
        answer=answer_of(facts),
    )


def not_a_stream(facts: Facts, reading: Reading) -> Conclusion | None:
    """One JSON object, a web page or nothing where events were asked for."""
    kinds = {
        BodyKind.JSON_OK: "stream.flag_ignored",
        BodyKind.JSON_ERROR: "body.error_in_200",
        BodyKind.HTML: "client.wrong_base_url",
        BodyKind.EMPTY: "stream.no_content",
        BodyKind.NDJSON: "stream.mislabelled",
    }
    if (
        facts.body_kind not in kinds
        or facts.end_mode in _TIMED_OUT_ENDS
        or facts.failure in (*_TIMED_OUT, *_BROKEN)
    ):
        return None
    alternatives = ("stream.flag_ignored", "stream.malformed") if facts.body_kind is BodyKind.NDJSON else ()
    return Conclusion(
        code=kinds[facts.body_kind],
        confidence=Confidence.CERTAIN,
        evidence=shown(facts, "status", "content_type", "body_kind", "events"),
        alternatives=alternatives,
    )


def silent_then_closed(facts: Facts, reading: Reading) -> Conclusion | None:
    """Text, then a long silence that somebody on the way ended: the silence is the fault."""
    silence = (facts.total_ms or 0) - (facts.last_byte_ms or 0)
    if silence < SILENCE_MS or not has_content(facts) or facts.finish_reason or facts.done_seen:
        return None
    if facts.failure in _TIMED_OUT:
        return None
    return Conclusion(
        code="stream.stalled",
        confidence=Confidence.LIKELY,
        evidence=(
            *shown(facts, "failure", "end_mode", "content_chars", "last_byte_ms", "total_ms"),
            *_hops_limit(facts),
        ),
        alternatives=(*_hung_up(facts), "stream.cut" if facts.failure else "stream.truncated"),
        params=_seconds(silence),
    )


def cut(facts: Facts, reading: Reading) -> Conclusion | None:
    """The transport broke in the middle of the body."""
    if facts.done_seen or (facts.end_mode not in _BROKEN_ENDS and facts.failure not in _BROKEN):
        return None
    return Conclusion(
        code="stream.cut",
        confidence=Confidence.CERTAIN,
        evidence=(
            *shown(facts, "failure", "end_mode", "events", "content_chars", "total_ms"),
            *_hops_limit(facts),
        ),
        alternatives=("stream.truncated", *_hung_up(facts)),
        params=_seconds(facts.total_ms),
    )


def _hops_limit(facts: Facts) -> tuple[Evidence, ...]:
    limit = hops_limit_s(facts)
    return (Evidence(facts.step, "limit_s", limit),) if limit else ()


def _hung_up(facts: Facts) -> tuple[str, ...]:
    """Nobody falls silent for 60.0 s by chance: nginx closes so, without a word of why."""
    return ("timeout.our_proxy",) if hops_limit_s(facts) else ()


def malformed(facts: Facts, reading: Reading) -> Conclusion | None:
    """Frames that no conforming parser can use, or an answer that comes twice."""
    too_long = facts.failure is Failure.TOO_LARGE or facts.end_mode is EndMode.CAPPED
    unusable = facts.malformed_events or facts.invalid_utf8 or facts.body_kind is BodyKind.OTHER
    if not (unusable or facts.answers > 1 or facts.doubled or too_long):
        return None
    return Conclusion(
        code="stream.malformed",
        confidence=Confidence.CERTAIN,
        evidence=shown(
            facts, "malformed_events", "invalid_utf8", "answers", "doubled", "body_kind", "failure"
        ),
        alternatives=("stream.client_parser",),
    )


def lingering(facts: Facts, reading: Reading) -> Conclusion | None:
    """The end marker came, the connection stayed."""
    open_ms = facts.after_done_ms or 0
    if not facts.done_seen or not (facts.lingered or open_ms >= LINGER_MS):
        return None
    measured = open_ms >= _SHORTEST_LINGER_MS
    return Conclusion(
        code="stream.lingers",
        confidence=Confidence.LIKELY,
        evidence=shown(facts, "done_seen", "lingered", *(("after_done_ms",) if measured else ())),
        params=_seconds(open_ms) if measured else {},
    )


def stalled(facts: Facts, reading: Reading) -> Conclusion | None:
    """Text, then silence on an open connection until a deadline of ours fired."""
    if facts.end_mode not in _TIMED_OUT_ENDS and facts.failure not in _TIMED_OUT:
        return None
    seen = shown(
        facts, "failure", "end_mode", "events", "comments", "content_chars", "max_gap_ms", "total_ms"
    )
    if not facts.events or not (has_content(facts) or facts.reasoning_chars):
        hangs = reading.says(STALLED) or not (facts.events or facts.comments)  # headers, and then silence
        code, other = (
            ("stream.stalled", "stream.no_content") if hangs else ("stream.no_content", "stream.stalled")
        )
        return Conclusion(code=code, evidence=seen, alternatives=(other,))
    still_flowing = facts.failure is Failure.TOTAL_TIMEOUT and (facts.max_gap_ms or 0) < SLOW_START_MS
    if still_flowing:
        return Conclusion(code="upstream.slow", evidence=seen, alternatives=("stream.stalled",))
    return Conclusion(
        code="stream.stalled",
        confidence=Confidence.CERTAIN,
        evidence=seen,
        alternatives=("stream.cut",),
        params=_seconds(facts.max_gap_ms),
    )


def stopped_by_filter(facts: Facts, reading: Reading) -> Conclusion | None:
    """The model's own word that its answer was stopped."""
    if facts.finish_reason not in (
        "content_filter",
        "refusal",
        "safety",
        "SAFETY",
        "PROHIBITED_CONTENT",
        "sensitive",
    ):
        return None
    return Conclusion(
        code="content.blocked",
        confidence=Confidence.CERTAIN,
        evidence=shown(facts, "finish_reason", "content_chars"),
    )


def answered_whole_behind(facts: Facts, reading: Reading) -> Conclusion | None:
    """Events without text, made by a gateway of one JSON object: what it got carries the type of its body.

    Seen with LiteLLM, which hands on its provider's headers under a prefix.
    """
    named = f"{PASSED_ON}content-type"
    is_json = facts.headers.get(named, "").lower().startswith("application/json")
    if not is_json or has_content(facts) or facts.reasoning_chars or facts.reasoning_tokens:
        return None
    return Conclusion(
        code="stream.flag_ignored",
        owner=Owner.GATEWAY,
        evidence=(
            *shown(facts, "content_type", "events", "content_chars", "finish_reason"),
            Evidence(facts.step, named, facts.headers[named]),
        ),
        alternatives=("stream.no_content",),
    )


def without_content(facts: Facts, reading: Reading) -> Conclusion | None:
    """A stream that ends without a word of text."""
    if has_content(facts):
        return None
    seen = shown(
        facts, "events", "comments", "content_chars", "reasoning_chars", "finish_reason", "done_seen"
    )
    if facts.reasoning_chars or facts.reasoning_tokens:
        complete = facts.done_seen or facts.finish_reason
        code = "body.reasoning_only" if complete else "stream.truncated"
        return Conclusion(
            code=code,
            confidence=Confidence.CERTAIN,
            evidence=(*seen, *shown(facts, "reasoning_tokens", "completion_tokens")),
            alternatives=("body.output_limited", "stream.no_content"),
        )
    return Conclusion(
        code="stream.no_content", confidence=Confidence.CERTAIN, evidence=seen, alternatives=("body.empty",)
    )


def unfinished(facts: Facts, reading: Reading) -> Conclusion | None:
    """Text that ends in good order although nothing said that it was complete."""
    if facts.finish_reason:
        return None
    certain = not facts.done_seen
    return Conclusion(
        code="stream.truncated",
        confidence=Confidence.CERTAIN if certain else Confidence.LIKELY,
        evidence=shown(facts, "end_mode", "finish_reason", "done_seen", "content_chars"),
        alternatives=() if certain else ("stream.marker_missing",),
    )


def mislabelled(facts: Facts, reading: Reading) -> Conclusion | None:
    """Usable events under a content type that strict clients refuse."""
    told = facts.content_type or facts.headers_ms is not None  # an answer whose headers were read
    if facts.content_type == EVENT_STREAM or not facts.events or not told:
        return None
    return Conclusion(
        code="stream.mislabelled",
        confidence=Confidence.CERTAIN,
        evidence=shown(facts, "content_type", "body_kind", "events"),
        alternatives=("stream.flag_ignored",),
    )


def marker_missing(facts: Facts, reading: Reading) -> Conclusion | None:
    """A complete answer that only lacks the end marker: harmless, but strict clients call it cut."""
    if facts.done_seen or not facts.finish_reason:
        return None
    return Conclusion(
        code="stream.marker_missing",
        confidence=Confidence.CERTAIN,
        evidence=shown(facts, "finish_reason", "done_seen", "content_chars"),
        alternatives=("stream.truncated",),
    )


STRONG: tuple[StreamRule, ...] = (
    error_inside,
    not_a_stream,
    lingering,
    silent_then_closed,
    cut,
    malformed,
    stalled,
    stopped_by_filter,
    answered_whole_behind,
    without_content,
    unfinished,
    mislabelled,
    marker_missing,
)
"""Faults that lead whatever the ticket says, most certain first."""


def output_limited(facts: Facts, reading: Reading) -> Conclusion | None:
    if facts.finish_reason not in OUTPUT_LIMITS:
        return None
    return Conclusion(
        code="body.output_limited",
        confidence=Confidence.LIKELY,
        evidence=shown(facts, "finish_reason", "content_chars", "tool_calls", "completion_tokens"),
        alternatives=("stream.truncated",),
    )


def slow_everywhere(facts: Facts, reading: Reading) -> Conclusion | None:
    """Control and stream are late alike, before their first byte or in their pace."""
    control = reading.control
    late_b = (facts.headers_ms or 0) >= SLOW_START_MS
    late_a = (control is None) or (control.total_ms or 0) >= SLOW_START_MS
    if not (late_b and late_a) and not _slow_pace(facts):
        return None
    seen = shown(facts, "headers_ms", "first_content_ms", "total_ms", "content_chars")
    return Conclusion(
        code="upstream.slow",
        confidence=Confidence.POSSIBLE,
        evidence=(shown(control, "total_ms") if control else ()) + seen,
        alternatives=("stream.slow_first_token", "timeout.client"),
        params=_seconds(facts.total_ms),
    )


def _slow_pace(facts: Facts) -> bool:
    flowing_ms = (facts.last_byte_ms or 0) - (facts.first_content_ms or 0)
    return flowing_ms >= SLOW_PACE_AFTER_MS and facts.content_chars / (flowing_ms / 1000) < SLOW_CHARS_PER_S


def headers_held(facts: Facts, reading: Reading) -> Conclusion | None:
    """Headers wait for the first text although the control shows that the server answers sooner."""
    headers, content = facts.headers_ms or 0, facts.first_content_ms or 0
    control_ms = reading.control.total_ms if reading.control else None
    if (
        headers < 2500
        or content - headers > 0.2 * headers
        or control_ms is None
        or control_ms > 0.5 * headers
    ):
        return None
    return Conclusion(
        code="stream.headers_held",
        evidence=(*shown(facts, "headers_ms", "first_content_ms"), *shown(reading.control, "total_ms"))
        if reading.control
        else (),
        alternatives=("stream.slow_first_token",),
        params=_seconds(headers),
    )


def slow_first_token(facts: Facts, reading: Reading) -> Conclusion | None:
    """The stream opened at once, its first text came late."""
    wait = (facts.first_content_ms or 0) - (facts.headers_ms or 0)
    if wait < (SLOW_START_WHEN_ASKED_MS if reading.complains_of_waiting else SLOW_START_MS):
        return None
    return Conclusion(
        code="stream.slow_first_token",
        evidence=shown(facts, "headers_ms", "first_content_ms", "comments", "reasoning_chars", "done_seen"),
        alternatives=("upstream.slow",),
        params=_seconds(facts.first_content_ms),
    )


def mended(facts: Facts, reading: Reading) -> Conclusion | None:
    """Complete by all its marks, yet without most of what the control said to the same question.

    Seen with LiteLLM: what broke off upstream comes back with a stop and an end marker.
    """
    control = reading.control
    if control is None:
        return None
    seen = compare(control, facts)
    whole, part = seen.control_chars or 0, seen.stream_chars or 0
    if seen.shortfall is not Shortfall.COMPLETE or seen.finish_reasons or part > _MENDED_SHARE * whole:
        return None
    return Conclusion(
        code="stream.truncated",
        confidence=Confidence.POSSIBLE,
        owner=Owner.GATEWAY,
        evidence=(
            *shown(control, "content_chars", "finish_reason"),
            *shown(facts, "content_chars", "finish_reason", "done_seen"),
        ),
        alternatives=("ok.not_reproduced", "intermittent"),
        overturned_by="second_probe",
    )


WEAK: tuple[StreamRule, ...] = (
    output_limited,
    mended,
    cannot_tell,
    headers_and_all_at_once,
    headers_held,
    slow_everywhere,
    slow_first_token,
)
"""What is unusual but may be harmless: the ticket's own words lead when they name a cause."""


def _seconds(ms: float | None) -> dict[str, object]:
    return {} if ms is None else {"seconds": round(ms / 1000, 1)}
