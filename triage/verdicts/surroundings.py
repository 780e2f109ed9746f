"""What was known beside the ticket when it was judged, as it is stored with the investigation."""

from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from triage.verdicts.case import Health, KnownIncident, Similar, Usual


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the desk knows of an endpoint beside one ticket; None where it knows nothing."""

    health: Health | None = None
    similar: Similar | None = None
    incident: KnownIncident | None = None
    usual: Usual | None = None


def surroundings_as_dict(known: Surroundings) -> dict[str, Any] | None:
    """JSON-ready, with times in ISO 8601; None where nothing is known."""
    parts = {name: _plain(part) for name, part in asdict(known).items() if part is not None}
    return parts or None


def surroundings_from_dict(data: Mapping[str, Any] | None) -> Surroundings:
    """Also of what another desk or an older one wrote: names it does not know are dropped.

    Raises AttributeError, TypeError or ValueError for what is no such thing.
    """
    parts = data or {}
    return Surroundings(
        **{
            name: kind(**_read(kind, parts[name]))
            for name, kind in _KINDS.items()
            if parts.get(name) is not None
        }
    )


_KINDS: Mapping[str, Any] = {"health": Health, "similar": Similar, "incident": KnownIncident, "usual": Usual}


def _plain(part: Mapping[str, Any]) -> dict[str, Any]:
    return {name: value.isoformat() if isinstance(value, datetime) else value for name, value in part.items()}


def _read(kind: Any, part: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(kind)}
    return {
        name: _READERS[name](value) for name, value in part.items() if name in known and value is not None
    }


def _moment(text: str) -> datetime:
    at = datetime.fromisoformat(text)
    if at.tzinfo is None:
        raise ValueError(f"{text} names no zone")
    return at


def _counts(by_code: Mapping[str, int]) -> dict[str, int]:
    return {str(code): int(count) for code, count in by_code.items()}


_READERS: Mapping[str, Callable[[Any], Any]] = {
    **dict.fromkeys(("since", "last_well_at", "opened_at"), _moment),
    **dict.fromkeys(("runs", "well", "failing"), int),
    **dict.fromkeys(("codes", "tickets", "accounts"), _counts),
    **dict.fromkeys(("ref", "code", "model"), str),
    **dict.fromkeys(("first_content_ms", "first_content_p90_ms", "first_byte_p90_ms"), float),
}
