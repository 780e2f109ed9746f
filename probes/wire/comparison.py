"""What two answers to the same question say of each other: control and stream, or a stream on two routes."""

from collections.abc import Callable
from dataclasses import asdict, dataclass
from enum import StrEnum
from typing import Any

from probes.wire.facts import EndMode, Facts

# Two answers of a model to one question are rarely equal; a fault loses more than this.
_TOLERANCE, _TOLERANCE_CHARS = 0.25, 80
_TOLERANCE_TOKENS = 16
_NO_SOONER, _WORTH_STREAMING_MS = 0.9, 1000.0
_ON_THE_WAY = (
    "server", "via", "content-encoding", "x-accel-buffering", "age", "x-cache", "x-cache-status",
    "cf-cache-status",
)  # fmt: skip


class Difference(StrEnum):
    """Most telling first."""

    ERROR_HIDDEN = "error_hidden"  # the control shows an error, the stream a 200 without one
    ERROR_IN_STREAM = "error_in_stream"  # the other way round
    STREAM_EMPTY = "stream_empty"
    STREAM_SHORTER = "stream_shorter"
    STREAM_LONGER = "stream_longer"
    FINISH_REASON = "finish_reason"
    TOKENS = "tokens"
    MODEL = "model"
    NO_SOONER = "no_sooner"  # the stream's first text came no sooner than the control's whole answer
    HOPS = "hops"  # other servers or caches on the way
    ADDRESS = "address"


class Shortfall(StrEnum):
    """How a shorter stream ended."""

    CUT = "cut"  # the transport broke
    UNFINISHED = "unfinished"  # in good order, but nothing said that the answer was complete
    SILENT = "silent"  # until a deadline
    LIMITED = "limited"  # by the output limit
    COMPLETE = "complete"  # it claims to be whole, as behind gateways that mend what broke upstream


