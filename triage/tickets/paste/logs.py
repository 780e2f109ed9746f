"""Lines that programs log: SDKs, httpx, gateways, reverse proxies, and their one-line errors."""

import re
from collections.abc import Callable
from typing import Final

from triage.tickets.paste.clients import read_user_agent
from triage.tickets.paste.curl import proxy_shown
from triage.tickets.paste.found import Finds, IdSeen, Mark, Role, Sighting, Weight
from triage.tickets.paste.lines import Text
from triage.tickets.paste.moments import moments_in
from triage.tickets.paste.urls import PATH, is_api, read_path, read_url, urls_in
from triage.tickets.paste.values import number_text, seconds

_HTTPX: Final = re.compile(
    r'HTTP (?:Request|Response): (?:POST|GET|PUT|DELETE) (\S{1,600}) "(?:HTTP/[\d.]+ )?(\d{3})\b'
)
_RETRYING: Final = re.compile(
    r"\bRetrying request to (/\S{1,200}) in [\d.]+ seconds|\bRetrying in [\d.]+ ?s"
    r"|Retrying .{0,120} as it raised|\bretrying, \d+ attempts? remaining|重试第 ?\d+ ?次|第 ?\d+ ?次重试",
    re.IGNORECASE,
)
_ACCESS: Final = re.compile(
    r'"(?:GET|POST|PUT|PATCH|DELETE|HEAD) (/\S{0,600}) HTTP/[\d.]+" (\d{3})\b(.{0,600})'
)
_AGENT: Final = re.compile(r'"[^"]{0,300}" "([^"]{1,300})"')
_RT: Final = re.compile(r"\b(?:rt|request_time|upstream_response_time|urt)[=:]\"?(\d{1,6}\.\d{1,6})")
_GIN: Final = re.compile(
    r"\[GIN\] (\d{4}/\d\d/\d\d - \d\d:\d\d:\d\d) \|(?:\s{0,3}([\w-]{18,64}) \|)?\s{1,4}(\d{3})"
    r" \|\s{1,12}([\d.]+(?:m\d[\d.]*)?(?:s|ms|µs|m))\s{0,3}\|\s{1,18}\S{1,45} \|\s{1,8}(?:GET|POST|PUT"
    r"|DELETE)\s{1,8}\"?(/[^\s\"]{0,300})"
)
_ONE_API: Final = re.compile(
    r"\[(?:ERR|INFO|WARN|ERROR|FATAL|SYS|DEBUG)\] (\d{4}/\d\d/\d\d - \d\d:\d\d:\d\d) \| ([\w-]{4,64}) \|"
)
_NGINX: Final = re.compile(r"(\d{4}/\d\d/\d\d \d\d:\d\d:\d\d) \[(?:error|warn|crit)\] \d+#\d+: ")
_NGINX_REQUEST: Final = re.compile(r'request: "(?:GET|POST|PUT|DELETE) (/\S{0,400}) HTTP')
_NGINX_HOST: Final = re.compile(r'host: "([\w.:-]{3,120})"')
_POOL: Final = re.compile(r"HTTPS?ConnectionPool\(host='([\w.-]{1,120})', port=(\d{1,5})\)")
_POOL_URL: Final = re.compile(r"with url: (/\S{1,300})")
_LIMIT: Final = re.compile(
    r"\((?:read|connect) timeout=(\d{1,6}(?:\.\d{1,6})?)\)|\btimeout of (\d{1,9}) ?(ms|s)? exceeded"
    r"|\bRequest timed out after (\d{1,9}(?:\.\d{1,6})?) ?(ms|s|seconds)?"
    r"|timeout value=(\d{1,6}(?:\.\d{1,6})?)"
)
_TOOK: Final = re.compile(
    r"(?:Operation timed out|[Tt]imed out|[Tt]imeout|[Ff]ailed|[Dd]isconnected|closed"
    r"|aborted) after (\d{1,9}(?:\.\d{1,6})?) ?(milliseconds|ms|seconds?|secs?|s|minutes?|mins?|min)\b"
)
_GO_POST: Final = re.compile(r'\b(?:Post|Get) "(https?://[^"\s]{4,400})"')
_STAMP: Final = re.compile(
    r"^\W{0,3}(?:[A-Z]{4,8}\W{1,3})?(?:\w{1,12}[ |:]{1,3})?\[?(?=\d{4}[-/]\d\d[-/]\d\d[ T])"
)
_BAD: Final = re.compile(
    r"error|fail|timeout|timed out|exception|refused|reset|retry|abort|denied|exceeded|overloaded"
    r"|panic|错误|失败|超时|异常|断开|重试",
    re.IGNORECASE,
)
_REAL: Final = re.compile(r"^real\s+(?:(\d{1,4})m)?(\d{1,5}\.\d{1,4})s\s*$")
_PROXY_ERROR: Final = re.compile(
    r"ProxyError|Tunnel connection failed|proxyconnect tcp|Cannot connect to proxy|ERR_PROXY|ERR_TUNNEL"
)
_PROXY_ENV: Final = re.compile(r"\b(?:https?|all)_proxy\s?=\s?[\"']?([^\s\"';&]{4,200})", re.IGNORECASE)
_LITELLM_RETRIED: Final = re.compile(r"LiteLLM Retried: (\d{1,4}) times?")
_LEFT: Final = re.compile(r"\b\d retr(?:y|ies) left\b")


