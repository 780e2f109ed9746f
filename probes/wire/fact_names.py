"""Other spellings of the facts, as files written by hand use them, and tolerant reading of values."""

from collections.abc import Callable, Mapping
from enum import EnumType
from functools import lru_cache, partial
from types import NoneType, UnionType
from typing import Any, get_args

from probes.wire.documents import mapping_of, text_of
from probes.wire.times import number_of

_ALIASES = {
    "err_type": "error_type",
    "err_code": "error_code",
    "err_message": "error_message",
    "err_param": "error_param",
    "dns": "resolve_ms",
    "dns_ms": "resolve_ms",
    "t_dns": "resolve_ms",
    "connect": "connect_ms",
    "t_connect": "connect_ms",
    "tls": "tls_ms",
    "t_tls": "tls_ms",
    "t_headers": "headers_ms",
    "t_first_byte": "first_byte_ms",
    "t_first_event": "first_event_ms",
    "t_first_content": "first_content_ms",
    "t_last": "last_byte_ms",
    "t_total": "total_ms",
    "max_gap": "max_gap_ms",
    "choices_empty_events": "empty_choices_events",
    "instream_error": "in_stream_error",
    "req_id": "request_ids",
    "req_ids": "request_ids",
    "request_id": "request_ids",
    "retry_after": "retry_after_s",
    "error_in_stream": "in_stream_error",
    "done": "done_seen",
    "attempt": "step",
    "status_code": "status",
}
_HEADERS = ("server", "via", "cf_ray", "cf_mitigated", "transfer_encoding", "date")
_ERROR_PARTS = ("type", "code", "message", "param")
_STEPS = {"a": "control", "b": "stream"}
_SPELLINGS = {
    "body_kind": {
        "json": "json_ok",
        "error": "json_error",
        "sse": "events",
        "event_stream": "events",
        "stream": "events",
        "none": "empty",
    },
    "end_mode": {
        "eof": "clean_eof",
        "clean": "clean_eof",
        "closed": "clean_eof",
        "incomplete": "incomplete_chunked",
        "incomplete_body": "incomplete_chunked",
        "incomplete_read": "incomplete_chunked",
        "idle": "idle_timeout",
        "stalled": "idle_timeout",
        "total": "total_timeout",
        "timeout": "total_timeout",
        "connection_reset": "reset",
        "aborted": "client_abort",
        "too_large": "capped",
    },
    "failure": {
        "refused": "connect_refused",
        "connection_refused": "connect_refused",
        "connection_reset": "reset",
        "dns_error": "dns",
        "incomplete_chunked": "incomplete_body",
        "incomplete": "incomplete_body",
        "read_timeout": "idle_timeout",
    },
}


def by_our_names(data: Mapping[str, Any]) -> dict[str, Any]:
    """The same attempt under the names of Facts; our own names win over an alias beside them."""
    plain = {_plain(name): value for name, value in data.items() if isinstance(name, str)}
    named = _error_parts(plain) | (plain if _ALIASES.keys().isdisjoint(plain) else _without_aliases(plain))
    named["headers"] = {**_loose_headers(plain), **mapping_of(plain.get("headers"))}
    named["step"] = _step(named)
    if not isinstance(error := named.get("in_stream_error", False), bool):
        named["in_stream_error"] = _is_error(error)
    for name, spellings in _SPELLINGS.items():
        if isinstance(word := named.get(name), str):
            named[name] = spellings.get(_plain(word), _plain(word))
    return named


def _without_aliases(plain: Mapping[str, Any]) -> dict[str, Any]:
    renamed = {_ALIASES[name]: value for name, value in plain.items() if name in _ALIASES}
    return renamed | {name: value for name, value in plain.items() if name not in _ALIASES}


def reader_of(kind: Any) -> Callable[[object], Any]:
    """What reads a value as a field of this type holds it, and gives None for what cannot be one."""
    if isinstance(kind, UnionType):
        kind = next(part for part in get_args(kind) if part is not NoneType)
    return partial(_member, _by_value(kind)) if isinstance(kind, EnumType) else _READERS[kind]


