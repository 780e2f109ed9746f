"""The table of a file is found below titles, periods and Excel's own first line."""

from pathlib import Path

import pytest

from triage.charges.reading import LedgerFile
from triage.charges.records import Record

HEADER = "流水号,账户,金额,币种,时间,备注"
ROW = "c1,acct-1,1.5,CNY,2026-11-20 10:00:00,图片"


def opened(folder: Path, text: str, encoding: str = "utf-8") -> tuple[list[str], list[Record]]:
    path = folder / "ledger"
    path.write_bytes(text.encode(encoding))
    with LedgerFile(path) as file:
        return file.headers, [read for read in file if isinstance(read, Record)]


@pytest.mark.parametrize(
    "above",
    [
        "",
        "\n\n",
        "扣费明细\n",
        "扣费明细,,,,,\n统计区间：2026-11-01 至 2026-11-30,,,,,\n,,,,,\n",
        "账户流水\r\n导出时间：2026-11-21 10:00\r\n----------\r\n",
        "sep=,\n",
        "\ufeff账单（金额单位：元）\n合计,1.5\n",
    ],
    ids=["nothing", "blank", "title", "padded", "windows", "excel", "total"],
)
@pytest.mark.parametrize("encoding", ["utf-8", "utf-16"])
def test_what_stands_above_the_header_is_no_part_of_the_table(
    tmp_path: Path, above: str, encoding: str
) -> None:
    headers, records = opened(tmp_path, f"{above}{HEADER}\n{ROW}\n", encoding)

    assert headers == HEADER.split(",")
    assert [record.cells for record in records] == [ROW.split(",")]
    assert records[0].line == above.count("\n") + 2


@pytest.mark.parametrize("separator", [";", "\t", "|"])
def test_the_header_names_the_separator_not_the_title(tmp_path: Path, separator: str) -> None:
    text = "Charges, by account, all\n" + f"{HEADER}\n{ROW}\n".replace(",", separator)

    headers, records = opened(tmp_path, text)

    assert headers == HEADER.split(",")
    assert records[0].cells == ROW.split(",")


def test_excel_may_name_the_separator(tmp_path: Path) -> None:
    headers, _records = opened(tmp_path, "sep=;\na,b;c\n1;2\n")

    assert headers == ["a,b", "c"]


def test_a_header_that_says_little_is_still_the_first_line(tmp_path: Path) -> None:
    headers, records = opened(tmp_path, "who,what\n账户,金额\n")

    assert headers == ["who", "what"]
    assert [record.cells for record in records] == [["账户", "金额"]]
