"""A line of a file that brings a paste: what it does not give itself is filled in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from probes.redaction.engine import WITHHELD
from triage.tickets.paste.found import Remark
from triage.tickets.paste.moments import zone_named
from triage.tickets.paste.reader import read_paste

_NO_FIELDS = frozenset({"error_code", "error_type", "workload"})


def with_paste(typed: Mapping[str, Any], *, now: datetime | None = None) -> dict[str, Any]:
    """The fields of a line without `paste`, and those that the paste has and the line has not.

    The paste must be redacted before. Fields given as null or "" count as not given.
    """
    given = {name: value for name, value in typed.items() if name != "paste"}
    if not isinstance(pasted := typed.get("paste"), str) or pasted == WITHHELD:
        return given
    best = read_paste(pasted, now=now).best()
    found = {name: one.value for name, one in best.items() if name not in _NO_FIELDS}
    if at := best.get("occurred_at"):
        said = given.get("zone") or found.get("zone", "")
        found["occurred_at"] = _with_zone(at.value, "UTC" if at.remark == Remark.SERVER_CLOCK else said)
    missing = {name: value for name, value in found.items() if given.get(name) in (None, "", [])}
    return given | missing


def _with_zone(at: str, zone: str) -> str:
    try:
        return datetime.fromisoformat(at).replace(tzinfo=zone_named(zone)).isoformat() if zone else at
    except (ValueError, KeyError, OSError):  # no such zone
        return at
