"""Workbooks are read sheet by cell, exactly, in constant memory; bombs and broken ones are refused whole."""

import io
import zipfile
from collections.abc import Sequence
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from openpyxl import Workbook
from openpyxl.worksheet.worksheet import Worksheet

from triage.charges import workbook
from triage.charges.mapping import guess
from triage.charges.reading import LedgerFile
from triage.charges.records import Malformed, Read, Record
from triage.charges.refusals import FileRefusal, FileRefused, Refusal, Rejection
from triage.charges.rows import LedgerRow, RowReader

HEADER = ["charge_id", "task_id", "account", "amount", "currency", "created_at"]
NOON = datetime(2026, 3, 1, 12, 30, 15)
ROW = ["ch_1", "t_1", "u1", 1.5, "USD", NOON]


def saved(book: Workbook) -> io.BytesIO:
    file = io.BytesIO()
    book.save(file)
    file.seek(0)
    return file


def sheet_of(*rows: Sequence[Any]) -> tuple[Workbook, Worksheet]:
    book = Workbook()
    sheet = book.active
    assert isinstance(sheet, Worksheet)
    for row in rows:
        sheet.append(row)
    return book, sheet


def read(file: io.BytesIO) -> list[Read]:
    with LedgerFile(file, name="march.xlsx") as ledger:
        return list(ledger)


def cells(*row: Any) -> list[str]:
    """What a row says under HEADER."""
    book, _ = sheet_of(HEADER, row)
    (record,) = read(saved(book))
    assert isinstance(record, Record)
    assert isinstance(record.cells, list)
    return record.cells


def ledger_row(*row: Any) -> LedgerRow | Rejection | None:
    reader = RowReader(guess(HEADER) | {"kind": "=charge"}, HEADER, ZoneInfo("Asia/Shanghai"))
    return reader.read(Record(1, 2, cells(*row)))


def test_a_row_is_what_the_same_row_of_a_text_file_is() -> None:
    assert cells(*ROW) == ["ch_1", "t_1", "u1", "1.5", "USD", "2026-03-01 12:30:15"]


def test_a_date_is_meant_in_the_zone_of_the_ledger() -> None:
    row = ledger_row(*ROW)

    assert isinstance(row, LedgerRow)
    assert row.occurred_at.isoformat() == "2026-03-01T12:30:15+08:00"


@pytest.mark.parametrize(
    ("value", "text"),
    [
        (561125958147329, "561125958147329"),
        (0.1 + 0.2, "0.3"),
        (1e-7, "1E-07"),
        (3.0, "3"),
        (True, "TRUE"),
        (None, ""),
        ("007", "007"),
        (-12.5, "-12.5"),
    ],
)
def test_numbers_keep_the_fifteen_digits_that_excel_keeps(value: Any, text: str) -> None:
    assert cells("ch_1", value, "u1", 1, "USD", NOON)[1] == text


def test_an_id_that_excel_has_rounded_is_refused() -> None:
    row = ledger_row(5.61125958147329259e17, "t", "u1", 1, "USD", NOON)

    assert isinstance(row, Rejection)
    assert (row.refusal, row.column, row.line) == (Refusal.MANGLED_ID, "charge_id", 2)


def test_a_day_without_hours_is_no_time() -> None:
    book, sheet = sheet_of(HEADER, ROW)
    sheet["F2"].number_format = "yyyy-mm-dd"
    (record,) = read(saved(book))

    assert isinstance(record, Record)
    assert isinstance(record.cells, list)
    assert record.cells[5] == "2026-03-01"


def test_titles_above_the_header_and_blank_rows_are_no_rows() -> None:
    book, sheet = sheet_of(
        ["Billing, March"], ["made", "2026-04-01"], [], HEADER, ROW, [], [None, " "], HEADER, ROW
    )
    sheet.merge_cells("A1:F1")

    reads = read(saved(book))

    assert [(item.row, item.line) for item in reads if isinstance(item, Record)][:1] == [(1, 5)]
    assert [item.line for item in reads] == [5, 7, 9]


def test_a_header_over_two_merged_rows() -> None:
    above = ["charge_id", "task_id", "account", "money", None, "created_at"]
    book, sheet = sheet_of(above, [None, None, None, "amount", "currency", None], ROW)
    for place in ("A1:A2", "B1:B2", "C1:C2", "D1:E1", "F1:F2"):
        sheet.merge_cells(place)

    with LedgerFile(saved(book)) as ledger:
        assert ledger.headers == HEADER
        assert [item.line for item in ledger] == [3]


