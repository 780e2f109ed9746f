"""A text as the native scan reads it, and the way from the scan's bytes to lines and characters."""

from bisect import bisect_right
from collections.abc import Iterable, Iterator, Sequence
from functools import cached_property
from itertools import accumulate
from typing import NamedTuple

Marks = Iterable[tuple[int, int]]  # (end of a match in bytes, its mark), in order


class Line(NamedTuple):
    """A line to read, in characters, and the marks in it."""

    start: int
    end: int
    marks: frozenset[int]


class Scanned:
    """A text and its UTF-8, with a line's end behind: some marks end with the character after a value."""

    def __init__(self, text: str) -> None:
        """Raises UnicodeEncodeError for lone surrogates."""
        self.text = text
        self.data = text.encode() + b"\n"
        self._is_ascii = len(self.data) == len(text) + 1

    @cached_property
    def _line_starts(self) -> tuple[list[int], list[int]]:
        """Where lines begin: in bytes, in characters. One line more than there are stands for the end."""
        in_bytes = _starts(self.data[:-1].split(b"\n"))
        return in_bytes, in_bytes if self._is_ascii else _starts(self.text.split("\n"))

    def character(self, at: int) -> int:
        """How many characters stand before a byte."""
        if self._is_ascii:
            return at
        in_bytes, in_characters = self._line_starts
        number = bisect_right(in_bytes, at) - 1
        start, first = in_bytes[number], in_characters[number]
        following = min(number + 1, len(in_bytes) - 1)
        if in_bytes[following] - start == in_characters[following] - first:
            return first + at - start
        return first + len(self.data[start:at].decode())

    def line_start(self, at: int) -> int:
        """The character with which the line of a byte begins."""
        in_bytes, in_characters = self._line_starts
        return in_characters[bisect_right(in_bytes, at) - 1]

    def lines(self, found: Marks) -> Iterator[Line]:
        """The lines in which marks end, in order."""
        in_bytes, in_characters = self._line_starts
        number, following, here = -1, 0, set[int]()
        for at, mark in found:
            if at > following:
                if here:
                    yield Line(in_characters[number], in_characters[number + 1] - 1, frozenset(here))
                number, here = bisect_right(in_bytes, at - 1) - 1, set()
                following = in_bytes[number + 1]
            here.add(mark)
        if here:
            yield Line(in_characters[number], in_characters[number + 1] - 1, frozenset(here))


def _starts(lines: Sequence[str] | Sequence[bytes]) -> list[int]:
    return [0, *accumulate(map((1).__add__, map(len, lines)))]


class Gathered:
    """Texts one below the other, to be scanned in one go."""

    def __init__(self, texts: Sequence[str]) -> None:
        self.scanned = Scanned("\n".join(texts))
        self.starts = _starts(texts)[:-1]

    def number(self, place: int) -> int:
        """Which text stands at a place."""
        return bisect_right(self.starts, place) - 1
