"""From when to when each ledger is complete, as its imports say."""

from collections import defaultdict
from collections.abc import Collection

from django.db import connection
from django.db.models import Sum

from triage.charges.coverage import Coverage, Span, coverage_of
from triage.charges.models import ChargeImport, ImportState, LedgerSource

# A connector imports every few minutes: what overlaps or touches is put together before it travels.
_SPANS = """
SELECT source_id, lower(span), upper(span) FROM (
    SELECT source_id, unnest(range_agg(tstzrange(covered_from, covered_until, '[]'))) AS span
    FROM triage_chargeimport
    WHERE state = %(done)s AND covered_from <= covered_until AND source_id = ANY(%(sources)s)
    GROUP BY source_id
) AS spans
"""


def read_coverages(sources: Collection[LedgerSource]) -> dict[int, Coverage]:
    """By the ledger's id. Where no import says its span, as in an older desk, the ledger's own counts."""
    ids = [source.pk for source in sources]
    spans: dict[int, list[Span]] = defaultdict(list)
    with connection.cursor() as cursor:
        cursor.execute(_SPANS, {"done": ImportState.DONE, "sources": ids})
        for source_id, start, end in cursor.fetchall():
            spans[source_id].append((start, end))
    rows = _rows_of(ids)
    return {
        source.pk: coverage_of(spans[source.pk] or _own_span(source), rows=rows.get(source.pk, 0))
        for source in sources
    }


def _rows_of(sources: Collection[int]) -> dict[int, int]:
    imports = ChargeImport.objects.filter(state=ImportState.DONE, source__in=sources)
    return dict(imports.values_list("source").annotate(Sum("new")))


def _own_span(source: LedgerSource) -> list[Span]:
    if source.covered_from is None or source.covered_until is None:
        return []
    return [(source.covered_from, source.covered_until)]
