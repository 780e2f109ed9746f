"""What one attempt showed: everything that a verdict may rest on.

The names are the fact vocabulary that rules, pages, `judge` files and docs/interfaces.md share.
"""

from collections.abc import Callable, Mapping
from dataclasses import MISSING, Field, dataclass, field, fields
from enum import StrEnum
from typing import Any, Self

from probes.wire.fact_names import by_our_names, reader_of


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


NEVER_CONNECTED = frozenset(
    {
        Failure.DNS,
        Failure.CONNECT_REFUSED,
        Failure.CONNECT_TIMEOUT,
        Failure.TLS_EXPIRED,
        Failure.TLS_WRONG_NAME,
        Failure.TLS_UNTRUSTED,
        Failure.TLS_PROTOCOL,
    }
)
"""Name, connection or TLS do not stand: nothing could be sent. The desk's own refusals are another matter."""


class EndMode(StrEnum):
    """How the body ended."""

    DONE = "done"  # the end marker arrived: [DONE] or message_stop
    CLEAN_EOF = "clean_eof"
    INCOMPLETE = "incomplete_chunked"
    RESET = "reset"
    IDLE_TIMEOUT = "idle_timeout"
    TOTAL_TIMEOUT = "total_timeout"
    CAPPED = "capped"  # the desk hung up: too large
    CLIENT_ABORT = "client_abort"  # the client hung up for another reason
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

    step: str  # the kind of the plan's step: "control", "stream", "gzip" …, see probes/runs/plan.py
    route: str = ""  # short name of the second route it took; empty: the endpoint's own base URL
    route_place: str = ""  # where that route lies: "behind_edge" or "through_edge"
    skipped: str = ""  # why the step was not sent, as a code
    # transport
    failure: Failure | None = None
    failure_detail: str = ""  # the peer's own word for it: an HTTP/2 error code, a TLS alert
    addresses: tuple[str, ...] = ()  # what DNS answered
    address: str = ""  # the one of them that was connected to
    tls_version: str = ""
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
    header_names: tuple[str, ...] = ()  # all that came, also those whose values are not kept
    headers_missing: tuple[str, ...] = ()  # of those that say how an answer travels and is kept on its way
    content_type: str = ""  # media type alone, lower case
    content_encoding: str = ""
    decode_problem: str = ""  # of the content coding: unsupported, corrupt or cap
    body_kind: BodyKind | None = None
    body_bytes: int = 0  # as they came over the wire
    decoded_bytes: int = 0  # the same without their content coding, where there was one
    body_excerpt: str = ""  # redacted head and tail of an unusual body
    body_sha256: str = ""  # of the whole decoded body, beside an excerpt
    shape_known: bool = True  # False: JSON that is neither an answer of this protocol nor an error
    error_type: str = ""
    error_code: str = ""
    error_message: str = ""  # redacted
    error_param: str = ""
    rate_limit_type: str = ""  # LiteLLM: requests, tokens, concurrent_requests
    request_ids: tuple[str, ...] = ()
    id_chain: tuple[tuple[str, str, str], ...] = ()  # (header or "body", id, ISO time embedded in it or "")
    location: str = ""  # where a redirect pointed, redacted
    retry_after_s: float | None = None  # resolved to one answer, see retry_hints
    retry_source: str = ""  # which header or field named it
    retry_at: str = ""  # the same as ISO 8601 in UTC
    retry_rejected: tuple[str, ...] = ()  # sources that asked for more than 30 days
    clock_skew_s: float | None = None  # Date header minus our clock
    # stream
    reads: int = 0
    events: int = 0
    events_per_read: float | None = None
    bytes_per_read: float | None = None
    comments: int = 0
    first_comment_ms: float | None = None
    last_comment_ms: float | None = None
    pings: int = 0  # heartbeat events; not among `events`
    empty_events: int = 0  # `data:` with nothing; not among `events`
    max_gap_ms: float | None = None  # between reads that completed an event, and the silence at the end
    max_gap_at_ms: float | None = None  # when it began
    max_gap_after: int = 0  # how many such reads came before it
    max_read_gap_ms: float | None = None  # the same between reads of any bytes, heartbeats included
    gap_histogram: tuple[int, ...] = ()  # gaps under 10 ms, 100 ms, 1 s, 10 s, and longer
    burst_count: int = 0  # all of them; `bursts` keeps the first 150 and the last 50
    bursts: tuple[tuple[float, int], ...] = ()  # (at_ms, bytes) of reads joined when under 5 ms apart
    malformed_events: int = 0  # JSON that does not parse, events in no shape at all, oversized ones
    malformed_at: int | None = None  # events before the first of them
    malformed_sample: str = ""  # its head, redacted
    invalid_utf8: int = 0  # lines
    unframed_lines: int = 0  # text between the events that is no field, such as a bare JSON error
    unfinished: str = ""  # the event that the end cut off: its last line, redacted
    answers: int = 0  # distinct answers begun in one stream: 2 means it was sent twice
    doubled: str = ""  # "deltas": every piece came twice; "answer": the answer began twice and said the same;
    # "cumulative": every piece begins with all that came before
    halves_equal: bool = False  # the text is one half said twice; proves something beside a shorter control
    repeated_deltas: int = 0  # pieces of text equal to the one before
    empty_choices_events: int = 0
    in_stream_error: bool = False  # an error object inside a 200; its parts are in error_*
    done_seen: bool = False
    events_after_done: int = 0
    bytes_after_done: int = 0  # of their data and of lines that are no field
    after_done_ms: float | None = None  # from the end marker until the last byte or the close
    lingered: bool = False  # the server kept the connection open long after the end marker
    last_seen: str = ""  # text, reasoning, tool, finish, usage, error, ping, comment, done or other
    end_mode: EndMode | None = None
    # content
    content_chars: int = 0
    reasoning_chars: int = 0
    tool_calls: int = 0
    first_reasoning_ms: float | None = None
    finish_reason: str = (
        ""  # the protocol's own word: stop, length, end_turn, max_tokens, max_output_tokens …
    )
    usage_seen: bool = False
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    reasoning_tokens: int | None = None  # among the former, also when the thoughts themselves are not sent
    model_reported: str = ""
    # look-ups that cost nothing
    models_listed: int | None = None  # how many models the list names
    model_listed: bool | None = None  # whether the model of the step is among them
    models_nearest: tuple[str, ...] = ()  # names on the list like the one that is not there, nearest first
    balance: str = ""  # what the account has left, as a decimal number
    balance_currency: str = ""
    credit_limit: str = ""  # what it had, where the answer says so
    credit_used: str = ""
    websocket_accepted: bool | None = None  # 101 with the right Sec-WebSocket-Accept
    # media task look-up
    task_status: str = ""  # queued, running, succeeded, failed, unknown
    task_status_raw: str = ""
    task_inner_status: str = ""  # what the upstream's object inside the envelope says, when there is one
    task_inner_status_raw: str = ""
    task_error: str = ""
    task_submitted_at: str = ""  # ISO, when the answer names it
    task_expires_at: str = ""  # ISO, when the answer says how long the result is kept
    task_result_url_seen: bool = False

    @property
    def task_contradicts(self) -> bool:
        """The envelope and the upstream's own object tell different stories."""
        return bool(self.task_inner_status) and self.task_inner_status != self.task_status

    def as_dict(self) -> dict[str, Any]:
        """JSON-ready, without what was not seen."""
        return {f.name: value for f in fields(self) if (value := getattr(self, f.name)) != _default(f)}

    @classmethod
    def from_dict(cls, data: Mapping[str, Any]) -> Self:
        """The reverse of `as_dict`, and of the vocabulary's other spellings.

        Unknown names and values of a wrong type are passed over, so that old rows and foreign files stay
        readable.
        """
        named = by_our_names(data)
        values = {name: _READERS[name](value) for name, value in named.items() if name in _READERS}
        return cls(**{"step": ""} | {name: value for name, value in values.items() if value is not None})


_READERS: Mapping[str, Callable[[object], Any]] = {f.name: reader_of(f.type) for f in fields(Facts)}
"""What reads each field: to ask the dataclass each time takes longer than to read the values."""


def _default(fact: Field[Any]) -> Any:
    return fact.default if fact.default_factory is MISSING else fact.default_factory()
