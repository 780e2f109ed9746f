"""What one native scan can say of a long text: in which lines a rule, a name, an id or a split can matter.

Every mark is an over-approximation of a step of the search: where a step would find something, its mark
stands. A line without marks needs no reading. Hyperscan finds the marks of all steps at once, hundreds of
megabytes in a second; where it is not installed, `AVAILABLE` is false and every line is read.
"""

import re
from collections.abc import Iterable
from enum import IntEnum
from itertools import permutations
from threading import Lock

from probes.redaction import context, normalise, tables
from probes.redaction.rule import Rule

try:
    import hyperscan
except ImportError:  # no wheel for this machine
    hyperscan = None  # type: ignore[assignment]

AVAILABLE = hyperscan is not None


class Mark(IntEnum):
    """Which step of the search may find something."""

    RULE = 0  # in a line: one of the rules
    NAMED = 1  # in a line: a value with a credential's name
    DENSE = 2  # in a line: an unexplained dense string
    ENCODED = 3  # in a line: a secret in base64 or hex
    TEXT = 4  # in a text: a rule that spans lines, or a table
    PART = 11  # in a text: what every match of a rule that spans lines has on one of them
    SPLIT_LINE = 5  # at a line's end: a value that goes on in the next line
    SPLIT_QUOTES = 6  # between quotes: a value in pieces
    GROUPS = 7  # in a line: a value in groups with spaces
    LISTING = 12  # a list of strings that are put together
    ESCAPE = 8
    QUOTED_PRINTABLE = 9
    FOLDED = 10


class Scanner:
    """A native database of marked patterns; safe to share between threads, which take turns."""

    def __init__(self, patterns: Iterable[tuple[Mark, str]]) -> None:
        """Raises `hyperscan.HyperscanError` for a pattern that can match nothing at all or is too large."""
        marks, expressions = zip(*patterns, strict=True)
        flags = hyperscan.HS_FLAG_UTF8 | hyperscan.HS_FLAG_MULTILINE
        self._lock = Lock()
        self._database = hyperscan.Database()
        self._database.compile(
            expressions=[expression.encode() for expression in expressions],
            ids=[int(mark) for mark in marks],
            flags=[flags] * len(marks),
        )

    def marks(self, data: bytes) -> list[tuple[int, int]]:
        """(end of a match, its mark) in order; `data` is UTF-8."""
        found: list[tuple[int, int]] = []
        add = found.append
        with self._lock:
            self._database.scan(
                data, match_event_handler=lambda mark, start, end, flags, context: add((end, mark))
            )
        found.sort()
        return found


# --- the patterns of the steps ---

_RUN = r"[A-Za-z0-9+/_\-]"
_INNER = r"[A-Za-z0-9_\-+/.%=~:$]"


def line_patterns(rules: Iterable[Rule], *, shapes_only: bool) -> list[tuple[Mark, str]]:
    patterns = [(Mark.RULE, rule.hint or rule.pattern) for rule in rules if not rule.spans_lines]
    return patterns if shapes_only else [*patterns, *_SHAPELESS]


def text_patterns(rules: Iterable[Rule], *, shapes_only: bool) -> list[tuple[Mark, str]]:
    patterns = [(Mark.TEXT, rule.hint or rule.pattern) for rule in rules if rule.spans_lines]
    patterns += [(Mark.PART, _PARTS[rule.name]) for rule in rules if rule.name in _PARTS]
    return patterns if shapes_only else [*patterns, *_STRUCTURES]


# `…tokens` counts tokens, whatever stands before it (names.py); what else a name says is asked for each one.
_NAMED = context.TRIGGER.replace("|token|", r"|token(?:[^s]|s[a-z0-9_\-])|wordpress_sec|")
# A string of all three classes; its length is checked where it ends.
_MIXED = "|".join(f"{_RUN}*".join(order) for order in permutations(("[A-Z]", "[a-z]", "[0-9]")))
_DENSE = rf"(?:{_MIXED}){_RUN}*[^A-Za-z0-9+/_\-]"
# Twice three bytes that `decode_blob` may take for text: of what it reads at most a tenth is anything else.
_READABLE = r"[CDI-Za-f][AC-HQS-Xgi-nwy-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_\-]"
_SHAPELESS = (
    (Mark.NAMED, _NAMED),
    (Mark.DENSE, _DENSE),
    (Mark.ENCODED, _READABLE + _READABLE),
    (Mark.ENCODED, r"(?:[2-7][0-9A-Fa-f]){6}"),
)
_STRUCTURES = (
    (Mark.TEXT, rf"{tables.HEADING_NAME}{tables.HEADING_QUOTES}(?:[,;\t|]|\r?$)"),
    (Mark.TEXT, tables.PAIR),
    (Mark.PART, tables.PAIR_VALUE),
    (Mark.TEXT, rf"{tables.LIST_HEADING}\n"),
    (Mark.PART, rf"{tables.LIST_HEADING}$"),
    (Mark.TEXT, tables.INSERT),
    (Mark.PART, r"(?i:\binto\s)"),
)

