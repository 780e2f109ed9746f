"""What has become of each row of a story: held, settled, charged, refunded."""

from collections.abc import Iterable, Mapping, Sequence
from decimal import Decimal
from enum import StrEnum

from triage.charges.finding import Event, EventKind


class RowStatus(StrEnum):
    PENDING = "pending"  # a hold that nothing has settled or released yet
    SETTLED = "settled"
    RELEASED = "released"
    CHARGED = "charged"
    REFUNDED = "refunded"
    PARTLY_REFUNDED = "partly_refunded"
    ADJUSTED = "adjusted"


BILLED = frozenset(
    {
        EventKind.CHARGE,
        EventKind.WITHDRAWN,
        EventKind.EXTRA,
        EventKind.RESUBMISSION,
        EventKind.SECOND_LOG,
        EventKind.OWN_PROBE,
    }
)
RETURNED = frozenset({EventKind.REFUND, EventKind.REVERSAL})
_OF_THEMSELVES = {
    EventKind.SETTLEMENT: RowStatus.SETTLED,
    EventKind.RELEASE: RowStatus.RELEASED,
    EventKind.REFUND: RowStatus.REFUNDED,
    EventKind.REVERSAL: RowStatus.REFUNDED,
    EventKind.ADJUSTMENT: RowStatus.ADJUSTED,
    EventKind.WITHDRAWN: RowStatus.REFUNDED,
}


def statuses(events: Sequence[Event]) -> Mapping[str, RowStatus]:
    """By charge id, for all rows of one story."""
    return {event.charge_id: _status(event, events) for event in events}


def _status(event: Event, events: Sequence[Event]) -> RowStatus:
    if event.kind is EventKind.HOLD:
        return _of_hold(event, events)
    if event.kind in _OF_THEMSELVES:
        return _OF_THEMSELVES[event.kind]
    back = _came_back(event, events)
    if not back:
        return RowStatus.CHARGED
    return RowStatus.REFUNDED if back >= event.amount else RowStatus.PARTLY_REFUNDED


def _of_hold(hold: Event, events: Sequence[Event]) -> RowStatus:
    """By what refers to it; a settlement that names no hold is taken for the hold's of its story."""
    ends = [event for event in events if event.of in (hold.charge_id, "")]
    kinds = {event.kind for event in ends}
    if kinds & {EventKind.SETTLEMENT, EventKind.CHARGE}:
        return RowStatus.SETTLED
    if EventKind.RELEASE in kinds:
        return RowStatus.RELEASED
    back = _came_back(hold, events)
    return RowStatus.REFUNDED if back and back >= hold.amount else RowStatus.PENDING


def _came_back(charge: Event, events: Iterable[Event]) -> Decimal:
    returns = (event for event in events if event.kind in RETURNED and event.of == charge.charge_id)
    return -sum((event.amount for event in returns if event.currency == charge.currency), Decimal(0))
