"""Undoes disguises before matching: full-width and invisible characters, escapes, split and encoded text.

Every step makes a `View`: the text as a reader would see it, and for each of its characters the span of the
original that it came from, so that what is found in a view is masked in the original.
"""

import binascii
import html
import re
import unicodedata
from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace
from functools import lru_cache, partial
from typing import NamedTuple

from probes.redaction import signs
from probes.redaction.randomness import UNSPOKEN_WORD, looks_random
from probes.redaction.readings import Builder, View
from probes.redaction.signs import with_plain_punctuation

# --- characters ---

# Nothing to see: controls, soft hyphen, combining marks, joiners, fillers, directions, tags, lone surrogates.
_INVISIBLE = (
    r"\x00-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x9f\u00ad\u0300-\u036f\u061c\u115f\u1160\u17b4\u17b5\u180b-\u180f\u200b-\u200f"
    r"\u202a-\u202e\u2060-\u206f\u3164\ufe00-\ufe0f\ufeff\uffa0\ufff9-\ufffb\U0001d173-\U0001d17a\U000e0000-\U000e0fff"
    r"\ud800-\udfff"
)
# Another dress for the same character: what NFKC folds, and the quotes and dashes that editors swap in.
# Full-width commas, brackets and stops stay: they end a value in Chinese prose.
_DRESSED = (
    r"\u00a0\u00aa\u00b2\u00b3\u00b9\u00ba\u02b0-\u02b8\u1d2c-\u1d6a\u2000-\u200a\u2010-\u2015\u2018-\u201f\u2024-\u2026"
    r"\u202f\u2032-\u2037\u205f\u2070-\u209c\u2100-\u214f\u2160-\u217f\u2212\u2460-\u24ff\u3000\ufb00-\ufb06\ufe30-\ufe6b"
    r"\uff02-\uff07\uff0a\uff0b\uff0d-\uff1a\uff1c-\uff1e\uff20-\uff9f\uffe0-\uffee\U0001d400-\U0001d7ff\U0001f100-\U0001f16c"
)
_FOLDED = re.compile(f"[{_INVISIBLE}{_DRESSED}]")
_CONTROLS = bytes(code for code in range(0x80) if _FOLDED.match(chr(code)))
_INVISIBLE_ONLY = re.compile(f"[{_INVISIBLE}]")
_LOOKALIKES = str.maketrans("‐‑‒–—―−‘’‚‛“”„‟′‵″", "-------''''\"\"\"\"''\"")
_UNSTORABLE = re.compile(r"[\x00\ud800-\udfff]")


def fold(text: str) -> View:
    """Drop what cannot be seen and give every character its plain form."""
    if text.isascii() and len(text.encode().translate(None, _CONTROLS)) == len(text):
        return View(text)
    plain = with_plain_punctuation(text)
    first = next((found for found in _FOLDED.finditer(plain) if found[0] != "…"), None)
    if first is None:
        return View(plain)
    build, position = Builder(View(plain)), 0
    for found in _FOLDED.finditer(plain, first.start()):
        build.copy(position, found.start())
        position = found.end()
        build.put(_plain(found[0]), found.start(), position)
    build.copy(position, len(plain))
    return build.view()


def storable(text: str) -> str:
    """The text with NUL and lone surrogates, which no database takes, replaced one by one."""
    return text if text.isascii() and "\0" not in text else _UNSTORABLE.sub("\ufffd", text)


@lru_cache(maxsize=4096)
def _plain(character: str) -> str:
    if character == "…":
        return character
    if _INVISIBLE_ONLY.match(character):
        return ""
    return unicodedata.normalize("NFKC", character).translate(_LOOKALIKES)


# --- escapes ---

