"""Reading by columns gives the very rows, refusals and counts that reading one by one gives."""

from collections.abc import Iterable, Iterator, Sequence
from datetime import datetime
from decimal import Decimal
from io import BytesIO
from pathlib import Path
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.redaction.engine import builtin_redactor
from tests.triage.charges.generator import Ledger, write_csv
from triage.charges.blocks import copy_blocks, copy_line
from triage.charges.mapping import guess
from triage.charges.masking import Masker
from triage.charges.reading import LedgerFile
from triage.charges.records import Blank, Malformed
from triage.charges.refusals import Rejection
from triage.charges.rows import LedgerRow, RowReader

KEY = "sk-proj-" + "a1B2c3D4e5" * 5
HEADERS = (
    *("charge_id", "task_id", "account", "key_mask", "model", "kind", "amount", "currency"),
    *("created_at", "request_id", "fingerprint", "ref_charge_id", "component", "status", "type", "quota"),
)
IDS = [
    *("ch_00000001a3f", "task_561125958147329259", "4711", "deadbeefcafe", "chatcmpl-9x8y7z", "x_1.2:3", ""),
    *("0f8fad5b-d9cb-469f-a165-70867728950e", "0F8FAD5BD9CB469FA16570867728950E", " t_1 ", "-", "0", "null"),
    *("00000000-0000-0000-0000-000000000000", "5.61126E+17", '="123"', "'77'", "a\\b", "x\ty", "N/A", "#N/A"),
    *(
        "abcdefab-cdef00000000000000000000",
        "任务_1",
        "ｔ_12",
        "v" * 201,
        KEY,
        "lin@shop.example",
        "a b",
        "\u200bt_1",
    ),
    *(
        "vid_01JD8QZ3V7R2M5K9T4W6X8Y0AB",
        "6222021234567890128",
        "x\x00y",
        "two\nlines_1",
        "tail_1\r",
        "Bearer x",
    ),
]
NAMES = [
    "u1",
    "lin@shop.example",
    KEY,
    "",
    " ",
    "客户",
    "a\\b",
    "x" * 201,
    "sk-…ab12",
    "Model A",
    "ｕ１",
    "bad\ufffd",
]
KINDS = ["charge", "refund", "预扣", "Capture", "2", "6", "1", "topup", "", "nonsense", "x" * 201, " Refund "]
AMOUNTS = [
    *("1", "0", "-0", "-1.5", "0.0000000001", "0.00000000001", "1e-5", "1.23e-05", "123e-10", "1.23456e-9"),
    *(
        "1,234.5",
        "0,123",
        "(3.00)",
        "$1.20",
        "3元",
        "１２.５",
        "99999999999999",
        "999999999999999",
        "",
        "abc",
        "1e3",
    ),
    *("-1e-7", "1e-10", "1e-11", "1.5E-08", "12.", ".5", "+1", "1-", " 1 ", "٣", "500000"),
]
TIMES = [
    *("2026-03-01T00:00:00+00:00", "2026-03-01T08:00:00Z", "2026-03-01 08:00:00", "2026-03-01 08:00"),
    *(
        "2026-02-29 00:00:00",
        "2024-02-29 00:00:00",
        "2026-04-31T00:00:00Z",
        "2026-03-29 02:30:00",
        "2026-10-25 02:30:00",
    ),
    *("1772323200", "1772323200123", "1772323200123456", "1970-01-01 00:00:00", "2099-01-01 00:00:00", "0"),
    *(
        "2026-03-01",
        "03/04/2026 10:00",
        "2026年3月1日 10时5分",
        "2026-03-01 24:00:00",
        "2026-03-01T00:00:00+15:00",
    ),
    *(
        "2026-03-01T00:00:00.5+0530",
        "2026-03-01 00:00:00.1234567",
        "2079-12-31 23:59:59",
        "2015-01-01 00:00:00",
        "",
    ),
]
POOLS = {
    **dict.fromkeys(("charge_id", "task_id", "request_id", "fingerprint", "ref_charge_id"), IDS),
    **dict.fromkeys(("account", "key_mask", "model", "component"), NAMES),
    "kind": KINDS,
    "type": KINDS,
    "amount": AMOUNTS,
    "created_at": TIMES,
    "quota": ["", "5"],
    "currency": ["USD", "元", "", "XXZ", "usd", " CNY ", "quota"],
    "status": ["SUCCESS", "失败", "?", "", "\x00"],
}
PLAIN = {
    "charge_id": "ch_1",
    "task_id": "t_1",
    "request_id": "req_1",
    "account": "u1",
    "model": "m",
    "kind": "charge",
    "amount": "1.5",
    "currency": "USD",
    "created_at": "2026-03-01T00:00:00Z",
    "key_mask": "sk-…ab12",
}
Judged = tuple[list[tuple[object, ...]], list[Rejection], int, dict[tuple[str, str, str], int]]


