"""Credentials in tables: the heading of a column (CSV, TSV, Markdown) announces what stands below it."""

import re
from collections.abc import Iterator
from itertools import pairwise

from probes.redaction.context import KINDS, Labelled, is_credential
from probes.redaction.names import Named, named

# RE2: a line of at least two short names, one of which speaks of a credential.
HEADING_NAME = r"(?i:key|token|secret|password|passwd|pwd|密钥|秘钥|令牌|密码|口令)"
HEADING_QUOTES = r"[ \t\"'`*]{0,4}"
HEADING = (
    r"(?im)^[ \t>]{0,8}(?:[^\n,;|]{0,40}[,;\t|]){0,16}[^\n,;|]{0,40}"
    rf"{HEADING_NAME}{HEADING_QUOTES}(?:[,;\t|][^\n,;|]{{0,40}}){{0,16}}\r?$"
)
_SEPARATORS = "|\t,;"
_MOST_COLUMNS = 33
_LONGEST_ROW = 4096
_RULE = re.compile(r"[\s|:\-+]*")  # the line under a Markdown heading
_CELL = re.compile(r"[\s\"'`*]*(?P<value>[^\s\"'`*]+)[\s\"'`*]*")
_CELL_OF_WORDS = {Named.COOKIE, Named.NOTHING}


def column_values(text: str, headings: Iterator[tuple[int, int]]) -> Iterator[Labelled]:
    """The values below the headings (spans of lines in the text) that name a credential."""
    spans = [*headings, (len(text), len(text))]
    for (start, end), (following, _) in pairwise(spans):
        separator = next((mark for mark in _SEPARATORS if mark in text[start:end]), None)
        if separator:
            columns = _columns(text[start:end], separator)
            yield from _below(text, end + 1, following, separator, columns)


def _columns(heading: str, separator: str) -> dict[int, Named]:
    """Which columns hold credentials, by their number."""
    names = (cell.strip(" \t\r\"'`*>") for cell in heading.split(separator))
    meanings = {number: named(name) for number, name in enumerate(names)}
    return {number: meaning for number, meaning in meanings.items() if meaning not in _CELL_OF_WORDS}


def _below(
    text: str, start: int, limit: int, separator: str, columns: dict[int, Named]
) -> Iterator[Labelled]:
    """The table goes on as long as its rows have as many columns as they need, up to the next heading."""
    while columns and start < limit:
        end = text.find("\n", start)
        end = end if end >= 0 else len(text)
        row = text[start : min(end, start + _LONGEST_ROW)]
        cells = row.split(separator, _MOST_COLUMNS)
        if len(cells) <= max(columns):
            return
        if not _RULE.fullmatch(row):
            yield from _in_row(start, cells, columns)
        start = end + 1


def _in_row(start: int, cells: list[str], columns: dict[int, Named]) -> Iterator[Labelled]:
    for number, cell in enumerate(cells):
        found = _CELL.fullmatch(cell)
        meaning = columns.get(number)
        if found and meaning and is_credential(cell, found.span("value"), meaning, strict=True, quoted=False):
            first, last = found.span("value")
            yield Labelled(start + first, start + last, KINDS[meaning])
        start += len(cell) + 1
