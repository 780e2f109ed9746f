"""Records of a log or a console, whose names are labels."""

from collections.abc import Iterator, Mapping
from typing import Any, Final

from probes.wire.documents import list_of, text_of
from probes.wire.error_shapes import find_error
from triage.tickets.paste.documents.contents import ID_NAMES, read_error, read_ids, read_task
from triage.tickets.paste.documents.embedded import document_in
from triage.tickets.paste.found import Finds, Sighting, Weight
from triage.tickets.paste.labels import fields_named
from triage.tickets.paste.moments import moment_said
from triage.tickets.paste.urls import read_path, read_url
from triage.tickets.paste.values import read_value

_MESSAGES: Final = ("content", "message", "msg", "error", "err")
_FIRST_TOKEN: Final = ("frt", "ttft_ms", "first_token_ms")
_PATHS: Final = ("path", "uri", "url", "request_uri", "request_path")
_ADDRESSES: Final = ("url", "uri", "request_url", "endpoint")
# A log record names these for what other programs call otherwise.
_NOT_IN_RECORDS: Final = frozenset(
    {"error_text", "notes", "key_hint", "account_ref", "client", "via_proxy", "charged"}
)


def read_record(value: Mapping[str, Any], line: int) -> Finds:
    yield from read_ids(value, line)
    yield from read_task(value, line)
    for name, item in _scalars(value):
        yield from _named(name, item, line)
    for message in (text_of(value.get(name)) for name in _MESSAGES):
        inner = document_in(message)
        if inner and (error := find_error(inner)):
            yield from read_error(inner, error, line)


def _scalars(value: Mapping[str, Any], depth: int = 2) -> Iterator[tuple[str, str]]:
    for name, item in value.items():
        if isinstance(item, Mapping) and depth:
            yield from _scalars(item, depth - 1)
        elif isinstance(item, str | int | float) and str(item) not in ("", "0"):
            yield str(name), ("yes" if item else "no") if isinstance(item, bool) else str(item)[:400]
        elif isinstance(item, list) and item and depth and isinstance(first := list_of(item)[0], Mapping):
            yield from _scalars(first, 0)


def _named(name: str, value: str, line: int) -> Finds:
    low = name.lower()
    if wait := _wait_named(low, value):
        field, weight = wait
        yield Sighting(field, read_value(field, f"{value}ms"), line, weight)
    elif value.startswith("/") and low in _PATHS:
        yield from read_path(value, line)
    elif value.startswith("http") and low in _ADDRESSES:
        yield from read_url(value, line)
    elif low not in ID_NAMES:
        yield from _labelled(name, value, line)


def _wait_named(low: str, value: str) -> tuple[str, Weight] | None:
    """The field that a name of milliseconds stands for, and how surely."""
    if low in _FIRST_TOKEN and value.isdigit():
        return "first_output_s", Weight.SEEN
    fields = fields_named(low[:-3]) if low.endswith("_ms") else ()
    return (fields[0], Weight.NAMED) if fields and fields[0].endswith("_s") else None


def _labelled(name: str, value: str, line: int) -> Finds:
    """The first field that the name can stand for and the value fits."""
    for field in fields_named(name):
        if field == "occurred_at":
            yield from _moment(value, line)
            return
        if field not in _NOT_IN_RECORDS and (said := read_value(field, value)):
            yield Sighting(field, said, line, Weight.NAMED)
            return


def _moment(value: str, line: int) -> Finds:
    if moment := moment_said(value):
        yield Sighting("occurred_at", moment.text, line, Weight.NAMED, moment.remark)
        if moment.zone:
            yield Sighting("zone", moment.zone, line, Weight.NAMED)
