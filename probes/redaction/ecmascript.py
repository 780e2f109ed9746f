"""Translates patterns of RE2 and of Python's re to JavaScript, so that they match the same."""

import re
from collections.abc import Iterator
from dataclasses import dataclass, replace
from enum import Enum

from probes.redaction.wordlist import words

# The meaning is fixed by spelling everything out, so that JavaScript needs no flag but `u`: letters that may
# be of either case become classes, `.` and `\s` the sets of the other language, `$` a look at what follows.
_MOST_NEEDED = 40  # words; looking for more of them costs more than it saves
_SYNTAX = frozenset("^$\\.*+?()[]{}|/")
_CLASS_SYNTAX = frozenset("^\\[]-/")


class Untranslatable(ValueError):
    """A construct that JavaScript lacks or reads differently; the message names it."""


class Dialect(Enum):
    """Whose rules a pattern follows, and so what `\\w`, `\\s`, `\\b` and `$` mean."""

    RE2 = "re2"
    PYTHON = "python"
    PYTHON_ASCII = "python_ascii"


@dataclass(frozen=True, slots=True)
class Translated:
    """`source` compiles with the flag `u`; a text without any of `needed` (small letters) cannot match."""

    source: str
    needed: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class _Flags:
    ignore_case: bool = False
    many_lines: bool = False
    dot_all: bool = False


_FLAGS = {"i": "ignore_case", "m": "many_lines", "s": "dot_all"}


@dataclass(frozen=True, slots=True)
class _Part:
    """A translated piece. `words`: one of them stands in every match, in small letters; `exact`: the piece is
    this very text."""

    source: str
    words: frozenset[str] | None = None
    exact: str | None = None
    whole: bool = True  # may be repeated as it is

    def needed(self) -> frozenset[str] | None:
        return self.words if self.exact is None else frozenset({self.exact})


_ASCII_WORD, _ASCII_DIGIT = "0-9A-Za-z_", "0-9"
_SETS: dict[Dialect, dict[str, str]] = {
    Dialect.RE2: {"w": _ASCII_WORD, "d": _ASCII_DIGIT, "s": r"\t\n\f\r "},
    Dialect.PYTHON_ASCII: {"w": _ASCII_WORD, "d": _ASCII_DIGIT, "s": r"\t\n\v\f\r "},
    Dialect.PYTHON: {
        "w": r"\p{L}\p{N}_",
        "d": r"\p{Nd}",
        "s": r"\t-\r\x1c-\x20\x85\xa0\u1680\u2000-\u200a\u2028\u2029\u202f\u205f\u3000",
    },
}
_WORD = rf"[{_SETS[Dialect.PYTHON]['w']}]"
_ASCII_BOUNDARIES = {r"\A": r"(?<![^])", r"\b": r"\b", r"\B": r"\B"}
_BOUNDARIES = {
    Dialect.RE2: {**_ASCII_BOUNDARIES, r"\z": r"(?![^])"},
    Dialect.PYTHON_ASCII: {**_ASCII_BOUNDARIES, r"\Z": r"(?![^])"},
    Dialect.PYTHON: {
        r"\A": r"(?<![^])",
        r"\Z": r"(?![^])",
        r"\b": f"(?:(?<={_WORD})(?!{_WORD})|(?<!{_WORD})(?={_WORD}))",
        r"\B": f"(?:(?<={_WORD})(?={_WORD})|(?<!{_WORD})(?!{_WORD}))",
    },
}
_CONTROLS = {"a": "\x07", "f": "\f", "n": "\n", "r": "\r", "t": "\t", "v": "\v"}
_POSIX = {
    "alnum": "0-9A-Za-z",
    "alpha": "A-Za-z",
    "ascii": r"\x00-\x7f",
    "blank": r"\t ",
    "cntrl": r"\x00-\x1f\x7f",
    "digit": "0-9",
    "graph": r"!-~",
    "lower": "a-z",
    "print": r" -~",
    "punct": r"!-\/:-@\[-`\{-~",
    "space": r"\t-\r ",
    "upper": "A-Z",
    "word": "0-9A-Za-z_",
    "xdigit": "0-9A-Fa-f",
}
_COUNT = re.compile(r"\{(\d+)(,?)(\d*)\}")
_HEX = re.compile(r"\\(?:x\{([0-9A-Fa-f]{1,6})\}|x([0-9A-Fa-f]{2})|u([0-9A-Fa-f]{4})|U([0-9A-Fa-f]{8}))")
_OCTAL = re.compile(r"\\(0[0-7]{0,2}|[1-7][0-7]{2})")
_GROUP = re.compile(r"\(\?P?<([A-Za-z_]\w*)>", re.ASCII)
_BACK = re.compile(r"\(\?P=(\w+)\)", re.ASCII)
_LOOK = re.compile(r"\(\?<?[=!]")
_OPTIONS = re.compile(r"\(\?([a-zA-Z]*)(?:-([a-zA-Z]+))?([:)])")
_PROPERTY = re.compile(r"\\([pP])(?:\{(\^?)(\w+)\}|([A-Z]))")
_CATEGORIES = words(
    "L Lu Ll Lt Lm Lo M Mn Mc Me N Nd Nl No P Pc Pd Ps Pe Pi Pf Po S Sm Sc Sk So Z Zs Zl Zp C Cc Cf Co Cs"
)


