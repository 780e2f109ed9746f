"""Charge stories for tests, short to write."""

from datetime import timedelta
from decimal import Decimal

from tests.triage.charges.lines import START
from triage.charges.finding import ChargeCode, ChargeFinding, Event, EventKind, TaskStory
from triage.charges.telling import Asked, Told, tell


def event(charge_id: str, kind: str = "charge", amount: str = "1.00", at: float = 0, /, **fields) -> Event:
    """A row `at` seconds after the start."""
    values = {"currency": "USD"} | fields
    return Event(
        charge_id=charge_id,
        kind=EventKind(kind),
        amount=Decimal(amount),
        occurred_at=START + timedelta(seconds=at),
        **values,
    )


def story(*events: Event, task_id: str = "t1") -> TaskStory:
    net: dict[str, Decimal] = {}
    for row in events:
        net[row.currency] = net.get(row.currency, Decimal(0)) + row.amount
    return TaskStory(task_id=task_id, account="u", events=events, net=net)


def told(code: str, *stories: TaskStory, asked: Asked | None = None, **fields) -> Told:
    finding = ChargeFinding(code=ChargeCode(code), story=stories, **fields)
    return tell(finding, asked=asked or Asked(), origins={})
