"""A ledger file as a stream of records: encoding, separator, quoting, JSON lines, and what is malformed.

Memory stays constant: one record is held at a time, and no line or record may grow without bound.
"""

import codecs
import csv
import json
import os
from collections import Counter, deque
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from itertools import chain, islice
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO, Self, TextIO

from triage.charges.refusals import FileRefusal, FileRefused, Refusal

MAX_LINE = 1 << 20  # characters; a longer line is refused without being read into memory
MAX_RECORD_LINES = 200  # lines that one quoted cell may span
SAMPLE = 100  # records that are looked at for JSON inside of columns
_BLOCK = 1 << 20
_ENOUGH_VOTES = 1000
_SEPARATORS = ",;\t|"
_BOMS = ((codecs.BOM_UTF8, "utf-8-sig"), (codecs.BOM_UTF16_LE, "utf-16"), (codecs.BOM_UTF16_BE, "utf-16"))


@dataclass(frozen=True, slots=True)
class Shape:
    """How a file is written. `separator` is empty for JSON lines."""

    encoding: str
    separator: str


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


class LedgerFile:
    """An opened ledger: `shape`, `headers`, and by iterating, once, its records in order.

    Use as a context manager. Raises FileRefused for what is no ledger file, and on leaving when the file
    was changed while it was read.
    """

    def __init__(self, path: Path) -> None:
        self.path = path
        self.shape = recognise(path)
        self.headers: list[str] = []

    def __enter__(self) -> Self:
        self._file = self.path.open(encoding=self.shape.encoding, errors="replace", newline="")
        self._stamp = _stamp(self._file)
        self._reads = self._csv() if self.shape.separator else _json_reads(self._file)
        sample = list(islice(self._reads, SAMPLE))
        if not self.shape.separator:
            self.headers = list(dict.fromkeys(key for read in _records(sample) for key in read.cells))
        self._reads = chain(sample, self._reads)
        return self

    def __exit__(self, kind: type[BaseException] | None, error: object, trace: TracebackType | None) -> None:
        changed = _stamp(self._file) != self._stamp
        self._file.close()
        if changed and kind is None:
            raise FileRefused(FileRefusal.CHANGED, str(self.path))

    def __iter__(self) -> Iterator[Read]:
        return self._reads

    def _csv(self) -> Iterator[Read]:
        reads = _csv_reads(self._file, self.shape.separator)
        header = next((read for read in reads if isinstance(read, Record)), None)
        if header is None:
            raise FileRefused(FileRefusal.EMPTY, str(self.path))
        self.headers = list(header.cells)
        sample = list(islice(reads, SAMPLE))
        reads = chain(sample, reads)
        if not _holds_objects(sample):
            return reads
        columns = self.headers
        opened = [_opened(read, columns) for read in sample]
        self.headers = list(dict.fromkeys(chain(columns, *(read.cells for read in _records(opened)))))
        return (_opened(read, columns) for read in reads)


def recognise(path: Path) -> Shape:
    """Look at the bytes, not at the name. Raises FileRefused for what is no ledger file."""
    try:
        with path.open("rb") as file:
            head = file.read(_BLOCK)
            encoding = _encoding(head, file)
    except FileNotFoundError:
        raise FileRefused(FileRefusal.NOT_FOUND, str(path)) from None
    except OSError:
        raise FileRefused(FileRefusal.UNREADABLE, str(path)) from None
    first = head.decode(encoding, errors="ignore").lstrip("\ufeff \t\r\n").partition("\n")[0]
    if not first:
        raise FileRefused(FileRefusal.EMPTY, str(path))
    if "\x00" in first:
        raise FileRefused(FileRefusal.BINARY, str(path))
    return Shape(encoding, "" if first[0] in "{[" else max(_SEPARATORS, key=first.count))


def _encoding(head: bytes, rest: BinaryIO) -> str:
    """A byte order mark, the zeros of UTF-16, or what most of the lines beyond ASCII are written in."""
    for bom, name in _BOMS:
        if head.startswith(bom):
            return name
    zeros = head[:4096:2].count(0), head[1:4096:2].count(0)
    if max(zeros) * 4 > len(head[:4096]):
        return "utf-16-be" if zeros[0] > zeros[1] else "utf-16-le"
    votes: Counter[bool] = Counter()
    while head and votes.total() < _ENOUGH_VOTES:
        block = head + rest.readline(_BLOCK)
        if not block.isascii():
            votes.update(_is_utf8(line) for line in block.splitlines() if not line.isascii())
        head = rest.read(_BLOCK)
    return "gb18030" if votes[False] > votes[True] else "utf-8"


def _is_utf8(line: bytes) -> bool:
    try:
        line.decode("utf-8")
    except UnicodeDecodeError:
        return False
    return True


def _stamp(file: TextIO) -> tuple[int, int]:
    state = os.fstat(file.fileno())
    return state.st_size, state.st_mtime_ns