def translate(pattern: str, dialect: Dialect = Dialect.RE2, *, ignore_case: bool = False) -> Translated:
    """The pattern for `new RegExp(source, "u")`; raises Untranslatable.

    RE2 (https://github.com/google/re2/wiki/Syntax) and JavaScript (ECMA-262, chapter 22.2) both take the
    leftmost match and the first alternative that holds, so equal spelling gives equal matches.
    """
    reader = _Reader(pattern, dialect)
    part = reader.alternatives(_Flags(ignore_case=ignore_case))
    if not reader.at_end():
        raise Untranslatable("unmatched )")
    needed = part.needed()
    least = {
        word for word in needed or () if not any(other in word for other in needed or () if other != word)
    }
    return Translated(
        part.source, tuple(sorted(least)) if "" not in least and len(least) <= _MOST_NEEDED else ()
    )


class _Reader:
    """Reads one pattern from left to right."""

    def __init__(self, pattern: str, dialect: Dialect) -> None:
        self._pattern, self._at = pattern, 0
        self._dialect, self._sets = dialect, _SETS[dialect]

    def at_end(self) -> bool:
        return self._at >= len(self._pattern)

    def alternatives(self, flags: _Flags) -> _Part:
        branches: list[_Part] = []
        parts: list[_Part] = []
        while not self.at_end() and not self._ahead(")"):
            if self._take("|"):
                branches.append(_sequence(parts))
                parts = []
                continue
            changed = self._options_for_the_rest(flags)
            if changed is not None:
                flags = changed
                continue
            parts.append(self._repeated(self._atom(flags)))
        branches.append(_sequence(parts))
        return _choice(branches)

    # --- small steps

    def _ahead(self, text: str) -> bool:
        return self._pattern.startswith(text, self._at)

    def _take(self, text: str) -> bool:
        found = self._ahead(text)
        self._at += len(text) if found else 0
        return found

    def _match(self, pattern: "re.Pattern[str]") -> "re.Match[str] | None":
        found = pattern.match(self._pattern, self._at)
        self._at = found.end() if found else self._at
        return found

    def _next(self) -> str:
        if self.at_end():
            raise Untranslatable("the pattern ends too soon")
        self._at += 1
        return self._pattern[self._at - 1]

    def _options_for_the_rest(self, flags: _Flags) -> _Flags | None:
        """`(?i)` holds up to the end of its group."""
        found = _OPTIONS.match(self._pattern, self._at)
        if found is None or found[3] != ")":
            return None
        self._at = found.end()
        return _changed(flags, found[1], found[2] or "")

    # --- pieces

    def _atom(self, flags: _Flags) -> _Part:
        if self._ahead("("):
            return self._group(flags)
        if self._ahead("["):
            return self._class(flags)
        if self._ahead("\\"):
            return self._escape(flags)
        if self._ahead("$") and self._dialect is not Dialect.RE2 and not flags.many_lines:
            self._next()
            return _Part(r"(?=\n?$)", exact="", whole=False)  # Python also stops before a last line's end
        return _plain(self._next(), flags)

    def _group(self, flags: _Flags) -> _Part:
        if found := self._match(_BACK):
            return _Part(rf"\k<{found[1]}>")
        if found := self._match(_LOOK):
            inner = self._closed(flags)
            return _Part(f"{found[0]}{inner.source})", exact="", whole=False)
        if found := self._match(_GROUP):
            inner = self._closed(flags)
            return replace(inner, source=f"(?<{found[1]}>{inner.source})", whole=True)
        if found := self._match(_OPTIONS):
            inner = self._closed(_changed(flags, found[1], found[2] or ""))
            return replace(inner, source=f"(?:{inner.source})", whole=True)
        if self._ahead("(?"):
            raise Untranslatable(self._pattern[self._at : self._at + 4])
        self._next()
        inner = self._closed(flags)
        return replace(inner, source=f"({inner.source})", whole=True)

    def _closed(self, flags: _Flags) -> _Part:
        inner = self.alternatives(flags)
        if not self._take(")"):
            raise Untranslatable("missing )")
        return inner

    def _repeated(self, part: _Part) -> _Part:
        count = self._count()
        if count is None:
            return part
        least, mark = count
        lazy = "?" if self._take("?") else ""
        if self._ahead("+") or self._ahead("*") or self._ahead("?"):
            raise Untranslatable("a repetition of a repetition")
        source = part.source if part.whole and len(part.source) else f"(?:{part.source})"
        if mark == "{1}":
            return part
        if part.exact is not None and mark == f"{{{least}}}" and least <= 64:
            return _Part(f"{source}{mark}", exact=part.exact * least, whole=False)
        return _Part(f"{source}{mark}{lazy}", words=part.needed() if least else None, whole=False)

    def _count(self) -> tuple[int, str] | None:
        for mark, least in (("*", 0), ("+", 1), ("?", 0)):
            if self._take(mark):
                return least, mark
        if found := self._match(_COUNT):
            return int(found[1]), found[0]
        return None

    # --- escapes

    def _escape(self, flags: _Flags) -> _Part:
        if self._take(r"\Q"):
            quoted, _, _ = self._pattern[self._at :].partition(r"\E")
            self._at = min(len(self._pattern), self._at + len(quoted) + 2)
            return _sequence([_literal(c, flags) for c in quoted])
        if boundary := self._boundary():
            return _Part(boundary, exact="", whole=False)
        if (members := self._members()) is not None:
            return _Part(f"[{members}]")
        if self._pattern[self._at + 1 : self._at + 2] in {"D", "W", "S"}:
            return _Part(f"[^{self._negated()}]")
        return _literal(self._character(), flags)

    def _boundary(self) -> str:
        for mark, meaning in _BOUNDARIES[self._dialect].items():
            if self._take(mark):
                return meaning
        return ""

    def _members(self) -> str | None:
        r"""`\w`, `\pL` and their like as members of a class."""
        if found := self._match(_PROPERTY):
            name = found[3] or found[4]
            full = name if name in _CATEGORIES else f"Script={name}"
            negative = (found[1] == "P") != bool(found[2])
            return rf"\{'P' if negative else 'p'}{{{full}}}"
        for letter, members in self._sets.items():
            if self._take("\\" + letter):
                return members
        return None

    def _negated(self) -> str:
        self._next()
        return self._sets[self._next().lower()]

    def _character(self) -> str:
        """The character that an escape stands for."""
        if found := self._match(_HEX):
            return chr(int(next(filter(None, found.groups())), 16))
        if found := self._match(_OCTAL):
            return chr(int(found[1], 8))
        self._next()
        letter = self._next()
        if letter in _CONTROLS:
            return _CONTROLS[letter]
        if letter.isascii() and letter.isalnum():
            raise Untranslatable("\\" + letter)
        return letter

    # --- classes

    def _class(self, flags: _Flags) -> _Part:
        self._next()
        negative, members, first = self._take("^"), "", True
        while first or not self._ahead("]"):
            members += self._member(flags)
            first = False
        self._next()
        return _Part(f"[{'^' if negative else ''}{members}]")

    def _member(self, flags: _Flags) -> str:
        if self._ahead("[:"):
            return self._posix()
        if self._ahead("\\"):
            if (members := self._members()) is not None:
                return members
            if self._pattern[self._at + 1 : self._at + 2] in {"D", "W", "S"}:
                return _inverse(self._negated())
        low = self._class_character()
        if not self._ahead("-") or self._pattern[self._at + 1 : self._at + 2] in {"]", ""}:
            return _span(low, low, flags)
        self._next()
        return _span(low, self._class_character(), flags)

    def _class_character(self) -> str:
        if self._take(r"\b"):
            return "\b"
        return self._character() if self._ahead("\\") else self._next()

    def _posix(self) -> str:
        end = self._pattern.find(":]", self._at)
        name = self._pattern[self._at + 2 : end] if end > 0 else ""
        if name not in _POSIX:
            raise Untranslatable(f"[:{name}:]")
        self._at = end + 2
        return _POSIX[name]


