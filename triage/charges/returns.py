"""Which charge a refund or reversal gives back, and how much of it."""

from collections.abc import Iterable, Mapping, Sequence, Set
from datetime import datetime, timedelta
from decimal import Decimal

from triage.charges.finding import ChargeKind, Line, is_charge, is_return
from triage.charges.normalise import id_key

# Exports cut times to whole seconds at will: two rows less than this apart have no known order.
CLOCK_GRAIN = timedelta(seconds=1)

# Charges and refunds are often written by two machines: a refund may be dated this much before its charge.
CLOCK_SKEW = timedelta(minutes=5)

Returns = Mapping[str, Sequence[Line]]  # by charge id; "" holds those that belong to no charge here


def returns_by_charge(rows: Sequence[Line]) -> Returns:
    """Whom each refund or reversal refers to; `rows` are one task's, in the order of time.

    One that names no charge, or the task or request itself, means the latest before it.
    """
    found: dict[str, list[Line]] = {}
    billed = {row.charge_id for row in rows if not is_return(row)}
    for row in filter(is_return, rows):
        found.setdefault(_charge_of(row, rows, billed), []).append(row)
    return found


def returned(charge: Line, returns: Iterable[Line]) -> Decimal:
    """How much came back, in the charge's own currency."""
    return -sum((row.amount for row in returns if row.currency == charge.currency), Decimal(0))


def returned_in_full(charge: Line, returns: Returns) -> bool:
    back = returns.get(charge.charge_id, ())
    return bool(back) and returned(charge, back) >= charge.amount


def withdrawn(charge: Line, until: datetime, returns: Returns) -> bool:
    """Was it reversed, or returned in full, before `until`?"""
    before = [row for row in returns.get(charge.charge_id, ()) if row.occurred_at < until + CLOCK_GRAIN]
    if any(row.kind is ChargeKind.REVERSAL for row in before):
        return True
    return bool(before) and returned(charge, before) >= charge.amount


def _charge_of(back: Line, rows: Sequence[Line], billed: Set[str]) -> str:
    if (named := back.ref_charge_id) in billed:
        return named
    names_no_charge = id_key(named) in ("", back.task_key, back.request_key)
    return _charge_meant_by(back, rows) if names_no_charge else ""


def _charge_meant_by(back: Line, rows: Sequence[Line]) -> str:
    candidates = [row for row in rows if row.currency == back.currency and _can_be_returned(row)]
    before = (
        row.charge_id for row in reversed(candidates) if row.occurred_at < back.occurred_at + CLOCK_GRAIN
    )
    soon = (row.charge_id for row in candidates if row.occurred_at <= back.occurred_at + CLOCK_SKEW)
    return next(before, "") or next(soon, "")


def _can_be_returned(row: Line) -> bool:
    return is_charge(row) or row.kind in (ChargeKind.HOLD, ChargeKind.SETTLEMENT)
