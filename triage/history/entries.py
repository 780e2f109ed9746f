"""A page of the history, newest first, in a time that does not grow with what is stored.

The newest rows are looked through first: what is common is found there at once. What is rarer is few, and the
indexes name it. Between the two lies what is common apart and rare together, such as answers of 429 that
ended well; there the search stops after its time and says how far it came.
"""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from typing import Any

from django.db import OperationalError, connection, transaction
from django.db.models import F, OuterRef, Q, QuerySet, Subquery
from django.db.models.expressions import Combinable
from django.db.models.sql import Query
from django.db.models.sql.datastructures import BaseTable
from psycopg.errors import QueryCanceled

from triage.history.filters import names_a_value, wanted
from triage.history.models import Entry
from triage.history.search import holding, indexed, with_grams
from triage.tickets.models import VerdictCorrection

SIZE = 50
_SHOWN = (
    *(field.name for field in Entry._meta.concrete_fields),
    *("attempt__state", "endpoint__slug", "endpoint__name", "requested_by__username"),
)
MOST_COUNTED = 10_000
_AT = F("at")
# What engineers said of the verdict, and whether their last word was that it is right. One row of it is asked
# for each: for an EXISTS PostgreSQL would gather all that was ever said.
_SAID = VerdictCorrection.objects.filter(investigation__run=OuterRef("run")).order_by()
_CONFIRMED = _SAID.filter(
    code=F("investigation__verdict_code"),
    owner=F("investigation__owner"),
    investigation__owner=OuterRef("owner"),
).filter(code=OuterRef("verdict"))
_NEWEST = 10_000  # rows that are looked through before any index is asked
_NEWEST_READ = 5_000  # where their texts are read
_PATIENCE_MS, _LONG_PATIENCE_MS = 40, 10_000


@dataclass(frozen=True, slots=True)
class Place:
    """Where a page begins: older than an entry, newer than one, or at the newest."""

    before: int | None = None
    after: int | None = None


@dataclass(frozen=True, slots=True)
class Page:
    """`older` and `newer` say whether there are more.

    `number` of all that fit is None where counting took too long, and more than MOST_COUNTED where it was not
    counted to the end. `looked_back_to` is the time of the last row looked at, where the search ended there.
    """

    rows: list[Entry]
    older: bool
    newer: bool
    number: int | None
    looked_back_to: datetime | None = None


def page_of(asked: Mapping[str, Any], place: Place, *, thorough: bool = False) -> Page:
    """The entries that `asked` (cleaned filters) lets through; `thorough` waits longer for what is rare."""
    search = _Search(asked, place)
    if not asked:
        return search.page(search.everywhere(), number=search.count())
    newest = search.among_newest()
    rows = newest if len(newest) > SIZE else None
    number = None
    try:
        with patience(_LONG_PATIENCE_MS if thorough else _PATIENCE_MS):
            rows = search.everywhere() if rows is None else rows
            number = len(rows) if place == Place() and len(rows) <= SIZE else search.count()
    except OutOfPatience:
        if rows is None:
            return replace(search.page(newest, number=None), looked_back_to=search.reached())
    return search.page(rows or [], number=number)


class OutOfPatience(Exception):
    """The database would have taken longer than it was given."""


@contextmanager
def patience(ms: int) -> Iterator[None]:
    """Statements inside may take so long each. Raises OutOfPatience."""
    try:
        with transaction.atomic(), connection.cursor() as cursor:
            cursor.execute("SET LOCAL statement_timeout TO %s", [ms])
            yield
            if connection.savepoint_ids:  # else the end of the transaction is the end of it
                cursor.execute("SET LOCAL statement_timeout TO DEFAULT")
    except OperationalError as error:
        if isinstance(error.__cause__, QueryCanceled):
            raise OutOfPatience from error
        raise


