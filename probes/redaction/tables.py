"""Credentials that a name announces from afar: headings of columns, name and value as a pair, INSERT."""

import re
from collections.abc import Iterator
from itertools import pairwise

from probes.redaction.context import KINDS, Labelled, cookies, is_credential
from probes.redaction.names import Named, named
from probes.redaction.randomness import looks_random

# RE2: a line of at least two short names, one of which speaks of a credential.
HEADING_NAME = r"(?i:key|token|secret|password|passwd|pwd|密钥|秘钥|令牌|密码|口令)"
HEADING_QUOTES = r"[ \t\"'`*]{0,40}"
HEADING = (
    r"(?im)^[ \t>]{0,8}(?:[^\n,;|]{0,40}[,;\t|]){0,16}[^\n,;|]{0,40}"
    rf"{HEADING_NAME}{HEADING_QUOTES}(?:[,;\t|][^\n,;|]{{0,40}}){{0,16}}\r?$"
)
_STEM = (
    r"(?:key|secret|token|pass|pwd|authorization|cookie|_pat|credential|jscode|_sk|_ak|psk|auth|sonar_login)"
)
# RE2: {"name": "x-api-key", "value": "…"}, and the same in YAML.
PAIR_VALUE = r"(?i:\bval(?:ue)?\\*[\"']?\s*[:=])"
PAIR = (
    r"(?i:\\*[\"']?\b(?:name|key|header|field|variable)\\*[\"']?\s*[:=]\s*\\*[\"']?)"
    rf"(?P<name>[\w.\-]*(?i:{_STEM})[\w\-]*)\\*[\"']?\s*,?\s*\\*[\"']?{PAIR_VALUE}\s*\\*[\"']?"
    r"(?i:(?:bearer|basic|token)\s+)?(?P<value>[^\s\"'\\,}<]+)"
)
# RE2: INSERT INTO t (a, api_key) VALUES (
INSERT = (
    r"(?i)\b(?:insert|replace)\s+(?:ignore\s+)?into\s+[^\s(]+\s*"
    rf"\((?P<columns>[^()]*{_STEM}[^()]*)\)\s*values?\s*\("
)
# RE2: `keys:`, `"apiKeys": [`, `三个密钥如下：` at a line's end, with one value on each line below.
LIST_HEADING = (
    r"(?:(?i:keys?|tokens?|secrets?)|密钥|秘钥|令牌)(?:列表|如下|分别|有){0,2}[是为]?"
    r"[\"'`]?[ \t]*[:=][ \t]*[\[(]?[ \t]*\r?"
)
LIST = rf"{LIST_HEADING}\n"
_LISTED = re.compile(
    r"[ \t>]{0,80}(?:[\-*•+]|\d{1,3}[.)、])?[ \t]{0,8}"
    r"[\"'`]?(?P<value>[A-Za-z0-9_+/.~$:\-]{12,512}={0,2})[\"'`]?[,;]?[ \t]{0,8}\r?(?:\n|$)"
)
_UNEVEN = 3  # characters by which keys of one kind may differ
_NAME = re.compile(r"[A-Za-z0-9_.\- ]{0,64}(?i:keys?|tokens?|secrets?)(?=[^A-Za-z]*$)|密钥|秘钥|令牌")
_LONGEST_NAME = 64  # characters before its last word
_FIELD = re.compile(
    r"\s{0,40}(?:[NEne]?'(?P<single>(?:[^'\\\n]|\\.|''){0,4096})'|\"(?P<double>[^\"\\\n]{0,4096})\""
    r"|[^'\",()]{0,512}(?:\([^()]{0,256}\))?)\s{0,40}(?P<end>[,)])"
)
_NEXT_ROW = re.compile(r"\s{0,80},\s{0,80}\(")
_BEFORE = 96  # characters that say what a value is
_SEPARATORS = "|\t,;"
_CODE = re.compile(r"[={}]|\([\"']")  # no name of a column
_DRESS = " \t\r\"'`*>"  # around a cell's text
_MOST_COLUMNS = 33
_LONGEST_ROW = 4096
_RULE = re.compile(r"[\s|:\-+]*")  # the line under a Markdown heading
_CELL = re.compile(r"[\s\"'`*]*(?P<value>[^\s\"'`*]+)[\s\"'`*]*")
_CELL_OF_WORDS = {Named.COOKIE, Named.NOTHING}


