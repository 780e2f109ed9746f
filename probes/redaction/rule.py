"""What a redaction rule is: a shape to find, how to show what was found, and samples that prove it."""

import re
from collections.abc import Callable
from dataclasses import dataclass
from enum import Enum


class Style(Enum):
    """How a masked value is shown."""

    KEY = "key"  # vendor prefix, …, last four of a long secret
    LABEL = "label"  # [kind]


class Rank(Enum):
    """Which of two overlapping findings names the span: the smaller value."""

    LITERAL = 0
    SHAPE = 1
    CONTEXT = 2
    PERSONAL = 3
    LAST_RESORT = 4


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """One pattern in RE2 syntax.

    The group `secret` is masked, or the whole match without one; the group `prefix` may stay readable.
    `matches` and `spares` are sample templates (samples.py): in `matches` the marks «» enclose the secret,
    or the whole sample is one.
    `hint` matches in every line (or text) in which `pattern` does and costs an automaton little: no long
    counts, no wide beginning. Without one the pattern itself is asked.
    """

    name: str
    kind: str
    pattern: str
    hint: str = ""
    style: Style = Style.KEY
    rank: Rank = Rank.SHAPE
    check: Callable[[str], bool] | None = None
    spans_lines: bool = False
    matches: tuple[str, ...] = ()
    spares: tuple[str, ...] = ()


# RE2 knows \b as ASCII, so a key glued to Chinese prose still starts at one; an underscore may precede.
START = r"(?:\b|_)"
ASSIGNED = r"""\\*["'`]?\s{0,3}(?::=|=>|[:=]|\s)\s{0,3}(?:\\*["'`])?(?i:(?:bearer|key|token)\s)?"""


def key(
    kind: str,
    prefix: str,
    body: str,
    *,
    matches: tuple[str, ...],
    spares: tuple[str, ...] = (),
    check: Callable[[str], bool] | None = None,
) -> Rule:
    """A secret that its own prefix gives away, with the prefix kept readable."""
    pattern = f"{START}(?P<secret>(?P<prefix>{prefix}){body})"
    hint = f"{START}(?:{prefix}){_opening(body)}"
    return Rule(name=kind, kind=kind, pattern=pattern, hint=hint, check=check, matches=matches, spares=spares)


def labelled(
    kind: str, label: str, value: str, *, matches: tuple[str, ...], spares: tuple[str, ...] = ()
) -> Rule:
    """A secret without a shape of its own, known by the name that it is given."""
    pattern = f"(?i:{label}){ASSIGNED}(?P<secret>{value})"
    return Rule(name=kind, kind=kind, pattern=pattern, hint=f"(?i:{label})", matches=matches, spares=spares)


def in_url(kind: str, before: str, secret: str, *, matches: tuple[str, ...], hint: str = "") -> Rule:
    """A secret known by the address or the parameter before it."""
    return Rule(
        name=kind,
        kind=kind,
        pattern=f"{before}(?P<secret>{secret})",
        hint=hint or before + _opening(secret),
        matches=matches,
    )


def shaped(
    kind: str,
    pattern: str,
    *,
    matches: tuple[str, ...],
    hint: str = "",
    spares: tuple[str, ...] = (),
    check: Callable[[str], bool] | None = None,
    spans_lines: bool = False,
    rank: Rank = Rank.SHAPE,
) -> Rule:
    """A value that is replaced by the name of its kind."""
    return Rule(
        name=kind,
        kind=kind,
        pattern=pattern,
        hint=hint,
        style=Style.LABEL,
        rank=rank,
        check=check,
        spans_lines=spans_lines,
        matches=matches,
        spares=spares,
    )


_COUNTED = re.compile(r"(\[[^\]]*\]|\\d)\{(\d+)")
_ENOUGH = 8  # characters of a body tell whether the rest is worth reading


def _opening(body: str) -> str:
    """How every match of a body begins, as far as that is cheap to say."""
    counted = None if "|" in body else _COUNTED.match(body)
    return f"{counted[1]}{{{min(int(counted[2]), _ENOUGH)}}}" if counted else ""


_SPANNING = re.compile(r"\\n|\n|\\R|\(\?[a-z]*s|\\s\\S|\\S\\s|\\C")


def may_span_lines(pattern: str) -> bool:
    """True when a pattern written by an admin speaks of line ends, so that lines alone would not do."""
    return _SPANNING.search(pattern) is not None
