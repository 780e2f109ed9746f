"""Filled templates: labels with values, over lines, under headings, in tables."""

import re
from collections.abc import Sequence
from typing import Final

from triage.tickets.paste.answers import read_field
from triage.tickets.paste.found import Finds, Found, Mark, Role, Sighting, Weight
from triage.tickets.paste.labels import (
    Labelled,
    bare_label,
    columns_of,
    heading,
    is_long,
    is_rule,
    labelled,
    split_row,
)
from triage.tickets.paste.lines import Text
from triage.tickets.paste.logs import is_log
from triage.tickets.paste.values import NOTHING, bare

_FENCE: Final = re.compile(r"^\s{0,4}(?:```|~~~)")
_NAMES: Final = frozenset({"error_code", "error_type"})  # they have no field: the error text keeps them
_MOST_HEADED: Final = 400  # lines of one answer under a heading


def find_templates(text: Text) -> Finds:
    yield from _tables(text)
    yield from _headed(text)
    yield from _pairs(text)


# --- tables ---


def _tables(text: Text) -> Finds:
    """A head with the names of fields and rows below it."""
    free = dict(text.scanned()[0])
    for number, line in free.items():
        columns = columns_of(line)
        if columns is None or number in text.taken:
            continue
        text.take(number, number)
        yield Mark(number, number, Role.READ)
        below = number + 1
        while below in free and (is_rule(free[below]) or len(split_row(free[below])) > 1):
            for fields, cell in zip(columns, split_row(free[below]), strict=False):
                if fields and not is_rule(free[below]):
                    yield from read_field(fields, cell, below, Weight.SAID - 1, now=text.now)
            text.take(below, below)
            yield Mark(below, below, Role.READ)
            below += 1


# --- headings ---


def _headed(text: Text) -> Finds:
    """`### Model` with the answer in the lines below, as issue forms write it."""
    free = text.scanned()[0]
    is_listed = sum(bool(bare_label(line)) for _number, line in free[:_MOST_HEADED]) > 1
    for at, (number, line) in enumerate(free):
        fields = heading(line)
        if fields is None and is_listed:
            fields = bare_label(line) or None
        if fields is None or number in text.taken:
            continue
        yield Mark(number, number, Role.READ)
        text.take(number, number)
        if not fields:
            continue
        body = _until_next_heading(free[at + 1 : at + 1 + _MOST_HEADED], is_listed=is_listed)
        if is_long(fields):
            yield from _story(fields[0], body)
        elif body and not any(labelled(one) for _n, one in body[:3]):
            first, said = body[0]
            yield from read_field(fields, said, first, Weight.SAID, now=text.now)
            yield Mark(first, first, Role.READ)
            text.take(first, first)


def _until_next_heading(lines: list[tuple[int, str]], *, is_listed: bool) -> list[tuple[int, str]]:
    body = []
    for number, line in lines:
        if heading(line) is not None or (is_listed and bare_label(line)):
            break
        if line.strip() and not _FENCE.match(line):
            body.append((number, line))
    return body


# --- label: value ---


def _pairs(text: Text) -> Finds:
    free = text.scanned()[0]
    for at, (number, line) in enumerate(free):
        if number not in text.taken and number not in text.documents and not is_log(line):
            yield from _pairs_of(labelled(line), free[at : at + _MOST_HEADED], text)


def _pairs_of(pairs: Sequence[Labelled], lines: list[tuple[int, str]], text: Text) -> Finds:
    """`lines` begin with the one in which the pairs stand."""
    number = lines[0][0]
    told = named = False
    for pair in pairs:
        if not is_long(pair.fields):
            found = _short(pair, lines, text)
            told = told or (pair.starts_line and (bool(found) or bare(pair.value).lower() in NOTHING))
            named = named or any(isinstance(one, Sighting) and one.field in _NAMES for one in found)
            yield from found
        elif pair.starts_line:
            yield from _long(pair, lines)
            if not pair.whole:  # the label alone tells nothing
                text.take(number, number)
            break
    if named or told:
        yield Mark(number, number, Role.STORY if named else Role.READ)
    if told and not named and not any(is_long(pair.fields) for pair in pairs):
        text.take(number, number)


def _short(pair: Labelled, lines: list[tuple[int, str]], text: Text) -> list[Found]:
    """Its value stands behind the label or, where nothing does, in the next line."""
    number, line = lines[0]
    found = list(read_field(pair.fields, pair.value, number, _weight(pair, line), now=text.now))
    if found or pair.value.strip() or not pair.starts_line:
        return found
    return list(_below(pair, lines[1:3], text))


def _weight(pair: Labelled, line: str) -> int:
    """What somebody filled in counts more than what a program wrote beside other things."""
    return Weight.SAID if pair.starts_line and len(line) < 400 else Weight.NAMED


def _below(pair: Labelled, following: list[tuple[int, str]], text: Text) -> Finds:
    """The value stands alone in the next line."""
    for number, line in following:
        if not line.strip():
            continue
        if labelled(line) or heading(line) is not None:
            return
        found = list(read_field(pair.fields, line, number, Weight.SAID, now=text.now))
        if found and number not in text.taken:
            yield from found
            yield Mark(number, number, Role.READ)
            text.take(number, number)
        return


def _long(pair: Labelled, lines: list[tuple[int, str]]) -> Finds:
    """An error text or a remark: the rest of the line, and the lines below up to the next label."""
    number = lines[0][0]
    field = pair.fields[0]
    if bare(pair.whole).lower() in NOTHING - {""}:
        yield Mark(number, number, Role.READ)
        return
    body = [(number, pair.whole)] if pair.whole else []
    if not pair.whole:
        body += _until_next_label(lines[1:_MOST_HEADED])
    yield from _story(field, body)
    if not (pair.whole and field == "error_text"):
        yield Mark(number, number, Role.READ)


def _until_next_label(lines: list[tuple[int, str]]) -> list[tuple[int, str]]:
    body: list[tuple[int, str]] = []
    for number, line in lines:
        if heading(line) is not None or any(pair.starts_line for pair in labelled(line)):
            break
        if not line.strip() and body and not _FENCE.match(body[0][1]):
            break
        if line.strip() and not _FENCE.match(line):
            body.append((number, line))
    return body


def _story(field: str, body: list[tuple[int, str]]) -> Finds:
    """Lines of an error text are marked, so that frames and prompts among them can still be left out."""
    for number, line in body:
        if field == "error_text":
            yield Sighting("error_text", line.strip(), number, Weight.SAID)
            yield Mark(number, number, Role.STORY)
        elif line.strip():
            yield Sighting("notes", line.strip(), number, Weight.SAID)
            yield Mark(number, number, Role.READ)
