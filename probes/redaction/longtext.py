"""The search of a long text: one native scan of each view says where to read, and only there Python reads.

What it finds is what a reading of every line would find (test_longtext.py compares them).
"""

from bisect import bisect_left, bisect_right
from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import cache, cached_property

from probes.redaction import marks
from probes.redaction.explained import Explained
from probes.redaction.literals import literal_hits
from probes.redaction.marks import AVAILABLE, Mark, Scanner
from probes.redaction.merging import concerns_seam
from probes.redaction.normalise import PREFIXES, Joined, Split, fold, splits_at, unescape, unescaped_lines
from probes.redaction.readings import View
from probes.redaction.scanned import Gathered, Marks, Scanned
from probes.redaction.screen import Screen
from probes.redaction.search import CheckFailed, Hit, Rules, placed
from probes.redaction.signs import with_plain_punctuation

LONG = 32 * 1024  # characters: below, a scan would not pay for the time in which its database is made
_OTHER_S = "ſ"  # RE2 takes it for an s where case does not matter, Hyperscan does not

Across = Callable[[Joined], Iterable[Hit]]


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
        self._explained = Explained()
        self._read: dict[tuple[str, frozenset[int]], list[Hit]] = {}

    def hits(self, text: str) -> Iterator[Hit]:
        """Every hit in every view, in the text's own offsets."""
        folded = _folded(text)
        scanned = Scanned(folded.text)
        found = _disguises().marks(scanned.data)
        yield from _in_original(folded, self._of_text(scanned, self._lines(scanned)))
        yield from self._across_seams(scanned, found, lambda: folded)
        undone = _unescaped(folded, found)
        if undone is not None:
            yield from self._undone(undone)

    # --- the view itself ---

    def _of_text(self, scanned: Scanned, lines: Iterable[Hit]) -> Iterator[Hit]:
        yield from literal_hits(scanned.text, self._literals)
        yield from self._rules.without_public_blocks(scanned.text, self._rules_hits(scanned, lines))

    def _rules_hits(self, scanned: Scanned, lines: Iterable[Hit]) -> Iterator[Hit]:
        if self._screen.may_span(scanned.data):
            yield from self._rules.text_hits(scanned.text)
        yield from lines

    def _lines(self, scanned: Scanned) -> Iterator[Hit]:
        found = self._explained.without(self._screen.in_lines(scanned.data), scanned.data)
        for line in scanned.lines(found):
            yield from placed(self._in_line(scanned.text[line.start : line.end], line.marks), line.start)

    def _in_line(self, line: str, found: frozenset[int]) -> list[Hit]:
        known = self._read.get((line, found))
        if known is None:
            known = self._read[line, found] = list(self._rules.line_hits(line, found))
        return known

    # --- escapes ---

    def _undone(self, undone: "_Unescaped") -> Iterator[Hit]:
        scanned = Scanned(undone.text)
        hits = list(self._of_text(scanned, self._in_changed(undone)))
        if hits:
            yield from _in_original(undone.view, hits)
        found = _seams().marks(scanned.data)
        yield from self._across_seams(scanned, found, lambda: undone.view, undone.is_changed)

    def _in_changed(self, undone: "_Unescaped") -> Iterator[Hit]:
        """Hits in the lines that an escape changed; the others have been read."""
        gathered = Gathered(undone.changed)
        for hit in self._lines(gathered.scanned):
            number = gathered.number(hit.start)
            yield from placed([hit], undone.starts[number] - gathered.starts[number])

    # --- pieces put together ---

    def _across_seams(
        self,
        scanned: Scanned,
        found: Sequence[tuple[int, int]],
        view: Callable[[], View],
        is_new: Callable[[int, int], bool] = lambda start, end: True,
    ) -> Iterator[Hit]:
        """Hits in what is put together, where a line of it `is_new` or something that spans lines is near."""
        near = [scanned.character(at) for at in self._screen.near_spanning(scanned.data)]

        def is_near(start: int, end: int) -> bool:
            return bisect_left(near, start) < bisect_right(near, end + 1)

        places = _places(scanned, found)
        splits = list(
            splits_at(
                scanned.text,
                *places,
                wanted=lambda context, start, end: is_new(start, end) or is_near(context, end),
            )
        )
        spanning = {number for number, split in enumerate(splits) if is_near(split.context, split.end)}
        for number in sorted(spanning | self._suspicious(scanned.text, splits)):
            yield from self._across(splits[number].joined(view()))

    def _suspicious(self, text: str, splits: Sequence[Split]) -> set[int]:
        if any("\n" in literal for literal in self._literals) or self._others_may_span(text, splits):
            return set(range(len(splits)))
        return self._at_seams(text, splits)

    def _others_may_span(self, text: str, splits: Sequence[Split]) -> bool:
        """Rules of admins that span lines have no parts to look for: they are tried on the joined texts."""
        if not self._screen.others_span:
            return False
        gathered = Gathered([split.joined(View(text)).text for split in splits])
        return self._screen.may_span(gathered.scanned.data)

    def _at_seams(self, text: str, splits: Sequence[Split]) -> set[int]:
        """Which of them hold something at a seam in their joined lines."""
        gathered = Gathered([split.line for split in splits])
        scanned = gathered.scanned
        near = (scanned.character(at) for at in self._screen.near_spanning(scanned.data))
        held = {gathered.number(end - 1) for end in near}
        for hit in (*literal_hits(scanned.text, self._literals), *self._lines(scanned)):
            number = gathered.number(hit.start)
            joined = splits[number].joined(View(text))
            moved = len(joined.text) - len(splits[number].line) - gathered.starts[number]
            if concerns_seam(joined, *placed([hit], moved)):
                held.add(number)
        return held


