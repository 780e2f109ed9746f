"""Which attempts the history shows: its address says, so that a view of it can be sent to a colleague."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Q

from triage.verdicts.codes import ISSUES

PHASES = ("connect", "first_byte", "first_token", "total", "max_gap")
NO_STATUS = "none"
_SAME = (
    "protocol",
    "model",
    "owner",
    "end_mode",
    "purpose",
    "step",
    "state",
    "http_version",
    "rules_version",
)


def wanted(asked: Mapping[str, Any]) -> Q:
    """The condition that cleaned filters make together, but for the words searched."""
    where = Q(**{name: asked[name] for name in _SAME if asked.get(name)})
    if endpoint := asked.get("endpoint"):
        where &= Q(endpoint=endpoint)
    if client := asked.get("client"):
        where &= Q(client=client.lower())
    if by := asked.get("by"):
        where &= Q(requested_by=by)
    if verdict := asked.get("verdict"):
        where &= called(verdict)
    if status := asked.get("status"):
        where &= _answered(status)
    if request_id := asked.get("request_id"):
        where &= Q(request_ids__contains=[request_id])
    if key_print := asked.get("key_print"):
        where &= Q(key_prints__contains=[key_print])
    return where & _between(asked)


def names_a_value(asked: Mapping[str, Any]) -> bool:
    """Whether an index has it in the order of the list: one of (value, time) does, one of a duration not."""
    by_value = (*_SAME, "endpoint", "client", "by")
    return any(name in asked for name in by_value) or asked.get("status", "x").isdigit()


def codes_like(verdict: str) -> list[str]:
    """The class of that code, or all of a family: "stream", "stream." """
    return [code for code in ISSUES if code == verdict or code.startswith(verdict.rstrip(".") + ".")]


def called(verdict: str) -> Q:
    """By whoever has the last word, or by the machine before that."""
    codes = codes_like(verdict)
    return Q(verdict__in=codes) | Q(machine_verdict__in=codes)


def _answered(status: str) -> Q:
    """By a status, such as 429; by its hundred, such as 5xx; or not at all."""
    if status == NO_STATUS:
        return Q(status=None)
    if status.endswith("xx"):
        hundred = int(status[0]) * 100
        return Q(status__range=(hundred, hundred + 99))
    return Q(status=int(status))


def _between(asked: Mapping[str, Any]) -> Q:
    """Both ends of a time or a duration belong to it; durations come in ms."""
    where = Q()
    if since := asked.get("since"):
        where &= Q(at__gte=since)
    if until := asked.get("until"):
        where &= Q(at__lt=until)
    for phase in PHASES:
        if (least := asked.get(f"{phase}_min")) is not None:
            where &= Q(**{f"{phase}_ms__gte": least})
        if (most := asked.get(f"{phase}_max")) is not None:
            where &= Q(**{f"{phase}_ms__lte": most})
    return where
