"""The ids by which each hop knows a request, out of headers and error texts."""

import re
from collections.abc import Iterable, Iterator
from datetime import datetime

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
_LONGEST = 128
_MOST = 16
_IN_TEXT = re.compile(
    r"(?:(?:request|req|trace)[ _-]?id|请求\s*(?:id|编号|号))[\"']?\s*[:：=]\s*[\"']?([\w.:-]{6,128})",
    re.IGNORECASE,
)
_EMBEDDED_TIME = re.compile(r"(?:^|[^0-9])(20\d{12})\d{6,}")


def request_ids(headers: Iterable[tuple[str, str]], *texts: str) -> tuple[str, ...]:
    """The ids of all hops without repeats: headers in the order of the answer, then those named in texts."""
    found = dict.fromkeys([*_from_headers(headers), *_from_texts(texts)])
    return tuple(found)[:_MOST]


def embedded_time(request_id: str) -> datetime | None:
    """The local time, without zone, at which a one-api style id was made ("20260102150405" + digits)."""
    match = _EMBEDDED_TIME.search(request_id)
    try:
        return datetime.strptime(match[1], "%Y%m%d%H%M%S") if match else None
    except ValueError:
        return None


def _from_headers(headers: Iterable[tuple[str, str]]) -> Iterator[str]:
    for name, value in headers:
        if name.lower() in ID_HEADERS and 0 < len(value) <= _LONGEST:
            yield value.strip()


def _from_texts(texts: Iterable[str]) -> Iterator[str]:
    for text in texts:
        yield from (found.rstrip(".:-") for found in _IN_TEXT.findall(text))
