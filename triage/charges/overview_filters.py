"""What the address of the findings' page asks for."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.utils import timezone

from triage.charges.overview import OPEN, Filters

GROUPINGS = ("account", "model", "source")
KEPT = ("code", "source", "account", "model", "since", "until", "by")
"""What a saved view keeps. Places in the list are of the moment."""


@dataclass(frozen=True, slots=True)
class Asked:
    """`query` holds the filters that were understood, as typed; `unknown` are (name, value) left out."""

    filters: Filters
    query: dict[str, str]
    unknown: list[tuple[str, str]]
    by: str


def read_query(typed: Mapping[str, str], *, sources: Collection[str]) -> Asked:
    """Days are the reader's own, the last one included. What names nothing here is left out, and said."""
    texts = {name: typed[name].replace("\0", "").strip()[:200] for name in KEPT if typed.get(name)}
    allowed = {
        "code": {str(code) for code in OPEN},
        "source": {*sources},
        "by": {*GROUPINGS},
    }
    unknown = [
        (name, text)
        for name, text in texts.items()
        if (name in allowed and text not in allowed[name])
        or (name in ("since", "until") and _day(text) is None)
    ]
    query = {name: text for name, text in texts.items() if text and (name, text) not in unknown}
    until = _day(query.get("until", ""))
    filters = Filters(
        **{name: query.get(name, "") for name in ("code", "source", "account", "model")},
        since=_day(query.get("since", "")),
        until=until + timedelta(days=1) if until else None,
    )
    return Asked(filters, query, unknown, query.get("by", GROUPINGS[0]))


def _day(text: str) -> datetime | None:
    try:
        return timezone.make_aware(datetime.strptime(text, "%Y-%m-%d"))
    except (ValueError, OverflowError):
        return None
