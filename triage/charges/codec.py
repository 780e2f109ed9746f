"""Charge findings as JSON, for rows of the database and for programs."""

from collections.abc import Mapping, Sequence
from dataclasses import asdict
from datetime import datetime
from decimal import Decimal
from typing import Any

from triage.charges.finding import (
    ChargeCode,
    ChargeFinding,
    Event,
    EventKind,
    Statement,
    TaskStory,
    WireCount,
)


def finding_as_dict(finding: ChargeFinding) -> dict[str, Any]:
    """JSON-ready: amounts as text, so that no digit is lost, and times in ISO 8601."""
    plain: dict[str, Any] = _plain(asdict(finding))
    return plain


def finding_from_dict(data: Mapping[str, Any]) -> ChargeFinding:
    """Also of a finding that an older desk stored: what it does not say is empty."""
    return ChargeFinding(
        **{
            **data,
            "code": ChargeCode(data["code"]),
            **{name: tuple(data.get(name, ())) for name in _TUPLES},
            **{name: _amounts(data.get(name, {})) for name in ("net", "excess", "over_returned")},
            "covered_until": _time(data["covered_until"]),
            "story": tuple(map(_task_story, data.get("story", ()))),
            "statements": tuple(map(_statement, data.get("statements", ()))),
            "wire_count": WireCount(**count) if (count := data.get("wire_count")) else None,
            "gaps": tuple((_moment(start), _moment(end)) for start, end in data.get("gaps", ())),
        }
    )


_TUPLES = ("task_ids", "charge_ids", "return_ids", "repeated_task_ids", "remarks", "probe_ids")


def _plain(value: Any) -> Any:
    if isinstance(value, Decimal):
        return format(value, "f")
    if isinstance(value, datetime):
        return value.isoformat()
    if isinstance(value, Mapping):
        return {name: _plain(item) for name, item in value.items()}
    if isinstance(value, Sequence) and not isinstance(value, str):
        return type(value)(map(_plain, value))  # type: ignore[call-arg]
    return value


def _task_story(data: Mapping[str, Any]) -> TaskStory:
    events = tuple(map(_event, data.get("events", ())))
    return TaskStory(**{**data, "events": events, "net": _amounts(data.get("net", {}))})


def _event(data: Mapping[str, Any]) -> Event:
    return Event(
        **{
            **data,
            "kind": EventKind(data.get("kind", "")),
            "amount": Decimal(data.get("amount", "")),
            "occurred_at": _moment(data.get("occurred_at", "")),
            "conflicts": tuple(data.get("conflicts", ())),
        }
    )


def _statement(data: Mapping[str, Any]) -> Statement:
    rows = tuple(data.get("charge_ids", ()))
    return Statement(**{**data, "charge_ids": rows, "amounts": _amounts(data.get("amounts", {}))})


def _amounts(data: Mapping[str, str]) -> dict[str, Decimal]:
    return {currency: Decimal(amount) for currency, amount in data.items()}


def _time(text: str | None) -> datetime | None:
    return _moment(text) if text else None


def _moment(text: str) -> datetime:
    return datetime.fromisoformat(text)