def is_log(line: str) -> bool:
    """A line whose form is known: its words are no labels."""
    low = line.lower()
    return any(sign in low and pattern.search(line) for sign, pattern in _FORMS)


_FORMS: Final = (("http re", _HTTPX), ("http/", _ACCESS), ("[gin]", _GIN), ("#", _NGINX))


def find_logs(text: Text) -> Finds:
    retries: list[int] = []
    for number, line in text.free():
        low = line.lower()
        if ("retry" in low or "重试" in low) and _RETRYING.search(line):
            retries.append(number)
        for signs, reader in _READERS:
            if any(sign in low for sign in signs):
                yield from reader(line, number)
    if retries:
        yield Sighting("retry_count", str(len(retries)), retries[-1], Weight.NAMED)
        yield Sighting("retried", "yes", retries[-1], Weight.SEEN)


def _httpx(line: str, number: int) -> Finds:
    if not (match := _HTTPX.search(line)):
        return
    yield from read_url(match[1], number, weight=Weight.SEEN - 5)
    yield Sighting("status_code", match[2], number, Weight.SEEN)
    yield Sighting("client", "httpx", number, Weight.HINT - 15)
    yield Mark(number, number, Role.STORY if match[2] >= "400" else Role.READ)


def _openai_debug(line: str, number: int) -> Finds:
    if "openai._base_client" in line or "openai:" in line[:80]:
        yield Sighting("client", "openai-python", number, Weight.NAMED)
    elif "anthropic._base_client" in line:
        yield Sighting("client", "anthropic-python", number, Weight.NAMED)
    if match := _RETRYING.search(line):
        yield from read_path(match[1] or "", number, weight=Weight.NAMED)
        yield Mark(number, number, Role.STORY)
    if match := _LITELLM_RETRIED.search(line):
        yield Sighting("retry_count", match[1], number, Weight.SEEN)
        yield Sighting("retried", "no" if match[1] == "0" else "yes", number, Weight.SEEN)
    if _LEFT.search(line):
        yield Mark(number, number, Role.STORY)


def _access(line: str, number: int) -> Finds:
    if not (match := _ACCESS.search(line)):
        return
    yield from read_path(match[1], number)
    yield Sighting("status_code", match[2], number, Weight.SEEN)
    if agent := _AGENT.search(match[3]):
        yield from read_user_agent(agent[1], number)
    if took := _RT.search(match[3]):
        yield Sighting("elapsed_s", number_text(float(took[1])), number, Weight.SEEN)
    yield Mark(number, number, Role.STORY if match[2] >= "400" else Role.READ)


def _gin(line: str, number: int) -> Finds:
    if not (match := _GIN.search(line)):
        return
    at, request_id, status, took, path = match.groups()
    yield from _time(at.replace(" - ", " "), number, Weight.SEEN)
    if request_id:
        yield IdSeen("log", request_id, number)
    yield Sighting("status_code", status, number, Weight.SEEN)
    if elapsed := seconds(took):
        yield Sighting("elapsed_s", elapsed, number, Weight.SEEN)
    yield from read_path(path, number)
    yield Mark(number, number, Role.STORY if status >= "400" else Role.READ)


def _one_api(line: str, number: int) -> Finds:
    if match := _ONE_API.search(line):
        yield from _time(match[1].replace(" - ", " "), number, Weight.SEEN)
        if any(char.isdigit() for char in match[2]):
            yield IdSeen("log", match[2], number)


