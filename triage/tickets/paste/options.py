"""The options of curl and of PowerShell's web requests, each with its value."""

from collections.abc import Generator, Iterator
from typing import Final

from triage.tickets.paste.shell import Token

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


def options_of(tokens: list[Token], *, is_curl: bool) -> Iterator[tuple[str, Token]]:
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
