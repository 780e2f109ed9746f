"""The kill switch: while a halt stands, or PROBES_STOPPED is set, nothing is sent to anybody."""

from collections.abc import Iterable
from datetime import datetime

from django.conf import settings

from probes.runs.models import Halt


class ProbesStopped(Exception):
    """Nothing may be sent; `since` is None when a setting says so."""

    def __init__(self, since: datetime | None) -> None:
        super().__init__("kill_switch")
        self.since = since


def refuse_if_stopped() -> None:
    """Raises ProbesStopped. Asked anew before every request, so that a plan under way stops as well."""
    if settings.PROBES_STOPPED:
        raise ProbesStopped(None)
    first = Halt.objects.filter(lifted_at__isnull=True).order_by("since").first()
    if first is not None:
        raise ProbesStopped(first.since)


def lift_halts(halts: Iterable[int], *, now: datetime) -> int:
    """How many of these halts stood until now."""
    return Halt.objects.filter(pk__in=halts, lifted_at__isnull=True).update(lifted_at=now)