def _changed(flags: _Flags, on: str, off: str) -> _Flags:
    for letter in on + off:
        if letter not in _FLAGS:
            raise Untranslatable(f"(?{letter})")
    switched = {_FLAGS[letter]: True for letter in on} | {_FLAGS[letter]: False for letter in off}
    return replace(flags, **switched)


def _inverse(members: str) -> str:
    """`\\S` inside a class, for the sets that are plain ASCII."""
    known = {_ASCII_DIGIT: r"\D", _ASCII_WORD: r"\W", r"\p{Nd}": r"\P{Nd}"}
    if members in known:
        return known[members]
    if members == _SETS[Dialect.PYTHON]["w"]:
        raise Untranslatable(r"[\W]")
    inside = re.compile(f"[{members}]")
    outside = [code for code in range(0x3100) if not inside.match(chr(code))]
    return "".join(_range_source(low, high) for low, high in _runs(outside)) + r"\u3100-\u{10ffff}"


def _runs(codes: list[int]) -> Iterator[tuple[int, int]]:
    start = codes[0]
    for code, following in zip(codes, [*codes[1:], -1], strict=True):
        if following != code + 1:
            yield start, code
            start = following


def _plain(character: str, flags: _Flags) -> _Part:
    if character == ".":
        return _Part("[^]" if flags.dot_all else r"[^\n]")
    if character == "^":
        return _Part(r"(?<![^\n])" if flags.many_lines else "^", exact="", whole=False)
    if character == "$":
        return _Part(r"(?![^\n])" if flags.many_lines else "$", exact="", whole=False)
    if character in "*+?":
        raise Untranslatable("nothing to repeat")
    return _literal(character, flags)