def _by_value(kind: Any) -> dict[str, Any]:
    return {member.value: member for member in kind}


def _member(members: Mapping[str, Any], value: object) -> Any:
    return members.get(value) if isinstance(value, str) else None


@lru_cache(maxsize=1024)
def _plain(name: str) -> str:
    return name.strip().lower().replace("-", "_").replace(".", "_").replace(" ", "_")


def _error_parts(plain: Mapping[str, Any]) -> dict[str, Any]:
    """An error given as an object or as text, under any of the names that hold one."""
    found: dict[str, Any] = {}
    for name in ("instream_error", "in_stream_error", "error", "err"):
        if name not in plain:
            continue
        error = plain[name]
        inner = {"message": error} if isinstance(error, str) and _is_error(error) else mapping_of(error)
        found |= {f"error_{part}": inner[part] for part in _ERROR_PARTS if part in inner}
    return found


def _is_error(value: object) -> bool:
    """An object or a text says that there was one, unless the text says no."""
    return bool(value) and _flag(value) is not False


def _loose_headers(plain: Mapping[str, Any]) -> dict[str, Any]:
    """Headers that stand beside the facts, or in a group of their own."""
    loose = {name.replace("_", "-"): plain[name] for name in _HEADERS if name in plain}
    return {**loose, **mapping_of(plain.get("retry_headers"))}


def _step(named: Mapping[str, Any]) -> str:
    """Without a name, what only a stream shows tells the two apart."""
    if isinstance(step := named.get("step"), str) and step:
        return _STEPS.get(step.strip().lower(), step.strip().lower())
    if isinstance(stream := named.get("stream"), bool):
        return "stream" if stream else "control"
    streamed = named.get("events") or named.get("done_seen") or "event" in str(named.get("content_type"))
    return "stream" if streamed else "control"


def _text(value: object) -> str | None:
    if isinstance(value, str):
        return value
    return text_of(value) if isinstance(value, int | float) and not isinstance(value, bool) else None


def _flag(value: object) -> bool | None:
    if isinstance(value, str):
        return _FLAGS.get(value.strip().lower())
    return bool(value) if isinstance(value, bool | int) else None


def _whole(value: object) -> int | None:
    if type(value) is int and abs(value) <= _EXACT:
        return value
    number = number_of(value)
    return int(number) if number is not None else None


_EXACT = 2**53
"""Whole numbers up to here are the same as floats."""


def _items(value: object) -> list[object]:
    """The items of a list, or of the tuple that facts keep themselves."""
    return list(value) if isinstance(value, list | tuple) else []


def _texts(value: object) -> tuple[str, ...]:
    values = [value] if isinstance(value, str) else _items(value)
    return tuple(text for item in values if (text := _text(item)) is not None)


def _wholes(value: object) -> tuple[int, ...]:
    return tuple(number for item in _items(value) if (number := _whole(item)) is not None)


def _pairs(value: object) -> tuple[tuple[float, int], ...]:
    pairs = (pair for item in _items(value) if len(pair := _items(item)) == 2)
    read = ((number_of(at), _whole(size)) for at, size in pairs)
    return tuple((at, size) for at, size in read if at is not None and size is not None)


def _triples(value: object) -> tuple[tuple[str, ...], ...]:
    rows = (_texts(item) for item in _items(value))
    return tuple(row for row in rows if len(row) == 3)


def _header_values(value: object) -> dict[str, str]:
    named = ((name, _text(item)) for name, item in mapping_of(value).items())
    return {str(name).lower(): text for name, text in named if text is not None}


_FLAGS = {
    "true": True,
    "yes": True,
    "1": True,
    "false": False,
    "no": False,
    "0": False,
    "none": False,
    "": False,
}
_READERS: dict[Any, Callable[[object], Any]] = {
    str: _text,
    bool: _flag,
    int: _whole,
    float: number_of,
    dict[str, str]: _header_values,
    tuple[str, ...]: _texts,
    tuple[int, ...]: _wholes,
    tuple[tuple[float, int], ...]: _pairs,
    tuple[tuple[str, str, str], ...]: _triples,
}
