"""curl commands (bash, cmd, PowerShell) and Invoke-WebRequest: what was sent, where and with which limits."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from triage.tickets.paste.documents.finding import read_request
from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.headers import read_header, read_sent_header
from triage.tickets.paste.lines import Text
from triage.tickets.paste.options import options_of
from triage.tickets.paste.shell import Token, words_from
from triage.tickets.paste.urls import read_path, read_url
from triage.tickets.paste.values import masked_keys, seconds

_COMMAND: Final = re.compile(
    r"^[ \t]{0,12}(?:[`$>#]\s{0,2}|PS [^>\n]{0,80}>\s?|[A-Z]:\\[^>\n]{0,80}>\s?|time "
    r"|sudo )*(curl(?:\.exe)?|Invoke-(?:WebRequest|RestMethod)|iwr|irm)[ \t]+",
    re.MULTILINE,
)
_INSIDE: Final = re.compile(r"(?<![\w-])(curl(?:\.exe)?)[ \t]+(?=-{1,2}\w|['\"]?https?://)")
_MOST_COMMANDS: Final = 20
_PROXIES: Final = frozenset({"-x", "--proxy", "--preproxy", "--socks5", "--socks5-hostname"})
_BODIES: Final = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"})


def find_commands(text: Text) -> Finds:
    position = 0
    for _ in range(_MOST_COMMANDS):
        match = _COMMAND.search(text.whole, position) or _INSIDE.search(text.whole, position)
        if match is None:
            return
        is_curl = match[1].lower().startswith("curl")
        tokens = list(words_from(text.whole, match.end()))
        position = max(match.end(), tokens[-1].end if tokens else 0)
        if not _sends(tokens):
            continue
        first, last = text.line_at(match.start(1)), text.line_at(position)
        yield Mark(first, last, Role.READ)
        if is_curl:
            yield Sighting("client", "curl", first, Weight.NAMED)
        yield from _read(tokens, text, is_curl=is_curl)
        text.take(first, last)


def _sends(tokens: list[Token]) -> bool:
    return any(re.match(r"https?://|[\w.-]+\.[a-z]{2,}/|\$\{?\w{1,40}\}?/", token.text) for token in tokens)


def _read(tokens: list[Token], text: Text, *, is_curl: bool) -> Finds:
    for option, value in options_of(tokens, is_curl=is_curl):
        if reader := _READERS.get(option):
            yield from reader(value.text, text.line_at(value.start), text.line_at(value.end))


def _header(said: str, line: int, _last: int) -> Finds:
    name, _colon, value = said.partition(":")
    yield from _with_key(name.strip(), value, line)


def _headers_table(table: str, line: int, _last: int) -> Finds:
    for name, value in re.findall(r"[\"']?([\w-]{2,40})[\"']?\s?=\s?[\"']([^\"';]{1,300})", table):
        yield from _with_key(name, value, line)


def _with_key(name: str, value: str, line: int) -> Finds:
    """A header belongs to the command; a masked key in it is told."""
    yield from read_sent_header(name, value, line)
    if "bearer" in value.lower():
        yield from (Sighting("key_hint", key, line, Weight.SEEN) for key in masked_keys(value)[:1])


def _max_time(said: str, line: int, _last: int) -> Finds:
    if limit := seconds(said, bare_ms_from=1e9):
        yield Sighting("client_timeout_s", limit, line, Weight.SEEN)


def _proxy(said: str, line: int, _last: int) -> Finds:
    yield Sighting("via_proxy", "yes", line, Weight.SEEN)
    yield Sighting("via_proxy_text", proxy_shown(said), line, Weight.SEEN)


def _user_agent(said: str, line: int, _last: int) -> Finds:
    return read_header("user-agent", said, line)


def _secret(_said: str, line: int, _last: int) -> Finds:
    yield Mark(line, line, Role.LEFT_OUT, Why.SECRET_HEADER)


def _address(said: str, line: int, _last: int) -> Finds:
    """An address that begins with a variable tells its path."""
    if said.startswith("$"):
        _variable, slash, path = said.partition("/")
        return read_path(slash + path, line)
    return read_url(said if "://" in said else f"https://{said}", line)


def _no_buffer(_said: str, line: int, _last: int) -> Finds:
    yield Sighting("stream", "yes", line, Weight.HINT)


def proxy_shown(address: str) -> str:
    """Which proxy, without user and password."""
    return (
        address.strip().rpartition("@")[2].removeprefix("http://").removeprefix("https://").rstrip("/")[:200]
    )


_Reader = Callable[[str, int, int], Finds]
_READERS: Final[Mapping[str, _Reader]] = {
    **dict.fromkeys(("-H", "--header"), _header),
    "--headers-table": _headers_table,
    **dict.fromkeys(_BODIES, read_request),
    **dict.fromkeys(("-m", "--max-time"), _max_time),
    **dict.fromkeys(_PROXIES, _proxy),
    **dict.fromkeys(("-A", "--user-agent"), _user_agent),
    **dict.fromkeys(("-u", "--user", "-U", "--proxy-user", "-b", "--cookie"), _secret),
    "--url": _address,
    **dict.fromkeys(("-N", "--no-buffer"), _no_buffer),
}
"""By option: what its value says, and the lines from which to which it stands."""
