"""A paste as numbered lines, bounded: nothing in it can make the reader slow."""

import re
from bisect import bisect_right
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Final

MOST_CHARS: Final = 1 << 20
MOST_LINES: Final = 5_000
LONGEST: Final = 2_000
"""Characters of a line that patterns look at; documents in it are read whole."""
HEAD_CHARS: Final = 100_000
HEAD_LINES: Final = 1_000
TAIL_CHARS: Final = 50_000
TAIL_LINES: Final = 500
"""What is read word by word: people write less, and a long log repeats itself."""
_QUOTE: Final = 160

_BREAK = re.compile(r"\r\n|\r|\n")
# Colours of terminals, and characters that show nothing but hide words from patterns.
_INVISIBLE = re.compile(
    "\x1b\\[[0-9;?]{0,12}[A-Za-z]|[\x00-\x08\x0b\x0c\x0e-\x1f\u200b-\u200f\u202a-\u202e\u2060-\u2069\ufeff]"
)


@dataclass(frozen=True)
class Text:
    """`lines` as patterns see them; `whole` is all that is read, for what spans lines."""

    whole: str
    lines: tuple[str, ...]
    left_out: int = 0  # lines that were not read
    now: datetime | None = None  # tells the year of a date that names none
    taken: set[int] = field(default_factory=set)  # numbers of lines that a reader has claimed for itself
    documents: set[int] = field(
        default_factory=set
    )  # numbers of lines that are JSON: their names are no labels

    @cached_property
    def _starts(self) -> list[int]:
        return [0, *(match.end() for match in _BREAK.finditer(self.whole))]

    def line_at(self, offset: int) -> int:
        """The number of the line in which this character of `whole` stands."""
        return bisect_right(self._starts, offset)

    def start_of(self, number: int) -> int:
        return self._starts[number - 1]

    def free(self) -> list[tuple[int, str]]:
        """(number, line) of those that nobody has claimed."""
        return [(number, line) for number, line in enumerate(self.lines, start=1) if number not in self.taken]

    def scanned(self) -> tuple[list[tuple[int, str]], tuple[int, int] | None]:
        """Free lines that are read word by word, and the first and last of a middle too long for that."""
        lines = self.free()
        head = _within(lines, HEAD_CHARS, HEAD_LINES)
        tail = _within(lines[head:][::-1], TAIL_CHARS, TAIL_LINES)
        gap = lines[head : len(lines) - tail]
        return lines[:head] + lines[len(lines) - tail :], (gap[0][0], gap[-1][0]) if gap else None

    def take(self, first: int, last: int) -> None:
        self.taken.update(range(first, last + 1))

    def quote(self, number: int) -> str:
        line = self.lines[number - 1].strip() if 0 < number <= len(self.lines) else ""
        return line if len(line) <= _QUOTE else f"{line[: _QUOTE - 1]}…"


def _within(lines: list[tuple[int, str]], most_chars: int, most_lines: int) -> int:
    """How many of them fit."""
    chars = 0
    for count, (_number, line) in enumerate(lines[:most_lines]):
        chars += len(line)
        if chars > most_chars and count:
            return count
    return min(len(lines), most_lines)


def text_of(pasted: str, *, now: datetime | None = None) -> Text:
    """Never raises, whatever was pasted: what is not text any more becomes a question mark."""
    readable = pasted[:MOST_CHARS].encode("utf-8", "replace").decode()
    whole = _INVISIBLE.sub("", readable)
    lines = _BREAK.split(whole)
    kept = lines[:MOST_LINES]
    if len(lines) > MOST_LINES:
        whole = "\n".join(kept)
    left_out = len(lines) - len(kept) + (len(pasted) > MOST_CHARS)
    return Text(whole, tuple(_clipped(line) for line in kept), left_out, now)


def _clipped(line: str) -> str:
    """Head and tail of a long line: faults name themselves at either end."""
    if len(line) <= LONGEST:
        return line
    return f"{line[: LONGEST * 3 // 4]} … {line[-LONGEST // 4 :]}"
