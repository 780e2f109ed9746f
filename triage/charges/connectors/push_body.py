"""The body of a push: `{"charges": […]}` or JSON lines becomes rows, or one problem with its place."""

import hashlib
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from triage.charges.connectors.shape import Row, parse_json, row_of
from triage.charges.mapping import FIELDS
from triage.charges.times import FIRST_YEAR, LAST_YEAR

MOST_ROWS = 5_000
MOST_BYTES = 2 * 1024 * 1024
JSON, JSON_LINES = "application/json", "application/x-ndjson"
_LINE_TYPES = frozenset({JSON_LINES, "application/jsonl", "application/json-lines", "application/jsonlines"})
_SPAN = ("complete_from", "complete_until")


class PushRefused(Exception):
    """The whole push is refused: nothing was taken in. `code` is permanent, `line` counts from 1."""

    def __init__(self, code: str, *, line: int = 0, row: int = 0, field: str = "") -> None:
        super().__init__(code)
        self.code, self.line, self.row, self.field = code, line, row, field


@dataclass(frozen=True, slots=True)
class Push:
    """`lines` has the line of each row; empty for a JSON document, where rows count from 1.

    The span is what the sender says its ledger is complete for; None when it does not say.
    """

    rows: tuple[Row, ...]
    lines: tuple[int, ...]
    ignored: tuple[str, ...]  # keys that are no fields of ours, which nothing is done with; unmasked
    complete_from: datetime | None = None
    complete_until: datetime | None = None


def read_push(body: bytes, content_type: str) -> Push:
    """Raises PushRefused. A row that is only wrong in itself comes through, to be refused with its field."""
    if len(body) > MOST_BYTES:
        raise PushRefused("push.too_large")
    kind = content_type.partition(";")[0].strip().lower()
    if kind in _LINE_TYPES:
        return _from_lines(body)
    if kind == JSON:
        return _from_document(body)
    raise PushRefused("push.content_type")


def body_hash(body: bytes) -> str:
    return hashlib.sha256(body).hexdigest()


def _from_lines(body: bytes) -> Push:
    entries: list[Mapping[str, Any]] = []
    lines: list[int] = []
    for line, entry in _json_lines(_decoded(body)):
        _check_entry(entry, line=line, row=len(entries) + 1)
        entries.append(entry)
        lines.append(line)
        _check_count(len(entries))
    return _push(entries, tuple(lines), {})


def _json_lines(text: str) -> Iterator[tuple[int, Any]]:
    for line, piece in enumerate(text.split("\n"), start=1):
        if piece.strip():
            yield line, _parsed(piece, line=line)


def _from_document(body: bytes) -> Push:
    document = _parsed(_decoded(body))
    entries = document.get("charges") if isinstance(document, Mapping) else None
    if not isinstance(entries, list):
        raise PushRefused("push.no_charges", field="charges")
    _check_count(len(entries))
    for row, entry in enumerate(entries, start=1):
        _check_entry(entry, row=row)
    return _push(entries, (), document)


def _push(entries: Sequence[Mapping[str, Any]], lines: tuple[int, ...], said: Mapping[str, Any]) -> Push:
    """`said` is the document around the rows; lines have none."""
    if not entries:
        raise PushRefused("push.empty")
    names = dict.fromkeys(name for entry in entries for name in entry)
    ignored = tuple(name for name in names if name not in FIELDS)
    start, end = (_moment(said.get(name), name) for name in _SPAN)
    if start and end and start > end:
        raise PushRefused("push.span", field=_SPAN[1])
    return Push(tuple(map(_row, entries)), lines, ignored, start, end)


def _row(entry: Mapping[str, Any]) -> Row:
    """A row that names no kind is a charge."""
    unnamed = not entry.get("kind") and not entry.get("log_type")
    return row_of({**entry, "kind": "charge"} if unnamed else entry)


def _moment(value: Any, field: str) -> datetime | None:
    if value is None:
        return None
    try:
        at = datetime.fromisoformat(value)
    except (TypeError, ValueError):
        raise PushRefused("push.time", field=field) from None
    if at.tzinfo is None or not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise PushRefused("push.time", field=field)
    return at


def _check_entry(entry: Any, *, row: int, line: int = 0) -> None:
    if not isinstance(entry, Mapping):
        raise PushRefused("push.not_an_object", row=row, line=line)


def _check_count(rows: int) -> None:
    if rows > MOST_ROWS:
        raise PushRefused("push.too_many")


def _decoded(body: bytes) -> str:
    try:
        return body.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        raise PushRefused("push.not_utf8", line=body.count(b"\n", 0, error.start) + 1) from None


def _parsed(text: str, *, line: int = 0) -> Any:
    try:
        return parse_json(text)
    except ValueError as error:
        raise PushRefused("push.not_json", line=line or getattr(error, "lineno", 0)) from None
