"""Rows taken into a ledger for tests of pages, short to write."""

import csv
import tempfile
from pathlib import Path

from django.utils import timezone

from triage.charges.actions.current_masker import current_masker
from triage.charges.actions.import_ledger import import_ledger

_COLUMNS = (
    *("charge_id", "account", "amount", "currency", "occurred_at", "task_id", "kind", "request_id", "model"),
    *("ref_charge_id", "outcome", "fingerprint", "component"),
)


def take_in(*rows: dict[str, str], source: str = "gw", file_name: str = "march.csv") -> None:
    """Each row needs an id and what is special of it; times without a zone are Asia/Shanghai's."""
    given = {"account": "u1", "amount": "0.24", "currency": "CNY", "kind": "charge", "model": "video-1"}
    with tempfile.TemporaryDirectory() as folder:
        file = Path(folder) / file_name
        with file.open("w", encoding="utf-8", newline="") as lines:
            writer = csv.DictWriter(lines, _COLUMNS, restval="")
            writer.writeheader()
            writer.writerows(given | row for row in rows)
        summary = import_ledger(file, source=source, masker=current_masker(), now=timezone.now())
    assert not summary.rejections


def row(charge_id: str, at: str, task_id: str = "", **cells: str) -> dict[str, str]:
    """A row of 1 March 2026; `at` is a clock time."""
    return {"charge_id": charge_id, "occurred_at": f"2026-03-01 {at}", "task_id": task_id} | cells
