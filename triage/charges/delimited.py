"""Delimited text (CSV and its kin) as records; a quotation mark that never closes costs its own line only."""

import csv
from collections.abc import Iterator
from itertools import chain

from triage.charges.lines import Lines, TooLong, any_too_long
from triage.charges.records import Malformed, Read, Record, Table, judged
from triage.charges.refusals import Refusal

_END = "end"  # a line that an open quotation mark would swallow


class Delimited:
    """The records of a file, one by one or many at once: `header` is the first, and is not among them.

    It is empty when there is none; `lost_lines` then says whether there were lines that could not be read.
    """

    def __init__(self, lines: Lines, separator: str, *, above: int = 0) -> None:
        """`above` lines stand before the header and are no part of the table."""
        self._lines = lines
        for _ in range(above):
            next(lines)
        self._separator = separator
        self._row = 1
        self.header = self._header()

    def __iter__(self) -> Iterator[Read]:
        return self

    def __next__(self) -> Read:
        read = self._next()
        self._row += 1
        return read

    def table(self) -> Table | None:
        """The next lines when they hold a record each; None for others, and at the end."""
        lines = self._lines.many()
        if not lines:
            return None
        if (cells := self._cells(lines)) is None:
            self._lines.give_back(lines)
            return None
        table = Table(self.header, self._row, self._lines.number - len(lines) + 1, lines, cells)
        self._row += len(lines)
        return table

    def _cells(self, lines: list[str]) -> list[list[str]] | None:
        if any_too_long(lines):
            return None
        try:
            *cells, _ = csv.reader(chain(lines, (_END,)), delimiter=self._separator)
        except csv.Error:
            return None
        return cells if len(cells) == len(lines) else None

    def _header(self) -> list[str]:
        self.header, self.lost_lines = [], False
        for read in iter(self._next, None):
            if isinstance(read, Record):
                return list(read.cells)
            self.lost_lines |= isinstance(read, Malformed)
        return []

    def _next(self) -> Read:
        self._lines.taken.clear()
        line = self._lines.number + 1
        try:
            cells = next(csv.reader(self._lines, delimiter=self._separator))
        except (TooLong, csv.Error):
            return self._broken(line, Refusal.TOO_LONG)
        if len(self._lines.taken) > 1 and self._swallowed_records(cells):
            return self._broken(line, Refusal.UNCLOSED_QUOTE)
        return judged(self._row, line, cells, self._lines.taken[0], self.header)

    def _broken(self, line: int, refusal: Refusal) -> Malformed:
        """One line is lost; what a quotation mark had swallowed after it is read again."""
        first, *swallowed = self._lines.taken
        self._lines.give_back(swallowed)
        return Malformed(self._row, line, Refusal.UNCLOSED_QUOTE if swallowed else refusal, first)

    def _swallowed_records(self, cells: list[str]) -> bool:
        """Is a later line of this record a record by itself? Then the quote of the first was never meant."""
        taken, width = self._lines.taken, len(self.header)
        later = taken[1:-1] if "\n" in cells[0] else taken[1:]
        alone = (next(csv.reader([line], delimiter=self._separator), []) for line in later)
        return bool(width) and any(len(cells) >= width for cells in alone)
