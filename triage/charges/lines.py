"""Physical lines of a text, each of bounded length, which can be taken back and read again."""

import io
from collections import deque
from collections.abc import Callable, Iterator
from typing import Self, TextIO

MAX_LINE = 1 << 20  # characters; a longer line is refused without being read into memory
MAX_RECORD_LINES = 200  # lines that one quoted cell may span
_AT_ONCE = 1 << 18  # characters


class TooLong(Exception):
    """A line, or the lines of one quoted cell, go on beyond the bound."""


class Lines:
    """Lines one by one or many at once. `taken` are those of the current record, long ones cut."""

    def __init__(self, file: TextIO, *, mend: Callable[[str], str] | None = None) -> None:
        """`mend` is asked about every line before anybody else sees it."""
        self._file = file
        self._mend = mend
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0  # of the last line given out

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._read()
        if not line:
            raise StopIteration
        self.number += 1
        if _is_too_long(line):
            self._skip_rest(line)
            self.taken.append(line[:MAX_LINE] + "\n")  # whoever takes it back finds no rest to skip
            raise TooLong
        self.taken.append(line)
        if len(self.taken) > MAX_RECORD_LINES:
            raise TooLong
        return line

    def many(self) -> list[str]:
        """Some hundreds of lines, or none at the end. The last may be the beginning of one too long."""
        if self._returned:
            lines = list(self._returned)
            self._returned.clear()
        else:
            text = self._file.read(_AT_ONCE)
            if text and not text.endswith("\n"):
                text += self._file.readline(MAX_LINE)
            lines = list(map(self._mend, _split(text)) if self._mend else _split(text))
        self.number += len(lines)
        return lines

    def give_back(self, lines: list[str]) -> None:
        """These lines, the last ones given out, are read again."""
        self._returned.extendleft(reversed(lines))
        self.number -= len(lines)

    def _read(self) -> str:
        line = self._file.readline(MAX_LINE)
        return self._mend(line) if self._mend else line

    def _skip_rest(self, line: str) -> None:
        while line and not line.endswith("\n"):
            line = self._file.readline(MAX_LINE)


def _split(text: str) -> Iterator[str]:
    return iter(io.StringIO(text, newline=""))


def any_too_long(lines: list[str]) -> bool:
    return max(map(len, lines)) >= MAX_LINE and any(map(_is_too_long, lines))


def _is_too_long(line: str) -> bool:
    return len(line) > MAX_LINE or (len(line) == MAX_LINE and not line.endswith("\n"))
