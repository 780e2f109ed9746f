"""A workbook of Excel (.xlsx, .xlsm) as records: one sheet of it, cell by cell, in constant memory.

Only values are read: of a formula the one that Excel stored with it. Macros, links and pictures stay shut.
"""

import zipfile
import zlib
from collections.abc import Iterator, Sequence
from datetime import date, datetime, time, timedelta
from itertools import chain
from typing import Any, BinaryIO
from xml.etree.ElementTree import ParseError

from openpyxl import load_workbook
from openpyxl.utils.exceptions import InvalidFileException
from openpyxl.worksheet._read_only import ReadOnlyWorksheet

from triage.charges.header import WITHIN, fit
from triage.charges.records import Malformed, Read, Record
from triage.charges.refusals import FileRefusal, FileRefused, Refusal

WORKBOOK = "xlsx"  # what stands for the encoding
DIGITS = 15  # that Excel keeps of a number

# A cell takes some thirty bytes of XML, and a whole sheet of a million rows 700 MB; it is read as a stream.
_MAX_SHEET = 2 << 30
# These are held in memory. Styles cost fifty times their size, shared texts twice.
_MAX_TEXTS = 64 << 20
_MAX_PART = 4 << 20
_MAX_PARTS = 2_000
# XML of spreadsheets shrinks to a tenth, in rare cases to a fiftieth; a bomb to a thousandth.
_MAX_RATIO = 200
_SMALL = 8 << 20  # may shrink as it likes
_COLUMNS = 500
_ZIP, _OLE = b"PK\x03\x04", b"\xd0\xcf\x11\xe0"
_LARGEST_EXACT = 10**DIGITS

_BROKEN = (
    *(zipfile.BadZipFile, ParseError, InvalidFileException, EOFError, NotImplementedError),
    *(
        KeyError,
        ValueError,
        TypeError,
        IndexError,
        AttributeError,
        OverflowError,
        RuntimeError,
        zlib.error,
    ),
)


def is_zip(head: bytes) -> bool:
    return head.startswith(_ZIP)


def is_old_workbook(head: bytes) -> bool:
    """The container of .xls, and of workbooks that are locked with a password."""
    return head.startswith(_OLE)


class Workbook:
    """The sheet that looks most like a ledger: its `header`, and by `reads()` the rows below it.

    Raises FileRefused for what is no workbook, unpacks to too much, or holds no table.
    """

    def __init__(self, file: BinaryIO, name: str) -> None:
        self._name = name
        try:
            check_parts(file, name)
            self._book = load_workbook(file, read_only=True, data_only=True, keep_links=False)
            self._choose()
        except _BROKEN:
            raise FileRefused(FileRefusal.DAMAGED, name) from None

    def reads(self) -> Iterator[Read]:
        """Rows with something in them; `line` is the number that Excel shows."""
        width = len(self.header)
        rows = self._sheet.iter_rows(min_row=self._header_row + 1, max_col=width + 1)
        try:
            for number, cells in enumerate(rows, start=1):
                texts = _texts(cells)
                if any(texts) and texts[:width] != self.header:
                    yield _read(number, self._header_row + number, texts, width)
        except _BROKEN:
            raise FileRefused(FileRefusal.DAMAGED, self._name) from None

    def _choose(self) -> None:
        """The best header decides between sheets; of equals the first sheet is read."""
        sheets = [sheet for sheet in self._book.worksheets if isinstance(sheet, ReadOnlyWorksheet)]
        headers = [_header(sheet) for sheet in sheets]
        *_, chosen = max(
            ((fit(header), -index, index) for index, (_, header) in enumerate(headers) if any(header)),
            default=(0, 0, -1),
        )
        if chosen < 0:
            raise FileRefused(FileRefusal.EMPTY, self._name)
        self._sheet = sheets[chosen]
        self._header_row, self.header = headers[chosen]
        self.sheet = self._sheet.title
        self.other_sheets = tuple(sheet.title for sheet in sheets if sheet is not self._sheet)


