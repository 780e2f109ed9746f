"""A ledger file as blocks of rows, masked and ready for PostgreSQL's COPY."""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from itertools import islice

from triage.charges.masking import Masker
from triage.charges.reading import LedgerFile
from triage.charges.records import Blank, Malformed, Read, Record
from triage.charges.refusals import Rejection
from triage.charges.rows import LedgerRow, RowReader

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
    return blocks_of_reads(file, reader, masker)


def blocks_of_reads(reads: Iterable[Read], reader: RowReader, masker: Masker) -> Iterator[Block]:
    """The same for records that come from elsewhere."""
    remaining = iter(reads)
    while block := list(islice(remaining, _ROWS)):
        yield _block(block, reader, masker)


def blocks_of(rows: Iterable[LedgerRow]) -> Iterator[Block]:
    """Rows that are masked already."""
    remaining = iter(rows)
    while lines := [copy_line(row) for row in islice(remaining, _ROWS)]:
        yield Block("".join(lines), len(lines))


def copy_line(row: LedgerRow) -> str:
    """One line of COPY's text format."""
    cells = [str(row.row_number), *row[1:14], str(row.amount), row.currency, row.occurred_at.isoformat()]
    line = "\t".join(cells)
    if "\\" in line or "\n" in line or "\r" in line or line.count("\t") != len(cells) - 1:
        line = "\t".join(map(_escaped, cells))
    return line + "\n"


def _escaped(cell: str) -> str:
    return cell.replace("\\", "\\\\").replace("\t", "\\t").replace("\n", "\\n").replace("\r", "\\r")


@dataclass(slots=True)
class _Gathered:
    """What the records of one block came to."""

    lines: list[str] = field(default_factory=list)
    rejections: list[Rejection] = field(default_factory=list)
    skipped: int = 0


def _block(reads: Iterable[Read], reader: RowReader, masker: Masker) -> Block:
    gathered = _Gathered()
    for read in reads:
        _gather(read, reader, masker, gathered)
    return Block("".join(gathered.lines), len(gathered.lines), tuple(gathered.rejections), gathered.skipped)


def _gather(read: Read, reader: RowReader, masker: Masker, into: _Gathered) -> None:
    match _row(read, reader):
        case LedgerRow() as row:
            into.lines.append(copy_line(masker.row(row)))
        case Rejection() as rejection:
            into.rejections.append(_masked(rejection, masker))
        case None:
            into.skipped += 1


def _row(read: Read, reader: RowReader) -> LedgerRow | Rejection | None:
    match read:
        case Blank():
            return None
        case Malformed():
            return Rejection(read.row, read.line, "", read.refusal, read.text)
        case Record():
            return reader.read(read)


def _masked(rejection: Rejection, masker: Masker) -> Rejection:
    return replace(
        rejection,
        column=masker.text(rejection.column, field="header"),
        text=masker.text(rejection.text, field="rejected_row"),
    )
