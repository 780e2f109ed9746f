"""curl commands (bash, cmd, PowerShell) and Invoke-WebRequest: what was sent, where and with which limits."""

import re
from collections.abc import Generator, Iterator
from typing import Final, NamedTuple

from triage.tickets.paste.documents.finding import read_request
from triage.tickets.paste.found import Finds, Mark, Role, Sighting, Weight, Why
from triage.tickets.paste.headers import read_header
from triage.tickets.paste.lines import Text
from triage.tickets.paste.urls import read_path, read_url
from triage.tickets.paste.values import masked_keys, seconds

_COMMAND: Final = re.compile(
    r"^[ \t]{0,12}(?:[`$>#]\s{0,2}|PS [^>\n]{0,80}>\s?|[A-Z]:\\[^>\n]{0,80}>\s?|time "
    r"|sudo )*(curl(?:\.exe)?|Invoke-(?:WebRequest|RestMethod)|iwr|irm)[ \t]+",
    re.MULTILINE,
)
_INSIDE: Final = re.compile(r"(?<![\w-])(curl(?:\.exe)?)[ \t]+(?=-{1,2}\w|['\"]?https?://)")
_MOST_COMMANDS: Final = 20
_MOST_TOKENS: Final = 400
_LONGEST_COMMAND: Final = 200_000

_VALUED: Final = frozenset("-H -d -m -x -A -u -X -o -w -e -F -T -b -c -r -E -U -y -Y -K".split())  # noqa: SIM905
_VALUED_LONG: Final = frozenset(
    [
        "--header",
        "--data",
        "--data-raw",
        "--data-binary",
        "--data-ascii",
        "--data-urlencode",
        "--json",
        "--max-time",
        "--connect-timeout",
        "--proxy",
        "--user-agent",
        "--user",
        "--request",
        "--output",
        "--write-out",
        "--referer",
        "--form",
        "--upload-file",
        "--cookie",
        "--cookie-jar",
        "--range",
        "--cert",
        "--key",
        "--cacert",
        "--retry",
        "--retry-delay",
        "--retry-max-time",
        "--url",
        "--resolve",
        "--noproxy",
        "--proxy-user",
        "--preproxy",
        "--socks5",
        "--socks5-hostname",
        "--limit-rate",
        "--keepalive-time",
        "--interface",
        "--speed-time",
        "--speed-limit",
        "--trace",
        "--trace-ascii",
        "--stderr",
    ]
)
_POWERSHELL: Final = {
    "-uri": "--url",
    "-body": "--data",
    "-timeoutsec": "--max-time",
    "-proxy": "--proxy",
    "-useragent": "--user-agent",
    "-method": "--request",
    "-headers": "--headers-table",
    "-contenttype": "--output",
    "-outfile": "--output",
}
_PROXIES: Final = frozenset({"-x", "--proxy", "--preproxy", "--socks5", "--socks5-hostname"})
_BODIES: Final = frozenset({"-d", "--data", "--data-raw", "--data-binary", "--data-ascii", "--json"})


class Token(NamedTuple):
    text: str
    start: int  # offset in what was pasted
    end: int


def find_commands(text: Text) -> Finds:
    position = 0
    for _ in range(_MOST_COMMANDS):
        match = _COMMAND.search(text.whole, position) or _INSIDE.search(text.whole, position)
        if match is None:
            return
        is_curl = match[1].lower().startswith("curl")
        tokens = list(_tokens(text.whole, match.end()))
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
    for option, value in _options(tokens, is_curl=is_curl):
        line = text.line_at(value.start)
        if option in ("-H", "--header"):
            name, _colon, said = value.text.partition(":")
            yield from _header(name.strip(), said, line)
        elif option == "--headers-table":
            yield from _headers_table(value.text, line)
        elif option in _BODIES:
            yield from read_request(value.text, line, text.line_at(value.end))
        elif option in ("-m", "--max-time") and (limit := seconds(value.text, bare_ms_from=1e9)):
            yield Sighting("client_timeout_s", limit, line, Weight.SEEN)
        elif option in _PROXIES:
            yield Sighting("via_proxy", "yes", line, Weight.SEEN)
            yield Sighting("via_proxy_text", proxy_shown(value.text), line, Weight.SEEN)
        elif option in ("-A", "--user-agent"):
            yield from read_header("user-agent", value.text, line)
        elif option in ("-u", "--user", "-U", "--proxy-user", "-b", "--cookie"):
            yield Mark(line, line, Role.LEFT_OUT, Why.SECRET_HEADER)
        elif option == "--url" and value.text.startswith("$"):
            yield from read_path(value.text.partition("/")[1] + value.text.partition("/")[2], line)
        elif option == "--url":
            yield from read_url(value.text if "://" in value.text else f"https://{value.text}", line)
        elif option in ("-N", "--no-buffer"):
            yield Sighting("stream", "yes", line, Weight.HINT)


def _header(name: str, value: str, line: int) -> Finds:
    """A header of a request belongs to the command: nothing of it is told apart, but for secrets."""
    for found in read_header(name, value, line):
        if not isinstance(found, Mark) or found.why == Why.SECRET_HEADER:
            yield found
    yield from (
        Sighting("key_hint", key, line, Weight.SEEN)
        for key in masked_keys(value)[:1]
        if "bearer" in value.lower()
    )


