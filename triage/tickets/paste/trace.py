"""What `curl -v` prints: the way there, the request, the answer's status and headers."""

import re
from typing import Final

from triage.tickets.paste.curl import proxy_shown
from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.headers import read_header, read_sent_header
from triage.tickets.paste.lines import Text
from triage.tickets.paste.urls import read_path, read_url
from triage.tickets.paste.values import seconds

_REQUEST: Final = re.compile(
    r"^> (GET|POST|PUT|PATCH|DELETE|HEAD|OPTIONS|CONNECT) (\S{1,600}) HTTP/[\d.]+\s*$"
)
_STATUS: Final = re.compile(r"^< HTTP/([\d.]+) (\d{3})(.{0,80})$")
_HEADER: Final = re.compile(r"^([<>]) ([A-Za-z0-9_-]{1,60}): ?(.*)$")
_WAY: Final = re.compile(
    r"^\* {1,4}(?:Trying|Connected|Host |IPv[46]|ALPN|TLS|SSL|Server certificate|using HTTP|Using HTTP"
    r"|h2h3|\[HTTP/|Request completely|upload completely|We are completely"
    r"|Connection #|Closing|Operation timed|Could not|Couldn't|connect to|Failed|Uses proxy|Using"
    r"|CONNECT|Establish|Proxy|HTTP/|Mark bundle|Empty reply|Recv|OpenSSL|schannel"
    r"|subject|start date|expire date|issuer|Adding handle|Re-using|Added|Immediate|old SSL"
    r"|Send failure|nghttp|Received|Excess|left intact|processing|timeout on|getpeername"
    r"|Certificate|CAfile|CApath|successfully|Copying|Expire|Issue another|allocate|Curl_"
    r"|transfer closed|GnuTLS|gnutls|end of|Hostname|NTLM|Expect|Done|The requested)"
)
_PROXY: Final = re.compile(
    r"^\* (?:Uses proxy env variable \w+ == '([^']{3,200})'|(?:Establish HTTP proxy tunnel"
    r"|CONNECT tunnel|Proxy replied)|CONNECT phase)"
)
_PSEUDO: Final = re.compile(
    r"\[:(path|authority): ([^\]\s]{1,400})\]|h2h3 \[:(path|authority): ([^\]\s]{1,400})\]"
)
_NOISE: Final = re.compile(
    r"^(?:[{}] \[\d+ bytes data\]|\s*% Total|\s*Dload|\s*\d{1,3}\s+[\d.]+[kMG]?\s+\d{1,3}\s|\s+0\s+0\s"
    r"|Note: )"
)
_TOOK: Final = re.compile(
    r"(?:Operation timed out|timed out|timeout) after (\d{1,9}) (milliseconds|ms|seconds|s)\b"
)


def find_trace(text: Text) -> Finds:
    free = text.free()
    if (
        not any(_REQUEST.match(line) or _STATUS.match(line) for _number, line in free)
        and sum(bool(_WAY.match(line)) for _number, line in free[:400]) < 2
    ):
        return
    yield from _lines(free, text)


def _lines(free: list[tuple[int, str]], text: Text) -> Finds:
    to_proxy = False
    path = ""
    for number, line in free:
        if request := _REQUEST.match(line):
            to_proxy = request[1] == "CONNECT"
            path = "" if to_proxy else request[2]
            yield from () if to_proxy else read_path(path, number)
        elif status := _STATUS.match(line):
            yield from _answered(status, number, to_proxy=to_proxy)
        elif header := _HEADER.match(line):
            yield from _header(header, number, path)
        elif _WAY.match(line):
            yield from _way(line, number)
        elif _NOISE.match(line):
            yield Mark(number, number, Role.LEFT_OUT, Why.CONNECTION)
        elif line.strip() not in (">", "<"):
            continue
        yield Mark(number, number, Role.READ)
        text.take(number, number)


def _answered(status: re.Match[str], line: int, *, to_proxy: bool) -> Finds:
    """A proxy's answer to CONNECT is not the endpoint's, unless it refuses: then nothing else comes."""
    if to_proxy:
        yield Sighting("via_proxy", "yes", line, Weight.SEEN)
        if status[2] < "400":
            return
    if status[2] == "100":
        return
    yield Sighting("status_code", status[2], line, Weight.SEEN + 5)
    yield Mark(line, line, Role.STORY if status[2] >= "400" else Role.READ)


def _header(header: re.Match[str], line: int, path: str) -> Finds:
    side, name, value = header.groups()
    if side == ">" and name.lower() == "host":
        if path.startswith("/"):
            yield from read_url(f"https://{value.strip()}{path}", line)
        return
    yield from (read_header if side == "<" else read_sent_header)(name, value, line)


def _way(line: str, number: int) -> Finds:
    if proxy := _PROXY.match(line):
        yield Sighting("via_proxy", "yes", number, Weight.SEEN)
        if proxy[1]:
            yield Sighting("via_proxy_text", proxy_shown(proxy[1]), number, Weight.SEEN)
        return
    pseudo = {match[1] or match[3]: match[2] or match[4] for match in _PSEUDO.finditer(line)}
    if "path" in pseudo:
        yield from read_path(pseudo["path"], number, weight=Weight.NAMED)
    elif _is_failure(line):
        if took := _TOOK.search(line):
            elapsed = seconds(f"{took[1]} {took[2].replace('milliseconds', 'ms')}")
            yield Sighting("elapsed_s", elapsed, number, Weight.SEEN)
        yield Mark(number, number, Role.STORY)
    elif not pseudo:
        yield Mark(number, number, Role.LEFT_OUT, Why.CONNECTION)


_FAILURE: Final = re.compile(
    r"timed out|could not|couldn't|refused|reset|failed|failure|error|empty reply|not closed cleanly"
    r"|transfer closed|problem",
    re.IGNORECASE,
)


def _is_failure(line: str) -> bool:
    return bool(_FAILURE.search(line))
