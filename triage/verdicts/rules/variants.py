"""What variants of a request show beside the plain one: compression, HTTP/2, length, tools, models."""

from dataclasses import replace

from probes.wire.facts import Facts, Failure
from triage.verdicts.case import Confidence, Evidence, Owner
from triage.verdicts.reading import Conclusion, Reading, answer_of, shown, spoke_http2, went_well
from triage.verdicts.rules.buffering import ENOUGH_EVENTS, held_back, too_short_to_tell
from triage.verdicts.rules.errors import error_of, read_error
from triage.verdicts.rules.probed import fault_of
from triage.verdicts.texts import Lead, load_leads

_LEADS = load_leads("variants")

TOOLS = _LEADS["tools"]
WEBSOCKET = _LEADS["websocket"]

_CALLED = ("tool_calls", "tool_use", "function_call")
_FLOW_MS = 300.0
"""What flows more quickly comes in one piece by itself."""

_CODED = ("gzip", "x-gzip", "deflate", "br", "zstd")
_OF_ONE_CHANNEL = (
    "upstream.",
    "timeout.upstream",
    "stream.",
    "body.",
    "model.no_channel",
    "gateway.internal",
    "auth.key_unknown",
    "auth.upstream_credential",
)


def fault(reading: Reading) -> Conclusion | None:
    """A variant that breaks although the plain request is well, most telling first."""
    plain = reading.case.attempt("stream") or reading.case.attempt("control")
    if plain is None or not went_well(plain):
        return None
    for rule in (_only_when_long, _only_over_http2, _only_compressed, _only_with_tools):
        if conclusion := rule(plain, reading):
            return conclusion
    return None


def oddity(reading: Reading) -> Conclusion | None:
    """What may be the model's whim or a door that nobody uses, unless the ticket speaks of it."""
    if (conclusion := _tool_not_called(reading)) and _is_asked_for(reading, TOOLS):
        return conclusion
    if (conclusion := _websocket_refused(reading)) and _is_asked_for(reading, WEBSOCKET):
        return conclusion
    return None


def _is_asked_for(reading: Reading, lead: Lead) -> bool:
    return bool(reading.path_says(lead)) or reading.nothing_told


def _only_when_long(plain: Facts, reading: Reading) -> Conclusion | None:
    long = reading.case.attempt("long")
    found = (fault_of(long, reading) or held_back(long, reading)) if long else None
    return found and replace(found, evidence=(*found.evidence, *shown(plain, "status", "total_ms")))


def _only_over_http2(plain: Facts, reading: Reading) -> Conclusion | None:
    """A server that does not offer the other version has not been tried in it."""
    facts = reading.case.attempt("http2")
    found = fault_of(facts, reading) if facts and spoke_http2(facts) else None
    if facts is None or found is None:
        return None
    return replace(
        found,
        owner=Owner.EDGE,
        confidence=Confidence.LIKELY,
        evidence=(
            *found.evidence,
            *shown(facts, "http_version", "failure_detail"),
            *shown(plain, "http_version", "status"),
        ),
    )


def _only_compressed(plain: Facts, reading: Reading) -> Conclusion | None:
    """Bursts with compression, a steady flow without: the compressor is what holds back."""
    facts = reading.case.attempt("gzip")
    if facts is None or facts.content_encoding not in _CODED:
        return None
    found = fault_of(facts, reading) or held_back(facts, reading) or _in_one_piece(facts, plain)
    if found is None or too_short_to_tell(plain):
        return None
    held = found.code in ("stream.fully_buffered", "stream.block_buffered")
    return replace(
        found,
        owner=Owner.EDGE if held else found.owner,
        evidence=(
            Evidence(facts.step, "content_encoding", facts.content_encoding),
            *(item for item in found.evidence if item.fact != "content_encoding"),
            *shown(plain, "content_encoding", "reads", "events"),
        ),
    )


def _in_one_piece(facts: Facts, plain: Facts) -> Conclusion | None:
    """All at once at the end of the time through which the plain answer flowed, however short that was."""
    flowed_ms = (plain.last_byte_ms or 0) - (plain.first_event_ms or 0)
    waited_ms = (facts.first_event_ms or 0) - (plain.first_event_ms or 0)
    in_pieces = min(plain.reads, plain.burst_count) >= ENOUGH_EVENTS and flowed_ms >= _FLOW_MS
    at_once = facts.burst_count == 1 and facts.events >= ENOUGH_EVENTS and waited_ms >= 0.5 * flowed_ms
    if not (in_pieces and at_once) or too_short_to_tell(facts):
        return None
    return Conclusion(
        code="stream.fully_buffered",
        evidence=shown(facts, "first_event_ms", "last_byte_ms", "reads", "events", "decoded_bytes"),
        alternatives=("stream.block_buffered",),
        params={"seconds": round((facts.first_event_ms or 0) / 1000, 1)},
    )


def _only_with_tools(plain: Facts, reading: Reading) -> Conclusion | None:
    """A call that is announced and does not come, or a request that tools alone make fail."""
    facts = reading.case.attempt("tool")
    if facts is None:
        return None
    seen = (*shown(facts, "status", "tool_calls", "finish_reason"), *shown(plain, "status"))
    if facts.status == 200 and facts.finish_reason in _CALLED and not facts.tool_calls:
        return Conclusion(
            code="stream.malformed",
            confidence=Confidence.CERTAIN,
            owner=Owner.GATEWAY,
            evidence=seen,
            alternatives=("client.protocol_mismatch",),
        )
    found = fault_of(facts, reading)
    return found and replace(
        found, evidence=(*found.evidence, *shown(facts, "tool_calls"), *shown(plain, "status"))
    )


