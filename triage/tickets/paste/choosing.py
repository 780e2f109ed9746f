"""From all that was seen to what is suggested: the likeliest first, and every value that disagrees."""

from collections.abc import Iterable, Mapping
from typing import Final

from triage.tickets.layout import CUSTOMER, DETAILS
from triage.tickets.paste.found import Sighting, Suggestion, Weight
from triage.tickets.paste.lines import Text
from triage.verdicts.clients.known import client_named

ORDER: Final = (
    *("model", "protocol", "base_url", "workload"),
    *("status_code", "error_code", "error_type", "occurred_at", "zone", "error_text", "request_ids"),
    *DETAILS,
    *CUSTOMER,
)
_MOST_OF_ONE: Final = 4
_BEATEN_BY: Final = 30
_ALWAYS_OFFERED: Final = 40
"""A value so much weaker than the best one is not worth a question, unless somebody clearly said it."""
_LAST_COUNTS: Final = frozenset({"status_code", "occurred_at", "elapsed_s", "retry_count"})
"""Of several tries the last one is what the ticket is about."""
_CLOSE: Final = {"elapsed_s": 1.0, "client_timeout_s": 0.5, "first_output_s": 0.5}


def choose(sightings: Iterable[Sighting], text: Text) -> tuple[Suggestion, ...]:
    by_field: dict[str, list[Sighting]] = {}
    for sighting in sightings:
        if sighting.value:
            by_field.setdefault(sighting.field, []).append(sighting)
    _agree(by_field)
    return tuple(
        Suggestion(best.field, best.value, best.line, text.quote(best.line), best.remark)
        for field in ORDER
        if field in by_field
        for best in _ranked(field, by_field[field])
    )


def _ranked(field: str, seen: list[Sighting]) -> list[Sighting]:
    best: dict[str, Sighting] = {}
    for sighting in seen:
        key = _key(field, sighting.value, best)
        known = best.get(key)
        if known is None or _beats(sighting, known):
            best[key] = sighting
    ranked = sorted(
        best.values(), key=lambda one: (-one.weight, -one.line if field in _LAST_COUNTS else one.line)
    )
    if not ranked:
        return []
    least = min(ranked[0].weight - _BEATEN_BY + 1, _ALWAYS_OFFERED)
    return [one for one in ranked if one.weight >= least][:_MOST_OF_ONE]


def _beats(sighting: Sighting, known: Sighting) -> bool:
    """Of two places of one value, the weightier one, and of equals the later one for what happens last."""
    if sighting.weight != known.weight:
        return sighting.weight > known.weight
    return sighting.field in _LAST_COUNTS and sighting.line > known.line


def _key(field: str, value: str, known: Mapping[str, Sighting]) -> str:
    """Values that say the same are one."""
    if field in _CLOSE:
        number = float(value)
        near = (key for key in known if abs(float(key) - number) <= _CLOSE[field])
        return next(near, value)
    if field == "base_url":
        return value.rstrip("/").lower()
    if field == "client":
        named = client_named(value)
        return named.name if named else value.lower()
    if field in ("model", "error_code", "error_type"):
        return value.lower()
    return value


def _agree(by_field: dict[str, list[Sighting]]) -> None:
    """A zone belongs to its time, a version to its client, words to their yes."""
    for field, leading, belongs in (
        ("zone", "occurred_at", _to_time),
        ("via_proxy_text", "via_proxy", _to_yes),
        ("charged_text", "charged", _to_yes),
        ("client_version", "client", _to_client),
    ):
        best = _ranked(leading, by_field.get(leading, []))
        if best and field in by_field:
            by_field[field] = [one for one in by_field[field] if belongs(one, best[0], by_field[leading])]


def _to_time(zone: Sighting, at: Sighting, _seen: list[Sighting]) -> bool:
    return zone.line == at.line or zone.weight > at.weight - 1


def _to_yes(words: Sighting, answer: Sighting, _seen: list[Sighting]) -> bool:
    return answer.value == "yes" or words.line == answer.line


def _to_client(version: Sighting, client: Sighting, seen: list[Sighting]) -> bool:
    """In any line that names this client, or told by the client itself."""
    own = _key("client", client.value, {})
    is_named = any(one.line == version.line and _key("client", one.value, {}) == own for one in seen)
    return is_named or version.weight >= Weight.SEEN
