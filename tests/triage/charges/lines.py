"""Ledger lines for tests, short to write."""

from datetime import UTC, datetime, timedelta
from decimal import Decimal
from itertools import count

from triage.charges.finding import ChargeKind, Line

START = datetime(2026, 1, 5, 8, tzinfo=UTC)
_numbers = count(1)


def line(kind: str = "charge", amount: str = "1.00", at: float = 0, /, **fields: object) -> Line:
    """A line of task "t" and account "u", `at` seconds after the start."""
    values: dict[str, object] = {
        "charge_id": f"c{next(_numbers)}",
        "currency": "USD",
        "account": "u",
        "task_id": "t",
        "model": "video",
    }
    values |= fields
    return Line(
        kind=ChargeKind(kind),
        amount=Decimal(amount),
        occurred_at=START + timedelta(seconds=at),
        **{"task_key": values["task_id"], **values},  # type: ignore[arg-type]
    )
