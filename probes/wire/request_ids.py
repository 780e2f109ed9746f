"""The ids by which each hop knows a request, out of headers and error texts."""

import re
from collections.abc import Iterable, Iterator
from datetime import UTC, datetime, timedelta, timezone

Hop = tuple[str, str, str]
"""(header name or "body", id, the time embedded in the id as ISO 8601 or "")."""

ID_HEADERS = (
    "x-request-id",
    "request-id",
    "x-requestid",
    "x-oneapi-request-id",
    "x-new-api-request-id",
    "x-litellm-call-id",
    "x-portkey-trace-id",
    "x-generation-id",
    "x-trace-id",
    "x-correlation-id",
    "x-kong-request-id",
    "x-siliconcloud-trace-id",
    "x-ds-trace-id",
    "x-tt-logid",
    "eagleeye-traceid",
    "x-ms-request-id",
    "apim-request-id",
    "x-amzn-requestid",
    "x-amz-cf-id",
    "x-azure-ref",
    "x-goog-request-id",
    "cf-ray",
)
PASSED_ON = "llm_provider-"
"""LiteLLM hands on its provider's headers under this prefix."""

_LONGEST = 128
_MOST = 16
_IN_TEXT = re.compile(
    r"(?:(?:request|req|trace)[ _-]?id|请求\s*(?:id|编号|号))[\"']?\s*[:：=]\s*[\"']?"
    r"([\w.:-]{6,128})(?![\w.:-])",  # what is longer is no id, and half of it could be half a key
    re.IGNORECASE,
)
_EMBEDDED_TIME = re.compile(r"(?:^|[^0-9])(20\d{12})\d{6,}")


# Real zones only: a slow answer must not pass for a zone of some odd minutes.
_ZONES = tuple(
    timedelta(minutes=minutes)
    for minutes in (
        *range(-12 * 60, 14 * 60 + 1, 60),
        -570, -210, 210, 270, 330, 345, 390, 525, 570, 630, 765,
    )
)  # fmt: skip
_LONGEST_ANSWER = timedelta(minutes=10)  # from an id, made when the request came, to the answer's Date


def id_chain(headers: Iterable[tuple[str, str]], *texts: str, answered_at: datetime) -> tuple[Hop, ...]:
    """The ids of all hops without repeats: headers in the order of the answer, then those named in texts.

    `answered_at` is when the answer came, best by its own Date header: see `time_in`.
    """
    found: dict[str, str] = {}
    for place, request_id in (*_from_headers(headers), *_from_texts(texts)):
        found.setdefault(request_id, place)
    hops = ((place, request_id, time_in(request_id, near=answered_at)) for request_id, place in found.items())
    return tuple(hops)[:_MOST]


def time_in(request_id: str, *, near: datetime) -> str:
    """The time embedded in an id as ISO 8601, or "".

    one-api writes its server's local time and no zone. The zone is the one that puts the id closest to
    `near`, when that is close enough to believe; else the time is told without a zone.
    """
    local = embedded_time(request_id)
    if local is None:
        return ""
    ahead = local - near.astimezone(UTC).replace(tzinfo=None)
    zone = min(_ZONES, key=lambda offset: abs(ahead - offset))
    is_known = abs(ahead - zone) <= _LONGEST_ANSWER
    return (local.replace(tzinfo=timezone(zone)) if is_known else local).isoformat()


def embedded_time(request_id: str) -> datetime | None:
    """The local time, without zone, at which a one-api style id was made ("20260102150405" + digits)."""
    match = _EMBEDDED_TIME.search(request_id)
    try:
        return datetime.strptime(match[1], "%Y%m%d%H%M%S") if match else None
    except ValueError:
        return None


def _from_headers(headers: Iterable[tuple[str, str]]) -> Iterator[tuple[str, str]]:
    for name, value in headers:
        if name.lower().removeprefix(PASSED_ON) in ID_HEADERS and 0 < len(value.strip()) <= _LONGEST:
            yield name.lower(), value.strip()


def _from_texts(texts: Iterable[str]) -> Iterator[tuple[str, str]]:
    for text in texts:
        yield from (("body", found.rstrip(".:-")) for found in _IN_TEXT.findall(text))
