"""One call of a model, as the lab's performers see it, and the headers of every answer."""

import secrets
from dataclasses import dataclass, field
from datetime import datetime
from email.utils import format_datetime

from probes.lab.behaviour import Behaviour
from probes.lab.framing import Headers, Request


@dataclass(frozen=True, slots=True, kw_only=True)
class Call:
    """`arg` stood behind the colon, or is the behaviour's default.

    `serial` counts the calls of this model by this path, from 1.
    """

    request: Request
    protocol: str
    behaviour: Behaviour
    model: str
    arg: float
    stream: bool
    max_tokens: int | None
    wants_usage: bool
    tool: str  # the first one offered; empty without one
    key: str
    serial: int
    now: datetime
    nonce: str = field(default_factory=lambda: secrets.token_hex(12))

    @property
    def request_id(self) -> str:
        """As one-api writes it: the server's clock, nanoseconds, eight digits."""
        return f"{self.now:%Y%m%d%H%M%S%f}000{int(self.nonce[:8], 16) % 10**8:08d}"

    @property
    def epoch(self) -> int:
        return int(self.now.timestamp())

    @property
    def prompt_tokens(self) -> int:
        """Roughly what a tokenizer would count."""
        return max(1, len(self.request.body) // 12)


JSON = "application/json; charset=utf-8"
EVENTS = "text/event-stream; charset=utf-8"
HTML = "text/html; charset=utf-8"


def gateway_headers(call: Call, content_type: str | None) -> Headers:
    """What the gateway itself says on every answer, and the upstream's own request id."""
    labelled = (("content-type", content_type),) if content_type else ()
    hop = (("via", "1.1 edge.lab.example"),) if call.request.edge else ()
    return (("server", "nginx"), ("date", http_date(call.now)), *labelled, *_request_ids(call), *hop)


def edge_headers(call: Call, content_type: str = HTML) -> Headers:
    """What a CDN says when it answers in place of the gateway."""
    ray = f"{call.nonce[:16]}-HKG"
    return (
        ("server", "cloudflare"),
        ("date", http_date(call.now)),
        ("content-type", content_type),
        ("cf-ray", ray),
    )


def proxy_headers(call: Call, content_type: str = "text/html") -> Headers:
    """What nginx says when it answers by itself."""
    return (("server", "nginx/1.24.0"), ("date", http_date(call.now)), ("content-type", content_type))


def http_date(moment: datetime) -> str:
    return format_datetime(moment, usegmt=True)


def _request_ids(call: Call) -> Headers:
    vendor: dict[str, Headers] = {
        "openai_chat": _openai_headers(call),
        "openai_responses": _openai_headers(call),
        "anthropic": (
            ("request-id", f"req_01{call.nonce}"),
            ("anthropic-organization-id", "00000000-0000-4000-8000-0000001ab000"),
        ),
    }
    return (("x-oneapi-request-id", call.request_id), *vendor.get(call.protocol, ()))


def _openai_headers(call: Call) -> Headers:
    return (
        ("x-request-id", f"req_{call.nonce}"),
        ("openai-version", "2020-10-01"),
        ("openai-processing-ms", str(120 + int(call.nonce[:2], 16))),
    )
