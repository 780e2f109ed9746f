"""What is wrong with a file is said row by row, with line, column and reason, or once for the whole file."""

import io
import tracemalloc
from zoneinfo import ZoneInfo

import pytest

from probes.redaction.engine import builtin_redactor
from triage.charges.blocks import copy_blocks
from triage.charges.mapping import resolve
from triage.charges.masking import Masker
from triage.charges.reading import LedgerFile
from triage.charges.refusals import FileRefusal, FileRefused, Refusal, Rejection
from triage.charges.rows import RowReader
from triage.charges.wording import why_file_refused, why_refused

HEADER = "charge_id,account,amount,currency,created_at,note"
GOOD = "ch_1,u1,1.50,USD,2026-03-01 10:00:00,x"
Taken = tuple[list[str], list[Rejection]]


def taken(file: io.BufferedIOBase | io.RawIOBase, mapping: dict[str, str] | None = None) -> Taken:
    """Lines for COPY, and rejections."""
    lines: list[str] = []
    rejections: list[Rejection] = []
    with LedgerFile(file, name="march.csv") as ledger:  # type: ignore[arg-type]
        columns = resolve(ledger.headers, mapping or {}, {})
        reader = RowReader(columns, ledger.headers, ZoneInfo("Asia/Shanghai"))
        for block in copy_blocks(ledger, reader, Masker(builtin_redactor(), "pepper")):
            lines += block.text.splitlines()
            rejections += block.rejections
    return lines, rejections


def among_good_rows(*bad: str, encoding: str = "utf-8") -> Taken:
    """The good rows before, between and after must survive."""
    lines = [GOOD.replace("ch_1", "ch_0"), *bad, GOOD]
    return taken(io.BytesIO("\n".join([HEADER, *lines, ""]).encode(encoding)))


def cell(**cells: str) -> str:
    names = HEADER.split(",")
    good = dict(zip(names, GOOD.split(","), strict=True))
    return ",".join((good | {"charge_id": "bad_1"} | cells)[name] for name in names)


REFUSED = [
    ('bad_1,u1,"1.50,USD,2026-03-01 10:00:00,x', "", Refusal.UNCLOSED_QUOTE),
    ("bad_1,u1,1.50,USD,2026-03-01 10:00:00,x,more", "", Refusal.TOO_MANY_CELLS),
    ("bad_1,u1,1.50", "", Refusal.TOO_FEW_CELLS),
    ("bad_1", "", Refusal.TOO_FEW_CELLS),
    (cell(charge_id=""), "charge_id", Refusal.EMPTY),
    (cell(charge_id="-"), "charge_id", Refusal.EMPTY),
    (cell(charge_id="5.61126E+17"), "charge_id", Refusal.MANGLED_ID),
    (cell(charge_id="x" * 201), "charge_id", Refusal.CELL_TOO_LONG),
    (cell(account=""), "account", Refusal.EMPTY),
    (cell(account="u\x00"), "account", Refusal.CONTROL_CHARACTER),
    (cell(amount=""), "amount", Refusal.EMPTY),
    (cell(amount="free"), "amount", Refusal.NO_AMOUNT),
    (cell(amount="0.12345678901"), "amount", Refusal.AMOUNT_TOO_PRECISE),
    (cell(amount="1e-11"), "amount", Refusal.AMOUNT_TOO_PRECISE),
    (cell(amount="123456789012345"), "amount", Refusal.AMOUNT_TOO_LARGE),
    (cell(amount="1e400"), "amount", Refusal.AMOUNT_TOO_LARGE),
    (cell(amount="NaN"), "amount", Refusal.NO_AMOUNT),
    (cell(amount='"0,123"'), "amount", Refusal.AMBIGUOUS_AMOUNT),
    (cell(currency="XQZ"), "currency", Refusal.UNKNOWN_CURRENCY),
    (cell(currency=""), "currency", Refusal.EMPTY),
    (cell(created_at="1970-01-01 00:00:00"), "created_at", Refusal.TIME_OUT_OF_RANGE),
    (cell(created_at="2099-12-31 00:00:00"), "created_at", Refusal.TIME_OUT_OF_RANGE),
    (cell(created_at="0000000000"), "created_at", Refusal.TIME_OUT_OF_RANGE),
    (cell(created_at="4102444800000"), "created_at", Refusal.TIME_OUT_OF_RANGE),
    (cell(created_at="2026-02-30 00:00:00"), "created_at", Refusal.NO_TIME),
    (cell(created_at="2026-03-01"), "created_at", Refusal.NO_TIME_OF_DAY),
    (cell(created_at="03/04/2026 10:00"), "created_at", Refusal.AMBIGUOUS_TIME),
    (cell(created_at="yesterday"), "created_at", Refusal.NO_TIME),
]