def _nginx(line: str, number: int) -> Finds:
    if not (match := _NGINX.search(line)):
        return
    yield from _time(match[1], number, Weight.SEEN)
    path = _NGINX_REQUEST.search(line)
    host = _NGINX_HOST.search(line)
    if path and host:
        yield from read_url(f"https://{host[1]}{path[1]}", number, weight=Weight.NAMED)
    yield Mark(number, number, Role.STORY)


def _requests(line: str, number: int) -> Finds:
    if match := _POOL.search(line):
        port = "" if match[2] == "443" else f":{match[2]}"
        path = _POOL_URL.search(line)
        if path:
            yield from read_url(f"https://{match[1]}{port}{path[1]}", number, weight=Weight.NAMED)
        yield Mark(number, number, Role.STORY)


def _limits(line: str, number: int) -> Finds:
    if match := _LIMIT.search(line):
        said = next(part for part in (match[1], match[2], match[4], match[6]) if part)
        unit = (match[3] or match[5] or "").removesuffix("econds")
        limit = seconds(f"{said}{unit}")
        if limit:
            yield Sighting("client_timeout_s", limit, number, Weight.SEEN)
        yield Mark(number, number, Role.STORY)
    if (match := _TOOK.search(line)) and (
        took := seconds(f"{match[1]} {match[2].replace('milliseconds', 'ms')}")
    ):
        yield Sighting("elapsed_s", took, number, Weight.SEEN)
        yield Mark(number, number, Role.STORY)
    if match := _REAL.match(line):
        yield Sighting(
            "elapsed_s", number_text(int(match[1] or 0) * 60 + float(match[2])), number, Weight.NAMED
        )
        yield Mark(number, number, Role.READ)


def _proxies(line: str, number: int) -> Finds:
    if _PROXY_ERROR.search(line):
        yield Sighting("via_proxy", "yes", number, Weight.SEEN)
        yield Mark(number, number, Role.STORY)
    if match := _PROXY_ENV.search(line):
        yield Sighting("via_proxy", "yes", number, Weight.SEEN)
        yield Sighting("via_proxy_text", proxy_shown(match[1]), number, Weight.SEEN)


def _addresses(line: str, number: int) -> Finds:
    for match in _GO_POST.finditer(line):
        yield from read_url(match[1], number)
        yield Mark(number, number, Role.STORY)
    urls = urls_in(line)[:20]
    for url in urls:
        if is_api(url):
            yield from read_url(url, number, weight=Weight.NAMED)
    if not urls and not is_log(line) and (path := PATH.search(line)):
        yield from read_path(path[1], number, weight=Weight.HINT)


def _stamped(line: str, number: int) -> Finds:
    """The time at the head of a log line counts more where the line speaks of a failure."""
    if _GIN.search(line) or _ONE_API.search(line) or _NGINX.search(line):
        return
    is_bad = bool(_BAD.search(line) or re.search(r'"(?:HTTP/[\d.]+ )?[45]\d\d\b|" [45]\d\d ', line))
    is_stamp = bool(_STAMP.match(line)) or bool(_ACCESS.search(line))
    if is_stamp:
        yield from _time(
            line[:160] if _STAMP.match(line) else line, number, Weight.NAMED + 10 if is_bad else Weight.HINT
        )
        if is_bad:
            yield Mark(number, number, Role.STORY)


def _time(said: str, number: int, weight: int) -> Finds:
    moment = next(moments_in(said), None)
    if moment:
        yield Sighting("occurred_at", moment.text, number, weight, moment.remark)
        if moment.zone:
            yield Sighting("zone", moment.zone, number, weight)


def _shapes(line: str, number: int) -> Finds:
    """Errors that one library alone words so."""
    for words, client in _WORDINGS:
        if words in line:
            yield Sighting("client", client, number, Weight.HINT)


_WORDINGS: Final = (("error, status code: ", "go-openai"), ("HTTPStatusError", "httpx"))


# A reader looks at lines with one of its signs, since most lines of a long log have none.
_READERS: Final[tuple[tuple[tuple[str, ...], Callable[[str, int], Finds]], ...]] = (
    (("http re",), _httpx),
    (("_base_client", "openai:", "retr", "重试"), _openai_debug),
    (("http/",), _access),
    (("[gin]",), _gin),
    (("] 2",), _one_api),
    (("#",), _nginx),
    (("connectionpool",), _requests),
    (("timeout", "timed out", " after ", "real"), _limits),
    (("prox", "tunnel"), _proxies),
    (("://", "/v"), _addresses),
    (("20",), _stamped),
    (("error",), _shapes),
)