def _headers_table(table: str, line: int) -> Finds:
    for name, value in re.findall(r"[\"']?([\w-]{2,40})[\"']?\s?=\s?[\"']([^\"';]{1,300})", table):
        yield from _header(name, value, line)


def proxy_shown(address: str) -> str:
    """Which proxy, without user and password."""
    return (
        address.strip().rpartition("@")[2].removeprefix("http://").removeprefix("https://").rstrip("/")[:200]
    )


def _options(tokens: list[Token], *, is_curl: bool) -> Iterator[tuple[str, Token]]:
    """(option, value) in order; what belongs to no option is an address."""
    waiting = ""
    for token in tokens:
        text = token.text
        if waiting:
            yield waiting, token
            waiting = ""
        elif not is_curl and text.lower() in _POWERSHELL:
            waiting = _POWERSHELL[text.lower()]
        elif text.startswith("--"):
            name, equals, value = text.partition("=")
            if equals and name in _VALUED_LONG:
                yield name, token._replace(text=value)
            elif text in _VALUED_LONG:
                waiting = text
            else:
                yield text, token
        elif text.startswith("-") and len(text) > 1:
            waiting = yield from _short(token)
        else:
            yield "--url", token


def _short(token: Token) -> Generator[tuple[str, Token], None, str]:
    """-sSN, -m60, -XPOST: letters together, the last of which may take what follows. Returns what waits."""
    for at, letter in enumerate(token.text[1:], start=1):
        if f"-{letter}" in _VALUED:
            rest = token.text[at + 1 :]
            if rest:
                yield f"-{letter}", token._replace(text=rest)
                return ""
            return f"-{letter}"
        yield f"-{letter}", token
    return ""


# --- words of a shell ---

_SPACE = re.compile(r"[ \t]+")
_CONTINUED = re.compile(r"[ \t]*(?:\\|\^|`)?[ \t]*(?:\r\n|\r|\n)")
_GOES_ON = re.compile(r"[ \t]*(?:-{1,2}[A-Za-z]|['\"]?https?://)")
_PLAIN = re.compile(r"[^\s'\"\\^`$|;&<>@{]+")
_SINGLE = re.compile(r"'([^']*)'")
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_DOUBLE = re.compile(r'"((?:[^"\\`^]|\\.|`.|\^.|"")*)"', re.DOTALL)
_TABLE = re.compile(r"@\{([^{}]{0,4000})\}")
_END = "|;&<>"


def _tokens(text: str, position: int) -> Iterator[Token]:
    """The words of one command, whichever shell it was written for; a missing quote ends it."""
    limit = min(len(text), position + _LONGEST_COMMAND)
    for _ in range(_MOST_TOKENS):
        position = _skipped(text, position, limit)
        if position < 0 or position >= limit or text[position] in _END:
            return
        start, word = position, []
        while position < limit and text[position] not in " \t\r\n":
            piece, after = _piece(text, position, limit)
            if after == position:
                break
            word.append(piece)
            position = after
        if position == start:
            return
        yield Token("".join(word), start, position)


def _skipped(text: str, position: int, limit: int) -> int:
    """Over spaces and lines that go on; -1 where the command ends."""
    while position < limit:
        if match := _SPACE.match(text, position):
            position = match.end()
        elif match := _CONTINUED.match(text, position):
            is_told = any(sign in match.group() for sign in "\\^`")
            if not is_told and not _GOES_ON.match(text, match.end()):
                return -1
            position = match.end()
        else:
            return position
    return -1


def _piece(text: str, position: int, limit: int) -> tuple[str, int]:
    """The next piece of a word, unquoted, and where it ends."""
    for pattern, unquoted in ((_ANSI, True), (_SINGLE, False), (_DOUBLE, True), (_TABLE, False)):
        if match := pattern.match(text, position, limit):
            return (_unescaped(match[1]) if unquoted else match[1]), match.end()
    if match := _PLAIN.match(text, position, limit):
        return match.group(), match.end()
    char = text[position]
    if char in "\\^`" and position + 1 < limit and text[position + 1] not in "\r\n":
        if char == "^" and text[position + 1] == '"':
            return _cmd_quoted(text, position + 2, limit)
        return text[position + 1], position + 2
    return (char, position + 1) if char in "$@{'\"" else ("", position)


def _cmd_quoted(text: str, position: int, limit: int) -> tuple[str, int]:
    """From ^" to the next ^" that no \\ escapes: how browsers copy a command for Windows."""
    for end in _CMD_QUOTE.finditer(text, position, limit):
        if not text[position : end.start()].endswith("\\"):
            return _carets_gone(text[position : end.start()]), end.end()
    return _carets_gone(text[position:limit]), limit


# A mask before it may have taken the caret of the closing quote with it.
_CMD_QUOTE: Final = re.compile(r'\^"|"(?=[ \t]*(?:\^?[ \t]*[\r\n]|$))')


def _carets_gone(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", re.sub(r"\^(.)", r"\1", text, flags=re.DOTALL))


def _unescaped(text: str) -> str:
    """A backslash that no quote or backslash follows means itself: JSON needs its \\n."""
    return re.sub(r'[\\`^]"|""|\\\\', lambda match: '"' if match.group()[-1] == '"' else "\\", text)
