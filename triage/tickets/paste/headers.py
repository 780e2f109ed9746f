"""HTTP headers as tools print them: which say something, which hold a secret, which say nothing here."""

import re
from typing import Final

from probes.wire.kept_headers import kept_headers
from probes.wire.request_ids import ID_HEADERS, PASSED_ON
from triage.tickets.paste.clients import read_user_agent, sdk_of_language
from triage.tickets.paste.found import Finds, IdSeen, Mark, Remark, Role, Sighting, Weight, Why
from triage.tickets.paste.lines import Text
from triage.tickets.paste.moments import moments_in
from triage.tickets.paste.urls import read_path, read_url
from triage.tickets.paste.values import masked_keys, seconds

LINE: Final = re.compile(
    r"^\s{0,8}[\"']?([A-Za-z][A-Za-z0-9-]{1,60})[\"']?\s?[:：]\s*[\"'\[]{0,2}(.*?)[\"'\],]{0,3}\s*$"
)
_STATUS_LINE = re.compile(r"^\s{0,4}HTTP/(\d(?:\.\d)?) (\d{3})(?: [\w '-]{0,40})?\s*$")
_REQUEST_LINE = re.compile(r"^\s{0,4}(?:GET|POST|PUT|DELETE) (/\S{1,300}) HTTP/[\d.]+\s*$")

SECRETS: Final = frozenset(
    (
        "authorization",
        "proxy-authorization",
        "x-api-key",
        "api-key",
        "x-goog-api-key",
        "cookie",
        "set-cookie",
        "x-auth-token",
        "mj-api-secret",
        "openai-organization",
        "openai-project",
    )
)
_ALWAYS: Final = frozenset(
    (
        "user-agent",
        "retry-after",
        "retry-after-ms",
        "content-type",
        "accept",
        "accept-encoding",
        "content-length",
        "transfer-encoding",
        "cache-control",
        "anthropic-version",
        "anthropic-beta",
        "alt-svc",
        "strict-transport-security",
        "vary",
        "pragma",
        "etag",
        "connection",
        "keep-alive",
        "proxy-connection",
        "nel",
        "report-to",
        "access-control-allow-origin",
        "access-control-expose-headers",
        "referrer-policy",
        "permissions-policy",
        "openai-processing-ms",
        "openai-version",
        "server-timing",
        "via",
    )
)
_TELLING: Final = (
    "retry",
    "ratelimit",
    "x-should-retry",
    "cf-mitigated",
    "www-authenticate",
    "proxy-authenticate",
)
"""What of a refused answer belongs into its error text: it says how long to wait, and who refused."""


def is_header(name: str) -> bool:
    """A name that nothing but a header has."""
    low = name.lower()
    return (
        low in _ALWAYS
        or low in SECRETS
        or low in ID_HEADERS
        or low.startswith(("x-", "cf-", "anthropic-ratelimit-", "sec-", PASSED_ON, "openai-"))
    )


def find_headers(text: Text) -> Finds:
    """Header lines without a tool's marks before them, such as the output of `curl -i` or a log."""
    in_block, path = False, ""
    for number, line in text.free():
        if request := _REQUEST_LINE.match(line):
            in_block, path = True, request[1]
            yield from read_path(path, number)
            yield Mark(number, number, Role.READ)
            text.take(number, number)
            continue
        if status := _STATUS_LINE.match(line):
            in_block = True
            yield Sighting("status_code", status[2], number, Weight.SEEN)
            yield Mark(number, number, Role.STORY if status[2] >= "400" else Role.READ)
            text.take(number, number)
            continue
        match = LINE.match(line)
        if match and (is_header(match[1]) or (in_block and "-" not in match[1])):
            yield from _in_block(match[1], match[2], number, path)
            text.take(number, number)
        elif not match:
            in_block = False


def _in_block(name: str, value: str, line: int, path: str) -> Finds:
    if name.lower() == "host" and path:
        yield from read_url(f"https://{value.strip()}{path}", line)
        yield Mark(line, line, Role.READ)
    else:
        yield from read_header(name, value, line)


def read_header(name: str, value: str, line: int) -> Finds:
    """What one header says; `line` is left out when that is nothing."""
    low, value = name.lower(), value.strip()
    if low in SECRETS:
        yield from (Sighting("key_hint", key, line, Weight.SEEN) for key in masked_keys(value)[:1])
        yield Mark(line, line, Role.LEFT_OUT, Why.SECRET_HEADER)
        return
    if low.removeprefix(PASSED_ON) in ID_HEADERS:
        yield IdSeen(low, value[:128], line)
        yield Mark(line, line, Role.READ)
        return
    says = list(_says(low, value, line))
    yield from says
    if any(word in low for word in _TELLING):
        yield Mark(line, line, Role.STORY)
    elif says or kept_headers([(low, value)]):
        yield Mark(line, line, Role.READ)
    else:
        yield Mark(line, line, Role.LEFT_OUT, Why.HEADER)


def read_sent_header(name: str, value: str, line: int) -> Finds:
    """A header of a request belongs to it: nothing of it is told apart, but for secrets."""
    for found in read_header(name, value, line):
        if not isinstance(found, Mark) or found.why == Why.SECRET_HEADER:
            yield found


def _says(name: str, value: str, line: int) -> Finds:
    if name == "user-agent":
        yield from read_user_agent(value, line)
    elif name in ("accept", "content-type") and "event-stream" in value:
        yield Sighting("stream", "yes", line, Weight.NAMED)
    elif name == "anthropic-version":
        yield Sighting("protocol", "anthropic", line, Weight.SEEN)
    elif name == "date":
        for moment in moments_in(value):
            yield Sighting("occurred_at", moment.text, line, Weight.SEEN, Remark.SERVER_CLOCK)
    elif name in ("proxy-connection", "proxy-agent"):
        yield Sighting("via_proxy", "yes", line, Weight.SEEN)
    elif name.startswith("x-stainless-"):
        yield from _stainless(name.removeprefix("x-stainless-"), value, line)


def _stainless(name: str, value: str, line: int) -> Finds:
    """What the SDKs of OpenAI and Anthropic tell of themselves in every request."""
    if name == "package-version":
        yield Sighting("client_version", value, line, Weight.SEEN)
    elif name == "lang" and (client := sdk_of_language(value)):
        yield Sighting("client", client, line, Weight.HINT)
    elif name == "retry-count" and value.isdigit():
        yield Sighting("retry_count", value, line, Weight.SEEN)
        yield Sighting("retried", "no" if value == "0" else "yes", line, Weight.SEEN)
    elif name in ("read-timeout", "timeout") and (limit := seconds(value)):
        yield Sighting("client_timeout_s", limit, line, Weight.SEEN)
