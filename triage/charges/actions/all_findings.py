"""Everything that is wrong in a ledger: grouped in the database, judged in Python, one finding at a time."""

from collections.abc import Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import groupby

from django.db.models import Count, QuerySet, Sum

from triage.charges.actions.lines import stream_lines
from triage.charges.finding import ChargeCode, ChargeFinding, Line
from triage.charges.judgement import judge_task
from triage.charges.models import Charge, LedgerSource
from triage.charges.repeats import RETRY_WINDOW, repeated_submissions

# Tasks that may be duplicates, or gave back more than they took; most tasks are neither.
_SUSPICIOUS_TASKS = """
JOIN (
    SELECT account, task_key FROM triage_charge
    WHERE source_id = %(source)s AND task_key <> ''
    GROUP BY account, task_key
    HAVING count(*) FILTER (WHERE kind = 'charge' AND amount >= 0) > 1
        OR (count(*) FILTER (WHERE kind IN ('refund', 'reversal')) > 0 AND sum(amount) < 0)
) AS suspicious USING (account, task_key)
WHERE charge.source_id = %(source)s
ORDER BY account, task_key, occurred_at, row_number
"""

# Submissions with a neighbour alike within the window; the order is that of `likeness_of`.
_NEIGHBOURS = """
JOIN (
    SELECT id,
        occurred_at - lag(occurred_at) OVER alike AS since,
        lead(occurred_at) OVER alike - occurred_at AS until
    FROM triage_charge
    WHERE source_id = %(source)s AND kind IN ('charge', 'hold') AND amount >= 0
        AND (task_key <> '' OR fingerprint <> '')
    WINDOW alike AS (
        PARTITION BY account, model, fingerprint, CASE WHEN fingerprint = '' THEN amount END,
            CASE WHEN fingerprint = '' THEN currency END
        ORDER BY occurred_at, row_number
    )
) AS near ON near.id = charge.id AND (near.since <= %(window)s OR near.until <= %(window)s)
ORDER BY account, model, fingerprint, CASE WHEN fingerprint = '' THEN amount END,
    CASE WHEN fingerprint = '' THEN currency END, occurred_at, row_number
"""


def all_findings(source: LedgerSource) -> Iterator[ChargeFinding]:
    """Duplicates, over-refunds, repeated submissions, re-exports and conflicts of one ledger.

    Tasks in good order yield nothing. Memory stays constant in the size of the ledger.
    """
    for finding in _findings(source):
        yield replace(
            finding,
            source=source.slug,
            covered_until=source.covered_until,
            quota_per_unit=source.quota_per_unit,
        )


def ledger_totals(source: LedgerSource) -> dict[str, tuple[int, Decimal]]:
    """Rows and net amount per currency; every charge id counts once."""
    rows = Charge.objects.filter(source=source).values_list("currency").annotate(Count("pk"), Sum("amount"))
    return {currency: (count, net) for currency, count, net in rows.order_by("currency")}


def _findings(source: LedgerSource) -> Iterator[ChargeFinding]:
    yield from _suspicious_tasks(source)
    near = stream_lines(_NEIGHBOURS, {"source": source.pk, "window": RETRY_WINDOW})
    yield from repeated_submissions(near)
    charges = Charge.objects.filter(source=source)
    yield from _each(ChargeCode.REEXPORT, charges.filter(exports__gt=1))
    yield from _each(ChargeCode.CONFLICT, charges.filter(conflicts__isnull=False).distinct())


def _suspicious_tasks(source: LedgerSource) -> Iterator[ChargeFinding]:
    lines = stream_lines(_SUSPICIOUS_TASKS, {"source": source.pk})
    for _task, rows in groupby(lines, key=_task_of):
        finding = judge_task(rows)
        if finding.code in (ChargeCode.DUPLICATE, ChargeCode.OVER_REFUNDED):
            yield finding


def _task_of(line: Line) -> tuple[str, str]:
    return line.account, line.task_key


def _each(code: ChargeCode, charges: QuerySet[Charge]) -> Iterator[ChargeFinding]:
    """One finding a charge, in the order of the file."""
    for charge in charges.order_by("batch", "row_number").iterator():
        yield ChargeFinding(
            code=code,
            task_ids=(charge.task_id.strip(),) if charge.task_key else (),
            account=charge.account,
            charge_ids=(charge.charge_id,),
        )
