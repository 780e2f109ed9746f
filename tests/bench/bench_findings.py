"""All duplicates of a ledger, against DuckDB grouping the same CSV; one task; and the page of findings.

DuckDB only groups: it tells no hold from a charge and takes no refund off. So it is the limit, not a rival.
"""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

import duckdb
from django.db import connection
from django.utils import timezone

from tests.triage.charges.generator import Ledger, write_csv
from triage.charges.actions.all_findings import all_findings, suspicious_tasks
from triage.charges.actions.count_findings import count_findings, counted_ledgers
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.find_charges import _OF_TASKS
from triage.charges.actions.import_ledger import import_ledger
from triage.charges.actions.lines import _SELECT
from triage.charges.actions.read_coverage import read_coverages
from triage.charges.finding import ChargeCode
from triage.charges.models import LedgerSource

ROWS = 200_000
ORDINARY = 800  # tasks in good order for one story of each other kind: 1 row in 200 is a duplicate
_GROUPED = """
SELECT account, lower(trim(task_id)) AS task, component, list(charge_id ORDER BY created_at), sum(amount)
FROM read_csv('{path}', types = {{'amount': 'DECIMAL(24, 10)', 'task_id': 'VARCHAR'}})
WHERE kind = 'charge' AND task_id NOT IN ('', '-', 'null', '0', 'N/A', 'None')
GROUP BY ALL HAVING count(*) > 1
"""


def main(rows: int = ROWS) -> None:
    ledger = Ledger(seed=1, ordinary=ORDINARY).fill(rows)
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(ledger.rows, Path(folder, "ledger.csv"))
        import_ledger(path, source="findings", masker=current_masker(), now=timezone.now())
        with connection.cursor() as cursor:
            cursor.execute("VACUUM ANALYZE triage_charge")
        grouped = _best(lambda: duckdb.sql(_GROUPED.format(path=path)).fetchall())
    source = LedgerSource.objects.get(slug="findings")
    duplicates = _best(lambda: _duplicates(source))
    print(f"all duplicates of {len(ledger.rows):,} rows: {duplicates:.2f} s, {_duplicates(source):,} judged")
    print(f"DuckDB, the same CSV grouped: {grouped:.2f} s; ratio {grouped / duplicates:.2f}")
    print(f"everything that is wrong: {_best(lambda: sum(1 for _ in all_findings(source))):.2f} s")
    _time_page(source)
    _time_one_task([row["task_id"] for row in ledger.rows if row["task_id"]][:: rows // 200])


def _duplicates(source: LedgerSource) -> int:
    coverage = read_coverages([source])[source.pk]
    judged = suspicious_tasks(source, coverage)
    return sum(finding.code is ChargeCode.DUPLICATE for finding, _rows in judged)


def _time_page(source: LedgerSource) -> None:
    counting = _best(lambda: count_findings(source.pk, now=timezone.now()))
    read = _best(lambda: counted_ledgers(now=timezone.now(), ring=print))
    print(f"counted for the page: {counting:.2f} s in a worker; read by the page: {read * 1000:.1f} ms")


def _time_one_task(tasks: list[str]) -> None:
    """What the database needs by its own clock, without the way to it."""
    times = []
    with connection.cursor() as cursor:
        for task in tasks:
            cursor.execute("EXPLAIN (ANALYZE, FORMAT JSON) " + _SELECT + _OF_TASKS, {"keys": [task]})
            times.append(cursor.fetchone()[0][0]["Execution Time"])
    print(f"one task, in the database: median {median(times):.2f} ms, slowest {max(times):.2f} ms")


def _best(do: Callable[[], object], times: int = 3) -> float:
    """Seconds of the fastest run: the others were disturbed."""
    return min(_seconds(do) for _ in range(times))


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
