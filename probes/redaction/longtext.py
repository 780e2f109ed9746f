"""The search of a long text: one native scan of each view says where to read, and only there Python reads.

What it finds is what a reading of every line would find (test_longtext.py compares them).
"""

from bisect import bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property
from itertools import accumulate
from typing import NamedTuple

from probes.redaction import marks
from probes.redaction.keep import has_kept_shape
from probes.redaction.literals import literal_hits
from probes.redaction.marks import AVAILABLE, Mark, Scanner
from probes.redaction.merging import concerns_seam
from probes.redaction.normalise import Joined, Split, fold, splits_at, unescape, without_escapes
from probes.redaction.randomness import looks_dense
from probes.redaction.readings import View
from probes.redaction.screen import Screen
from probes.redaction.search import CheckFailed, Hit, Rules, placed
from probes.redaction.signs import with_plain_punctuation

LONG = 32 * 1024  # characters: below, a scan would not pay for the time in which its database is made
_OTHER_S = "ſ"  # RE2 takes it for an s where case does not matter, Hyperscan does not

_LONGEST_DENSE = 200  # as the search has it
_IN_DENSE = b"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/_-"
_PADDING = ord("=")

Across = Callable[[Joined], Iterable[Hit]]


class _Line(NamedTuple):
    """A line to read, in characters, and the marks in it."""

    start: int
    end: int
    marks: frozenset[int]


def can_screen(text: str) -> bool:
    """Whether a text is long enough for a native scan, and whether this machine has one."""
    return AVAILABLE and len(text) >= LONG and _OTHER_S not in text


class LongText:
    """One search of one text."""

    def __init__(self, rules: Rules, screen: Screen, literals: frozenset[str], across: Across) -> None:
        """`across` says which hits of a joined text cross its seams."""
        self._rules = rules
        self._screen = screen
        self._literals = literals
        self._across = across
        self._read: dict[tuple[str, frozenset[int]], list[Hit]] = {}
        self._clean: set[str] = set()
        self._unexplained: dict[bytes, bool] = {}

    def hits(self, text: str) -> Iterator[Hit]:
        """Every hit in every view, in the text's own offsets."""
        folded = _folded(text)
        data = _encoded(folded.text)
        found = _disguises().marks(data)
        yield from self._direct(folded, data)
        yield from self._joined(folded.text, data, found, lambda: folded)
        undone = _unescaped(folded, data, found)
        if undone is not None:
            yield from self._undone(undone)

    # --- the view itself ---

    def _direct(self, view: View, data: bytes) -> Iterator[Hit]:
        text = view.text
        for hit in self._of_text(text, data, self._lines(text, data)):
            start, end = view.span(hit.start, hit.end)
            yield hit._replace(start=start, end=end)

    def _of_text(self, text: str, data: bytes, lines: Iterable[Hit]) -> Iterator[Hit]:
        yield from literal_hits(text, self._literals)
        yield from self._rules.without_public_blocks(text, self._rules_hits(text, data, lines))

    def _rules_hits(self, text: str, data: bytes, lines: Iterable[Hit]) -> Iterator[Hit]:
        if self._screen.spanning(data):
            yield from self._rules.text_hits(text)
        yield from lines

    def _lines(self, text: str, data: bytes) -> Iterator[Hit]:
        found = self._screen.in_lines(data)
        worth = (pair for pair in found if pair[1] != Mark.DENSE or self._is_unexplained(data, pair[0]))
        for line in _marked_lines(text, data, worth):
            yield from placed(self._in_line(text[line.start : line.end], line.marks), line.start)

    def _in_line(self, line: str, found: frozenset[int]) -> list[Hit]:
        known = self._read.get((line, found))
        if known is None:
            known = self._read[line, found] = list(self._rules.line_hits(line, found))
        return known

    def _is_unexplained(self, data: bytes, at: int) -> bool:
        """Whether the dense string before a mark may be a secret, whatever stands before it."""
        end = at - 1
        while 0x80 <= data[end] < 0xC0:  # inside the character that ends it
            end -= 1
        first = max(0, end - _LONGEST_DENSE)
        token = data[first:end]
        start = len(token.rstrip(_IN_DENSE))
        token = token[start:].lstrip(b"+/_-")
        if not start and first:
            return True
        known = self._unexplained.get(token)
        if known is None:
            known = self._unexplained[token] = _may_be_unexplained(
                token.decode(), padded=data[end] == _PADDING
            )
        return known

    # --- escapes ---

    def _undone(self, undone: "_Unescaped") -> Iterator[Hit]:
        text, data = undone.text, _encoded(undone.text)
        hits = list(self._of_text(text, data, self._in_changed(undone)))
        for hit in hits:
            start, end = undone.view.span(hit.start, hit.end)
            yield hit._replace(start=start, end=end)
        yield from self._joined(text, data, _disguises().marks(data), lambda: undone.view)

    def _in_changed(self, undone: "_Unescaped") -> Iterator[Hit]:
        """Hits in the lines that an escape changed; the others have been read."""
        gathered = _Gathered(undone.changed)
        for hit in self._lines(gathered.text, _encoded(gathered.text)):
            number = gathered.number(hit.start)
            moved = undone.starts[number] - gathered.starts[number]
            yield hit._replace(start=hit.start + moved, end=hit.end + moved)

    # --- pieces put together ---

    def _joined(
        self, text: str, data: bytes, found: Sequence[tuple[int, int]], view: Callable[[], View]
    ) -> Iterator[Hit]:
        places = _places(text, data, found)
        splits = [split for split in splits_at(text, *places) if split.text not in self._clean]
        if not splits:
            return
        suspicious = self._suspicious(text, splits)
        self._clean.update(split.text for number, split in enumerate(splits) if number not in suspicious)
        for number in sorted(suspicious):
            yield from self._across(splits[number].joined(view()))

    def _suspicious(self, source: str, splits: Sequence[Split]) -> set[int]:
        """Which of them hold something at a seam, or something that spans lines."""
        gathered = _Gathered([split.text for split in splits])
        text, data = gathered.text, _encoded(gathered.text)
        spanning = _characters(text, data, self._screen.spanning(data))
        suspicious = {gathered.number(end - 1) for end in spanning}
        for hit in (*literal_hits(text, self._literals), *self._lines(text, data)):
            number = gathered.number(hit.start)
            joined = splits[number].joined(View(source))
            if concerns_seam(joined, *placed([hit], -gathered.starts[number])):
                suspicious.add(number)
        return suspicious


