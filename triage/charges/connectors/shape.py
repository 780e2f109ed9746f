"""What every billing system's API offers a connector: the next page to ask for, and rows in our fields."""

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Protocol
from urllib.parse import urlencode

from triage.charges.mapping import FIELDS

Row = dict[str, str]  # one of our FIELDS to its text, all of them present


@dataclass(frozen=True, slots=True)
class Window:
    """The span of time that is asked for: whole seconds, both ends meant, UTC."""

    start: datetime
    end: datetime


@dataclass(frozen=True, slots=True)
class Ask:
    """One page: its path and query, and its number in the system's own count, or how many rows were seen."""

    path: str
    number: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    """What one answer holds. `total` is what the system says the window has; None when it does not say."""

    rows: tuple[Row, ...]
    next: Ask | None
    listed: int  # entries of the answer, those that bill nobody included
    total: int | None = None
    too_full: bool = False  # the window has more than the API will ever hand out


@dataclass(frozen=True, slots=True)
class Answer:
    """A parsed JSON answer; numbers are texts, as they stood there. Header names are in small letters."""

    document: Any
    headers: Mapping[str, str]


class Shape(Protocol):
    """One kind of billing system. `read` raises FetchFault for an answer that is not of its kind."""

    @property
    def least_step_s(self) -> int:
        """Seconds of the shortest window that makes sense; 0 where the system keeps to any to the second."""
        ...

    @property
    def headers(self) -> Mapping[str, str]:
        """Headers beside the token's."""
        ...

    def first(self, window: Window) -> Ask: ...

    def read(self, answer: Answer, *, asked: Ask, window: Window) -> Page: ...


def with_query(path: str, **values: object) -> str:
    """The path with these parameters behind the ones that it has; None leaves one out."""
    query = urlencode({name: value for name, value in values.items() if value is not None})
    if not query:
        return path
    return f"{path}{'&' if '?' in path else '?'}{query}"


def row_of(values: Mapping[str, Any]) -> Row:
    """Our fields as texts; whatever else `values` holds stays outside."""
    return {field: text_of(values.get(field)) for field in FIELDS}


def text_of(value: Any) -> str:
    """A JSON value as a cell: lists and objects as JSON, nothing as an empty text."""
    if isinstance(value, str):
        return value
    return "" if value is None else json.dumps(value, ensure_ascii=False)


def object_in(value: Any) -> Mapping[str, Any]:
    """A JSON object, or the one that a text holds; empty for anything else."""
    if isinstance(value, str) and value.startswith("{"):
        try:
            value = parse_json(value)
        except ValueError:
            return {}
    return value if isinstance(value, Mapping) else {}


def parse_json(text: str | bytes) -> Any:
    """Numbers stay texts, so that none is rounded. Raises ValueError."""
    try:
        return json.loads(text, parse_int=str, parse_float=str, parse_constant=str)
    except RecursionError:
        raise ValueError("nested too deeply") from None


def whole(value: Any) -> int | None:
    """A count of at most fifteen digits, else None."""
    text = value if isinstance(value, str) else ""
    return int(text) if text.isascii() and text.isdigit() and len(text) <= 15 else None


def objects(values: Iterable[Any]) -> list[Mapping[str, Any]]:
    return [value for value in values if isinstance(value, Mapping)]


def epoch(at: datetime) -> int:
    return int(at.astimezone(UTC).timestamp())
