"""The small ledger of demo mode: one task of each story that support meets."""

from datetime import datetime, timedelta
from decimal import Decimal

from django.db import transaction

from triage.charges.actions.ledgers import remember
from triage.charges.actions.store_rows import store_rows
from triage.charges.finding import ChargeCode, ChargeKind
from triage.charges.models import ChargeImport, LedgerSource
from triage.charges.rows import LedgerRow

SLUG = "demo"
ACCOUNT = "demo-account"
_FILE = "demo ledger"

SHOWS = (
    ("task_demo_single", ChargeCode.SINGLE),
    ("task_demo_duplicate", ChargeCode.DUPLICATE),
    ("task_demo_hold", ChargeCode.HOLD_AND_SETTLE),
    ("task_demo_refunded", ChargeCode.REFUNDED),
    ("task_demo_submit_1", ChargeCode.DOUBLE_SUBMIT),
)
"""What the ledger answers for which task."""


def demo_rows(now: datetime) -> list[LedgerRow]:
    """Nine charges of the last hours before `now`."""
    charge, hold, settlement = ChargeKind.CHARGE, ChargeKind.HOLD, ChargeKind.SETTLEMENT
    lines = (
        # task, kind, amount, minutes ago, refers to
        ("task_demo_single", charge, "0.24", 300, ""),
        ("task_demo_duplicate", charge, "0.90", 240, ""),
        ("task_demo_duplicate", charge, "0.90", 238, ""),
        ("task_demo_hold", hold, "1.20", 180, ""),
        ("task_demo_hold", settlement, "-0.35", 176, "demo_4"),
        ("task_demo_refunded", charge, "0.60", 150, ""),
        ("task_demo_refunded", ChargeKind.REFUND, "-0.60", 120, "demo_6"),
        ("task_demo_submit_1", charge, "0.45", 90, ""),
        ("task_demo_submit_2", charge, "0.45", 89, ""),
    )
    return [_row(number, now, *line) for number, line in enumerate(lines, start=1)]


def load_demo_ledger(now: datetime) -> None:
    """Load the demo ledger once; a second call changes nothing."""
    with transaction.atomic():
        source, created = LedgerSource.objects.get_or_create(slug=SLUG, defaults={"name": "Demo"})
        if not created:
            return
        rows = demo_rows(now)
        batch = ChargeImport.objects.create(
            source=source, at=now, file_name=_FILE, read=len(rows), new=len(rows)
        )
        batch.covered_from, batch.covered_until = store_rows(rows, batch=batch).first_at, now
        batch.save()
        remember(source, batch)


def _row(
    number: int, now: datetime, task_id: str, kind: ChargeKind, amount: str, minutes_ago: int, refers_to: str
) -> LedgerRow:
    request = "submit" if "submit" in task_id else task_id.removeprefix("task_")
    return LedgerRow(
        row_number=number,
        charge_id=f"demo_{number}",
        kind=kind,
        task_id=task_id,
        task_key=task_id,
        request_id=f"req_demo_{number}",
        request_key=f"req_demo_{number}",
        account=ACCOUNT,
        model="video-demo",
        key_hint="sk-…demo",
        fingerprint=f"fp_{request}",
        ref_charge_id=refers_to,
        component="",
        outcome="",
        amount=Decimal(amount),
        currency="USD",
        occurred_at=now - timedelta(minutes=minutes_ago),
    )