class _Search:
    """One search from one place."""

    def __init__(self, asked: Mapping[str, Any], place: Place) -> None:
        self._pieces: tuple[str, ...] = asked.get("q", ())
        self._asked = asked
        self._place = place
        self._forward = place.after is not None  # towards the newer
        self._first = _NEWEST_READ if self._pieces else _NEWEST
        self._where = wanted(asked)
        self._cursor = _cursor(place)

    def among_newest(self) -> list[Entry]:
        """Those of the newest rows, or of the next ones from the place, that fit."""
        return self._taken(
            _out_of(self._nearest()[: self._first]).filter(self._where & holding(self._pieces))
        )

    def everywhere(self) -> list[Entry]:
        """By the indexes. Where none has the order of the list, what they find is sorted: PostgreSQL would
        walk the whole list instead, in the hope of meeting soon what the newest rows do not have.
        """
        fitting = self._indexed().filter(self._cursor)
        if not self._asked or (names_a_value(self._asked) and not self._pieces):
            return self._taken(fitting)
        return self._taken(fitting, key=F("at") + timedelta(0))

    def count(self) -> int:
        """All that fit, wherever the page begins, but no more than MOST_COUNTED and one."""
        return self._indexed().order_by()[: MOST_COUNTED + 1].count()

    def reached(self) -> datetime | None:
        """The time of the last row that `among_newest` looks at."""
        return next(iter(self._nearest().values_list("at", flat=True)[self._first - 1 : self._first]), None)

    def page(self, rows: list[Entry], *, number: int | None) -> Page:
        more, rows = len(rows) > SIZE, rows[:SIZE]
        if self._forward:
            return Page(rows[::-1], older=bool(rows), newer=more, number=number)
        return Page(rows, older=more, newer=self._place.before is not None, number=number)

    def _indexed(self) -> "QuerySet[Entry]":
        fitting = Entry.objects.filter(self._where)
        return with_grams(fitting).filter(indexed(self._pieces)) if self._pieces else fitting

    def _nearest(self) -> "QuerySet[Entry]":
        times = {name: self._asked[name] for name in ("since", "until") if name in self._asked}
        return self._ordered(Entry.objects.filter(wanted(times) & self._cursor))

    def _ordered(self, entries: "QuerySet[Entry]", key: Combinable = _AT) -> "QuerySet[Entry]":
        if self._forward:
            return entries.order_by(key.asc(), "pk")  # type: ignore[attr-defined]
        return entries.order_by(key.desc(), "-pk")  # type: ignore[attr-defined]

    def _taken(self, entries: "QuerySet[Entry]", key: Combinable = _AT) -> list[Entry]:
        beside = entries.select_related("attempt", "endpoint", "requested_by").only(*_SHOWN)
        told = beside.annotate(
            was_said=Subquery(_SAID.values("pk")[:1]), was_confirmed=Subquery(_CONFIRMED.values("pk")[:1])
        )
        return list(self._ordered(told, key)[: SIZE + 1])


def _out_of(entries: "QuerySet[Entry]") -> "QuerySet[Entry]":
    """A query that reads these rows in the place of the table, in their order, and no more than it needs.

    Said with `pk__in` it would be a join, and PostgreSQL would read all of them before it gives the first.
    """
    reading = Entry.objects.all()
    table = reading.query.get_initial_alias()
    reading.query.alias_map[table] = _Rows(table, entries.query)
    return reading


class _Rows(BaseTable):
    """What stands after FROM: a query under the name of the table."""

    def __init__(self, table: str, query: Query) -> None:
        super().__init__(table, table)
        self._query = query

    def as_sql(self, compiler: Any, connection: Any) -> Any:
        sql, params = self._query.get_compiler(connection=connection).as_sql()
        return f"({sql}) {compiler.quote_name_unless_alias(self.table_name)}", params


def _cursor(place: Place) -> Q:
    """An entry that is gone is no place any more: then the page begins at the end."""
    pk = place.after if place.after is not None else place.before
    if pk is None:
        return Q()
    at = Entry.objects.filter(pk=pk).values_list("at", flat=True).first()
    if at is None:
        return Q()
    if place.after is not None:
        return Q(at__gte=at) & (Q(at__gt=at) | Q(pk__gt=pk))
    return Q(at__lte=at) & (Q(at__lt=at) | Q(pk__lt=pk))
