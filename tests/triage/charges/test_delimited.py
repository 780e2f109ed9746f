"""Lines taken many at a time are the records that they are one by one."""

import io

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from triage.charges import lines
from triage.charges.delimited import Delimited
from triage.charges.lines import Lines
from triage.charges.records import Read

PIECES = ["c1,x", "c2,y", '"', '"two\nlines",z', "a,b,c", "only", "", ",", "\r", "\n", "id,note", "x" * 90]


def opened(text: str) -> Delimited:
    return Delimited(Lines(io.StringIO(text, newline="")), ",")


def in_tables(table: Delimited, at_least: int) -> list[Read]:
    """As LedgerFile reads: a table where there is one, else some records by themselves."""
    reads: list[Read] = []
    while True:
        if found := table.table():
            reads += found.reads()
        elif singly := [read for _, read in zip(range(at_least), table, strict=False)]:
            reads += singly
        else:
            return reads


@settings(max_examples=300)
@given(st.lists(st.sampled_from(PIECES)), st.sampled_from(["\n", "\r\n", "\r"]), st.integers(1, 5))
def test_tables_say_what_records_say(pieces: list[str], end: str, at_least: int) -> None:
    text = end.join(["id,note", *pieces])

    assert in_tables(opened(text), at_least) == list(opened(text))


def test_tables_and_records_agree_where_lines_are_too_long(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(lines, "MAX_LINE", 50)
    monkeypatch.setattr(lines, "_AT_ONCE", 40)
    pieces = ["c1,x", "y" * 49, "y" * 50, "y" * 51, "y" * 200, '"open', "c2,z", '"' + "q" * 120, "c3,w"]
    for rotation in range(len(pieces)):
        text = "\n".join(["id,note", *pieces[rotation:], *pieces[:rotation], ""])

        assert in_tables(opened(text), 1) == list(opened(text)), rotation