_ESCAPE = re.compile(
    r"(?P<percent>(?:%[0-9A-Fa-f]{2})+)|\\u(?P<point>[0-9A-Fa-f]{4})|\\[uU]\{?(?P<long>[0-9A-Fa-f]{5,8})\}?|\\x(?P<hex>[0-9A-Fa-f]{2})"
    r"|\\(?P<octal>[0-3][0-7]{2})|(?P<entity>&(?:#[0-9]{1,7}|#[xX][0-9A-Fa-f]{1,6}|[A-Za-z]{2,8});)"
    r"|\\(?P<short>[nrt\"'/\\])"
)
_QUOTED_RUN = re.compile(r"(?:=[2-7][0-9A-F][A-Za-z0-9_.\-]{0,10}){6}")
_QUOTED_PRINTABLE = re.compile(r"=(?P<quoted>[2-7][0-9A-F])")
_SHORT = {"n": "\n", "r": "\r", "t": "\t"}


def unescape(view: View) -> View | None:
    """Decode percent, \\u, \\x, octal, entity, quoted-printable, JSON escapes, twice; None without any."""
    once = _unescape_once(view, _ESCAPE, signs.ESCAPES, _decoded)
    # Quoted-printable writes every equals sign as =3D, and some senders every character; elsewhere `=41`
    # begins a value.
    if "=3D" in view.text or _QUOTED_RUN.search(view.text):
        return _unescape_once(once or view, _QUOTED_PRINTABLE, signs.QUOTED, _quoted)
    return _unescape_once(once, _ESCAPE, signs.ESCAPES, _decoded) or once if once else None


def _quoted(found: "re.Match[str]") -> Iterator[tuple[str, int, int]]:
    yield chr(int(found["quoted"], 16)), *found.span()


def _unescape_once(
    view: View,
    escape: "re.Pattern[str]",
    sign: "re.Pattern[str]",
    decode: "Callable[[re.Match[str]], Iterator[tuple[str, int, int]]]",
) -> View | None:
    build, position = Builder(view), 0
    for found in signs.each(escape, sign, view.text):
        build.copy(position, found.start())
        position = found.end()
        for text, start, end in decode(found):
            build.put(text, start, end)
    if not position:
        return None
    build.copy(position, len(view.text))
    return build.view()


def unescaped_lines(text: str) -> Iterator[tuple[int, int, str]]:
    """Spans of the lines that have escapes, with what `unescape` makes of them; no quoted-printable."""
    start, end, position, parts = 0, -1, 0, list[str]()
    for found in signs.each(_ESCAPE, signs.ESCAPES, text):
        first, last = found.span()
        if first > end:
            if parts:
                yield start, end, _finished(parts, text[position:end])
            start = position = text.rfind("\n", 0, first) + 1
            end = text.find("\n", first)
            end, parts = end if end >= 0 else len(text), []
        parts += (text[position:first], _meaning(found[0]))
        position = last
    if parts:
        yield start, end, _finished(parts, text[position:end])


def _finished(parts: list[str], rest: str) -> str:
    """One line, in which one escape may have hidden another."""
    once = "".join((*parts, rest))
    if not signs.ESCAPES.search(once):
        return once
    twice, position = list[str](), 0
    for found in signs.each(_ESCAPE, signs.ESCAPES, once):
        twice += (once[position : found.start()], _meaning(found[0]))
        position = found.end()
    return "".join((*twice, once[position:]))


@lru_cache(maxsize=4096)
def _meaning(escape: str) -> str:
    found = _ESCAPE.match(escape)
    return "".join(text for text, _, _ in _decoded(found)) if found else escape


def _decoded(found: "re.Match[str]") -> Iterator[tuple[str, int, int]]:
    """The characters that one escape stands for, each with its own place."""
    if not found["percent"]:
        yield _character(found), *found.span()
        return
    at = found.start()
    for character in bytes.fromhex(found["percent"].replace("%", "")).decode("utf-8", "replace"):
        width = 3 if character == "\ufffd" else 3 * len(character.encode())
        yield _visible(character), at, min(at + width, found.end())
        at = min(at + width, found.end() - 1)


