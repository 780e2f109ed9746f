"""Folds the timed moments of one attempt into its facts."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from typing import Any

from probes.wire.answer import Answer
from probes.wire.arrivals import Bursts, Gaps, rounded
from probes.wire.body import Body
from probes.wire.clipping import bounded, clipped
from probes.wire.coding import ContentDecoder
from probes.wire.dialects.base import Dialect, TaskSeen
from probes.wire.documents import mapping_of, text_of
from probes.wire.error_shapes import ErrorSeen, describe_error
from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from probes.wire.kept_headers import bare_location, header_names, kept_headers, missing_headers
from probes.wire.look_ups import LookUp
from probes.wire.moments import (
    Chunk,
    Closed,
    Connected,
    Failed,
    Headers,
    Moment,
    Resolved,
    Sending,
    Sent,
    TlsDone,
)
from probes.wire.request_ids import id_chain
from probes.wire.retry_hints import resolve_retry
from probes.wire.stream import StreamReader
from probes.wire.times import moment_of

_MESSAGE_CHARS = 2000
_MOST_ADDRESSES = 32
_EVENT_STREAM = "text/event-stream"
_CHARSET = re.compile(r"charset\s*=\s*[\"']?([\w.:-]+)", re.IGNORECASE)

_ENDS = {
    Failure.RESET: EndMode.RESET,
    Failure.INCOMPLETE_BODY: EndMode.INCOMPLETE,
    Failure.BAD_PROTOCOL: EndMode.INCOMPLETE,
    Failure.FIRST_BYTE_TIMEOUT: EndMode.IDLE_TIMEOUT,
    Failure.IDLE_TIMEOUT: EndMode.IDLE_TIMEOUT,
    Failure.TOTAL_TIMEOUT: EndMode.TOTAL_TIMEOUT,
    Failure.TOO_LARGE: EndMode.CAPPED,
}
_PATIENCE_OVER = (Failure.IDLE_TIMEOUT, Failure.TOTAL_TIMEOUT)


@dataclass(frozen=True, slots=True)
class _Found:
    """What the body holds, once its kind is known."""

    kind: BodyKind | None
    answer: Answer
    error: ErrorSeen | None = None
    document: object = None
    shape_known: bool = True
    looked_up: Mapping[str, Any] = field(default_factory=dict)  # by the names of Facts


class Reader:
    """Takes moments as they happen; `facts()` may be asked at any time.

    `look_up` is given for a step that asks no model, `route` and `route_place` ("behind_edge" or
    "through_edge") for one that takes a second route of the endpoint.
    """

    def __init__(
        self,
        *,
        step: str,
        dialect: Dialect,
        wall_start: datetime,
        look_up: LookUp | None = None,
        route: str = "",
        route_place: str = "",
    ) -> None:
        self._step = step
        self._dialect = dialect
        self._wall_start = wall_start
        self._look_up = look_up
        self._route: dict[str, Any] = {"route": route, "route_place": route_place}
        self._times: dict[str, float] = {}
        self._line: dict[str, Any] = {}  # what the moments say of the connection, by the names of Facts
        self._sent = False
        self._sending_ms = 0.0
        self._headers: Headers | None = None
        self._kept: dict[str, str] = {}
        self._failure: Failure | None = None
        self._ended = False
        self._lingered = False
        self._reads = 0
        self._bytes = 0
        self._bursts = Bursts()
        self._read_gaps = Gaps()
        self._coding = ContentDecoder("")
        self._body = Body()
        self._stream = StreamReader(dialect)

    def take(self, moment: Moment) -> None:
        match moment:
            case Resolved(at_ms, addresses):
                self._times["resolve_ms"] = at_ms
                self._line["addresses"] = addresses[:_MOST_ADDRESSES]
            case Connected(at_ms, address):
                self._times["connect_ms"] = at_ms
                self._line["address"] = address
            case TlsDone(at_ms, version):
                self._times["tls_ms"] = at_ms
                self._line["tls_version"] = version
            case Sending(at_ms):
                self._sending_ms = at_ms
            case Sent():
                self._sent = True
            case Headers():
                self._take_headers(moment)
            case Chunk(at_ms, data):
                self._take_chunk(at_ms, data)
            case Closed(at_ms, lingered):
                self._lingered = lingered
                self._end(at_ms)
            case Failed(at_ms, failure, detail):
                self._failure = failure
                self._line["failure_detail"] = detail
                self._end(at_ms)

    def has_end_marker(self) -> bool:
        """Nothing more is expected, though the connection may linger: `enough` for the exchange."""
        return self._stream.answer.done_at is not None

    def facts(self) -> Facts:
        """What is known so far; the same moments always give the same facts."""
        found = self._found()
        seen: dict[str, Any] = {
            "step": self._step,
            "failure": self._failure,
            "sent": self._sent,
            "end_mode": self._end_mode(found),
            **self._route,
            **self._line,
            **self._phase_facts(),
            **self._head_facts(),
            **self._arrival_facts(),
            **(self._stream_facts(found) if _streamed(found.kind) else {}),
            **self._body_facts(found),
            **self._error_facts(found),
            **found.answer.facts(),
            **_task_facts(found.answer.task),
            **found.looked_up,
        }
        return Facts(**{name: bounded(value) for name, value in seen.items()})

    def _take_headers(self, headers: Headers) -> None:
        self._headers = headers
        self._sent = True
        self._times["headers_ms"] = headers.at_ms
        self._kept = kept_headers(headers.fields)
        charset = _CHARSET.search(self._kept.get("content-type", ""))
        self._coding = ContentDecoder(self._kept.get("content-encoding", ""))
        self._body = Body(charset=charset[1] if charset else "")

    def _take_chunk(self, at_ms: float, data: bytes) -> None:
        if not data:
            return
        self._reads += 1
        self._bytes += len(data)
        self._times.setdefault("first_byte_ms", at_ms)
        self._times["last_byte_ms"] = at_ms
        self._bursts.add(at_ms, len(data))
        self._read_gaps.add(at_ms)
        decoded = self._coding.feed(data)
        self._body.add(decoded)
        self._stream.feed(decoded, at_ms)
        if self._stream.events:
            self._body.be_stream()

    def _end(self, at_ms: float) -> None:
        self._ended = True
        self._times["total_ms"] = at_ms
        self._stream.close(at_ms)
        self._read_gaps.silent_until(at_ms)

    @property
    def _status(self) -> int:
        return self._headers.status if self._headers else 0

    def _found(self) -> _Found:
        if not self._headers or not (self._bytes or (self._ended and not self._failure)):
            return _Found(None, Answer())
        is_json, document = self._body.document()
        if is_json:
            return self._found_json(document)
        kind = self._body.kind(has_events=self._stream.events > 0)
        if kind is BodyKind.EVENTS:
            return _Found(kind, self._stream.answer, self._stream.error(), self._stream.error_document)
        if kind is BodyKind.NDJSON:
            return _Found(kind, self._stream.lines, self._stream.lines.error)
        if kind is BodyKind.EMPTY and self._coding.problem:
            kind = BodyKind.OTHER
        is_refusal_in_words = kind is BodyKind.OTHER and self._status >= 400
        return _Found(kind, Answer(), ErrorSeen(message=self._body.text()) if is_refusal_in_words else None)

    def _found_json(self, document: object) -> _Found:
        seen = self._dialect.read_body(document)
        answer = Answer()
        answer.add(seen, self._times["last_byte_ms"])
        error = describe_error(document) if self._status >= 400 and not seen.error else seen.error
        kind = BodyKind.JSON_ERROR if error else BodyKind.JSON_OK
        looked_up = self._look_up.body_facts(document) if self._look_up and not error else {}
        known = bool(seen.known or error or looked_up)
        return _Found(kind, answer, error, document, shape_known=known, looked_up=looked_up)

    def _end_mode(self, found: _Found) -> EndMode | None:
        """The end marker outweighs how the connection went: what came after it cost nobody anything."""
        if not self._ended:
            return None
        if _streamed(found.kind) and found.answer.done_at is not None:
            return EndMode.DONE
        if self._headers and self._failure:
            return _ENDS.get(self._failure, EndMode.RESET)
        return EndMode.CLEAN_EOF if self._bytes else EndMode.NO_BODY

    def _phase_facts(self) -> dict[str, Any]:
        return {name: round(at_ms, 1) for name, at_ms in self._times.items()}

    def _head_facts(self) -> dict[str, Any]:
        if not self._headers:
            return {}
        return {
            "status": self._headers.status,
            "http_version": self._headers.http_version,
            "headers": self._kept,
            "header_names": header_names(self._headers.fields),
            "headers_missing": missing_headers(self._headers.fields),
            "content_type": self._kept.get("content-type", "").partition(";")[0].strip().lower(),
            "content_encoding": self._kept.get("content-encoding", "").lower(),
            "location": next(
                (bare_location(v) for n, v in self._headers.fields if n.lower() == "location"), ""
            ),
            "clock_skew_s": self._clock_skew_s(self._headers),
            **(self._look_up.head_facts(self._headers) if self._look_up else {}),
        }

    def _clock_skew_s(self, headers: Headers) -> float | None:
        """How far Date lies outside the time in which it was written, from the request to the answer.

        Servers write it when they begin or when they answer, and in whole seconds (RFC 9110, section 5.6.7).
        """
        written = moment_of(self._kept.get("date"))
        if written is None:
            return None
        earliest = self._wall(self._sending_ms).replace(microsecond=0)
        nearest = min(max(written, earliest), self._answered_at(headers))
        return round((written - nearest).total_seconds(), 1)

    def _answered_at(self, headers: Headers) -> datetime:
        return self._wall(headers.at_ms)

    def _wall(self, at_ms: float) -> datetime:
        return self._wall_start + timedelta(milliseconds=at_ms)

    def _arrival_facts(self) -> dict[str, Any]:
        return {
            "reads": self._reads,
            "bytes_per_read": round(self._bytes / self._reads, 1) if self._reads else None,
            "bursts": self._bursts.kept(),
            "burst_count": self._bursts.count,
            "max_read_gap_ms": rounded(self._read_gaps.longest_ms),
            "decode_problem": self._coding.problem,
        }

    def _stream_facts(self, found: _Found) -> dict[str, Any]:
        """What only a stream has."""
        framing = self._stream.line_facts() if found.kind is BodyKind.NDJSON else self._stream.facts()
        done = found.answer.done_at is not None
        return {
            **framing,
            "events_per_read": round(framing["events"] / self._reads, 2) if self._reads else None,
            **found.answer.stream_facts(),
            "after_done_ms": self._after_done(found.answer),
            "lingered": self._lingered or (done and self._failure in _PATIENCE_OVER),
        }

    def _after_done(self, answer: Answer) -> float | None:
        if answer.done_at is None or not self._ended:
            return None
        return round(self._times["total_ms"] - answer.done_at, 1)

    def _body_facts(self, found: _Found) -> dict[str, Any]:
        facts: dict[str, Any] = {
            "body_kind": found.kind,
            "body_bytes": self._bytes,
            "decoded_bytes": self._body.size if self._kept.get("content-encoding") else 0,
            "shape_known": found.shape_known,
        }
        if self._bytes and not self._is_normal(found):
            facts |= {"body_excerpt": self._body.excerpt(), "body_sha256": self._body.sha256()}
        return facts

    def _is_normal(self, found: _Found) -> bool:
        answer = found.answer
        has_answer = answer.text_chars or answer.tool_calls or answer.task or found.looked_up
        is_well_formed = not (found.error or self._stream.bad_frames or self._stream.unframed)
        return bool(self._status < 400 and has_answer and (is_well_formed or found.kind is BodyKind.JSON_OK))

    def _error_facts(self, found: _Found) -> dict[str, Any]:
        if not self._headers:
            return {}
        error = found.error or ErrorSeen()
        is_refusal = found.error is not None or self._status >= 400
        hops = id_chain(
            self._headers.fields,
            error.message,
            f"request_id: {error.request_id}" if error.request_id else "",
            self._body.text() if is_refusal else "",
            answered_at=moment_of(self._kept.get("date")) or self._answered_at(self._headers),
        )
        facts: dict[str, Any] = {
            "in_stream_error": found.error is not None and self._status < 400 and self._is_stream(found),
            "error_type": error.type,
            "error_code": error.code,
            "error_message": clipped(error.message, _MESSAGE_CHARS),
            "error_param": error.param,
            "request_ids": tuple(request_id for _place, request_id, _time in hops),
            "id_chain": hops,
        }
        return facts | (self._retry_facts(self._headers, found, error) if is_refusal else {})

    def _is_stream(self, found: _Found) -> bool:
        """By its events, or by what it calls itself: an error without any framing is all that some send."""
        return _streamed(found.kind) or self._kept.get("content-type", "").lower().startswith(_EVENT_STREAM)

    def _retry_facts(self, headers: Headers, found: _Found, error: ErrorSeen) -> dict[str, Any]:
        now = self._answered_at(headers)
        hint = resolve_retry(self._kept, found.document, text=error.message, now=now)
        return {
            "retry_after_s": rounded(hint.seconds, 3),
            "retry_source": hint.source,
            "retry_at": hint.at.astimezone(UTC).isoformat(timespec="seconds") if hint.at else "",
            "retry_rejected": hint.rejected,
            "rate_limit_type": self._kept.get("rate_limit_type", "") or _limit_type(found.document),
        }


def read_facts(moments: Iterable[Moment], *, step: str, dialect: Dialect, wall_start: datetime) -> Facts:
    """The facts of a whole transcript."""
    reader = Reader(step=step, dialect=dialect, wall_start=wall_start)
    for moment in moments:
        reader.take(moment)
    return reader.facts()


def _task_facts(task: TaskSeen | None) -> dict[str, Any]:
    if not task:
        return {}
    return {
        "task_status": task.status,
        "task_status_raw": task.status_raw,
        "task_inner_status": task.inner_status,
        "task_inner_status_raw": task.inner_status_raw,
        "task_error": clipped(task.error, _MESSAGE_CHARS),
        "task_submitted_at": task.submitted_at,
        "task_expires_at": task.expires_at,
        "task_result_url_seen": task.result_url_seen,
    }


def _streamed(kind: BodyKind | None) -> bool:
    return kind in (BodyKind.EVENTS, BodyKind.NDJSON)


def _limit_type(document: object) -> str:
    """LiteLLM's own word for which of its limits was hit, in the error or beside it."""
    body = mapping_of(document)
    inside = mapping_of(body.get("error"))
    return text_of(inside.get("rate_limit_type") or body.get("rate_limit_type"))