def column_values(text: str, headings: Iterator[tuple[int, int]]) -> Iterator[Labelled]:
    """The values below the headings (spans of lines in the text) that name a credential."""
    spans = [*(span for span in headings if _is_heading(text[slice(*span)])), (len(text), len(text))]
    for (start, end), (following, _) in pairwise(spans):
        separator = next((mark for mark in _SEPARATORS if mark in text[start:end]), None)
        if separator:
            columns = _columns(text[start:end], separator)
            yield from _below(text, end + 1, following, separator, columns)


def _is_heading(line: str) -> bool:
    """Names only: a row of a provider called …key holds numbers or random strings, too."""
    cells = (cell.strip(_DRESS) for cell in re.split(r"[|\t,;]", line))
    return not any(
        cell.isdigit() or _CODE.search(cell) or looks_random(cell, least=14, rate=0.2) for cell in cells
    )


def _columns(heading: str, separator: str) -> dict[int, Named]:
    """Which columns hold credentials, by their number."""
    names = (cell.strip(_DRESS) for cell in heading.split(separator))
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
        if not _RULE.fullmatch(row):
            cells = row.split(separator, _MOST_COLUMNS)
            if len(cells) <= max(columns):
                return
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


# --- pairs of a name and a value ---


def paired_value(text: str, name: str, start: int, end: int) -> Iterator[Labelled]:
    """The value [start, end) that a name beside it announces; of cookies, those that identify somebody."""
    meaning = named(name)
    if meaning is Named.COOKIE:
        yield from cookies(text, start)
    elif meaning is not Named.NOTHING and _is_meant(text, start, end, meaning):
        yield Labelled(start, end, KINDS[meaning])


# --- lists below a name ---


def listed_values(text: str, first: int, end: int) -> Iterator[Labelled]:
    """The lines behind [first, end), which ends a heading about keys, with one random string each."""
    start = max(0, first - _LONGEST_NAME, text.rfind("\n", 0, first) + 1)
    name = _NAME.search(text, start, end)
    if name is None or named(name[0].rstrip("sS")) is Named.NOTHING:
        return
    at, width = end, 0
    while item := _LISTED.match(text, at):
        first, last = item.span("value")
        width = width or last - first
        if abs(last - first - width) > _UNEVEN or not _is_meant(text, first, last, Named.MAYBE):
            return
        yield Labelled(first, last, KINDS[Named.MAYBE])
        at = item.end()


# --- statements of SQL ---


def inserted_values(text: str, columns: str, start: int) -> Iterator[Labelled]:
    """The credentials among the rows that begin at `start`, told by the names of their columns."""
    meanings = {
        number: meaning
        for number, column in enumerate(columns.split(","))
        if (meaning := named(column.strip(" \t\r\n`\"'[]"))) not in _CELL_OF_WORDS
    }
    number, at = 0, start
    while meanings and (field := _FIELD.match(text, at)):
        first, last = field.span("single") if field["single"] is not None else field.span("double")
        named_so = meanings.get(number)
        if named_so and first >= 0 and _is_meant(text, first, last, named_so):
            yield Labelled(first, last, KINDS[named_so])
        number, at = number + 1, field.end()
        if field["end"] == ")":
            row = _NEXT_ROW.match(text, at)
            if row is None:
                return
            number, at = 0, row.end()


def _is_meant(text: str, start: int, end: int, meaning: Named) -> bool:
    left = max(0, start - _BEFORE)
    return is_credential(text[left:end], (start - left, end - left), meaning, strict=True, quoted=True)