def _literal(character: str, flags: _Flags) -> _Part:
    swapped = character.swapcase()
    if flags.ignore_case and swapped != character and len(swapped) == 1:
        return _Part(f"[{_shown(character, _CLASS_SYNTAX)}{swapped}]", exact=character.lower())
    return _Part(_shown(character, _SYNTAX), exact=character.lower())


def _span(low: str, high: str, flags: _Flags) -> str:
    source = _range_source(ord(low), ord(high))
    if not flags.ignore_case:
        return source
    for first, last, shift in (("a", "z", -32), ("A", "Z", 32)):
        start, end = max(low, first), min(high, last)
        if start <= end:
            source += _range_source(ord(start) + shift, ord(end) + shift)
    if low == high and not low.isascii() and len(low.swapcase()) == 1 and low.swapcase() != low:
        source += low.swapcase()
    return source


def _range_source(low: int, high: int) -> str:
    first, last = _shown(chr(low), _CLASS_SYNTAX), _shown(chr(high), _CLASS_SYNTAX)
    return first if low == high else f"{first}-{last}"


def _shown(character: str, syntax: frozenset[str]) -> str:
    if character in syntax:
        return "\\" + character
    code = ord(character)
    if code > 0xFFFF:
        return rf"\u{{{code:x}}}"
    if character.isprintable() and not 0x300 <= code < 0x370:
        return character
    return rf"\x{code:02x}" if code < 0x100 else rf"\u{code:04x}"


# --- putting pieces together


def _sequence(parts: list[_Part]) -> _Part:
    source = "".join(part.source if part.source else "(?:)" for part in parts)
    if all(part.exact is not None for part in parts):
        text = "".join(part.exact or "" for part in parts)
        return _Part(source, exact=text, whole=len(parts) == 1 and parts[0].whole)
    known = [*_texts_of(parts), *(part.words for part in parts if part.words)]
    best = max(known, key=_worth, default=None)
    return _Part(source, words=best, whole=len(parts) == 1 and parts[0].whole)


def _texts_of(parts: list[_Part]) -> Iterator[frozenset[str]]:
    """Neighbouring pieces that are exact texts, as one text."""
    text = ""
    for part in [*parts, _Part("")]:
        if part.exact is not None:
            text += part.exact
        elif text:
            yield frozenset({text})
            text = ""


def _worth(words: frozenset[str]) -> tuple[int, int]:
    """Long words are rare ones; fewer are looked for faster."""
    return min(map(len, words)), -len(words)


def _choice(branches: list[_Part]) -> _Part:
    if len(branches) == 1:
        return branches[0]
    needed: frozenset[str] | None = frozenset()
    for branch in branches:
        one = branch.needed()
        needed = needed | one if one and needed is not None else None
    return _Part("|".join(branch.source for branch in branches), words=needed, whole=False)