def _character(found: "re.Match[str]") -> str:
    if found["entity"]:
        return _visible(html.unescape(found["entity"]))
    if found["short"]:
        return _SHORT.get(found["short"], found["short"])
    if found["octal"]:
        return _visible(chr(int(found["octal"], 8)))
    return _visible(chr(min(int(found["point"] or found["long"] or found["hex"], 16), 0x10FFFF)))


def _visible(text: str) -> str:
    return "".join(_plain(c) if _FOLDED.match(c) else c for c in text)


# --- split text ---

_INNER = r"[A-Za-z0-9_\-+/.%=~:$]"
# A line that begins with a time, a field or an assignment is not the rest of the line before.
_FRESH = (
    r"(?:\d{1,3}(?:\.\d{1,3}){3}(?!\d)|\d{4}[-/]\d\d[-/]\d|\d\d:\d\d(?!\d)|\d{10,13}[ \t,]"
    r"|[A-Z][A-Z0-9]{0,40}(?:_[A-Z0-9]{1,40}){1,8}=\r?\n"
    r"|-{0,2}(?:[A-Za-z_.\-]{1,40}\d{0,4}){1,2}=(?:[^=\s\"']|[\"'][^\s\"',;)}\]]|[ \t](?=[!-~]))"
    r"|-{0,2}[A-Za-z_][\w.\-]{1,40}(?::[ \t]|://))"
)
# What ends a line in a page of settings whose next line is the value.
_NAMED = r"(?:(?<=密钥)|(?<=秘钥)|(?<=令牌)|(?<=[ _\-](?i:key))|(?<=(?i:secret))|(?<=(?i:[ _\-]token)))"
# A word of a sentence or of a stack trace is not the rest of anything, and ends most lines' pairs at once.
_PLAIN_WORD = rf"(?![A-Z]?{UNSPOKEN_WORD})[A-Z]?[a-z]{{1,20}}(?:[ \t,;)\]}}!?\r\n]|[.:][ \t\r\n]|\Z)"
_LITERAL = r"(?:[^\s\"'`]{56}|[^\s\"'`]{1,55}[\"'`])"  # the next one in a row holds no space
# What puts two texts together, and the letter that a language may write before the second one.
JOINING = r"(?:\+\+?|\.\.?|&|\|\||<>|\^|~)"
PREFIXES = "rbfuRBFUN$@"
PREFIX = rf"[{PREFIXES}]?"
_NEXT_LINE = r"[ \t]{0,80}[|>]?-?[ \t]{0,80}(?:\r?\n[ \t>|]*)+"
_LINE_END = r"(?:\r?\n(?:[ \t>|#]|//[ \t]|\*[ \t])*)+"
_SEAM = re.compile(
    r"(?=[\"'`= \t|>\-\\^\r\n])"  # no seam begins otherwise, and this is told at once
    rf"(?:(?P<sum>[\"'`]\s{{0,80}}{JOINING}\s{{0,80}}[\\_]?\s{{0,80}}{PREFIX}[\"'`])"
    rf"|(?P<soft>(?<!=)=\r?\n)(?={_INNER})"
    rf"|(?P<label>{_NAMED}{_NEXT_LINE})(?=[\"']?[A-Za-z0-9])(?!{_FRESH})"
    rf"|(?<={_INNER})(?P<wrap>[\\`^]\r?\n(?=\S)"
    rf"|[ \t]{{0,80}}(?:[\\`^]{_LINE_END}|{_LINE_END}(?!{_PLAIN_WORD}))(?!{_FRESH})"
    rf"|\"'|'\"|\"\"|[\"'][ \t]{{1,4}}{PREFIX}[\"'](?={_LITERAL})"
    rf"|[\"'][ \t]{{0,80}}\\?(?:\r?\n[ \t]*)+{PREFIX}[\"'])(?={_INNER})"
    rf"|(?P<assigned>(?<=[:=：是为]){_NEXT_LINE})(?=[\"']?[A-Za-z0-9]))",
    re.ASCII,
)
_NAMING = {"label", "assigned"}  # seams behind a name, where a space is read
_SEAM_CHARACTERS = " \t\r\n\v\f\"'`+.&|<>\\=-^#~_/*"
_LOOKAHEAD = 64  # characters behind a seam that say whether it is one
# A list of strings that a program puts together.
_ITEM = re.compile(r"[\"'`](?P<inside>[^\"'`\n\\]{0,512})[\"'`]")
_ITEMS = r"[\"'`][^\"'`\n\\]{0,512}[\"'`](?:\s{0,80},\s{0,80}[\"'`][^\"'`\n\\]{0,512}[\"'`]){0,63}"
_ONE = r"[\"'`][^\"'`\n\\]{0,512}[\"'`]"
_LISTED = re.compile(
    r"(?:[\"']{2}\.join\(\s{0,8}(?:map\(\w{1,16},\s{0,8})?|implode\(\s{0,8}[\"']{2},\s{0,8})[\[(]{1,2}\s{0,80}"
    rf"(?P<items>{_ITEMS})"
    rf"|\[\s{{0,80}}(?P<list>{_ITEMS}),?\s{{0,80}}\]\s{{0,8}}\.(?:join\(\s{{0,8}}[\"'`]{{2}}|concat\(\s{{0,4}}\))"
    r"|(?i:\b(?:concat!?|concatenate|paste0|strcat|string\.join|\w{0,8}printf|format!?)\(\s{0,8}|%\s{0,4}\(\s{0,4})"
    rf"(?:[\"'`][^\"'`\na-rt-zA-Z0-9]{{0,32}}[\"'`]\s{{0,4}},\s{{0,80}})?(?P<called>{_ITEMS})"
    rf"|(?P<grown>{_ONE}(?:\.concat\(\s{{0,8}}{_ITEMS}|(?:\)\s{{0,80}}\.(?:append|concat|add|plus)\(\s{{0,8}}{_ONE}){{1,63}}"
    rf"|(?:\s{{0,4}};?\s{{1,80}}\$?[\w.]{{1,64}}\s{{0,4}}[+.]=\s{{0,4}}{PREFIX}{_ONE}){{1,63}}))"
)
# No such list without one of these.
LISTINGS = (
    *("join(", "implode(", "concat(", "CONCAT(", "Concat(", "concat!(", "CONCATENATE(", "paste0(", "strcat("),
    *("printf(", "format(", "Format(", "format!(", ".append(", ".add(", ".plus(", "% (", "%(", "+=", ".="),
)
_FEW = 6  # seams
_NEARBY = 4096  # characters before and behind such a sign in which the list stands
# Groups of one width with spaces between, as on paper.
_IN_GROUP = r"[A-Za-z0-9_\-+/.:$=]"
_WIDTHS = {1: 15, 2: 8, 3: 5, 4: 3, 5: 3, 6: 3, 7: 3, 8: 2, 10: 2}  # and how many at least
_GROUPS = "|".join(
    rf"(?:{_IN_GROUP}{{{w}}} ){{{least},96}}{_IN_GROUP}{{1,{w}}}" for w, least in _WIDTHS.items()
)
_SPACED = re.compile(
    rf"(?<![A-Za-z0-9_\-+/.])(?!:)(?={_IN_GROUP}{{1,10}} {_IN_GROUP})(?:{_GROUPS})(?!{_IN_GROUP})", re.ASCII
)
_ARGUMENT = re.compile(r"(?:^| )[A-Za-z_][A-Za-z_.\-]+=[^=\s]")  # of a command: no group
_GROUPS_AN_ARGUMENT = 8  # among so many, one has its equals sign by chance
_LONGEST_ITEM = 600
_GROUP = re.compile(r"[^ ]+")
_BESIDE = 40  # characters before the groups that may name them
_TAIL = re.compile(rf"{_INNER}{{0,8192}}.{{0,2}}")
_ONLY_INNER = re.compile(rf"{_INNER}*")
_BEFORE = 240


