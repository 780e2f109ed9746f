"""JSON lines as records, and JSON objects as flat cells."""

import json
from collections.abc import Iterator
from typing import Any

from triage.charges.lines import Lines, TooLong
from triage.charges.records import Blank, Malformed, Read, Record
from triage.charges.refusals import Refusal


def json_reads(lines: Lines) -> Iterator[Read]:
    """A record a line; a line that is no JSON object is malformed."""
    row = 0
    while True:
        lines.taken.clear()
        row += 1
        try:
            line = next(lines, None)
        except TooLong:
            yield Malformed(row, lines.number, Refusal.TOO_LONG, lines.taken[0])
            continue
        if line is None:
            return
        yield _read(row, lines.number, line) if line.strip() else Blank(row, lines.number)


def _read(row: int, line: int, text: str) -> Record | Malformed:
    try:
        values = json.loads(text.removeprefix("\ufeff"), parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return Malformed(row, line, Refusal.NOT_JSON, text)
    if not isinstance(values, dict):
        return Malformed(row, line, Refusal.NOT_AN_OBJECT, text)
    return Record(row, line, flattened(values))


def flattened(values: dict[str, Any]) -> dict[str, str]:
    """Values as text; the keys of an inner object, or of JSON inside a text, as "outer.inner"."""
    flat: dict[str, str] = {}
    for key, value in values.items():
        inner = object_in(value) if isinstance(value, str) else value
        if isinstance(inner, dict):
            flat |= {f"{key}.{name}": _as_text(item) for name, item in inner.items()}
        flat[key] = _as_text(value)
    return flat


def object_in(text: str) -> Any:
    """The JSON in a cell; None where there is none."""
    if not text.startswith("{"):
        return None
    try:
        return json.loads(text, parse_int=str, parse_float=str)
    except (ValueError, RecursionError):
        return None


def _as_text(value: Any) -> str:
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)