@pytest.mark.parametrize(("bad", "column", "refusal"), REFUSED)
def test_one_bad_row_is_named_and_costs_itself_alone(bad: str, column: str, refusal: Refusal) -> None:
    lines, (rejection,) = among_good_rows(bad)

    assert (rejection.row, rejection.line) == (2, 3)
    assert (rejection.column, rejection.refusal) == (column, refusal)
    assert [line.split("\t")[1] for line in lines] == ["ch_0", "ch_1"]
    assert why_refused(refusal)


@pytest.mark.parametrize(
    ("amount", "stored"),
    [("-1.5", "-1.5"), ("0", "0"), ("-0", "-0"), ("0.0000000001", "0.0000000001"), ("1e-10", "1e-10")],
)
def test_negative_and_zero_amounts_and_ten_decimals_are_taken(amount: str, stored: str) -> None:
    lines, rejections = among_good_rows(cell(amount=amount))

    assert rejections == []
    assert lines[1].split("\t")[14] == stored


def test_the_header_once_more_is_no_row() -> None:
    lines, rejections = among_good_rows(HEADER)

    assert len(lines) == 2
    assert rejections == []


def in_file(text: str, encoding: str) -> bytes:
    return f"{text}\n".encode(encoding)


@pytest.mark.parametrize(("mostly", "once"), [("utf-8", "gb18030"), ("gb18030", "utf-8")])
def test_a_line_in_another_encoding_is_not_read_as_something_else(mostly: str, once: str) -> None:
    named = [in_file(cell(charge_id=f"ch_{n}", account="深圳某某科技公司"), mostly) for n in range(5)]
    other = in_file(cell(account="深圳某某科技公司"), once)
    file = io.BytesIO(b"".join([in_file(HEADER, mostly), *named, other, *named[:1]]))

    lines, (rejection,) = taken(file)

    assert (rejection.line, rejection.column, rejection.refusal) == (7, "account", Refusal.UNDECODABLE)
    assert {line.split("\t")[7] for line in lines} == {"深圳某某科技公司"}


class OneLine(io.RawIOBase):
    """A good row, a line of so many bytes without end, and another good row, made as they are read."""

    def __init__(self, size: int) -> None:
        self._head = f"{HEADER}\n{GOOD}\nbad_1,".encode()
        self._tail = f"\n{GOOD.replace('ch_1', 'ch_2')}\n".encode()
        self._size = len(self._head) + size + len(self._tail)
        self._at = 0

    def readable(self) -> bool:
        return True

    def seekable(self) -> bool:
        return True

    def seek(self, offset: int, whence: int = 0) -> int:
        self._at = offset + (0, self._at, self._size)[whence]
        return self._at

    def tell(self) -> int:
        return self._at

    def readinto(self, buffer: memoryview) -> int:  # type: ignore[override]
        count = min(len(buffer), self._size - self._at)
        buffer[:count] = self._from(self._at, count)
        self._at += count
        return count

    def _from(self, start: int, count: int) -> bytes:
        if start < len(self._head):
            return (self._head[start:] + b"x" * count)[:count]
        behind = self._size - len(self._tail) - start
        return (b"x" * min(count, max(0, behind)) + self._tail[max(0, -behind) :])[:count]


def test_a_line_that_does_not_end_is_refused_in_constant_memory() -> None:
    file = io.BufferedReader(OneLine(64 << 20))
    builtin_redactor()
    tracemalloc.start()
    try:
        lines, (rejection,) = taken(file)
        peak = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (rejection.line, rejection.refusal) == (3, Refusal.TOO_LONG)
    assert [line.split("\t")[1] for line in lines] == ["ch_1", "ch_2"]
    assert peak < 30 << 20


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileRefusal.EMPTY),
        (b"\xef\xbb\xbf\n \n", FileRefusal.EMPTY),
        (f"{HEADER},amount\n{GOOD},2\n".encode(), FileRefusal.REPEATED_COLUMN),
        (b"name,colour\nx,y\n", FileRefusal.MISSING_COLUMN),
        (b"%PDF-1.7\n%\xe2\xe3\n", FileRefusal.BINARY),
        (b"\x1f\x8b\x08\x00\x12\x34\x05\x06\x00\x03" * 9, FileRefusal.BINARY),
        (b"x" * (3 << 20), FileRefusal.NO_HEADER),
    ],
)
def test_a_file_that_is_no_ledger_has_one_reason(content: bytes, refusal: FileRefusal) -> None:
    with pytest.raises(FileRefused) as refused:
        taken(io.BytesIO(content))

    assert refused.value.refusal is refusal
    assert why_file_refused(refused.value)


def test_of_two_columns_of_one_name_the_mapping_chooses() -> None:
    file = io.BytesIO(f"{HEADER},amount\n{GOOD},2\n".encode())

    (line,), rejections = taken(file, {"amount": "amount #2"})

    assert rejections == []
    assert line.split("\t")[14] == "2"


def test_two_columns_of_one_name_that_nobody_asks_for_do_no_harm() -> None:
    lines, rejections = taken(io.BytesIO(f"{HEADER},note\n{GOOD},y\n".encode()))

    assert (len(lines), rejections) == (1, [])
