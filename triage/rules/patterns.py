"""Where in a pattern RE2 stumbled: RE2 names a piece of the pattern, people look for a place."""

import re
from dataclasses import dataclass

from probes.redaction.search import RuleError, compile_pattern

_SURROGATE = re.compile("[\ud800-\udfff]")


@dataclass(frozen=True, slots=True)
class Problem:
    """The pattern in three pieces, of which the middle one is what RE2 cannot read."""

    before: str
    wrong: str
    after: str
    reason: str  # RE2's own word, English

    @property
    def at(self) -> int:
        """The place, counted in characters from 1."""
        return len(self.before) + 1


def problem_of(pattern: str) -> Problem | None:
    """None for a pattern that compiles. Bounded: it is compiled at most once per character."""
    reason = _reason(pattern)
    if reason is None:
        return None
    if broken := _SURROGATE.search(pattern):
        return Problem(pattern[: broken.start()], "\ufffd", pattern[broken.end() :], "half a character")
    word, _, named = reason.partition(": ")
    start, end = _place(pattern, reason, named)
    return Problem(pattern[:start], pattern[start:end], pattern[end:], word)


def _reason(pattern: str) -> str | None:
    try:
        compile_pattern(pattern)
    except RuleError as error:
        return str(error)
    return None


def _place(pattern: str, reason: str, named: str) -> tuple[int, int]:
    """From where to where the wrong piece stands; RE2 reads from the left and stops at the first one."""
    if reason.startswith("missing )"):
        opened = _left_open(pattern)
        return opened, opened + 1
    if reason.startswith("unexpected )"):
        closing = next(i for i, c in enumerate(pattern) if c == ")" and not _is_same_elsewhere(pattern, i))
        return closing, closing + 1
    end = next((n for n in range(1, len(pattern)) if _reason(pattern[:n]) == reason), len(pattern))
    start = pattern.rfind(named, 0, end) if named else -1
    return (start, start + len(named)) if start >= 0 else (max(0, end - 1), end)


def _is_same_elsewhere(pattern: str, closing: int) -> bool:
    """Whether the pattern up to and with this bracket still makes sense."""
    return not (_reason(pattern[: closing + 1]) or "").startswith("unexpected )")


def _left_open(pattern: str) -> int:
    """The last opening bracket that nothing closes, escapes and character classes left aside."""
    opened, inside, at = [], False, 0
    while at < len(pattern):
        character = pattern[at]
        if character == "\\":
            at += 1
        elif inside:
            inside = character != "]"
        elif character == "[":
            inside = True
        elif character == "(":
            opened.append(at)
        elif character == ")" and opened:
            opened.pop()
        at += 1
    return opened[-1] if opened else 0
