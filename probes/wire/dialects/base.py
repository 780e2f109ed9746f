"""What every dialect offers: a request for a step, and its words read into neutral observations."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from typing import Protocol, Self
from urllib.parse import urlsplit, urlunsplit

import orjson

from probes.wire.documents import Document, count_of, first_of, mapping_of, string_of
from probes.wire.error_shapes import ErrorSeen, find_error

USER_AGENT = "triage-desk/0.1"

CONTROL = "control"
STREAM = "stream"
GZIP = "gzip"
TOOL = "tool"
STATUS = "status"
MODELS = "models"
BALANCE = "balance"
WEBSOCKET = "websocket"
# Each of these asks the model for a stream; what sets it apart from "stream" is said by the plan.
STREAMED = frozenset({STREAM, GZIP, TOOL, "repeat", "long", "http2", "route", "model"})


class StepNotOffered(ValueError):
    """The dialect has no request for this step: a chat has no status, a media task is never submitted,
    and nobody knows where a balance is without its path."""


@dataclass(frozen=True, slots=True)
class WireRequest:
    """A request without its secret: the key travels beside it and never becomes part of a value."""

    method: str
    path: str  # relative to the endpoint's base URL, see join_url
    headers: tuple[tuple[str, str], ...]
    body: bytes

    def with_header(self, name: str, value: str) -> Self:
        """The same request with one header put in place of its namesakes."""
        kept = tuple(pair for pair in self.headers if pair[0].lower() != name.lower())
        return replace(self, headers=(*kept, (name.lower(), value)))


@dataclass(frozen=True, slots=True)
class Usage:
    """Tokens that the answer says it cost."""

    prompt: int | None
    completion: int | None
    reasoning: int | None = None  # among the completion's


@dataclass(frozen=True, slots=True, kw_only=True)
class TaskSeen:
    """What a look-up says about a media task; `status` is one of the five neutral words."""

    status: str
    status_raw: str
    inner_status: str = ""  # what the upstream's own object inside the envelope says
    inner_status_raw: str = ""
    error: str = ""
    submitted_at: str = ""  # ISO 8601, UTC when the answer gave an epoch
    expires_at: str = ""  # when the result stops being there, the same way
    result_url_seen: bool = False


@dataclass(frozen=True, slots=True, kw_only=True)
class Observed:
    """What one JSON document says, be it a whole body or one event of a stream."""

    text: str = ""
    reasoning: str = ""
    tool_calls: int = 0  # calls that begin here
    tool_fragment: bool = False  # arguments of a call that began earlier
    finish_reason: str = ""  # in the dialect's own word
    usage: Usage | None = None
    error: ErrorSeen | None = None
    answer_id: str = ""
    begins: bool = False  # the document opens an answer
    done: bool = False  # the end marker
    heartbeat: bool = False  # says nothing but "still here"
    empty_choices: bool = False
    known: bool = True  # False: a document in none of the dialect's shapes
    model: str = ""
    task: TaskSeen | None = None


class Dialect(Protocol):
    """One protocol of the wire. Copy a sibling to add one; docs/new-dialect.md shows how."""

    @property
    def name(self) -> str: ...

    def request_for(
        self, step: str, *, model: str, prompt: str, max_tokens: int, task_id: str = "", path: str = ""
    ) -> WireRequest:
        """The exact request of a step, one of probes.runs.plan.KINDS; StepNotOffered if there is none.

        `path` is where the endpoint keeps what the protocol does not place: balance, WebSocket, tasks.
        """
        ...

    def auth_headers(self, key: str) -> dict[str, str]:
        """The headers that carry the key: handed to the exchange apart from the request."""
        ...

    def read_event(self, event: str, document: object) -> Observed:
        """One parsed event of a stream; `event` is its type, "message" when it named none."""
        ...

    def read_body(self, document: object) -> Observed:
        """A whole parsed JSON body."""
        ...


def read_typed(event: str, document: object, *, by: Mapping[str, Callable[[Document], Observed]]) -> Observed:
    """An event of a protocol that types its events in the body, or by the name of the event itself."""
    body = mapping_of(document)
    kind = string_of(body.get("type")) or event
    if read := by.get(kind):
        return read(body)
    error = find_error(document)
    return Observed(error=error, known=bool(error) or kind != "message")


def tokens_used(usage: Document, *, prompt: str, completion: str) -> Usage | None:
    """The usage object of a protocol that calls its counts so; None where there is none.

    Thoughts are counted in a details object beside the completion, or by some vendors on their own.
    """
    if not usage:
        return None
    details = mapping_of(usage.get(f"{completion}_details"))
    return Usage(
        count_of(usage.get(prompt)),
        count_of(usage.get(completion)),
        count_of(first_of({**usage, **details}, "reasoning_tokens")),
    )


def join_url(base_url: str, path: str) -> str:
    """Where a request goes: the base URL as the customer writes it, then the path.

    The base URL is taken at its word: without "/v1" an OpenAI path gets none, since that is what the
    customer's SDK does too, and the answer to it is evidence. A path that brings its own "/v1" (Anthropic's
    SDK adds it) is not given a second one when the base already ends with it. A query of the base URL
    (Azure's api-version) goes to the end, behind that of the path.
    """
    base = urlsplit(base_url)
    root = base.path.rstrip("/")
    if root.endswith("/v1") and path.startswith("/v1/"):
        path = path.removeprefix("/v1")
    path, _, query = path.partition("?")
    queries = "&".join(part for part in (query, base.query) if part)
    return urlunsplit((base.scheme, base.netloc, root + path, queries, ""))


def ask_model(step: str, path: str, body: Mapping[str, object]) -> WireRequest:
    """The POST of a step that a model answers: the body, the stream flag, and nothing that could be refused.

    Raises StepNotOffered for a step that no model answers.
    """
    if step != CONTROL and step not in STREAMED:
        raise StepNotOffered(step)
    stream = step in STREAMED
    headers = (("content-type", "application/json"), *reading_headers(stream=stream))
    request = WireRequest("POST", path, headers, orjson.dumps({**body, "stream": stream}))
    return request.with_header("accept-encoding", "gzip") if step == GZIP else request


def reading_headers(*, stream: bool) -> tuple[tuple[str, str], ...]:
    """Identity coding: a compressing hop would hide when each event arrived."""
    return (
        ("accept", "text/event-stream" if stream else "application/json"),
        ("accept-encoding", "identity"),
        ("cache-control", "no-cache"),
        ("user-agent", USER_AGENT),
    )
