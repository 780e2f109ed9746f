"""What one attempt showed: everything that a verdict may rest on.

The names are the fact vocabulary that rules, pages, `judge` files and docs/interfaces.md share.
"""

from dataclasses import dataclass, field, fields
from enum import StrEnum
from typing import Any, Self


class Failure(StrEnum):
    """How an exchange broke, in the order in which it can break."""

    DNS = "dns"
    ADDRESS_REFUSED = "address_refused"  # by the desk, before connecting
    CONNECT_REFUSED = "connect_refused"
    CONNECT_TIMEOUT = "connect_timeout"
    TLS_EXPIRED = "tls_expired"
    TLS_WRONG_NAME = "tls_wrong_name"
    TLS_UNTRUSTED = "tls_untrusted"
    TLS_PROTOCOL = "tls_protocol"
    WRITE_FAILED = "write_failed"
    NO_RESPONSE = "no_response"  # closed before any byte of an answer
    FIRST_BYTE_TIMEOUT = "first_byte_timeout"
    RESET = "reset"
    INCOMPLETE_BODY = "incomplete_body"  # chunked or counted body ended early
    IDLE_TIMEOUT = "idle_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    TOO_LARGE = "too_large"
    BAD_PROTOCOL = "bad_protocol"  # not HTTP as we know it


class EndMode(StrEnum):
    """How the body ended."""

    DONE = "done"  # the end marker arrived: [DONE] or message_stop
    CLEAN_EOF = "clean_eof"
    INCOMPLETE = "incomplete_chunked"
    RESET = "reset"
    IDLE_TIMEOUT = "idle_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    CAPPED = "capped"
    NO_BODY = "no_body"


class BodyKind(StrEnum):
    """What the body turned out to be, whatever its content type says."""

    EVENTS = "events"
    JSON_OK = "json_ok"
    JSON_ERROR = "json_error"
    NDJSON = "ndjson"
    HTML = "html"
    EMPTY = "empty"
    OTHER = "other"


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """One attempt. `None` means "not seen"; durations count from the start of the attempt."""

    step: str  # "control", "stream" or "status"
    skipped: str = ""  # why the step was not sent, as a code
    # transport
    failure: Failure | None = None
    sent: bool = False
    http_version: str = ""
    resolve_ms: float | None = None
    connect_ms: float | None = None
    tls_ms: float | None = None
    headers_ms: float | None = None
    first_byte_ms: float | None = None
    first_event_ms: float | None = None
    first_content_ms: float | None = None
    last_byte_ms: float | None = None
    total_ms: float | None = None
    # answer
    status: int | None = None
    headers: dict[str, str] = field(default_factory=dict)  # allow-listed names only, lower case
    content_type: str = ""  # media type alone, lower case
    content_encoding: str = ""
    body_kind: BodyKind | None = None
    body_bytes: int = 0
    body_excerpt: str = ""  # redacted head and tail of an unusual body
    error_type: str = ""
    error_code: str = ""
    error_message: str = ""  # redacted
    error_param: str = ""
    request_ids: tuple[str, ...] = ()
    location: str = ""  # where a redirect pointed, redacted
    retry_after_s: float | None = None  # resolved to one answer, see retry_hints
    retry_source: str = ""  # which header or field named it
    clock_skew_s: float | None = None  # Date header minus our clock
    # stream
    reads: int = 0
    events: int = 0
    comments: int = 0
    max_gap_ms: float | None = None
    bursts: tuple[tuple[float, int], ...] = ()  # (at_ms, bytes) of reads joined when under 5 ms apart
    malformed_events: int = 0
    answers: int = 0  # distinct answers begun in one stream: 2 means it was sent twice
    empty_choices_events: int = 0
    in_stream_error: bool = False  # an error object inside a 200; its parts are in error_*
    done_seen: bool = False
    end_mode: EndMode | None = None
    # content
    content_chars: int = 0
    reasoning_chars: int = 0
    tool_calls: int = 0
    finish_reason: str = ""
    usage_seen: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    model_reported: str = ""
    # media task look-up
    task_status: str = ""  # queued, running, succeeded, failed, unknown
    task_status_raw: str = ""
    task_error: str = ""
    task_submitted_at: str = ""  # ISO, when the answer names it
    task_result_url_seen: bool = False

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, without what was not seen."""
        return {
            f.name: value
            for f in fields(self)
            if (value := getattr(self, f.name)) not in (None, "", (), {}, 0, False)
        }

    @classmethod
    def from_dict(cls, data: dict[str, Any]) -> Self:
        """The reverse of `as_dict`; unknown names are ignored so that old rows stay readable."""
        known = {f.name for f in fields(cls)}
        values = {key: value for key, value in data.items() if key in known}
        for name, enum in (("failure", Failure), ("end_mode", EndMode), ("body_kind", BodyKind)):
            if values.get(name) is not None:
                values[name] = enum(values[name])
        for name in ("request_ids",):
            values[name] = tuple(values.get(name, ()))
        values["bursts"] = tuple((at, size) for at, size in values.get("bursts", ()))
        return cls(**values)
