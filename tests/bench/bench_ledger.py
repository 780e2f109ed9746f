"""How fast a ledger is taken in, against a bare COPY of the same rows, and how fast a task is found."""

import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from statistics import median

from django.db import connection
from django.utils import timezone

from tests.triage.charges.generator import Ledger, write_csv
from triage.charges.actions.all_findings import all_findings
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.find_charges import find_charges
from triage.charges.actions.import_ledger import import_ledger
from triage.charges.models import Charge, LedgerSource

ROWS = 100_000


def main() -> None:
    ledger = Ledger(seed=1).fill(ROWS)
    with tempfile.TemporaryDirectory() as folder:
        path = write_csv(ledger.rows, Path(folder, "ledger.csv"))
        rows = len(ledger.rows)
        taken = _seconds(lambda: _import(path))
        again = _seconds(lambda: _import(path))
    bare = _bare_copy()
    print(f"import of {rows:,} rows: {taken:.1f} s, {rows / taken:,.0f} rows/s")
    print(f"bare COPY of the same rows into the same indexed table: {bare:.1f} s; ratio {bare / taken:.2f}")
    print(f"the same file again: {again:.1f} s, nothing changed")
    tasks = [row["task_id"] for row in ledger.rows if row["task_id"]][:: rows // 200]
    times = [_seconds(lambda task=task: find_charges(task_id=task)) for task in tasks]
    print(f"finding of one task: median {median(times) * 1000:.1f} ms, slowest {max(times) * 1000:.1f} ms")
    source = LedgerSource.objects.get(slug="bench")
    took = _seconds(lambda: print(f"findings: {sum(1 for _ in all_findings(source)):,}"))
    print(f"all findings of the ledger: {took:.1f} s")


def _import(path: Path) -> None:
    import_ledger(path, source="bench", masker=current_masker(), now=timezone.now())


def _bare_copy() -> float:
    """Seconds to COPY the stored rows out of a buffer into an empty table with the same indexes."""
    table = Charge._meta.db_table
    with connection.cursor() as cursor:
        with cursor.copy(f"COPY {table} TO STDOUT") as out:
            data = b"".join(out)
        cursor.execute(f"CREATE TABLE bare_charge (LIKE {table} INCLUDING ALL)")
        started = time.perf_counter()
        with cursor.copy("COPY bare_charge FROM STDIN") as copy:
            copy.write(data)
        took = time.perf_counter() - started
        cursor.execute("DROP TABLE bare_charge")
    return took


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
