"""Everything that is wrong in a ledger: grouped in the database, judged in Python, one finding at a time."""

from collections.abc import Iterable, Iterator
from dataclasses import replace
from decimal import Decimal
from itertools import chain, groupby
from typing import Any

from django.db import connection
from django.db.models import Count, Sum

from triage.charges.actions.lines import stream_lines
from triage.charges.actions.read_coverage import read_coverages
from triage.charges.coverage import Coverage
from triage.charges.finding import (
    CALL_TYPES,
    ChargeCode,
    ChargeFinding,
    Line,
    Outcome,
    Statement,
    net_amounts,
)
from triage.charges.judgement import judge_task
from triage.charges.models import Charge, LedgerSource
from triage.charges.repeats import RETRY_WINDOW, submissions_with_rows

Judged = tuple[ChargeFinding, list[Line]]  # with the rows that it was judged by

REPORTED = frozenset(
    {
        ChargeCode.DUPLICATE,
        ChargeCode.CANNOT_TELL,
        ChargeCode.OVER_REFUNDED,
        ChargeCode.FAILED_UNREFUNDED,
        ChargeCode.UNDELIVERED,
    }
)
"""What a task, or a request, is reported for by its rows; the rest is found in other ways."""

_BAD_OUTCOMES = (Outcome.FAILED, Outcome.UNDELIVERED)

# Refunds and the like that name a charge of a task, and no task themselves: few, and an index knows them.
_TASKLESS = """
CREATE TEMPORARY TABLE taskless ON COMMIT PRESERVE ROWS AS
SELECT back.id, named.task_key AS key FROM triage_charge AS back JOIN triage_charge AS named
    ON named.source_id = back.source_id AND named.charge_id = back.ref_charge_id
    AND named.account = back.account AND named.task_key <> ''
WHERE back.source_id = %(source)s AND back.task_key = '' AND back.ref_charge_id <> ''
    AND back.kind NOT IN ('charge', 'hold')
"""
_OF_TASKS_WITH_TASKLESS = """
WHERE NOT charge.own_probe AND charge.id IN (
    SELECT id FROM triage_charge
    WHERE source_id = %(source)s AND task_key <> '' AND task_key IN (SELECT key FROM taskless)
    UNION ALL
    SELECT id FROM taskless
)
ORDER BY account, key_of_task, occurred_at, row_number
"""

# Grouping by the task alone is half the work of grouping by account and task; the judgement keeps accounts
# apart. A temporary table, because PostgreSQL reads in parallel for it and not for a cursor.
_PICK_TASKS = """
CREATE TEMPORARY TABLE suspicious ON COMMIT PRESERVE ROWS AS
SELECT task_key AS key FROM triage_charge
WHERE source_id = %(source)s AND kind = 'charge' AND amount >= 0 AND task_key <> '' AND NOT own_probe
GROUP BY task_key HAVING count(*) > 1
UNION
SELECT task_key FROM triage_charge
WHERE source_id = %(source)s AND task_key <> '' AND NOT own_probe AND (
    kind IN ('refund', 'reversal') OR (kind = 'charge' AND amount < 0) OR outcome = ANY(%(bad)s)
)
EXCEPT SELECT key FROM taskless
"""
_OF_TASKS = """
WHERE charge.source_id = %(source)s AND NOT charge.own_probe
    AND charge.task_key <> '' AND charge.task_key IN (SELECT key FROM suspicious)
ORDER BY account, task_key, occurred_at, row_number
"""

# Rows of chats and the like have no task: there the request is what was charged.
_PICK_REQUESTS = """
CREATE TEMPORARY TABLE suspicious ON COMMIT PRESERVE ROWS AS
SELECT request_key AS key FROM triage_charge
WHERE source_id = %(source)s AND task_key = '' AND kind = 'charge' AND request_key <> '' AND NOT own_probe
GROUP BY request_key HAVING count(*) > 1
UNION
SELECT request_key FROM triage_charge
WHERE source_id = %(source)s AND task_key = '' AND request_key <> '' AND NOT own_probe
    AND outcome = ANY(%(bad)s)
"""
_OF_REQUESTS = """
WHERE charge.source_id = %(source)s AND NOT charge.own_probe AND charge.task_key = ''
    AND charge.request_key <> '' AND charge.request_key IN (SELECT key FROM suspicious)
ORDER BY account, request_key, occurred_at, row_number
"""

# Two logs of one call may stand under two tasks, or under none.
_TWO_CALL_TYPES = """
WHERE charge.source_id = %(source)s AND NOT charge.own_probe AND charge.request_key IN (
    SELECT request_key FROM triage_charge
    WHERE source_id = %(source)s AND request_key <> '' AND component = ANY(%(types)s)
    GROUP BY request_key HAVING min(component) <> max(component)
) AND charge.request_key <> ''
ORDER BY account, request_key, occurred_at, row_number
"""

