"""Pages of a long list by id, so that page 200 costs what page 1 costs."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django.db.models import Model, QuerySet
from django.http import QueryDict

Row = TypeVar("Row", bound=Model)
SIZE = 50


@dataclass(frozen=True, slots=True)
class Page(Generic[Row]):
    """Rows, newest first; `older` and `newer` are the queries of the neighbours, empty at the ends."""

    rows: list[Row]
    older: str
    newer: str


def page_of(rows: "QuerySet[Row, Row]", query: Mapping[str, str], *, size: int = SIZE) -> Page[Row]:
    """`before` and `after` in `query` are ids; what is no number is ignored."""
    before, after = _id(query.get("before")), _id(query.get("after"))
    if after is not None:
        found = list(rows.filter(pk__gt=after).order_by("pk")[: size + 1])
        shown = found[:size][::-1]
        return _page(shown, query, has_older=True, has_newer=len(found) > size)
    if before is not None:
        rows = rows.filter(pk__lt=before)
    found = list(rows.order_by("-pk")[: size + 1])
    return _page(found[:size], query, has_older=len(found) > size, has_newer=before is not None)


def _page(rows: list[Row], query: Mapping[str, str], *, has_older: bool, has_newer: bool) -> Page[Row]:
    return Page(
        rows=rows,
        older=_query(query, before=rows[-1].pk) if rows and has_older else "",
        newer=_query(query, after=rows[0].pk) if rows and has_newer else "",
    )


def _query(query: Mapping[str, str], **place: Any) -> str:
    kept = QueryDict(mutable=True)
    kept.update({name: value for name, value in query.items() if value and name not in ("before", "after")})
    kept.update(place)
    return kept.urlencode()


def _id(typed: str | None) -> int | None:
    return int(typed) if typed and typed.isascii() and typed.isdigit() and len(typed) < 18 else None