def _tool_not_called(reading: Reading) -> Conclusion | None:
    """Text instead of the call: the model's choice, or a gateway that drops the tools."""
    facts = reading.case.attempt("tool")
    if facts is None or not went_well(facts) or facts.tool_calls or not facts.content_chars:
        return None
    return Conclusion(
        code="client.protocol_mismatch",
        confidence=Confidence.POSSIBLE,
        owner=Owner.GATEWAY,
        evidence=shown(facts, "status", "tool_calls", "finish_reason", "content_chars"),
        alternatives=("stream.malformed", "ok.not_reproduced"),
        overturned_by="gateway_log",
    )


def _websocket_refused(reading: Reading) -> Conclusion | None:
    """The same endpoint answers over HTTP, so somebody on the way does not pass the upgrade on."""
    facts = reading.case.attempt("websocket")
    if facts is None or facts.websocket_accepted is not False or not any(map(went_well, reading.probed)):
        return None
    refusal = error_of(facts)
    read = read_error(refusal) if refusal else None
    if read and read.specific and read.code.startswith(("auth.", "limit.", "balance.", "quota.", "edge.")):
        return read.conclusion
    plain = next(facts for facts in reading.probed if went_well(facts))
    return Conclusion(
        code="client.protocol_mismatch",
        owner=Owner.EDGE,
        evidence=(*shown(facts, "websocket_accepted", "status"), *shown(plain, "status")),
        answer=answer_of(facts),
        alternatives=("client.wrong_base_url",),
        overturned_by="edge_log",
    )


def beside_another_model(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """Another model tells whether the fault is this model's channel or everybody's."""
    other = reading.case.attempt("model")
    if other is None or not conclusion.code.startswith(_OF_ONE_CHANNEL):
        return conclusion
    found = fault_of(other, reading)
    if found is None and went_well(other):
        return _this_model_only(conclusion, other)
    return _every_model(conclusion, other) if found and found.code == conclusion.code else conclusion


def _this_model_only(conclusion: Conclusion, other: Facts) -> Conclusion:
    """A key that serves one model is no unknown key: the one that was refused is the channel's own."""
    code = "auth.upstream_credential" if conclusion.code == "auth.key_unknown" else conclusion.code
    is_guess = conclusion.confidence is Confidence.POSSIBLE
    return replace(
        conclusion,
        code=code,
        confidence=Confidence.LIKELY if is_guess else conclusion.confidence,
        evidence=(*conclusion.evidence, *shown(other, "status", "model_reported")),
        alternatives=tuple(
            code for code in conclusion.alternatives if code not in ("gateway.internal", "edge.gateway_down")
        ),
    )


def _every_model(conclusion: Conclusion, other: Facts) -> Conclusion:
    shared = conclusion.code == "upstream.error"
    return replace(
        conclusion,
        owner=Owner.GATEWAY if shared else conclusion.owner,
        evidence=(*conclusion.evidence, *shown(other, "status", "model_reported")),
        alternatives=("gateway.internal", "edge.gateway_down", *conclusion.alternatives)
        if shared
        else conclusion.alternatives,
    )


def plain_over_http1(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """What HTTP/1.1 spoils and HTTP/2 does not: a hop treats the two versions differently."""
    facts = reading.case.attempt("http2")
    if facts is None or not spoke_http2(facts) or fault_of(facts, reading) is not None:
        return conclusion
    if went_well(facts) and (silent := _unanswered(reading)):
        return _only_http2(conclusion, facts, silent)
    if not conclusion.code.startswith("stream."):
        return conclusion
    return replace(
        conclusion,
        owner=Owner.EDGE,
        evidence=(*conclusion.evidence, *shown(facts, "http_version", "status", "end_mode")),
    )


def _unanswered(reading: Reading) -> tuple[Facts, ...]:
    """The plain attempts, when to none of them came what HTTP/1.1 calls an answer."""
    plain = reading.tries("control", "stream", "repeat")
    return plain if all(facts.status is None and facts.failure in _NO_HTTP1 for facts in plain) else ()


_NO_HTTP1 = (Failure.BAD_PROTOCOL, Failure.NO_RESPONSE, Failure.RESET, Failure.TLS_PROTOCOL)
"""How servers refuse a version that they do not speak: in their own, without a word, or by ALPN."""


def _only_http2(conclusion: Conclusion, facts: Facts, silent: tuple[Facts, ...]) -> Conclusion:
    in_their_own = all(attempt.failure is Failure.BAD_PROTOCOL for attempt in silent)
    return Conclusion(
        code="client.protocol_mismatch",
        confidence=Confidence.CERTAIN if in_their_own else Confidence.LIKELY,
        owner=Owner.EDGE,
        evidence=(
            *(item for attempt in silent for item in shown(attempt, "failure")),
            *shown(facts, "http_version", "status", "end_mode"),
        ),
        alternatives=(conclusion.code,),
        overturned_by="edge_log",
    )