@dataclass(frozen=True, slots=True, kw_only=True)
class Comparison:
    """Codes and numbers; `None` where a side has nothing to compare. Times in milliseconds."""

    differences: tuple[Difference, ...] = ()
    same_length: bool | None = None  # within tolerance
    control_chars: int | None = None
    stream_chars: int | None = None
    shortfall: Shortfall | None = None
    control_total_ms: float | None = None
    stream_first_content_ms: float | None = None
    finish_reasons: tuple[str, str] | None = None  # control's, stream's; where they differ
    tokens: tuple[int, int] | None = None
    models: tuple[str, str] | None = None
    hops: tuple[tuple[str, str, str], ...] = ()  # (header, control's value, stream's), "" where it is missing
    addresses: tuple[str, str] | None = None

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, without what was not seen."""
        return {name: value for name, value in asdict(self).items() if value not in (None, ())}


def compare(control: Facts, stream: Facts) -> Comparison:
    """Both answered the same question; what a step that was never answered lacks is not a difference."""
    if control.status is None or stream.status is None:
        return Comparison()
    lengths = _lengths(control, stream)
    return Comparison(
        differences=tuple(code for code, differs in _CHECKS if differs(control, stream)),
        same_length=_alike(*lengths) if lengths else None,
        control_chars=lengths[0] if lengths else None,
        stream_chars=lengths[1] if lengths else None,
        shortfall=_shortfall(stream) if _stream_shorter(control, stream) else None,
        control_total_ms=control.total_ms,
        stream_first_content_ms=stream.first_content_ms,
        finish_reasons=_pair(control.finish_reason, stream.finish_reason),
        tokens=_tokens(control, stream),
        models=_pair(control.model_reported, stream.model_reported),
        hops=_hops(control, stream),
        addresses=_pair(control.address, stream.address),
    )


def _failed(facts: Facts) -> bool:
    refused = facts.status is not None and facts.status >= 400
    return refused or facts.in_stream_error or bool(facts.error_type or facts.error_code)


def _error_hidden(control: Facts, stream: Facts) -> bool:
    return _failed(control) and stream.status == 200 and not _failed(stream)


def _error_in_stream(control: Facts, stream: Facts) -> bool:
    return control.status == 200 and not _failed(control) and _failed(stream)


def _lengths(control: Facts, stream: Facts) -> tuple[int, int] | None:
    """Characters of both; a refusal has none to compare."""
    if control.status != 200 or stream.status != 200:
        return None
    return control.content_chars, stream.content_chars


def _alike(one: int, other: int) -> bool:
    return abs(one - other) <= max(_TOLERANCE_CHARS, _TOLERANCE * max(one, other))


def _stream_empty(control: Facts, stream: Facts) -> bool:
    """Tool calls are an answer too."""
    lengths = _lengths(control, stream)
    return lengths is not None and lengths[0] > 0 and not (lengths[1] or stream.tool_calls)


def _stream_shorter(control: Facts, stream: Facts) -> bool:
    lengths = _lengths(control, stream)
    return lengths is not None and lengths[1] < lengths[0] and not _alike(*lengths)


def _stream_longer(control: Facts, stream: Facts) -> bool:
    lengths = _lengths(control, stream)
    return lengths is not None and lengths[1] > lengths[0] and not _alike(*lengths)


def _shortfall(stream: Facts) -> Shortfall:
    if stream.end_mode in (EndMode.RESET, EndMode.INCOMPLETE):
        return Shortfall.CUT
    if stream.end_mode in (EndMode.IDLE_TIMEOUT, EndMode.TOTAL_TIMEOUT):
        return Shortfall.SILENT
    if not stream.finish_reason:
        return Shortfall.UNFINISHED
    return Shortfall.LIMITED if stream.finish_reason in OUTPUT_LIMITS else Shortfall.COMPLETE


OUTPUT_LIMITS = frozenset({"length", "max_tokens", "MAX_TOKENS", "max_output_tokens", "incomplete"})
"""Finish reasons, in the words of the protocols, of an answer that used up its budget."""


def _pair(one: str, other: str) -> tuple[str, str] | None:
    return (one, other) if one and other and one != other else None


def _tokens(control: Facts, stream: Facts) -> tuple[int, int] | None:
    one, other = control.completion_tokens, stream.completion_tokens
    if one is None or other is None:
        return None
    close = abs(one - other) <= max(_TOLERANCE_TOKENS, _TOLERANCE * max(one, other))
    return None if close else (one, other)


def _no_sooner(control: Facts, stream: Facts) -> bool:
    whole, first = control.total_ms, stream.first_content_ms
    if whole is None or first is None or control.status != 200 or first < _WORTH_STREAMING_MS:
        return False
    return first >= _NO_SOONER * whole


def _hops(control: Facts, stream: Facts) -> tuple[tuple[str, str, str], ...]:
    pairs = ((name, control.headers.get(name, ""), stream.headers.get(name, "")) for name in _ON_THE_WAY)
    return tuple(pair for pair in pairs if pair[1] != pair[2])


_CHECKS: tuple[tuple[Difference, Callable[[Facts, Facts], object]], ...] = (
    (Difference.ERROR_HIDDEN, _error_hidden),
    (Difference.ERROR_IN_STREAM, _error_in_stream),
    (Difference.STREAM_EMPTY, _stream_empty),
    (Difference.STREAM_SHORTER, _stream_shorter),
    (Difference.STREAM_LONGER, _stream_longer),
    (Difference.FINISH_REASON, lambda one, other: _pair(one.finish_reason, other.finish_reason)),
    (Difference.TOKENS, _tokens),
    (Difference.MODEL, lambda one, other: _pair(one.model_reported, other.model_reported)),
    (Difference.NO_SOONER, _no_sooner),
    (Difference.HOPS, _hops),
    (Difference.ADDRESS, lambda one, other: _pair(one.address, other.address)),
)