class _TooLong(Exception):
    """A line, or the lines of one quoted cell, go on beyond the bound."""


class _Lines:
    """Physical lines that remember what the current record took, and take lines back."""

    def __init__(self, file: TextIO) -> None:
        self._file = file
        self._returned: deque[str] = deque()
        self.taken: list[str] = []
        self.number = 0  # of the last line given out

    def __iter__(self) -> Self:
        return self

    def __next__(self) -> str:
        line = self._returned.popleft() if self._returned else self._file.readline(MAX_LINE)
        if not line:
            raise StopIteration
        self.number += 1
        self.taken.append(line)
        if len(line) == MAX_LINE and not line.endswith("\n"):
            self._skip_rest()
            raise _TooLong
        if len(self.taken) > MAX_RECORD_LINES:
            raise _TooLong
        return line

    def give_back(self) -> None:
        """All lines of the current record but its first are read again, as records of their own."""
        self._returned.extendleft(reversed(self.taken[1:]))
        self.number -= len(self.taken) - 1

    def _skip_rest(self) -> None:
        while (more := self._file.readline(MAX_LINE)) and not more.endswith("\n"):
            pass


def _csv_reads(file: TextIO, separator: str) -> Iterator[Read]:
    """The header as record 0, then the records. A quote that never closes costs its own line only."""
    lines = _Lines(file)
    reader = csv.reader(lines, delimiter=separator)
    header: list[str] = []
    row = 0
    while True:
        lines.taken.clear()
        start = lines.number + 1
        try:
            cells = next(reader, None)
            refusal = _refusal(cells or [], lines.taken, header, separator)
        except (_TooLong, csv.Error):
            cells, refusal = [], Refusal.TOO_LONG if len(lines.taken) == 1 else Refusal.UNCLOSED_QUOTE
        if cells is None:
            return
        if refusal is Refusal.UNCLOSED_QUOTE:
            lines.give_back()
        if refusal in (Refusal.UNCLOSED_QUOTE, Refusal.TOO_LONG):
            reader = csv.reader(lines, delimiter=separator)
        if refusal:
            yield Malformed(row, start, refusal, lines.taken[0])
        elif not any(cells) or cells == header:
            yield Blank(row, start)
        else:
            yield Record(row, start, cells)
            header = header or cells
        row += bool(header)


def _refusal(cells: list[str], taken: list[str], header: list[str], separator: str) -> Refusal | None:
    width = len(header)
    if not width or not any(cells):
        return None
    if len(taken) > 1 and _swallowed_records(cells, taken, width, separator):
        return Refusal.UNCLOSED_QUOTE
    if len(cells) == width:
        return None
    return Refusal.TOO_MANY_CELLS if len(cells) > width else Refusal.TOO_FEW_CELLS


def _swallowed_records(cells: list[str], taken: list[str], width: int, separator: str) -> bool:
    """Is a later line of this record a record by itself? Then the quote of the first was never meant."""
    later = taken[1:-1] if "\n" in cells[0] else taken[1:]
    return any(len(alone) >= width for line in later for alone in csv.reader([line], delimiter=separator))


def _json_reads(file: TextIO) -> Iterator[Read]:
    lines = _Lines(file)
    row = 0
    while True:
        lines.taken.clear()
        row += 1
        try:
            line = next(lines, None)
        except _TooLong:
            yield Malformed(row, lines.number, Refusal.TOO_LONG, lines.taken[0])
            continue
        if line is None:
            return
        yield _json_read(row, lines.number, line) if line.strip() else Blank(row, lines.number)


def _json_read(row: int, line: int, text: str) -> Record | Malformed:
    try:
        values = json.loads(text.removeprefix("\ufeff"), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return Malformed(row, line, Refusal.NOT_JSON, text)
    if not isinstance(values, dict):
        return Malformed(row, line, Refusal.NOT_AN_OBJECT, text)
    return Record(row, line, flattened(values))


def flattened(values: dict[str, Any]) -> dict[str, str]:
    """Values as text; the keys of an inner object, or of JSON inside a text, as "outer.inner"."""
    flat: dict[str, str] = {}
    for key, value in values.items():
        inner = _object_in(value) if isinstance(value, str) else value
        if isinstance(inner, dict):
            flat |= {f"{key}.{name}": _as_text(item) for name, item in inner.items()}
        flat[key] = _as_text(value)
    return flat


def _object_in(text: str) -> Any:
    if not text.startswith("{"):
        return None
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def _records(reads: Iterable[Read]) -> Iterator[Record]:
    return (read for read in reads if isinstance(read, Record))


def _holds_objects(sample: list[Read]) -> bool:
    return any(isinstance(_object_in(cell), dict) for read in _records(sample) for cell in read.cells)


def _opened(read: Read, columns: list[str]) -> Read:
    if not isinstance(read, Record):
        return read
    return Record(read.row, read.line, flattened(dict(zip(columns, read.cells, strict=True))))
