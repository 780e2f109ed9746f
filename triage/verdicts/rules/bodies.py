"""A control that came back as 200 and still cannot be used."""

from probes.wire.facts import BodyKind, Facts, Failure
from triage.verdicts.case import Confidence, Owner
from triage.verdicts.reading import Conclusion, Reading, answer_of, shown
from triage.verdicts.rules import streams
from triage.verdicts.rules.errors import read_error


def error_in_200(facts: Facts, reading: Reading) -> Conclusion | None:
    """An error object under 200; its inner code says whose it is."""
    if facts.body_kind is not BodyKind.JSON_ERROR and not facts.in_stream_error:
        return None
    inner = read_error(answer_of(facts))
    return Conclusion(
        code="body.error_in_200",
        confidence=Confidence.CERTAIN,
        evidence=shown(facts, "status", "body_kind", "error_type", "error_code", "error_message"),
        alternatives=(inner.conclusion.code,) if inner else (),
        answer=answer_of(facts),
    )


def stream_unasked(facts: Facts, reading: Reading) -> Conclusion | None:
    """Events although stream=false was asked: the model or the channel only streams."""
    if facts.body_kind is not BodyKind.EVENTS:
        return None
    return Conclusion(
        code="client.protocol_mismatch",
        confidence=Confidence.LIKELY,
        owner=Owner.GATEWAY,
        evidence=shown(facts, "content_type", "body_kind", "events"),
        alternatives=("body.malformed",),
    )


def unreadable(facts: Facts, reading: Reading) -> Conclusion | None:
    """Not JSON, or JSON that stops in the middle."""
    broken = facts.failure in (
        Failure.INCOMPLETE_BODY,
        Failure.RESET,
        Failure.TOO_LARGE,
        Failure.BAD_PROTOCOL,
    )
    if facts.body_kind not in (BodyKind.OTHER, BodyKind.NDJSON) and not broken:
        return None
    return Conclusion(
        code="body.malformed",
        confidence=Confidence.CERTAIN,
        evidence=shown(facts, "status", "content_type", "body_kind", "body_bytes", "failure"),
        alternatives=("upstream.error",),
    )


def never_finished(facts: Facts, reading: Reading) -> Conclusion | None:
    """Headers came, the body did not end before our deadline."""
    if facts.failure not in (Failure.FIRST_BYTE_TIMEOUT, Failure.IDLE_TIMEOUT, Failure.TOTAL_TIMEOUT):
        return None
    return Conclusion(
        code="timeout.upstream",
        evidence=shown(facts, "status", "failure", "headers_ms", "total_ms", "body_bytes"),
        alternatives=("upstream.slow",),
    )


def empty(facts: Facts, reading: Reading) -> Conclusion | None:
    """Nothing at all, or an answer without text; thinking alone is another matter."""
    if facts.body_kind is not BodyKind.EMPTY and (
        streams.has_content(facts) or facts.body_kind is not BodyKind.JSON_OK
    ):
        return None
    code = "body.reasoning_only" if facts.reasoning_chars or facts.reasoning_tokens else "body.empty"
    return Conclusion(
        code=code,
        confidence=Confidence.CERTAIN,
        evidence=shown(
            facts,
            "status",
            "body_kind",
            "body_bytes",
            "content_chars",
            "reasoning_chars",
            "reasoning_tokens",
            "finish_reason",
            "usage_seen",
        ),
        alternatives=("client.wrong_base_url",) if facts.body_kind is BodyKind.EMPTY else (),
    )


RULES = (error_in_200, stream_unasked, unreadable, never_finished, streams.stopped_by_filter, empty)