# The hints of the others have no line's end in them.
_PARTS: dict[str, str] = {}

# The next line does not begin with a date, a time or a number of seconds.
_NOT_A_DATE = r"[^\d\-/]|\d|[\-/](?:\D|\d(?:\D|\d(?:[^\-/]|[\-/]\D)))"  # behind four digits
_NO_TIME = rf"[_\-+/.%=~:$]|\d(?:\D|\d(?:[^\d:]|:(?:\D|\d\D|\d{3})|\d(?:\D|\d(?:{_NOT_A_DATE}))))"
_NOT_A_TIME = rf"(?:[A-Za-z]|{_NO_TIME})"
# Nor with a plain word.
_NO_WORD = r"[A-Z][^a-z]|[A-Za-z][a-z]{0,20}(?:[^a-z \t,;)\]}!?\r\n.:]|[.:][^ \t\r\n])|[A-Za-z][a-z]{20}"
_UNSPOKEN = r"[A-Z]?[a-z]{0,16}[bcdfgj-np-rtv-xz]{4}"
_NOT_A_WORD = rf"(?:{_NO_WORD}|{_UNSPOKEN}|{_NO_TIME})"
_NEXT_LINE = r"[ \t]*[|>]?-?[ \t]*\r?\n[ \t>|\r\n]*[\"']?[A-Za-z0-9]"
_SPLITS = (
    (Mark.SPLIT_QUOTES, rf"[\"'`]\s*{normalise.JOINING}\s*[\\_]?\s*{normalise.PREFIX}[\"'`]"),
    (Mark.SPLIT_QUOTES, rf"{_INNER}[\"'][ \t]{{1,4}}{normalise.PREFIX}[\"']{_INNER}"),
    (Mark.SPLIT_QUOTES, rf"{_INNER}(?:\"'|'\"|\"\"){_INNER}"),
    (Mark.SPLIT_LINE, rf"{_INNER}[\"'][ \t]*\\?\r?\n\s*{normalise.PREFIX}[\"']{_INNER}"),
    (Mark.SPLIT_LINE, rf"=\r?\n{_INNER}"),
    (Mark.SPLIT_LINE, rf"{_INNER}[\\`^]\r?\n{_INNER}"),
    (Mark.SPLIT_LINE, rf"{_INNER}[ \t]*[\\`^]\r?\n[ \t>|#*\r\n]*{_NOT_A_TIME}"),
    (Mark.SPLIT_LINE, rf"{_INNER}[ \t]*\r?\n[ \t>|#*\r\n]*{_NOT_A_WORD}"),
    (
        Mark.SPLIT_LINE,
        rf"(?:密钥|秘钥|令牌|[ _\-](?i:key)|(?i:secret)|(?i:[ _\-]token)|[:=：是为]){_NEXT_LINE}",
    ),
)
_IN_GROUP = r"[A-Za-z0-9_\-+/.:$=]"


def _groups(widths: range) -> str:
    """Narrow groups and wide ones apart: together they would make an automaton several times as slow."""
    counted = ((width, normalise._WIDTHS[width]) for width in widths if width in normalise._WIDTHS)
    groups = "|".join(rf"(?:{_IN_GROUP}{{{width}}} ){{{least}}}{_IN_GROUP}" for width, least in counted)
    return rf"(?:^|[^A-Za-z0-9_\-+/.])(?:{groups})"


_ESCAPES = (
    r"%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[uU]\{?[0-9A-Fa-f]{5}|\\x[0-9A-Fa-f]{2}|\\[0-3][0-7]{2}"
    r"|&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});|\\[nrt\"'/\\]"
)
_LISTINGS = "|".join(map(re.escape, normalise.LISTINGS))
SEAMS = (
    *_SPLITS,
    (Mark.LISTING, _LISTINGS),
    (Mark.GROUPS, _groups(range(4))),
    (Mark.GROUPS, _groups(range(4, 11))),
)
DISGUISES = (
    *SEAMS,
    (Mark.ESCAPE, _ESCAPES),
    (Mark.QUOTED_PRINTABLE, r"=3D|(?:=[2-7][0-9A-F][A-Za-z0-9_.\-]{0,10}){6}"),
)


def _written_for_hyperscan(ranges: str) -> str:
    """A class of `re` with its characters in braces. UTF-8 has no surrogates, and … is no disguise."""
    kept = ranges.replace(r"\ud800-\udfff", "").replace(r"\u2024-\u2026", r"\u2024\u2025")
    kept = re.sub(r"\\U0*([0-9a-f]+)", r"\\x{\1}", kept)
    return re.sub(r"\\u([0-9a-f]{4})", r"\\x{\1}", kept)


FOLDED = ((Mark.FOLDED, _written_for_hyperscan(normalise._FOLDED.pattern)),)
