"""A ledger file as blocks of rows, masked and ready for PostgreSQL's COPY."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from itertools import islice

from triage.charges.columns import Columns
from triage.charges.masking import Masker
from triage.charges.reading import LedgerFile
from triage.charges.records import Blank, Malformed, Read, Record, Table
from triage.charges.refusals import Rejection
from triage.charges.rows import LedgerRow, RowReader, text_of

COPY_COLUMNS = LedgerRow._fields
_ROWS = 500


@dataclass(frozen=True, slots=True)
class Block:
    """Some rows of a file, in its order. `text` is lines of COPY's text format, columns COPY_COLUMNS.

    `rows` counts those lines; `rejections` are masked; `skipped` counts what bills nobody.
    """

    text: str
    rows: int
    rejections: tuple[Rejection, ...] = ()
    skipped: int = 0


def copy_blocks(file: LedgerFile, reader: RowReader, masker: Masker) -> Iterator[Block]:
    """The whole file, block by block. Raises FileRefused when it was changed while it was read."""
    assembly = _Assembly(reader, masker)
    return map(assembly.block, file.blocks())


def blocks_of_reads(reads: Iterable[Read], reader: RowReader, masker: Masker) -> Iterator[Block]:
    """The same for records that come from elsewhere."""
    remaining, assembly = iter(reads), _Assembly(reader, masker)
    while block := list(islice(remaining, _ROWS)):
        yield assembly.block(block)


def blocks_of(rows: Iterable[LedgerRow]) -> Iterator[Block]:
    """Rows that are masked already."""
    remaining = iter(rows)
    while lines := [copy_line(row) for row in islice(remaining, _ROWS)]:
        yield Block("\n".join([*lines, ""]), len(lines))


def copy_line(row: LedgerRow) -> str:
    """One line of COPY's text format, without its end."""
    cells = [str(row.row_number), *row[1:14], str(row.amount), row.currency, row.occurred_at.isoformat()]
    line = "\t".join(cells)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != len(cells) - 1:
        line = "\t".join(map(_escaped, cells))
    return line


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


class _Assembly:
    """Puts blocks together: what Columns can make of a block, and one by one what it leaves."""

    def __init__(self, reader: RowReader, masker: Masker) -> None:
        self._reader = reader
        self._masker = masker
        self._columns = Columns(reader.zone, masker)

    def block(self, reads: Table | list[Read]) -> Block:
        if isinstance(reads, Table):
            return self._assembled(self._lines_of_table(reads), reads.read)
        return self._assembled(self._lines_of_reads(reads), reads.__getitem__)

    def _lines_of_table(self, table: Table) -> list[str | None]:
        width = len(table.header)
        if {*map(len, table.cells)} == {width}:
            numbers = range(table.row, table.row + len(table.cells))
            return self._columns.lines(numbers, self._reader.columns(table.cells))
        places = [place for place, cells in enumerate(table.cells) if len(cells) == width]
        columns = self._reader.columns([table.cells[place] for place in places])
        return self._placed(len(table.cells), places, [table.row + place for place in places], columns)

    def _lines_of_reads(self, reads: list[Read]) -> list[str | None]:
        records = {place: read for place, read in enumerate(reads) if isinstance(read, Record)}
        columns = list(zip(*map(self._reader.pick, records.values()), strict=True))
        return self._placed(len(reads), records, [record.row for record in records.values()], columns)

    def _placed(
        self, size: int, places: Iterable[int], numbers: Sequence[int], columns: Sequence[Sequence[str]]
    ) -> list[str | None]:
        lines: list[str | None] = [None] * size
        if numbers:
            for place, line in zip(places, self._columns.lines(numbers, columns), strict=True):
                lines[place] = line
        return lines

    def _assembled(self, lines: list[str | None], read_at: Callable[[int], Read]) -> Block:
        rejections: list[Rejection] = []
        skipped = 0
        for place in [place for place, line in enumerate(lines) if line is None]:
            match _row(read_at(place), self._reader):
                case LedgerRow() as row:
                    lines[place] = copy_line(self._masker.row(row))
                case Rejection() as rejection:
                    rejections.append(_masked(rejection, read_at(place), self._masker))
                case None:
                    skipped += 1
        ready = [line for line in lines if line is not None]
        return Block("\n".join([*ready, ""]), len(ready), tuple(rejections), skipped)


def _row(read: Read, reader: RowReader) -> LedgerRow | Rejection | None:
    match read:
        case Blank():
            return None
        case Malformed():
            return Rejection(read.row, read.line, "", read.refusal, read.text)
        case Record():
            return reader.read(read)


def _masked(rejection: Rejection, read: Read, masker: Masker) -> Rejection:
    """Each cell by itself, since its neighbours may hide what it is; then the row, which may show it."""
    row = text_of(_masked_cells(read, masker)) if isinstance(read, Record) else rejection.text
    return replace(
        rejection,
        column=masker.text(rejection.column, field="header"),
        text=masker.text(row, field="rejected_row"),
    )


def _masked_cells(record: Record, masker: Masker) -> Record:
    cells = record.cells
    if isinstance(cells, dict):
        return replace(
            record,
            cells={name: masker.cell(name, cell, field="rejected_row") for name, cell in cells.items()},
        )
    return replace(record, cells=[masker.text(cell, field="rejected_row") for cell in cells])