class _Gathered:
    """Texts one below the other, to be scanned in one go."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.text = "\n".join(texts)
        self.starts = [0, *accumulate(len(text) + 1 for text in texts)][: len(texts)]

    def number(self, place: int) -> int:
        """Which text stands at a place."""
        return bisect_right(self.starts, place) - 1


class _Unescaped:
    """A view with its escapes undone, line by line: most lines have none."""

    def __init__(self, source: View, lines: Iterable[tuple[int, int, str]]) -> None:
        """`lines` are spans of the source with what they become."""
        self._source = source
        self.changed: list[str] = []
        self.starts: list[int] = []  # of the changed lines in the text
        pieces, position, size = [], 0, 0
        for start, end, undone in lines:
            pieces += [source.text[position:start], undone]
            self.changed.append(undone)
            self.starts.append(size + start - position)
            size += start - position + len(undone)
            position = end
        self.text = "".join((*pieces, source.text[position:]))

    @cached_property
    def view(self) -> View:
        """The text with the way back to the original."""
        view = unescape(self._source)
        if view is None or view.text != self.text:
            raise CheckFailed
        return view


def _unescaped(folded: View, data: bytes, found: Sequence[tuple[int, int]]) -> _Unescaped | None:
    text, kinds = folded.text, {mark for _, mark in found}
    if Mark.QUOTED_PRINTABLE in kinds:  # what an equals sign means depends on the whole text
        whole = unescape(folded)
        return _Unescaped(folded, [(0, len(text), whole.text)]) if whole else None
    if Mark.ESCAPE not in kinds:
        return None
    lines = _marked_lines(text, data, (pair for pair in found if pair[1] == Mark.ESCAPE))
    return _Unescaped(
        folded, ((one.start, one.end, without_escapes(text[one.start : one.end])) for one in lines)
    )


def _may_be_unexplained(token: str, *, padded: bool) -> bool:
    if not 32 <= len(token) <= _LONGEST_DENSE or (has_kept_shape(token) and not padded):
        return False
    return looks_dense(token)


# --- from marks to places ---


def _folded(text: str) -> View:
    """As `fold` does, without a look at each character when there is nothing to fold."""
    if text.isascii():
        return fold(text)
    plain = with_plain_punctuation(text)
    try:
        return fold(text) if _folding().marks(_encoded(plain)) else View(plain)
    except UnicodeEncodeError:  # lone surrogates fold to nothing, too
        return fold(text)


def _encoded(text: str) -> bytes:
    """UTF-8 with a line's end behind: some marks end with the character after a value."""
    return text.encode() + b"\n"


def _marked_lines(text: str, data: bytes, found: Iterable[tuple[int, int]]) -> Iterator[_Line]:
    """The lines in which the marks end, in order."""
    ascii_only = len(data) == len(text) + 1
    counted = _Counted(data)
    start, end, here = 0, -1, set[int]()
    for at, mark in found:
        if at - 1 > end:
            if here:
                yield _line(start, end, here, counted, ascii_only=ascii_only)
            start, end, here = data.rfind(b"\n", 0, at - 1) + 1, data.find(b"\n", at - 1), set()
        here.add(mark)
    if here:
        yield _line(start, end, here, counted, ascii_only=ascii_only)


def _line(start: int, end: int, here: set[int], counted: "_Counted", *, ascii_only: bool) -> _Line:
    if not ascii_only:
        start, end = counted.to(start), counted.to(end)
    return _Line(start, end, frozenset(here))


class _Counted:
    """Characters before growing places in UTF-8."""

    def __init__(self, data: bytes) -> None:
        self._data = data
        self._at = self._characters = 0

    def to(self, at: int) -> int:
        self._characters += len(self._data[self._at : at].decode())
        self._at = at
        return self._characters


def _characters(text: str, data: bytes, ends: Iterable[int]) -> list[int]:
    if len(data) == len(text) + 1:
        return list(ends)
    counted = _Counted(data)
    return [counted.to(at) for at in ends]


def _places(
    text: str, data: bytes, found: Sequence[tuple[int, int]]
) -> tuple[list[int], list[tuple[int, int]]]:
    """A character inside each possible split, and the lines that may hold a value in groups."""
    splits = [pair for pair in found if pair[1] in (Mark.SPLIT_LINE, Mark.SPLIT_QUOTES)]
    ends = _characters(text, data, (at for at, _ in splits))
    inside = [
        text.rfind("\n", 0, end - 1)
        if mark == Mark.SPLIT_LINE
        else end - (1 if text[end - 1] in "\"'`" else 2)
        for end, (_, mark) in zip(ends, splits, strict=True)
    ]
    lines = _marked_lines(text, data, (pair for pair in found if pair[1] == Mark.GROUPS))
    return sorted(set(inside)), [(line.start, line.end) for line in lines]


@cache
def _disguises() -> Scanner:
    return Scanner(marks.DISGUISES)


@cache
def _folding() -> Scanner:
    return Scanner(marks.FOLDED)
