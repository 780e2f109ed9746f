"""A run as an HTTP Archive, for the tools that engineers know: HAR 1.2, without a secret in it.

The format: http://www.softwareishard.com/blog/har-12-spec/. Bodies are the redacted excerpts that the desk
keeps; names that begin with an underscore are the desk's own, as the format allows.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from urllib.parse import parse_qsl, urlsplit

from probes.wire.dialects.base import USER_AGENT, WireRequest
from probes.wire.facts import Facts

_DESK, _, _DESK_VERSION = USER_AGENT.partition("/")
_NOT_KNOWN = -1  # the format's word for "does not apply"


@dataclass(frozen=True, slots=True)
class Exchanged:
    """One attempt that was made: its request without the key, where it went, when, and what was seen."""

    request: WireRequest
    url: str
    started_at: datetime
    facts: Facts


def har_of(exchanges: Sequence[Exchanged]) -> dict[str, Any]:
    """JSON-ready."""
    return {
        "log": {
            "version": "1.2",
            "creator": {"name": _DESK, "version": _DESK_VERSION},
            "entries": [_entry(exchanged) for exchanged in exchanges],
        }
    }


def _entry(exchanged: Exchanged) -> dict[str, Any]:
    timings = _timings(exchanged.facts)
    return {
        "startedDateTime": exchanged.started_at.isoformat(timespec="milliseconds"),
        "time": round(sum(timings[name] for name in _IN_TOTAL if timings[name] != _NOT_KNOWN), 3),
        "request": _request(exchanged),
        "response": _response(exchanged.facts),
        "cache": {},
        "timings": timings,
        "serverIPAddress": exchanged.facts.address,
        "_facts": exchanged.facts.as_dict(),
    }


_IN_TOTAL = ("dns", "connect", "send", "wait", "receive")  # `connect` already holds `ssl`


def _timings(facts: Facts) -> dict[str, float]:
    """Milliseconds of each phase, out of moments that count from the start; -1 for a phase not reached."""
    resolved, connected = facts.resolve_ms or 0.0, facts.tls_ms or facts.connect_ms
    answered, ended = facts.headers_ms, facts.total_ms
    return {
        "blocked": _NOT_KNOWN,
        "dns": _span(0.0, facts.resolve_ms),
        "connect": _span(resolved, connected),
        "ssl": _span(facts.connect_ms, facts.tls_ms),
        "send": 0.0,
        "wait": _span(connected, answered if answered is not None else ended),
        "receive": _span(answered, ended),
    }


def _span(begin: float | None, end: float | None) -> float:
    return _NOT_KNOWN if begin is None or end is None else round(max(end - begin, 0.0), 3)


def _request(exchanged: Exchanged) -> dict[str, Any]:
    request = exchanged.request
    seen: dict[str, Any] = {
        "method": request.method,
        "url": exchanged.url,
        "httpVersion": exchanged.facts.http_version,
        "cookies": [],
        "headers": _pairs(request.headers),
        "queryString": _pairs(parse_qsl(urlsplit(exchanged.url).query, keep_blank_values=True)),
        "headersSize": _NOT_KNOWN,
        "bodySize": len(request.body),
    }
    if request.body:
        seen["postData"] = {"mimeType": "application/json", "text": request.body.decode()}
    return seen


def _response(facts: Facts) -> dict[str, Any]:
    return {
        "status": facts.status or 0,
        "statusText": "",
        "httpVersion": facts.http_version,
        "cookies": [],
        "headers": _pairs(facts.headers.items()),
        "content": {
            "size": facts.decoded_bytes or facts.body_bytes,
            "mimeType": facts.content_type,
            "text": facts.body_excerpt,
        },
        "redirectURL": facts.location,
        "headersSize": _NOT_KNOWN,
        "bodySize": facts.body_bytes,
    }


def _pairs(values: Iterable[tuple[str, str]]) -> list[dict[str, str]]:
    return [{"name": name, "value": value} for name, value in values]