class _Unescaped:
    """A view with its escapes undone, line by line: most lines have none."""

    def __init__(self, source: View, lines: Iterable[tuple[int, int, str]]) -> None:
        """`lines` are spans of the source with what they become."""
        self._source = source
        self.changed: list[str] = []
        self.starts: list[int] = []  # of the changed lines in the text
        pieces, position, size = list[str](), 0, 0
        for start, end, undone in lines:
            pieces += (source.text[position:start], undone)
            self.changed.append(undone)
            self.starts.append(size + start - position)
            size += start - position + len(undone)
            position = end
        self.text = "".join((*pieces, source.text[position:]))

    def is_changed(self, start: int, end: int) -> bool:
        """Whether a stretch of the text holds anything of a changed line."""
        before = bisect_right(self.starts, end) - 1
        return before >= 0 and self.starts[before] + len(self.changed[before]) >= start

    @cached_property
    def view(self) -> View:
        """The text with the way back to the original."""
        view = unescape(self._source)
        if view is None or view.text != self.text:
            raise CheckFailed
        return view


def _unescaped(folded: View, found: Marks) -> _Unescaped | None:
    kinds = {mark for _, mark in found}
    if Mark.QUOTED_PRINTABLE in kinds:  # what an equals sign means depends on the whole text
        whole = unescape(folded)
        return _Unescaped(folded, [(0, len(folded.text), whole.text)]) if whole else None
    return _Unescaped(folded, unescaped_lines(folded.text)) if Mark.ESCAPE in kinds else None


def _in_original(view: View, hits: Iterable[Hit]) -> Iterator[Hit]:
    for hit in hits:
        start, end = view.span(hit.start, hit.end)
        yield hit._replace(start=start, end=end)


def _folded(text: str) -> View:
    """As `fold` does, without a look at each character when there is nothing to fold."""
    if text.isascii():
        return fold(text)
    plain = with_plain_punctuation(text)
    try:
        return fold(text) if _folding().marks(Scanned(plain).data) else View(plain)
    except UnicodeEncodeError:  # lone surrogates fold to nothing, too
        return fold(text)


def _places(
    scanned: Scanned, found: Sequence[tuple[int, int]]
) -> tuple[list[int], list[tuple[int, int]], list[int]]:
    """A character inside each possible seam, lines that may hold groups, and where the signs of lists end."""
    inside = {_inside(scanned, at, mark) for at, mark in found if mark in _SEAMS}
    groups = scanned.lines(pair for pair in found if pair[1] == Mark.GROUPS)
    listings = [scanned.character(at) for at, mark in found if mark == Mark.LISTING]
    return sorted(inside), [(line.start, line.end) for line in groups], listings


def _inside(scanned: Scanned, at: int, mark: int) -> int:
    """A character of the seam that a mark speaks of: the last line's end before it, or the last quote."""
    if mark == Mark.SPLIT_LINE:
        return scanned.line_start(at - 1) - 1
    end = scanned.character(at)
    quote = end - 1 if scanned.text[end - 1] in "\"'`" else end - 2
    return quote - 2 if scanned.text[quote - 1] in PREFIXES else quote


_SEAMS = {Mark.SPLIT_LINE, Mark.SPLIT_QUOTES}


@cache
def _disguises() -> Scanner:
    return Scanner(marks.DISGUISES)


@cache
def _seams() -> Scanner:
    return Scanner(marks.SEAMS)


@cache
def _folding() -> Scanner:
    return Scanner(marks.FOLDED)
