"""The words of a command, whichever shell it was written for: bash, cmd, PowerShell."""

import re
from collections.abc import Iterator
from typing import Final, NamedTuple

_MOST_TOKENS: Final = 400
_LONGEST_COMMAND: Final = 200_000
_SPACE = re.compile(r"[ \t]+")
_CONTINUED = re.compile(r"[ \t]*(?:\\|\^|`)?[ \t]*(?:\r\n|\r|\n)")
_GOES_ON = re.compile(r"[ \t]*(?:-{1,2}[A-Za-z]|['\"]?https?://)")
_PLAIN = re.compile(r"[^\s'\"\\^`$|;&<>@{]+")
_SINGLE = re.compile(r"'([^']*)'")
_ANSI = re.compile(r"\$'((?:[^'\\]|\\.)*)'", re.DOTALL)
_DOUBLE = re.compile(r'"((?:[^"\\`^]|\\.|`.|\^.|"")*)"', re.DOTALL)
_TABLE = re.compile(r"@\{([^{}]{0,4000})\}")
# A mask before it may have taken the caret of the closing quote with it.
_CMD_QUOTE: Final = re.compile(r'\^"|"(?=[ \t]*(?:\^?[ \t]*[\r\n]|$))')
_END = "|;&<>"


class Token(NamedTuple):
    text: str
    start: int  # offset in what was pasted
    end: int


def words_from(text: str, position: int) -> Iterator[Token]:
    """The words of one command, whichever shell it was written for; a missing quote ends it."""
    limit = min(len(text), position + _LONGEST_COMMAND)
    for _ in range(_MOST_TOKENS):
        position = _skipped(text, position, limit)
        if position < 0 or position >= limit or text[position] in _END:
            return
        word, end = _word(text, position, limit)
        if end == position:
            return
        yield Token(word, position, end)
        position = end


def _word(text: str, position: int, limit: int) -> tuple[str, int]:
    """The word that begins here, unquoted, and where it ends."""
    pieces = []
    while position < limit and text[position] not in " \t\r\n":
        piece, after = _piece(text, position, limit)
        if after == position:
            break
        pieces.append(piece)
        position = after
    return "".join(pieces), position


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


def _carets_gone(text: str) -> str:
    return re.sub(r'\\(["\\])', r"\1", re.sub(r"\^(.)", r"\1", text, flags=re.DOTALL))


def _unescaped(text: str) -> str:
    """A backslash that no quote or backslash follows means itself: JSON needs its \\n."""
    return re.sub(r'[\\`^]"|""|\\\\', lambda match: '"' if match.group()[-1] == '"' else "\\", text)
