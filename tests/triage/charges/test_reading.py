"""Files of every encoding and separator become records; what is broken costs its own line only."""

from pathlib import Path

import pytest

from triage.charges import lines
from triage.charges.reading import LedgerFile
from triage.charges.records import Blank, Malformed, Read, Record
from triage.charges.refusals import FileRefusal, FileRefused, Refusal

TEXT = "编号,备注\nc1,预扣\nc2,退款\n"


def read(folder: Path, content: bytes) -> list[Read]:
    path = folder / "ledger"
    path.write_bytes(content)
    with LedgerFile(path) as file:
        return list(file)


@pytest.mark.parametrize(
    "encoding", ["utf-8", "utf-8-sig", "utf-16", "utf-16-le", "utf-16-be", "gb18030", "gbk"]
)
@pytest.mark.parametrize("separator", [",", ";", "\t", "|"])
def test_encodings_and_separators(tmp_path: Path, encoding: str, separator: str) -> None:
    reads = read(tmp_path, TEXT.replace(",", separator).encode(encoding))
    assert [record.cells for record in reads if isinstance(record, Record)] == [
        ["c1", "预扣"],
        ["c2", "退款"],
    ]


def test_a_few_broken_bytes_do_not_turn_utf8_into_gb18030(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_bytes(TEXT.encode() + "c3,混合\n".encode("gbk"))
    with LedgerFile(path) as file:
        assert file.shape.encoding == "utf-8"


def test_an_ascii_megabyte_before_the_first_chinese(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_bytes(b"id,note\n" + b"c,x\n" * 600_000 + "c,退款\n".encode("gbk"))
    with LedgerFile(path) as file:
        assert file.shape.encoding == "gb18030"


def test_rows_count_records_and_lines_count_lines(tmp_path: Path) -> None:
    reads = read(tmp_path, b'id,note\nc1,"two\nlines"\n\nid,note\nc2,x\n')
    assert [(type(item), item.row, item.line) for item in reads] == [
        (Record, 1, 2),
        (Blank, 2, 4),
        (Blank, 3, 5),
        (Record, 4, 6),
    ]


def test_long_and_short_rows(tmp_path: Path) -> None:
    reads = read(tmp_path, b"id,note\nc1,x,y\nc2\nc3,z\n")
    assert [getattr(item, "refusal", None) for item in reads] == [
        Refusal.TOO_MANY_CELLS,
        Refusal.TOO_FEW_CELLS,
        None,
    ]


@pytest.mark.parametrize("after", [b"", b'c8,"quoted"\n', b'c8,"two\nlines"\n', b'"c8","x"\n'])
def test_an_unclosed_quote_costs_its_own_line_only(tmp_path: Path, after: bytes) -> None:
    reads = read(tmp_path, b'id,note\nc1,"open\nc2,x\nc3,y\n' + after)
    assert isinstance(reads[0], Malformed)
    assert (reads[0].refusal, reads[0].line) == (Refusal.UNCLOSED_QUOTE, 2)
    kept = [record.cells[0] for record in reads if isinstance(record, Record)]
    assert kept == ["c2", "c3", "c8"][: 3 if after else 2]


def test_a_line_without_end_is_not_read_into_memory(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 1000)
    reads = read(tmp_path, b"id,note\nc1," + b"x" * 100_000 + b"\nc2,y\n")
    assert [getattr(item, "refusal", None) for item in reads] == [Refusal.TOO_LONG, None]


def test_json_lines(tmp_path: Path) -> None:
    content = b'{"id": 1, "quota": 1.10, "other": "{\\"task_id\\": \\"t\\"}"}\n\n[1]\n{"id"\n{"id": null}\n'
    reads = read(tmp_path, content)
    assert isinstance(reads[0], Record)
    assert isinstance(reads[0].cells, dict)
    assert (reads[0].cells["quota"], reads[0].cells["other.task_id"]) == ("1.10", "t")
    refusals = [getattr(item, "refusal", None) for item in reads]
    assert refusals == [None, None, Refusal.NOT_AN_OBJECT, Refusal.NOT_JSON, None]


def test_json_inside_a_csv_column(tmp_path: Path) -> None:
    (record,) = read(tmp_path, b'id,other\n1,"{""task_id"": ""t""}"\n')
    assert isinstance(record, Record)
    assert isinstance(record.cells, dict)
    assert record.cells["other.task_id"] == "t"


@pytest.mark.parametrize(
    ("content", "refusal"),
    [
        (b"", FileRefusal.EMPTY),
        (b"\n\n", FileRefusal.EMPTY),
        (b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR\x00\x00\x01\x08\x06", FileRefusal.BINARY),
        (b"PK\x03\x04\x00\x00\x00\x00\x00", FileRefusal.DAMAGED),
    ],
)
def test_what_is_no_ledger(tmp_path: Path, content: bytes, refusal: FileRefusal) -> None:
    with pytest.raises(FileRefused) as refused:
        read(tmp_path, content)
    assert refused.value.refusal is refusal


def test_a_file_that_changes_while_it_is_read(tmp_path: Path) -> None:
    path = tmp_path / "ledger"
    path.write_bytes(b"id,note\nc1,x\n")
    with pytest.raises(FileRefused, match=FileRefusal.CHANGED), LedgerFile(path) as file:
        list(file)
        path.write_bytes(b"id,note\nc1,x\nc2,y\n")
