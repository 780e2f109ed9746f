"""What was known beside the ticket when it was judged, as it is stored with the investigation."""

from collections.abc import Mapping
from dataclasses import asdict, dataclass, fields
from datetime import datetime
from typing import Any

from triage.verdicts.case import Health, KnownIncident, Similar


@dataclass(frozen=True, slots=True, kw_only=True)
class Surroundings:
    """What the desk knows of an endpoint beside one ticket; None where it knows nothing."""

    health: Health | None = None
    similar: Similar | None = None
    incident: KnownIncident | None = None


def surroundings_as_dict(known: Surroundings) -> dict[str, Any] | None:
    """JSON-ready, with times in ISO 8601; None where nothing is known."""
    parts = {
        name: {
            key: value.isoformat() if isinstance(value, datetime) else value for key, value in part.items()
        }
        for name, part in asdict(known).items()
        if part is not None
    }
    return parts or None


def surroundings_from_dict(data: Mapping[str, Any] | None) -> Surroundings:
    """Also of what another desk or an older one wrote: names it does not know are dropped.

    Raises KeyError, TypeError or ValueError for what is no such thing.
    """
    parts = data or {}
    return Surroundings(
        **{
            name: kind(**_read(kind, parts[name]))
            for name, kind in _KINDS.items()
            if parts.get(name) is not None
        }
    )


_KINDS: Mapping[str, Any] = {"health": Health, "similar": Similar, "incident": KnownIncident}
_TIMES = frozenset({"since", "last_well_at", "opened_at"})


def _read(kind: Any, part: Mapping[str, Any]) -> dict[str, Any]:
    known = {field.name for field in fields(kind)}
    return {name: _value(name, value) for name, value in part.items() if name in known}


def _value(name: str, value: Any) -> Any:
    return datetime.fromisoformat(value) if name in _TIMES and value is not None else value
