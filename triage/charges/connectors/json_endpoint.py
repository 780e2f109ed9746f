"""Any API that lists charges as JSON: where rows stand, what their fields are called, how pages follow."""

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin, urlsplit

from triage.charges.connectors.faults import FetchCode, FetchFault
from triage.charges.connectors.shape import (
    Answer,
    Ask,
    Page,
    Row,
    Window,
    epoch,
    objects,
    row_of,
    text_of,
    whole,
    with_query,
)
from triage.charges.jsonlines import flattened
from triage.charges.mapping import guess

_ALL_TIME_S = 100 * 365 * 24 * 3600
_NEXT_LINK = re.compile(r'<([^<>]{1,2000})>\s*;[^,]*\brel="?next"?', re.I)


class Paging(StrEnum):
    """How the next page is asked for."""

    NONE = "none"  # one answer has all
    PAGE = "page"  # a number, one more each time
    OFFSET = "offset"  # how many rows were seen
    CURSOR = "cursor"  # what the answer says at `next_at`
    LINK = "link"  # the address at `next_at`, else in the Link header


class TimeForm(StrEnum):
    """How the ends of the window are written."""

    ISO = "iso"
    EPOCH_S = "epoch_s"
    EPOCH_MS = "epoch_ms"


@dataclass(frozen=True, slots=True, kw_only=True)
class JsonEndpoint:
    """`rows_at` and `next_at` are dotted places, empty for the answer itself.

    `mapping` goes from our fields to dotted places in a row, or to "=text"; what it leaves out is guessed.
    Without names for both ends of the window the whole list is read each time.
    """

    path: str
    base_url: str
    rows_at: str = ""
    mapping: Mapping[str, str] = field(default_factory=dict)
    paging: Paging = Paging.NONE
    page_param: str = "page"
    first_page: int = 1
    size_param: str = ""
    size: int = 100
    next_at: str = ""
    total_at: str = ""
    from_param: str = ""
    until_param: str = ""
    time_form: TimeForm = TimeForm.ISO
    headers: Mapping[str, str] = field(default_factory=dict)

    @property
    def least_step_s(self) -> int:
        return 0 if self.from_param and self.until_param else _ALL_TIME_S

    def first(self, window: Window) -> Ask:
        path = with_query(self.path, **self._window(window), **self._size())
        match self.paging:
            case Paging.PAGE:
                return Ask(with_query(path, **{self.page_param: self.first_page}), self.first_page)
            case Paging.OFFSET:
                return Ask(with_query(path, **{self.page_param: 0}), 0)
            case _:
                return Ask(path)

    def read(self, answer: Answer, *, asked: Ask, window: Window) -> Page:
        listed = at(answer.document, self.rows_at)
        if not isinstance(listed, list):
            where = self.rows_at or "the answer itself"
            raise FetchFault(FetchCode.OTHER_SHAPE, f"no list at {where}")
        entries = objects(listed)
        total = whole(text_of(at(answer.document, self.total_at))) if self.total_at else None
        following = self._next(answer, asked, window, len(listed))
        return Page(self._rows(entries), following, len(listed), total=total)

    def _next(self, answer: Answer, asked: Ask, window: Window, seen: int) -> Ask | None:
        path = with_query(self.path, **self._window(window), **self._size())
        match self.paging:
            case Paging.PAGE if seen:
                number = asked.number + 1
                return Ask(with_query(path, **{self.page_param: number}), number)
            case Paging.OFFSET if seen:
                number = asked.number + seen
                return Ask(with_query(path, **{self.page_param: number}), number)
            case Paging.CURSOR:
                cursor = text_of(at(answer.document, self.next_at))
                said = bool(cursor) and cursor != "false"
                return Ask(with_query(path, **{self.page_param: cursor})) if said else None
            case Paging.LINK:
                link = text_of(at(answer.document, self.next_at)) if self.next_at else _linked(answer.headers)
                return Ask(path_under(self.base_url, link, of=asked.path)) if link else None
            case _:
                return None

    def _window(self, window: Window) -> dict[str, object]:
        ends = {self.from_param: window.start, self.until_param: window.end}
        return {name: self._time(end) for name, end in ends.items() if name}

    def _size(self) -> dict[str, object]:
        return {self.size_param: self.size} if self.size_param else {}

    def _time(self, end: datetime) -> object:
        match self.time_form:
            case TimeForm.EPOCH_S:
                return epoch(end)
            case TimeForm.EPOCH_MS:
                return epoch(end) * 1000
            case _:
                return f"{end.astimezone(UTC):%Y-%m-%dT%H:%M:%SZ}"

    def _rows(self, entries: list[Mapping[str, Any]]) -> tuple[Row, ...]:
        flat = [flattened(dict(entry)) for entry in entries]
        names = list(dict.fromkeys(name for cells in flat for name in cells))
        places = {"kind": "=charge", **guess(names), **self.mapping}
        return tuple(
            row_of({name: _cell(entry, cells, place) for name, place in places.items()})
            for entry, cells in zip(entries, flat, strict=True)
        )


def _cell(entry: Mapping[str, Any], flat: Mapping[str, str], place: str) -> str:
    if place.startswith("="):
        return place[1:]
    return flat[place] if place in flat else text_of(at(entry, place))


def at(document: Any, place: str) -> Any:
    """What stands at a dotted place; numbers count the items of a list. None where there is nothing."""
    for name in filter(None, place.split(".")):
        if isinstance(document, Mapping):
            document = document.get(name)
        elif isinstance(document, list) and name.isascii() and name.isdigit() and int(name) < len(document):
            document = document[int(name)]
        else:
            return None
    return document


def path_under(base_url: str, link: str, *, of: str) -> str:
    """The path of a link relative to the base URL. Raises FetchFault for one that leads anywhere else.

    `of` is the path that the link was found at, which a relative link continues.
    """
    base = urlsplit(base_url)
    root = base.path.rstrip("/")
    meant = urlsplit(urljoin(f"{base.scheme}://{base.netloc}{root}{of}", link))
    if (meant.scheme, meant.netloc) != (base.scheme, base.netloc) or not meant.path.startswith(f"{root}/"):
        raise FetchFault(FetchCode.LINK_ELSEWHERE, f"{meant.scheme}://{meant.netloc}{meant.path}")
    path = meant.path.removeprefix(root)
    return f"{path}?{meant.query}" if meant.query else path


def _linked(headers: Mapping[str, str]) -> str:
    """RFC 8288's way to say what comes next."""
    found = _NEXT_LINK.search(headers.get("link", ""))
    return found[1] if found else ""
