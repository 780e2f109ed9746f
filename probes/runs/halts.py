"""The kill switch: while a halt stands, or PROBES_STOPPED is set, nothing is sent to anybody."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime

from django.conf import settings

from probes.runs.models import Halt


class ProbesStopped(Exception):
    """Nothing may be sent; `since` is None when a setting says so."""

    def __init__(self, since: datetime | None) -> None:
        super().__init__("kill_switch")
        self.since = since


@dataclass(frozen=True, slots=True)
class Stop:
    """Nothing may be sent now: `since` is None when a setting says so, `reason` empty when it is internal."""

    since: datetime | None = None
    reason: str = ""


_INTERNAL = re.compile(r"\s*(?:internal|内部)\s*[:：]", re.IGNORECASE)


def refuse_if_stopped() -> None:
    """Raises ProbesStopped. Asked anew before every request, so that a plan under way stops as well."""
    if stop := present_stop():
        raise ProbesStopped(stop.since)


def present_stop() -> Stop | None:
    """What everybody may be told of the oldest halt that stands; its author marks what is internal."""
    if settings.PROBES_STOPPED:
        return Stop()
    first = Halt.objects.filter(lifted_at__isnull=True).order_by("since").first()
    if first is None:
        return None
    return Stop(first.since, "" if _INTERNAL.match(first.reason) else first.reason)


def lift_halts(halts: Iterable[int], *, now: datetime) -> int:
    """How many of these halts stood until now."""
    return Halt.objects.filter(pk__in=halts, lifted_at__isnull=True).update(lifted_at=now)
