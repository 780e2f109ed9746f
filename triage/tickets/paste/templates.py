"""Filled templates: labels with values, over lines, under headings, in tables."""

import re
import unicodedata
from collections.abc import Sequence
from datetime import datetime
from typing import Final

from triage.tickets.paste.clients import split_version
from triage.tickets.paste.found import Finds, Found, IdSeen, Mark, Remark, Role, Sighting, Weight
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
from triage.tickets.paste.moments import moment_said, zone_said
from triage.tickets.paste.urls import PATH, read_path, read_url, urls_in
from triage.tickets.paste.values import NOTHING, bare, read_value
from triage.verdicts.case import Tri
from triage.verdicts.intake import read_tri

_FENCE: Final = re.compile(r"^\s{0,4}(?:```|~~~)")
_WORDED: Final = frozenset(
    {"error_text", "notes", "charged", "via_proxy", "control_text", "key_hint", "key_last"}
)
_MEANT: Final = {"key_last": "key_hint"}  # labels of a part
_NAMES: Final = frozenset({"error_code", "error_type"})  # they have no field: the error text keeps them
_CALL: Final = re.compile(r"(?:new |await )?[A-Za-z_][\w.]*\((?:\w+\s?=|[{)\"']|$)")
_MOST_HEADED: Final = 400  # lines of one answer under a heading


def find_templates(text: Text) -> Finds:
    yield from _tables(text)
    yield from _headed(text)
    yield from _pairs(text)


# --- one value ---


def read_field(fields: tuple[str, ...], said: str, line: int, weight: int, *, now: datetime | None) -> Finds:
    """The first of the fields whose value this can be."""
    said = said if said.isascii() or fields[0] in _WORDED else unicodedata.normalize("NFKC", said)
    for field in fields:
        found: Sequence[Found]
        if field == "occurred_at":
            found = _moment(said, line, weight, now)
        elif field == "zone":
            zone = zone_said(said)
            found = [Sighting("zone", zone, line, weight)] if zone else []
        elif field == "url":
            found = list(_address(said, line, weight))
        else:
            value = read_value(field, said)
            found = list(_beside(field, value, said, line, weight)) if value else []
        if found:
            yield from found
            return


def _moment(said: str, line: int, weight: int, now: datetime | None) -> list[Sighting]:
    moment = moment_said(said, now=now)
    if moment is None:
        return []
    if moment.remark == Remark.SERVER_CLOCK:
        return [Sighting("occurred_at", moment.text, line, weight, moment.remark)]
    zone = moment.zone or zone_said(re.sub(r"[\d:/.-]+", " ", said))
    at = Sighting("occurred_at", moment.text, line, weight, "" if zone else moment.remark)
    return [at, Sighting("zone", zone, line, weight)] if zone else [at]


def _address(said: str, line: int, weight: int) -> Finds:
    """The whole address of a request, or its path."""
    if urls := urls_in(said):
        yield from read_url(urls[0], line, weight=weight)
    elif match := PATH.search(said):
        yield from read_path(match[1], line, weight=weight)


def _beside(field: str, value: str, said: str, line: int, weight: int) -> Finds:
    """The value, and what the same words say of a field next to it."""
    if field == "request_ids":
        yield from (IdSeen("text", one, line) for one in value.split(", "))
        return
    if field == "client":
        if _CALL.match(said):
            return  # a variable of that name, not a program
        name, version = split_version(value)
        yield Sighting("client", name, line, weight)
        if version:
            yield Sighting("client_version", version, line, weight)
        return
    yield Sighting(_MEANT.get(field, field), value, line, weight)
    if field == "base_url":
        yield from read_path(value, line, weight=weight)
    if field in ("via_proxy", "charged") and value == "yes" and not _says_only(said):
        yield Sighting(f"{field}_text", bare(said)[:200], line, weight)
    if field == "retry_count":
        yield Sighting("retried", "no" if value == "0" else "yes", line, weight)
    elif (
        field == "retried"
        and value == "yes"
        and (
            count := re.search(
                r"(\d{1,4}|[一二两三四五六七八九十]) ?(?:次|times|x\b|retries)|^(\d{1,3})$", bare(said)
            )
        )
    ):
        yield Sighting("retry_count", read_value("retry_count", count.group()), line, weight)


def _says_only(said: str) -> bool:
    """Nothing but yes or no."""
    return read_tri(bare(said)) is not Tri.UNKNOWN and len(bare(said)) <= 5


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
        if number in text.taken or number in text.documents or is_log(line):
            continue
        pairs = labelled(line)
        told = named = False
        for pair in pairs:
            if is_long(pair.fields):
                if pair.starts_line:
                    yield from _long(pair, free[at:])
                    if not pair.whole:  # the label alone tells nothing
                        text.take(number, number)
                    break
                continue
            found = list(read_field(pair.fields, pair.value, number, _weight(pair, line), now=text.now))
            if not found and not pair.value.strip() and pair.starts_line:
                found = list(_below(pair, free[at + 1 : at + 3], text))
            told = told or (pair.starts_line and (bool(found) or bare(pair.value).lower() in NOTHING))
            named = named or any(isinstance(one, Sighting) and one.field in _NAMES for one in found)
            yield from found
        if named:
            yield Mark(number, number, Role.STORY)
        elif told:
            yield Mark(number, number, Role.READ)
            if not any(is_long(pair.fields) for pair in pairs):
                text.take(number, number)


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
