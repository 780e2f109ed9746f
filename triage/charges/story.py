"""The story of a task: its rows in order from submission to settlement, and what each of them is."""

from collections.abc import Iterable, Sequence
from itertools import pairwise

from triage.charges.finding import (
    ChargeKind,
    Event,
    EventKind,
    Line,
    TaskStory,
    is_charge,
    is_return,
    net_amounts,
    spelled_task_ids,
)
from triage.charges.judgement import Reading, read_rows

_KINDS = {
    ChargeKind.CHARGE: EventKind.CHARGE,
    ChargeKind.HOLD: EventKind.HOLD,
    ChargeKind.SETTLEMENT: EventKind.SETTLEMENT,
    ChargeKind.RELEASE: EventKind.RELEASE,
    ChargeKind.REFUND: EventKind.REFUND,
    ChargeKind.REVERSAL: EventKind.REVERSAL,
    ChargeKind.ADJUSTMENT: EventKind.ADJUSTMENT,
}


def tell_task(lines: Iterable[Line], *, repeats: str = "") -> TaskStory:
    """The rows of one task, or of one request, without those of our own probes.

    `repeats` is the charge id of an earlier submission that this task's own submission sent again.
    """
    reading = read_rows(lines)
    events = tuple(_event(row, reading, repeats) for row in reading.rows)
    spelled = spelled_task_ids(reading.rows)
    return TaskStory(
        task_id=spelled[0] if spelled else "",
        account=reading.rows[0].account if reading.rows else "",
        events=events,
        net=net_amounts(reading.rows),
    )


def tell_probes(lines: Sequence[Line]) -> TaskStory:
    """What the desk's own probes paid."""
    spelled = spelled_task_ids(lines)
    ordered = sorted(lines, key=lambda line: line.occurred_at)
    return TaskStory(
        task_id=spelled[0] if spelled else "",
        account=ordered[0].account,
        events=tuple(_told(row, EventKind.OWN_PROBE) for row in ordered),
        net=net_amounts(ordered),
    )


def _event(row: Line, reading: Reading, repeats: str) -> Event:
    if row.charge_id in reading.second_logs:
        return _told(row, EventKind.SECOND_LOG, of=reading.second_logs[row.charge_id])
    for group in reading.groups:
        if row in group.extra:
            return _told(row, EventKind.EXTRA, of=group.stands.charge_id)
    if is_return(row):
        kind = EventKind.REVERSAL if row.kind is ChargeKind.REVERSAL else EventKind.REFUND
        return _told(row, kind, of=_given_back_by(row, reading))
    if is_charge(row) and row.charge_id in _withdrawn(reading):
        return _told(row, EventKind.WITHDRAWN)
    if repeats and row is _submission(reading.rows):
        return _told(row, EventKind.RESUBMISSION, of=repeats)
    return _told(row, _KINDS[row.kind], of=row.ref_charge_id or _held_by(row, reading.rows))


def _given_back_by(row: Line, reading: Reading) -> str:
    return next((charge for charge, back in reading.returns.items() if row in back), "") or row.ref_charge_id


def _withdrawn(reading: Reading) -> set[str]:
    """Charges that were taken back, and charged again later."""
    charges = [row for row in reading.rows if is_charge(row)]
    beside = {charge.charge_id for group in reading.groups for charge in group.charges}
    return {
        earlier.charge_id
        for earlier, later in pairwise(charges)
        if earlier.component == later.component
        and earlier.charge_id in reading.returns
        and earlier.charge_id not in beside
    }


def _submission(rows: Sequence[Line]) -> Line | None:
    return next((row for row in rows if is_charge(row) or row.kind is ChargeKind.HOLD), None)


def _held_by(row: Line, rows: Sequence[Line]) -> str:
    """The hold that a settlement or release without a reference belongs to: the latest before it."""
    if row.kind not in (ChargeKind.SETTLEMENT, ChargeKind.RELEASE):
        return ""
    before = [
        earlier.charge_id
        for earlier in rows
        if earlier.kind in (ChargeKind.HOLD, ChargeKind.CHARGE)
        and earlier.currency == row.currency
        and earlier.occurred_at <= row.occurred_at
    ]
    return before[-1] if before else ""


def _told(row: Line, kind: EventKind, *, of: str = "") -> Event:
    return Event(
        charge_id=row.charge_id,
        kind=kind,
        amount=row.amount,
        currency=row.currency,
        occurred_at=row.occurred_at,
        request_id=row.request_id,
        component=row.component,
        outcome=row.outcome,
        of=of,
        exports=row.exports,
        conflicts=row.conflicts,
    )