def one_by_one(content: bytes, zone: str) -> Judged:
    masker, rows, rejections, skipped = Masker(builtin_redactor(), "pepper"), [], [], 0
    with LedgerFile(BytesIO(content)) as file:
        reader = RowReader(guess(file.headers), file.headers, ZoneInfo(zone))
        for read in file:
            row: LedgerRow | Rejection | None
            match read:
                case Malformed():
                    row = Rejection(read.row, read.line, "", read.refusal, read.text)
                case Blank():
                    row = None
                case _:
                    row = reader.read(read)
            match row:
                case LedgerRow():
                    rows.append(copy_line(masker.row(row)))
                case Rejection():
                    masked = masker.text(row.text, field="rejected_row")
                    column = masker.text(row.column, field="header")
                    rejections.append(Rejection(row.row, row.line, column, row.refusal, masked))
                case None:
                    skipped += 1
    return [values_of(row) for row in rows], rejections, skipped, dict(masker.caught)


def by_columns(content: bytes, zone: str) -> Judged:
    masker, rows, rejections, skipped = Masker(builtin_redactor(), "pepper"), [], [], 0
    with LedgerFile(BytesIO(content)) as file:
        reader = RowReader(guess(file.headers), file.headers, ZoneInfo(zone))
        for block in copy_blocks(file, reader, masker):
            lines = block.text.split("\n")[:-1]
            assert len(lines) == block.rows
            rows += lines
            rejections += block.rejections
            skipped += block.skipped
    return [values_of(row) for row in rows], rejections, skipped, dict(masker.caught)


def values_of(line: str) -> tuple[object, ...]:
    """A line of COPY with its amount and time as what they say."""
    *cells, amount, currency, at = line.split("\t")
    assert len(cells) == 14
    return (*cells, Decimal(amount), currency, datetime.fromisoformat(at).timestamp())


def as_csv(rows: Iterable[Sequence[str]]) -> bytes:
    lines = (",".join(f'"{cell}"'.replace('""', '""') if cell else "" for cell in row) for row in rows)
    return "\n".join([",".join(HEADERS), *lines, ""]).encode("utf-8", "surrogatepass")


def row(**cells: str) -> list[str]:
    return [({**PLAIN, **cells}).get(header, "").replace('"', '""') for header in HEADERS]


def each_odd_cell_once() -> Iterator[list[str]]:
    for header, pool in POOLS.items():
        for cell in pool:
            yield row(**{header: cell})


@pytest.mark.parametrize("zone", ["Asia/Shanghai", "Europe/Berlin", "UTC"])
def test_every_odd_cell_among_plain_ones(zone: str) -> None:
    content = as_csv(each_odd_cell_once())

    assert by_columns(content, zone) == one_by_one(content, zone)


@pytest.mark.parametrize("header", POOLS)
def test_a_column_of_odd_cells(header: str) -> None:
    content = as_csv(row(**{header: cell}) for cell in [*POOLS[header]] * 3)

    assert by_columns(content, "Europe/Berlin") == one_by_one(content, "Europe/Berlin")


@pytest.mark.parametrize("cell", [*TIMES, *AMOUNTS, *IDS])
def test_a_column_of_one_cell(cell: str) -> None:
    header = "created_at" if cell in TIMES else "amount" if cell in AMOUNTS else "task_id"
    content = as_csv(row(**{header: cell}) for _ in range(3))

    assert by_columns(content, "Europe/Berlin") == one_by_one(content, "Europe/Berlin")


@settings(max_examples=60)
@given(st.lists(st.tuples(*(st.sampled_from([PLAIN.get(h, ""), *POOLS[h]]) for h in HEADERS)), max_size=30))
def test_anything_together(rows: list[tuple[str, ...]]) -> None:
    content = as_csv([cell.replace('"', '""') for cell in row] for row in rows)

    assert by_columns(content, "Asia/Shanghai") == one_by_one(content, "Asia/Shanghai")


@settings(max_examples=60)
@given(
    st.lists(
        st.sampled_from([",".join(row()), '"', "a,b", "", ",", '"x\ny",' + ",".join(row()), "\ufffd", "\r"])
    )
)
def test_lines_of_any_kind(lines: list[str]) -> None:
    content = "\n".join([",".join(HEADERS), *lines]).encode()

    assert by_columns(content, "UTC") == one_by_one(content, "UTC")


@pytest.mark.parametrize("seed", range(3))
def test_a_generated_ledger(tmp_path: Path, seed: int) -> None:
    content = write_csv(Ledger(seed).fill(2000).rows, tmp_path / "ledger.csv").read_bytes()

    assert by_columns(content, "UTC") == one_by_one(content, "UTC")
