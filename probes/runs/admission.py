"""Whether a run may start, and whether each of its requests may be sent: nothing leaves without this."""

import logging
import threading
import time
from collections.abc import Sequence
from datetime import datetime, timedelta
from decimal import Decimal
from functools import cache

from django.conf import settings
from django.db import transaction
from django.utils import timezone

from probes.endpoints.actions import open_probe_key
from probes.endpoints.models import Endpoint
from probes.endpoints.vault import VaultError
from probes.net.pacing import BreakerOpen, Outcome, Pacer, PacingUnavailable, Permit
from probes.runs.budget import OverBudget, reserve_for
from probes.runs.circuits import answered, circuits_of, reached
from probes.runs.connection import let_go
from probes.runs.halts import ProbesStopped, refuse_if_stopped
from probes.runs.models import Run
from probes.runs.plan import Step
from probes.runs.recorder import RunLost
from probes.wire.facts import Facts

log = logging.getLogger(__name__)

# Why a request is not sent although its run was admitted, as codes.
KILL_SWITCH = "kill_switch"
ENDPOINT_PAUSED = "endpoint_paused"
BREAKER_OPEN = "breaker_open"  # of this model
BREAKER_OPEN_REACH = "breaker_open_reach"  # of the whole endpoint
PACED = "paced"
PACING_UNAVAILABLE = "pacing_unavailable"
HOLDS = frozenset({KILL_SWITCH, ENDPOINT_PAUSED, BREAKER_OPEN, BREAKER_OPEN_REACH, PACED, PACING_UNAVAILABLE})

_BELL = threading.Condition()
_PERMIT_GRACE_S = 10  # what a request may take beside its total deadline


class Refused(Exception):
    """The run, or its next request, may not be sent. `code` says why, the times since and until when."""

    def __init__(self, code: str, *, since: datetime | None = None, until: datetime | None = None) -> None:
        super().__init__(code)
        self.code, self.since, self.until = code, since, until


def admit(run: Run, *, worst_case: Decimal) -> str:
    """Open the key and reserve the worst case. Raises Refused or RunLost."""
    _refuse_if_stopped(run.endpoint)
    try:
        key = open_probe_key(run.endpoint)
        _reserve(run, worst_case)
    except VaultError as error:
        raise Refused("probe_key_unreadable") from error
    except OverBudget as error:
        raise Refused(error.code) from error
    return key


def _refuse_if_stopped(endpoint: Endpoint) -> None:
    """By the rows as they are now: an admin may have stopped the desk or the endpoint a moment ago."""
    if Endpoint.objects.filter(pk=endpoint.pk, paused=True).exists():
        raise Refused(ENDPOINT_PAUSED)
    try:
        refuse_if_stopped()
    except ProbesStopped as stopped:
        raise Refused(KILL_SWITCH, since=stopped.since) from stopped


def refuse_if_held(endpoint: Endpoint, step: Step) -> None:
    """Raises Refused for what would stop a run now that begins with `step`, but for budgets and the rate."""
    _refuse_if_stopped(endpoint)
    refuse_if_broken(endpoint, step)


def refuse_if_broken(endpoint: Endpoint, step: Step) -> None:
    """Raises Refused while a breaker would not let `step` through. Asks Redis alone."""
    circuits = circuits_of(endpoint.pk, endpoint.base_url, step)
    try:
        pacer_at(settings.REDIS_URL).look(circuits)
    except BreakerOpen as broken:
        raise _refused_by(broken, circuits) from broken
    except PacingUnavailable as error:
        raise Refused(PACING_UNAVAILABLE) from error


def _refused_by(broken: BreakerOpen, circuits: Sequence[str]) -> Refused:
    code = BREAKER_OPEN if broken.circuit == circuits[1] else BREAKER_OPEN_REACH
    return Refused(code, since=broken.since, until=broken.until)


def _reserve(run: Run, worst_case: Decimal) -> None:
    """Set the worst case aside and note it on the run, or neither: what no run knows of is never freed.

    The run's row comes last: the money's may have to be waited for, and a row that we hold keeps no lease.
    """
    with transaction.atomic():
        reserve_for(run, worst_case)
        if not run.still_mine().update(reserved=worst_case):
            raise RunLost
    run.reserved = worst_case


@cache
def pacer_at(redis_url: str) -> Pacer:
    """One for the process: it keeps connections."""
    return Pacer(redis_url)


def wake_waiting_runs() -> None:
    """For whoever stops the desk: every run that waits for its turn looks whether it is still its own."""
    with _BELL:
        _BELL.notify_all()


class Gate:
    """Asked before every request of one run, told of every answer.

    A failure reaches the breaker when the run has ended (`close`): whoever is refused by that breaker then
    finds a finished run to judge by.
    """

    def __init__(self, run: Run) -> None:
        self._run, self._patience_s = run, settings.PROBE_PATIENCE_S
        self._permit: Permit | None = None
        self._failures: list[tuple[Permit, str]] = []

    def ask(self, step: Step) -> None:
        """Wait for the turn of `step`, without a database connection. Raises Refused."""
        endpoint = self._run.endpoint
        circuits = circuits_of(endpoint.pk, endpoint.base_url, step)
        try:
            pacer = pacer_at(settings.REDIS_URL)
            self._wait(pacer, circuits)
            self._permit = pacer.take_permit(circuits, permit_s=endpoint.total_s + _PERMIT_GRACE_S)
        except BreakerOpen as broken:
            raise _refused_by(broken, circuits) from broken
        except PacingUnavailable as error:
            log.warning("run %s: pacing is unavailable: %s", self._run.pk, error)
            raise Refused(PACING_UNAVAILABLE) from error

    def tell(self, facts: Facts) -> None:
        """What the request showed that was last asked for."""
        permit, self._permit = self._permit, None
        if permit is None:
            return
        for circuit, outcome in zip(permit.circuits, (reached(facts), answered(facts)), strict=True):
            if outcome is Outcome.FAILED:
                self._failures.append((permit, circuit))
            else:
                _report(permit, circuit, outcome)

    def close(self) -> None:
        """Tell the breaker of the failures; give back a permit whose request came to nothing."""
        for permit, circuit in self._failures:
            _report(permit, circuit, Outcome.FAILED)
        if (unused := self._permit) is not None:
            for circuit in unused.circuits:
                _report(unused, circuit, Outcome.NOTHING)

    def _wait(self, pacer: Pacer, circuits: Sequence[str]) -> None:
        """Until the rate allows another request.

        Raises Refused once patience is over, then for all steps; RunLost when the run was taken meanwhile.
        """
        endpoint, give_up = self._run.endpoint, time.monotonic() + self._patience_s
        while True:
            _refuse_if_stopped(endpoint)
            let_go()
            pacer.look(circuits)
            wait_s = pacer.take_turn(str(endpoint.pk), per_minute=endpoint.requests_per_minute)
            if not wait_s:
                return
            if time.monotonic() + wait_s > give_up:
                self._patience_s = 0
                raise Refused(PACED, until=timezone.now() + timedelta(seconds=wait_s))
            with _BELL:
                _BELL.wait(wait_s)
            if not self._run.still_mine().exists():
                raise RunLost


def _report(permit: Permit, circuit: str, outcome: Outcome) -> None:
    """Without Redis nothing is probed, so nobody misses what it was not told."""
    try:
        pacer_at(settings.REDIS_URL).report(permit, circuit, outcome)
    except PacingUnavailable as error:
        log.warning("the breaker was not told: %s", error)