def check_parts(file: BinaryIO, name: str) -> None:
    """Judge a workbook by its table of contents, before anything is unpacked. Raises FileRefused."""
    with zipfile.ZipFile(file) as archive:
        parts = archive.infolist()
    names = {part.filename for part in parts}
    if "xl/workbook.bin" in names:
        raise FileRefused(FileRefusal.OLD_WORKBOOK, name)
    if not any(part.endswith("workbook.xml") for part in names):
        raise FileRefused(FileRefusal.BINARY, name)
    if len(parts) > _MAX_PARTS or len(names) < len(parts) or any(map(_is_bomb, parts)):
        raise FileRefused(FileRefusal.BOMB, name)


def _is_bomb(part: zipfile.ZipInfo) -> bool:
    if part.file_size > max(_SMALL, _MAX_RATIO * part.compress_size):
        return True
    return part.file_size > _limit(part.filename) and _is_read(part.filename)


def _limit(part: str) -> int:
    if "/worksheets/" in part:
        return _MAX_SHEET
    return _MAX_TEXTS if "sharedStrings" in part else _MAX_PART


def _is_read(part: str) -> bool:
    return part.endswith((".xml", ".rels"))


def _header(sheet: ReadOnlyWorksheet) -> tuple[int, list[str]]:
    """The row that names most of what a ledger needs, below titles; else the first with two cells filled."""
    sheet.reset_dimensions()  # other programs than Excel write wrong ones
    rows = [_trimmed(_texts(row)) for row in sheet.iter_rows(max_row=WITHIN, max_col=_COLUMNS)]
    candidates = [_filled(row, above) for row, above in zip(rows, chain([[]], rows), strict=False)]
    best = max(range(len(rows)), key=lambda index: (fit(candidates[index]), -index), default=0)
    if rows and not fit(candidates[best]):
        best = next((index for index, row in enumerate(rows) if sum(map(bool, row)) > 1), 0)
    return best + 1, candidates[best] if rows else []


def _filled(row: list[str], above: list[str]) -> list[str]:
    """A header over two rows: cells merged downwards hold their name in the upper one."""
    if sum(map(bool, above)) < 2:
        return row
    width = max(len(row), len(above))
    lower, upper = (cells + [""] * (width - len(cells)) for cells in (row, above))
    return [name or over for name, over in zip(lower, upper, strict=True)]


def _trimmed(cells: list[str]) -> list[str]:
    while cells and not cells[-1]:
        cells.pop()
    return cells


def _read(row: int, line: int, texts: list[str], width: int) -> Read:
    if len(texts) > width and texts[width]:
        return Malformed(row, line, Refusal.TOO_MANY_CELLS, " | ".join(texts))
    return Record(row, line, texts[:width] + [""] * (width - len(texts)))


def _texts(cells: Sequence[Any]) -> list[str]:
    return [_text(cell) for cell in cells]


def _text(cell: Any) -> str:
    """A cell as it would stand in a text file, with every digit that Excel keeps."""
    match value := cell.value:
        case None:
            return ""
        case str():
            return value
        case bool():
            return str(value).upper()
        case int() if abs(value) < _LARGEST_EXACT:
            return str(value)
        case int() | float():
            return _number(value)
        case datetime():
            return _moment(value, cell.number_format)
        case date() | time() | timedelta():
            return str(value)
    return str(value)


def _number(value: float) -> str:
    """Excel's own 15 digits. A longer number is written as it shows it, rounded: no id can be made of it."""
    return str(value) if isinstance(value, int) else f"{value:.{DIGITS}G}"


def _moment(value: datetime, shown_as: str) -> str:
    """A cell that shows no hours holds a day alone."""
    return value.isoformat(sep=" ") if "h" in shown_as.lower() else value.date().isoformat()
