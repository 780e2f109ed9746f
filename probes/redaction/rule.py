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
    """

    name: str
    kind: str
    pattern: str
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
    return Rule(name=kind, kind=kind, pattern=pattern, check=check, matches=matches, spares=spares)


def labelled(
    kind: str, label: str, value: str, *, matches: tuple[str, ...], spares: tuple[str, ...] = ()
) -> Rule:
    """A secret without a shape of its own, known by the name that it is given."""
    pattern = f"(?i:{label}){ASSIGNED}(?P<secret>{value})"
    return Rule(name=kind, kind=kind, pattern=pattern, matches=matches, spares=spares)


def shaped(
    kind: str,
    pattern: str,
    *,
    matches: tuple[str, ...],
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
        style=Style.LABEL,
        rank=rank,
        check=check,
        spans_lines=spans_lines,
        matches=matches,
        spares=spares,
    )


_SPANNING = re.compile(r"\\n|\n|\\R|\(\?[a-z]*s|\\s\\S|\\S\\s|\\C")


def may_span_lines(pattern: str) -> bool:
    """True when a pattern written by an admin speaks of line ends, so that lines alone would not do."""
    return _SPANNING.search(pattern) is not None