# Submissions with a neighbour alike within the window; the order is that of `likeness_of`.
_NEIGHBOURS = """
JOIN (
    SELECT id,
        occurred_at - lag(occurred_at) OVER alike AS since,
        lead(occurred_at) OVER alike - occurred_at AS until
    FROM triage_charge
    WHERE source_id = %(source)s AND kind IN ('charge', 'hold') AND amount >= 0 AND NOT own_probe
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
_EXPORTED_AGAIN = "WHERE charge.source_id = %(source)s AND charge.exports > 1 ORDER BY batch_id, row_number"
_CONTRADICTED = """
WHERE charge.source_id = %(source)s AND charge.id IN (SELECT charge_id FROM triage_chargeconflict)
ORDER BY batch_id, row_number
"""


def all_findings(source: LedgerSource) -> Iterator[ChargeFinding]:
    """What is wrong in one ledger, its re-exports and conflicts included.

    Tasks in good order yield nothing, and rows of our own probes belong to nobody's task. Memory stays
    constant in the size of the ledger.
    """
    return (finding for finding, _rows in judged_stories(source))


def judged_stories(source: LedgerSource) -> Iterator[Judged]:
    """The same, each with the rows that it was judged by."""
    coverage = read_coverages([source])[source.pk]
    for finding, rows in _judged(source, coverage):
        yield (
            replace(
                finding,
                source=source.slug,
                covered_until=coverage.until,
                quota_per_unit=source.quota_per_unit,
            ),
            rows,
        )


def ledger_totals(source: LedgerSource) -> dict[str, tuple[int, Decimal]]:
    """Rows and net amount per currency, our own probes included: they are in the ledger too."""
    return _totals(source)


def probe_totals(source: LedgerSource) -> dict[str, tuple[int, Decimal]]:
    """The same of our own probes alone."""
    return _totals(source, own_probe=True)


def _totals(source: LedgerSource, **which: bool) -> dict[str, tuple[int, Decimal]]:
    charges = Charge.objects.filter(source=source, **which)
    rows = charges.values_list("currency").annotate(Count("pk"), Sum("amount"))
    return {currency: (count, net) for currency, count, net in rows.order_by("currency")}


def _judged(source: LedgerSource, coverage: Coverage) -> Iterator[Judged]:
    yield from suspicious_tasks(source, coverage)
    yield from _suspicious_requests(source, coverage)
    yield from _logged_twice(source, coverage)
    yield from _repeated(source)
    of_source = {"source": source.pk}
    yield from _each(ChargeCode.REEXPORT, stream_lines(_EXPORTED_AGAIN, of_source))
    yield from _each(ChargeCode.CONFLICT, stream_lines(_CONTRADICTED, of_source))


def suspicious_tasks(source: LedgerSource, coverage: Coverage) -> Iterator[Judged]:
    """Tasks whose rows are reported for themselves: duplicates first of all."""
    parameters = {"source": source.pk, "bad": list(_BAD_OUTCOMES)}
    _make_table("taskless", _TASKLESS, parameters)
    picked = _picked(_PICK_TASKS, _OF_TASKS, parameters)
    lines = chain(picked, stream_lines(_OF_TASKS_WITH_TASKLESS, parameters))
    for _task, rows in groupby(lines, key=lambda line: (line.account, line.task_key)):
        yield from _reported(list(rows), coverage, REPORTED)


def _suspicious_requests(source: LedgerSource, coverage: Coverage) -> Iterator[Judged]:
    lines = _picked(_PICK_REQUESTS, _OF_REQUESTS, {"source": source.pk, "bad": list(_BAD_OUTCOMES)})
    for _request, rows in groupby(lines, key=lambda line: (line.account, line.request_key)):
        yield from _reported(list(rows), coverage, REPORTED)


def _logged_twice(source: LedgerSource, coverage: Coverage) -> Iterator[Judged]:
    lines = stream_lines(_TWO_CALL_TYPES, {"source": source.pk, "types": sorted(CALL_TYPES)})
    for _request, rows in groupby(lines, key=lambda line: (line.account, line.request_key)):
        yield from _reported(list(rows), coverage, frozenset({ChargeCode.DOUBLE_LOGGED}))


def _reported(rows: list[Line], coverage: Coverage, codes: frozenset[ChargeCode]) -> Iterator[Judged]:
    finding = judge_task(rows, coverage=coverage)
    if finding.code in codes:
        yield finding, rows


def _picked(pick: str, rest: str, parameters: dict[str, Any]) -> Iterator[Line]:
    """Lines of what one statement picks and the next one reads."""
    _make_table("suspicious", pick, parameters)
    yield from stream_lines(rest, parameters)


def _make_table(name: str, statement: str, parameters: dict[str, Any]) -> None:
    """A temporary table anew."""
    with connection.cursor() as cursor:
        cursor.execute(f"DROP TABLE IF EXISTS {name}")
        cursor.execute(statement, parameters)
        cursor.execute(f"ANALYZE {name}")


def _repeated(source: LedgerSource) -> Iterator[Judged]:
    near = stream_lines(_NEIGHBOURS, {"source": source.pk, "window": RETRY_WINDOW})
    yield from submissions_with_rows(near)


def _each(code: ChargeCode, lines: Iterable[Line]) -> Iterator[Judged]:
    """One finding a charge, in the order of the file."""
    for line in lines:
        finding = ChargeFinding(
            code=code,
            task_ids=(line.task_id.strip(),) if line.task_key else (),
            account=line.account,
            source_id=line.source_id,
            charge_ids=(line.charge_id,),
            net=net_amounts([line]),
            statements=(Statement(code=code, charge_ids=(line.charge_id,)),),
        )
        yield finding, [line]
