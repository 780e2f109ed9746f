"""What a ledger file is read into: records, one by one or as a table of well-formed lines."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass

from triage.charges.refusals import Refusal


@dataclass(frozen=True, slots=True)
class Record:
    """One record. `row` counts from 1 after the header, `line` from 1.

    `cells` is a list in the order of the headers, or a dict by header where a record is, or holds, JSON.
    """

    row: int
    line: int
    cells: list[str] | dict[str, str]


@dataclass(frozen=True, slots=True)
class Malformed:
    """A record without cells that could be trusted."""

    row: int
    line: int
    refusal: Refusal
    text: str


@dataclass(frozen=True, slots=True)
class Blank:
    """An empty line, or the header once more: nothing is lost with it."""

    row: int
    line: int


Read = Record | Malformed | Blank


@dataclass(frozen=True, slots=True)
class Table:
    """Lines that hold a record each. `reads()` says the same, record by record."""

    header: list[str]
    row: int  # of the first line
    line: int
    lines: list[str]
    cells: list[list[str]]

    def read(self, index: int) -> Read:
        cells = self.cells[index]
        return judged(self.row + index, self.line + index, cells, self.lines[index], self.header)

    def reads(self) -> Iterator[Read]:
        return map(self.read, range(len(self.cells)))


def judged(row: int, line: int, cells: list[str], text: str, header: list[str]) -> Read:
    """A record whose cells are known, beside the header of its file."""
    if not any(cells) or cells == header:
        return Blank(row, line)
    if header and len(cells) != len(header):
        refusal = Refusal.TOO_MANY_CELLS if len(cells) > len(header) else Refusal.TOO_FEW_CELLS
        return Malformed(row, line, refusal, text)
    return Record(row, line, cells)


def records_of(reads: Iterable[Read]) -> Iterator[Record]:
    return (read for read in reads if isinstance(read, Record))
