"""Readings of a text with a way back: where in the original every character of a changed text came from."""

from array import array
from bisect import bisect_right
from dataclasses import dataclass
from typing import NamedTuple

_COPIED = -1


class _Pieces(NamedTuple):
    """A changed text in order: each piece begins at `at` and came from [starts, ends) of its source.

    Where `ends` says `_COPIED`, the piece is the source's text from `starts` on, character by character.
    """

    at: "array[int]"
    starts: "array[int]"
    ends: "array[int]"


@dataclass(frozen=True, slots=True)
class View:
    """A reading of a text. Without a source, its characters are the original's one by one."""

    text: str
    source: "View | None" = None
    pieces: _Pieces | None = None

    def span(self, start: int, end: int) -> tuple[int, int]:
        """The original's span (code points) for [start, end) of this view; empty spans have no place here."""
        if self.source is None or self.pieces is None:
            return start, end
        at, starts, ends = self.pieces
        first, last = bisect_right(at, start) - 1, bisect_right(at, end - 1) - 1
        begin = starts[first] + (start - at[first] if ends[first] == _COPIED else 0)
        finish = starts[last] + end - at[last] if ends[last] == _COPIED else ends[last]
        return self.source.span(begin, finish)


class Builder:
    """Collects pieces of a new view, each with the place that it came from."""

    def __init__(self, source: View) -> None:
        self._source = source
        self._texts: list[str] = []
        self._pieces = _Pieces(array("q"), array("q"), array("q"))
        self._size = 0

    def copy(self, start: int, end: int) -> None:
        """Take [start, end) of the source as it is."""
        if start < end:
            self._add(self._source.text[start:end], start, _COPIED)

    def put(self, text: str, start: int, end: int) -> None:
        """Write `text`, each character of it standing for [start, end) of the source."""
        if text:
            self._add(text, start, end)

    def _add(self, text: str, start: int, end: int) -> None:
        self._texts.append(text)
        self._pieces.at.append(self._size)
        self._pieces.starts.append(start)
        self._pieces.ends.append(end)
        self._size += len(text)

    def view(self) -> View:
        return View("".join(self._texts), self._source, self._pieces)
