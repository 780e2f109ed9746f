"""Which suggestions of a paste go into the form: empty fields are filled, no typed words overwritten."""

import hashlib
import json
from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import UTC, datetime, tzinfo
from typing import Any, Final

from triage.tickets.paste.found import Paste, Remark, Suggestion
from triage.tickets.paste.moments import ZONES, zone_named

UNTOUCHED: Final[Mapping[str, str]] = {
    "workload": "chat",
    "zone": "Asia/Shanghai",
    "stream": "unknown",
    "via_proxy": "unknown",
    "retried": "unknown",
    "charged": "unknown",
}
"""What the form shows before anybody chose."""
_TOGETHER: Final = {"zone": "occurred_at"}
"""A zone says nothing without its time: it follows the one that stands beside it."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the paste says of one field: the suggestion that the field holds, and those that it does not."""

    held: Suggestion | None
    others: tuple[tuple[int, Suggestion], ...]  # with their number among the suggestions of the field


@dataclass(frozen=True, slots=True)
class Prefilled:
    """`values` is the form's content; `marks` tells later which of them the desk itself wrote."""

    values: dict[str, Any]
    marks: dict[str, str]


def prefilled(
    typed: Mapping[str, Any], paste: Paste, *, marks: Mapping[str, str], use: str = ""
) -> Prefilled:
    """`marks` are those of the paste read before; `use` ("field.2") is a suggestion somebody chose."""
    values, written = dict(typed), {}
    best = paste.best()
    free = {name for name in best if is_free(name, values, marks)}
    zone = best["zone"].value if {"zone", "occurred_at"} <= free else str(values.get("zone", ""))
    paste = _in_zone(paste, zone)
    best = paste.best()
    for name, suggestion in best.items():
        if name in free and (name not in _TOGETHER or _TOGETHER[name] in free):
            values[name] = suggestion.value
            written[name] = mark_of(suggestion.value)
    if chosen := _chosen(paste, use):
        values[chosen.field] = chosen.value
        written[chosen.field] = mark_of(chosen.value)
    kept = {name: mark for name, mark in marks.items() if mark_of(str(values.get(name, ""))) == mark}
    return Prefilled(values, {**kept, **written})


def is_free(name: str, values: Mapping[str, Any], marks: Mapping[str, str]) -> bool:
    """Nobody has answered it, or only the desk has, from an earlier paste."""
    value = str(values.get(name) or "")
    return value in ("", UNTOUCHED.get(name, "")) or marks.get(name) == mark_of(value)


def told_by(paste: Paste, values: Mapping[str, Any]) -> dict[str, Told]:
    """By field: where its value stands in the paste, and what else the paste has for it."""
    told = {}
    paste = _in_zone(paste, str(values.get("zone", "")))
    for name in paste.best():
        suggestions = list(enumerate(paste.of(name)))
        held = next(
            (one for _number, one in suggestions if one.value == str(values.get(name, "")).strip()), None
        )
        others = tuple((number, one) for number, one in suggestions if one is not held)
        told[name] = Told(held, others)
    return told


def _in_zone(paste: Paste, zone: str) -> Paste:
    """Times of a server's clock in the zone of the form, since they say nothing of the customer's."""
    to = zone_named(zone if zone in ZONES else UNTOUCHED["zone"])
    return replace(paste, suggestions=tuple(_shifted(one, to) for one in paste.suggestions))


def _shifted(one: Suggestion, to: tzinfo) -> Suggestion:
    if one.field != "occurred_at" or one.remark != Remark.SERVER_CLOCK:
        return one
    at = datetime.fromisoformat(one.value).replace(tzinfo=UTC).astimezone(to)
    return replace(one, value=at.strftime("%Y-%m-%dT%H:%M:%S"))


def mark_of(value: str) -> str:
    return hashlib.sha256(value.encode()).hexdigest()[:12]


def marks_in(told: str) -> dict[str, str]:
    """What the page sent back; anything else is nothing."""
    try:
        marks = json.loads(told[:4000])
    except (ValueError, RecursionError):
        return {}
    return {str(name): str(mark) for name, mark in marks.items()} if isinstance(marks, dict) else {}


def _chosen(paste: Paste, use: str) -> Suggestion | None:
    name, _dot, number = use.partition(".")
    suggestions = paste.of(name)
    numbered = {str(at): suggestion for at, suggestion in enumerate(suggestions)}
    return numbered.get(number)