@dataclass(frozen=True, slots=True)
class Seam:
    """Where two pieces were put together, and whether the text itself says that they belong together."""

    at: int
    sure: bool
    likely: bool
    label: bool
    beside: bool = False  # nothing but quotes and spaces of one line between the pieces


class Piece(NamedTuple):
    """Characters of a joined text from `at` on, and where in the view they begin."""

    at: int
    start: int


@dataclass(frozen=True, slots=True)
class Joined:
    """A stretch of a view with its splits undone."""

    view: View
    text: str
    seams: tuple[Seam, ...]
    pieces: tuple[Piece, ...]

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span (code points) for [start, end) of this text."""
        return self.view.span(self._place(start), self._place(end - 1) + 1)

    def of(self, view: View) -> "Joined":
        """The same stretch of the same text, with another way back."""
        return replace(self, view=view)

    def _place(self, at: int) -> int:
        piece = self.pieces[bisect_right(self.pieces, at, key=lambda piece: piece.at) - 1]
        return piece.start + at - piece.at


def joins(view: View) -> Iterator[Joined]:
    """Every stretch that was split, put together: `"a" + "b"`, wrapped lines, lists, groups with spaces."""
    yield from _seamed(view, _SEAM.finditer(view.text))
    yield from _listed_in(view, _listing_places(view.text))
    yield from _grouped_in(view, _SPACED.finditer(view.text))


class Split(NamedTuple):
    """A split stretch of a text put together, and how to tell where each character came from."""

    line: str  # the joined one, without what only stands above it; lists and groups are whole
    context: int  # where what stands above begins, at the latest
    start: int  # of the first line that is joined, or before
    end: int  # of the last one, or behind
    joined: Callable[[View], Joined]


def splits_at(
    text: str,
    seams: Iterable[int],
    lines: Iterable[tuple[int, int]],
    listings: Iterable[int],
    *,
    wanted: Callable[[int, int, int], bool],
) -> Iterator[Split]:
    """What `joins` finds, for who knows a character of every seam, the lines that may hold groups, and
    where the signs of lists end.

    Left out is what is not `wanted`, given a Split's context, start and end.
    """
    for row in _rows(text, _seams_at(text, seams)):
        first, last = row[0].start(), row[-1].end()
        end = text.find("\n", last)
        start = _line_start(text, first)
        end = end if end >= 0 else len(text)
        if wanted(first - _BEFORE, start, end):
            line = _put_together(text, start, row)
            yield Split(line, first - _BEFORE, start, end, partial(_joined, row=row))
    view = View(text)
    spaced = (found for line in lines for found in _SPACED.finditer(text, *line))
    for joined in (*_listed_in(view, listings), *_grouped_in(view, spaced)):
        start, end = joined.pieces[0].start, joined.pieces[-1].start + _LONGEST_ITEM
        yield Split(joined.text, start, start, end, joined.of)


def _listed_in(view: View, places: Iterable[int]) -> Iterator[Joined]:
    for start, end in _listings(view.text, places):
        for found in _LISTED.finditer(view.text, start, end):
            yield _listed(view, found)


def _listings(text: str, places: Iterable[int]) -> Iterator[tuple[int, int]]:
    """Stretches around the signs of lists, without overlaps."""
    start = end = 0
    for place in places:
        if place - _NEARBY > end:
            if end:
                yield start, end
            start = place - _NEARBY
        end = place + _NEARBY
    if end:
        yield start, min(end, len(text))


def _listing_places(text: str) -> list[int]:
    """Where the signs of lists end."""
    return sorted(found + len(sign) for sign in LISTINGS for found in _finds(text, sign))


def _finds(text: str, sign: str) -> Iterator[int]:
    place = text.find(sign)
    while place >= 0:
        yield place
        place = text.find(sign, place + 1)


def _grouped_in(view: View, spaced: "Iterable[re.Match[str]]") -> Iterator[Joined]:
    for found in spaced:
        is_secret = found[0].startswith("sk-") or looks_random(found[0].replace(" ", ""), least=16, rate=0.1)
        arguments = len(_ARGUMENT.findall(found[0]))
        if is_secret and _GROUPS_AN_ARGUMENT * arguments <= found[0].count(" "):
            yield _grouped(view, found)


def _seamed(view: View, seams: "Iterable[re.Match[str]]") -> Iterator[Joined]:
    return (_joined(view, row=row) for row in _rows(view.text, seams))


def _rows(text: str, seams: "Iterable[re.Match[str]]") -> "Iterator[list[re.Match[str]]]":
    """Seams with nothing but pieces of one value between them; of a few also the first ones alone.

    The line behind a secret may read as its rest, and then spoil its shape.
    """
    for row in _whole_rows(text, seams):
        yield row
        if len(row) <= _FEW:
            yield from (row[:count] for count in range(1, len(row)))


def _whole_rows(text: str, seams: "Iterable[re.Match[str]]") -> "Iterator[list[re.Match[str]]]":
    row: list[re.Match[str]] = []
    for found in seams:
        if row and not (
            _is_of_kind(found, row) and _ONLY_INNER.fullmatch(text, row[-1].end(), found.start())
        ):
            yield row
            row = []
        row.append(found)
    if row:
        yield row


def _is_of_kind(found: "re.Match[str]", row: "list[re.Match[str]]") -> bool:
    """Where quoted-printable marks the ends that are none, the others are ends."""
    return (found.lastgroup == "soft") == (row[-1].lastgroup == "soft")


def _seams_at(text: str, inside: Iterable[int]) -> "Iterator[re.Match[str]]":
    """The seams around the given characters, in order, as a search through the whole text finds them.

    A seam consists of few characters and never leaves a run of them, so that each run can be searched alone.
    """
    reached = ended = -1
    for place in inside:
        if place >= reached:
            start, reached = _run_around(text, place)
            for found in _seams_in(text, max(start, ended), reached):
                ended = found.end()
                yield found


def _run_around(text: str, place: int) -> tuple[int, int]:
    """The run of characters of which seams consist, around one of them."""
    start = end = place
    while start and text[start - 1] in _SEAM_CHARACTERS:
        start -= 1
    while end < len(text) and text[end] in _SEAM_CHARACTERS:
        end += 1
    return start, end


def _seams_in(text: str, start: int, end: int) -> "Iterator[re.Match[str]]":
    while start < end:
        found = _SEAM.match(text, start, end + _LOOKAHEAD)
        if found:
            yield found
        start = found.end() if found else start + 1


def _joined(view: View, *, row: "list[re.Match[str]]") -> Joined:
    text = view.text
    begin = position = _context(text, row[0].start())
    pieces, seams, size = [Piece(0, position)], [], 0
    for found in row:
        named = found.lastgroup in _NAMING
        size += found.start() - position + named
        position = found.end()
        pieces.append(Piece(size, position))
        seams.append(
            Seam(size, _is_sure(found), likely=bool(found["soft"]), label=named, beside=_is_beside(found[0]))
        )
    return Joined(view, _put_together(text, begin, row), tuple(seams), tuple(pieces))


def _put_together(text: str, position: int, row: "list[re.Match[str]]") -> str:
    parts = list[str]()
    for found in row:
        first, last = found.span()
        parts += (text[position:first], " ") if found.lastgroup in _NAMING else (text[position:first],)
        position = last
    parts.append(_TAIL.match(text, position)[0])  # type: ignore[index] # it may be empty, never absent
    return "".join(parts)


def _line_start(text: str, first: int) -> int:
    farthest = max(0, first - _BEFORE)
    return max(text.rfind("\n", farthest, first) + 1, farthest)


def _context(text: str, first: int) -> int:
    """Where to begin before a seam: a name stands on its line or on the two lines above."""
    farthest = position = max(0, first - _BEFORE)
    at = first
    for _ in range(3):
        at = text.rfind("\n", farthest, at)
        position = max(at + 1, farthest)
        if at < 0:
            break
    return position


def _listed(view: View, found: "re.Match[str]") -> Joined:
    """`"".join(["a", "b"])` read as "ab"."""
    start, end = found.span(found.lastgroup or 0)
    items = [item.span("inside") for item in _ITEM.finditer(view.text, start, end)]
    before = (max(0, found.start() - _BEFORE), found.start())
    return _gathered(view, [before, (start, start + 1), *items, (end - 1, end)], first=2)


def _grouped(view: View, found: "re.Match[str]") -> Joined:
    """`a1B2 c3D4 e5F6` read as one word, and a line's end before it as a space."""
    groups = [
        (found.start() + group.start(), found.start() + group.end()) for group in _GROUP.finditer(found[0])
    ]
    end = (
        len(view.text[: found.start()].rstrip())
        if view.text[found.start() - 1 : found.start()].isspace()
        else found.start()
    )
    start = max(0, end - _BESIDE)
    joined = _gathered(view, [(start, end), (end, min(end + 1, found.start())), *groups], first=2)
    return replace(joined, text=joined.text.replace("\n", " "))


