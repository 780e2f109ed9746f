"""Keeps the leases of the runs that this process is working on."""

from contextlib import AbstractContextManager
from datetime import timedelta
from functools import reduce
from operator import or_

from django.db import transaction
from django.db.models import Q

from probes.runs.models import LEASE, Run, lease_end
from probes.runs.ticker import Ticker

_RENEW_EVERY_S = LEASE / timedelta(seconds=1) / 4

Claim = tuple[int, int]  # id and fence: a run may come back while it is let go


class LeaseKeeper:
    """One thread renews all leases of a process, however many runs wait on the network."""

    def __init__(self, *, renew_every_s: float = _RENEW_EVERY_S) -> None:
        self._ticker: Ticker[Claim] = Ticker(_renew, every_s=renew_every_s, name="leases")

    def keeping(self, run: Run) -> AbstractContextManager[None]:
        return self._ticker.holding((run.pk, run.fence))

    def claims(self) -> frozenset[Claim]:
        """Every run that this process is working on."""
        return self._ticker.held()


def _renew(claims: frozenset[Claim]) -> None:
    """One row that somebody writes to, perhaps its own run's end, must not keep the others waiting."""
    ours = reduce(or_, (Q(pk=pk, fence=fence) for pk, fence in claims), Q(pk__in=()))
    with transaction.atomic():
        free = Run.objects.select_for_update(skip_locked=True).filter(ours, state=Run.State.RUNNING)
        Run.objects.filter(pk__in=list(free.values_list("pk", flat=True))).update(lease_until=lease_end())


KEEPER = LeaseKeeper()