def test_of_several_sheets_the_ledger_is_read_and_the_others_are_named() -> None:
    book, sheet = sheet_of(["Notes"], ["nothing to see", "here"])
    sheet.title = "Cover"
    book.create_sheet("Charges").append(HEADER)
    book["Charges"].append(ROW)
    book.create_sheet("Empty")

    with LedgerFile(saved(book)) as ledger:
        assert (ledger.sheet, ledger.other_sheets) == ("Charges", ("Cover", "Empty"))
        assert (ledger.shape.encoding, ledger.shape.separator) == ("xlsx", "")
        assert len(list(ledger)) == 1


def test_of_a_formula_only_the_stored_value_is_read() -> None:
    book, _ = sheet_of(HEADER, ["ch_1", "t_1", "u1", '=HYPERLINK("http://x","1")', "USD", NOON])
    (record,) = read(saved(book))

    assert isinstance(record, Record)
    assert isinstance(record.cells, list)
    assert record.cells[3] == ""


def test_a_row_wider_than_the_header() -> None:
    book, _ = sheet_of(HEADER, [*ROW, "more"])
    (item,) = read(saved(book))

    assert isinstance(item, Malformed)
    assert item.refusal is Refusal.TOO_MANY_CELLS


def test_one_cell_in_the_last_corner_costs_nothing() -> None:
    book, sheet = sheet_of(HEADER, ROW)
    sheet["XFD1048576"] = "far away"

    reads = read(saved(book))

    assert [item.line for item in reads] == [2]


def refusal_of(content: bytes) -> FileRefusal:
    with pytest.raises(FileRefused) as refused:
        read(io.BytesIO(content))
    return refused.value.refusal


def packed(**parts: bytes) -> bytes:
    """A workbook with some of its parts replaced, or added."""
    book, _ = sheet_of(HEADER, ROW)
    made = io.BytesIO()
    with zipfile.ZipFile(saved(book)) as source, zipfile.ZipFile(made, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            if name not in parts:
                target.writestr(name, source.read(name))
        for name, content in parts.items():
            target.writestr(name, content)
    return made.getvalue()


SHEET = "xl/worksheets/sheet1.xml"


def test_a_sheet_that_unpacks_to_a_thousand_times_its_size_is_not_unpacked() -> None:
    assert refusal_of(packed(**{SHEET: b"<x>" + b" " * (20 << 20)})) is FileRefusal.BOMB


def test_more_shared_texts_than_memory_should_hold(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MAX_TEXTS", 1000)

    assert refusal_of(packed(**{"xl/sharedStrings.xml": b"<sst>" + b"<si/>" * 300})) is FileRefusal.BOMB


def test_too_many_parts(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(workbook, "_MAX_PARTS", 20)

    assert refusal_of(packed(**{f"xl/media/{n}.png": b"x" for n in range(20)})) is FileRefusal.BOMB


def test_a_part_that_says_less_than_it_holds() -> None:
    content = bytearray(packed())
    size = content.rindex(SHEET.encode()) - 46 + 24
    content[size : size + 4] = (100).to_bytes(4, "little")

    assert refusal_of(bytes(content)) is FileRefusal.DAMAGED


def test_entities_that_multiply_are_not_expanded() -> None:
    laughs = "".join(f'<!ENTITY l{n} "{f"&l{n - 1};" * 10}">' for n in range(1, 10))
    bomb = (
        f'<!DOCTYPE x [<!ENTITY l0 "ha">{laughs}]><worksheet><sheetData><row><c t="str"><v>&l9;</v></c></row>'
    )

    assert refusal_of(packed(**{SHEET: bomb.encode()})) is FileRefusal.DAMAGED


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(1000), FileRefusal.OLD_WORKBOOK),
        (packed()[:-200], FileRefusal.DAMAGED),
        (packed(**{SHEET: b"<worksheet><sheetData><row>"}), FileRefusal.DAMAGED),
        (packed(**{"xl/workbook.xml": b"no XML"}), FileRefusal.DAMAGED),
        (packed(**{"xl/workbook.bin": b""}), FileRefusal.OLD_WORKBOOK),
        (saved(Workbook()).getvalue(), FileRefusal.EMPTY),
    ],
)
def test_what_is_no_readable_workbook(content: bytes, refusal: FileRefusal) -> None:
    assert refusal_of(content) is refusal


def test_a_zip_of_something_else() -> None:
    file = io.BytesIO()
    with zipfile.ZipFile(file, "w") as archive:
        archive.writestr("march.csv", "a,b\n")

    assert refusal_of(file.getvalue()) is FileRefusal.BINARY