def _gathered(view: View, spans: list[tuple[int, int]], *, first: int) -> Joined:
    """Spans of a view one after the other; from the `first` one on they are pieces of one value."""
    parts, pieces, seams, size = [], [], [], 0
    for number, (start, end) in enumerate(spans):
        if number >= first:
            seams.append(Seam(size, sure=number > first, likely=False, label=number == first))
        if start < end:
            pieces.append(Piece(size, start))
            parts.append(view.text[start:end])
            size += end - start
    return Joined(view, "".join(parts), tuple(seams), tuple(pieces))


def _is_beside(seam: str) -> bool:
    return seam[0] in "\"'" and "\n" not in seam


def _is_sure(found: "re.Match[str]") -> bool:
    if found["sum"] is not None or not found["wrap"]:
        return found["sum"] is not None
    # f"…" behind "…": the letter says that both are of a program, which puts them together
    return found["wrap"].strip()[:1] in {"\\", "`", "^"} or found["wrap"][-2:-1].isalpha()


# --- encoded text ---

BLOB = r"[A-Za-z0-9+/_\-]{20,}={0,2}"
# RE2: at most a tenth of what `decode_blob` can read is unreadable, so six bytes in a row are not.
_GROUP_OF_THREE = r"[CDI-Za-f][A-HQ-Xg-nw-z0-3][ABEFIJMNQRUVYZcdghklopstwx014589][A-Za-z0-9+/_\-]"
READABLE_BLOB = rf"(?:{_GROUP_OF_THREE}){{2}}|(?:[2-7][0-9A-Fa-f]){{6}}"
_READABLE = bytes(range(0x20, 0x7F)) + b"\n\r\t"
_HEX = re.compile(r"(?:[0-9a-fA-F]{2}){16,}")


def decode_blob(blob: str) -> str | None:
    """The readable text inside a base64 or hex string; None when it holds none."""
    for raw in _raw_readings(blob):
        if len(raw) >= 12 and 10 * len(raw.translate(None, _READABLE)) <= len(raw):
            return raw.decode("ascii", "ignore")
    return None


def _raw_readings(blob: str) -> Iterator[bytes]:
    if _HEX.fullmatch(blob):
        yield bytes.fromhex(blob)
    plain = blob.rstrip("=").replace("-", "+").replace("_", "/")
    for skip in range(4):
        # Whole groups of four; what is left of the last one decodes with padding.
        piece = plain[skip:]
        left = len(piece) % 4
        try:
            yield binascii.a2b_base64(piece + "=" * (4 - left) if left > 1 else piece[: len(piece) - left])
        except binascii.Error:
            continue
