"""A ledger file as a stream of records: what it is by its content, its headers, and that it stays as it is.

Memory stays constant: some thousand records are held at a time, and no line or record may grow without bound.
"""

import io
import os
import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import BinaryIO, Self

from triage.charges.delimited import Delimited
from triage.charges.encodings import CHINESE, encoding_of, mended
from triage.charges.header import begin_of_table
from triage.charges.jsonlines import flattened, json_reads, object_in
from triage.charges.lines import Lines
from triage.charges.mapping import told_apart
from triage.charges.records import Read, Record, Table, records_of
from triage.charges.refusals import FileRefusal, FileRefused
from triage.charges.workbook import WORKBOOK, Workbook, is_old_workbook, is_zip

SAMPLE = 100  # records that are looked at for JSON inside of columns
_AT_ONCE = 500  # records
_BLOCK = 1 << 20
_PDF = b"%PDF"
_CONTROLS = re.compile(r"[\x00-\x08\x0e-\x1a\x1c-\x1f]")
# Cells may hold a stray one; programs, pictures and archives begin with many kinds.
_BEGINNING, _MANY_CONTROLS = 1024, 3


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written. `separator` is empty for JSON lines, and for a workbook, encoded in "xlsx"."""

    encoding: str
    separator: str
    above: int = 0  # lines before the header


class LedgerFile:
    """An opened ledger: `shape`, `headers`, its first records as `sample`, and once, all records in order.

    Of a workbook one sheet is read: `sheet`, and not `other_sheets`. Use as a context manager. Entering
    raises FileRefused for what is no ledger file; leaving does when it was changed while it was read.
    """

    shape: Shape
    headers: list[str]

    def __init__(self, source: Path | BinaryIO, *, name: str = "") -> None:
        """A path, or a seekable binary file, which stays open; `name` is what refusals call it."""
        self.name = name or (str(source) if isinstance(source, Path) else "")
        self.sample: list[Read] = []
        self.sheet = ""
        self.other_sheets: tuple[str, ...] = ()
        self._source = source
        self._table: Delimited | None = None
        self._text: io.TextIOWrapper | None = None

    def __enter__(self) -> Self:
        self._raw = _opened(self._source, self.name) if isinstance(self._source, Path) else self._source
        try:
            self._stamp = _stamp(self._raw)
            self.shape = recognise(self._raw, self.name)
            self._raw.seek(0)
            self._reads = self._begin()
        except BaseException:
            self._close()
            raise
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        changed = _stamp(self._raw) != self._stamp
        self._close()
        if changed and (kind is None or issubclass(kind, FileRefused)):
            raise FileRefused(FileRefusal.CHANGED, self.name)

    def __iter__(self) -> Iterator[Read]:
        for block in self.blocks():
            yield from block.reads() if isinstance(block, Table) else block

    def blocks(self) -> Iterator[Table | list[Read]]:
        """All records: tables where lines are well-formed, and lists of some hundred reads elsewhere."""
        yield self.sample
        while True:
            if self._table and (table := self._table.table()):
                yield table
            elif reads := list(islice(self._reads, _AT_ONCE)):
                yield reads
            else:
                return

    @property
    def bytes_read(self) -> int:
        """How far the file has been read, in bytes; of a workbook, roughly."""
        return self._raw.tell()

    def _close(self) -> None:
        if self._text:
            self._text.detach()
        if isinstance(self._source, Path):
            self._raw.close()

    def _begin(self) -> Iterator[Read]:
        """Finds the headers and takes the sample; the rest is still to be read."""
        if self.shape.encoding == WORKBOOK:
            return self._sampled(self._workbook())
        self._text = io.TextIOWrapper(self._raw, self.shape.encoding, errors="replace", newline="")
        lines = Lines(self._text, mend=mended if self.shape.encoding == CHINESE else None)
        if self.shape.separator:
            return self._delimited(Delimited(lines, self.shape.separator, above=self.shape.above))
        reads = self._sampled(json_reads(lines))
        self.headers = _names(self.sample)
        return reads

    def _sampled(self, reads: Iterator[Read]) -> Iterator[Read]:
        self.sample = list(islice(reads, SAMPLE))
        return reads

    def _delimited(self, table: Delimited) -> Iterator[Read]:
        if not table.header:
            refusal = FileRefusal.NO_HEADER if table.lost_lines else FileRefusal.EMPTY
            raise FileRefused(refusal, self.name)
        columns = self.headers = told_apart(table.header)
        reads = self._sampled(table)
        if not any(
            isinstance(object_in(cell), dict) for read in records_of(self.sample) for cell in read.cells
        ):
            self._table = table
            return reads
        self.sample = [_with_objects(read, columns) for read in self.sample]
        self.headers = list(dict.fromkeys(chain(columns, _names(self.sample))))
        return (_with_objects(read, columns) for read in reads)

    def _workbook(self) -> Iterator[Read]:
        book = Workbook(self._raw, self.name)
        self.sheet, self.other_sheets = book.sheet, book.other_sheets
        self.headers = told_apart(book.header)
        return book.reads()


def recognise(file: BinaryIO, name: str) -> Shape:
    """Look at the bytes, not at the name. Raises FileRefused for what is no ledger file."""
    head = file.read(_BLOCK)
    if is_zip(head):
        return Shape(WORKBOOK, "")
    if is_old_workbook(head):
        raise FileRefused(FileRefusal.OLD_WORKBOOK, name)
    encoding = encoding_of(head, file)
    text = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n")
    if not text:
        raise FileRefused(FileRefusal.EMPTY, name)
    if len({*_CONTROLS.findall(text[:_BEGINNING])}) >= _MANY_CONTROLS or head.startswith(_PDF):
        raise FileRefused(FileRefusal.BINARY, name)
    if text[0] in "{[":
        return Shape(encoding, "")
    blank = head.decode(encoding, errors="ignore").partition(text[0])[0].count("\n")
    above, separator = begin_of_table(text)
    return Shape(encoding, separator, blank + above if above else 0)


def _opened(path: Path, name: str) -> BinaryIO:
    try:
        return path.open("rb")
    except FileNotFoundError:
        raise FileRefused(FileRefusal.NOT_FOUND, name) from None
    except OSError:
        raise FileRefused(FileRefusal.UNREADABLE, name) from None


def _stamp(file: BinaryIO) -> tuple[int, int]:
    """Size and time of the last change; a file in memory is nobody else's to change."""
    try:
        state = os.fstat(file.fileno())
    except io.UnsupportedOperation:
        return 0, 0
    return state.st_size, state.st_mtime_ns


def _names(reads: Iterable[Read]) -> list[str]:
    return list(dict.fromkeys(key for read in records_of(reads) for key in read.cells))


def _with_objects(read: Read, columns: list[str]) -> Read:
    """A record whose JSON cells are opened."""
    if not isinstance(read, Record) or isinstance(read.cells, dict):
        return read
    return Record(read.row, read.line, flattened(dict(zip(columns, read.cells, strict=True))))
