"""How fast a ledger is taken in, against a bare COPY of the same rows, in how much memory.

BENCH_LEDGER_ROWS=1000000 takes a million rows instead of a hundred thousand.
"""

import csv
import os
import re
import tempfile
import time
from collections.abc import Callable, Iterator
from pathlib import Path

from django.db import connection
from django.utils import timezone

from tests.triage.charges.generator import HEADERS, Ledger
from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.import_ledger import ImportSummary, import_ledger
from triage.charges.models import Charge

ROWS = int(os.environ.get("BENCH_LEDGER_ROWS", "100000"))
_ROWS_AT_ONCE = 50_000
_PEAK = Path("/proc/self/status"), re.compile(r"VmHWM:\s+(\d+) kB")


def main() -> None:
    with tempfile.TemporaryDirectory() as folder:
        path = _written(Path(folder, "ledger.csv"))
        current_masker()  # rules are compiled once in a worker's life
        _forget_peak()
        taken = _seconds(lambda: _import(path))
        peak = _peak_mb()
        again = _seconds(lambda: _import(path))
    rows = Charge.objects.filter(source__slug="bench").count()
    bare = _bare_copy()
    print(f"import of {rows:,} rows: {taken:.1f} s, {rows / taken:,.0f} rows/s; peak memory {peak} MB")
    print(f"bare COPY of the same rows into the same indexed table: {bare:.1f} s; ratio {bare / taken:.2f}")
    print(f"the same file again: {again:.1f} s, nothing changed")


def _import(path: Path) -> ImportSummary:
    return import_ledger(path, source="bench", masker=current_masker(), now=timezone.now())


def _written(path: Path) -> Path:
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, HEADERS)
        writer.writeheader()
        for part in range(-(-ROWS // _ROWS_AT_ONCE)):
            writer.writerows(_rows(part))
    return path


def _rows(part: int) -> Iterator[dict[str, str]]:
    """Rows of one of many small ledgers, with charge ids that no other has."""
    for row in Ledger(seed=part).fill(min(ROWS, _ROWS_AT_ONCE)).rows:
        ids = {name: f"{row[name]}{part}" for name in ("charge_id", "ref_charge_id") if row[name]}
        yield row | ids


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


def _forget_peak() -> None:
    """What was needed to write the file is not what is needed to read it."""
    Path("/proc/self/clear_refs").write_text("5")


def _peak_mb() -> int:
    status, pattern = _PEAK
    found = pattern.search(status.read_text())
    return int(found[1]) >> 10 if found else 0


def _seconds(do: Callable[[], object]) -> float:
    started = time.perf_counter()
    do()
    return time.perf_counter() - started
