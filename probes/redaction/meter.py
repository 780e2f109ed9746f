"""The meter of unsafe pastes: how often something was masked, where and by which rule; never what."""

import logging
from collections import Counter
from collections.abc import Iterable, Mapping
from datetime import timedelta
from typing import NamedTuple

from django.db import Error, connection, transaction
from django.db.models import Sum
from django.utils import timezone

from probes.redaction.engine import Finding
from probes.redaction.models import Catch

log = logging.getLogger(__name__)

WORKSHOP = "workshop"  # the channel of texts that admins try rules on

_PATIENCE = "300ms"  # others may be counting the same: a ticket is not kept waiting for a statistic
_UPSERT = """
    INSERT INTO {table} (day, channel, field, kind, rule, count) VALUES {rows}
    ON CONFLICT (day, channel, field, kind, rule) DO UPDATE SET count = {table}.count + EXCLUDED.count
"""


class Place(NamedTuple):
    """What is counted apart."""

    channel: str
    field: str
    kind: str
    rule: str

    def cut(self) -> "Place":
        """As long as the columns are."""
        return Place(self.channel[:20], self.field[:60], self.kind[:60], self.rule[:60])


def count(findings: Iterable[Finding], *, channel: str, field: str) -> None:
    """Count what was masked in one field; `channel` is the way in, such as form or endpoint."""
    count_all(((field, finding.kind, finding.rule) for finding in findings), channel=channel)


def count_all(caught: Iterable[tuple[str, str, str]], *, channel: str) -> None:
    """Count (field, kind, rule) of a whole request in one statement, inside the transaction at hand.

    A count that the database refuses, or keeps waiting, is lost and logged: it never fails what it counts.
    """
    times = Counter(Place(channel, *place).cut() for place in caught)
    if not times:
        return
    try:
        with transaction.atomic():
            _upsert(times)
    except Error as error:
        log.warning("what was masked could not be counted: %s", type(error).__name__)


def hits_of_rules(*, days: int = 7) -> Mapping[str, int]:
    """How often each rule masked something in the last `days` days, by its name; trials do not count."""
    since = timezone.now().date() - timedelta(days=days - 1)
    caught = Catch.objects.filter(day__gte=since).exclude(channel=WORKSHOP)
    rows = caught.values_list("rule").annotate(Sum("count"))
    return dict(rows)


def _upsert(times: Mapping[Place, int]) -> None:
    """In the order of the rows' names, since two who lock the same rows must not do so crosswise."""
    today, values = timezone.now().date(), list[object]()
    for place, hits in sorted(times.items()):
        values += [today, *place, hits]
    statement = _UPSERT.format(
        table=connection.ops.quote_name(Catch._meta.db_table),
        rows=", ".join(["(%s, %s, %s, %s, %s, %s)"] * len(times)),
    )
    with connection.cursor() as cursor:
        cursor.execute(f"SET LOCAL lock_timeout TO '{_PATIENCE}'")
        cursor.execute(statement, values)  # type: ignore[arg-type]
        cursor.execute("SET LOCAL lock_timeout TO DEFAULT")
