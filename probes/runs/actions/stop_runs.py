"""Ends what this process is working on when it has to stop: truthfully, and within a bounded time."""

import logging
import time
from collections.abc import Callable
from datetime import datetime

from probes.net.backend import hang_up_all
from probes.runs.actions.release_run import release_run
from probes.runs.admission import wake_waiting_runs
from probes.runs.connection import let_go
from probes.runs.leases import KEEPER
from probes.runs.models import DESK_STOPPED, Run
from probes.runs.recorder import LIVE

log = logging.getLogger(__name__)

_LOOK_EVERY_S = 0.05


def stop_runs(*, grace_s: float, clock: Callable[[], datetime]) -> None:
    """Let exchanges end by themselves for `grace_s`, then write down the truth of the rest and hang up.

    In this order: once a run is released, its own thread writes nothing any more, so that the end which our
    hanging up makes it see can never pass for the endpoint's doing.
    """
    deadline = time.monotonic() + grace_s
    while KEEPER.claims() and time.monotonic() < deadline:
        time.sleep(_LOOK_EVERY_S)
    try:
        _release_all(clock)
    finally:
        let_go()
        hang_up_all()
        wake_waiting_runs()


def _release_all(clock: Callable[[], datetime]) -> None:
    if KEEPER.claims():
        LIVE.tick_now()  # what was seen so far is worth keeping
    for run_id, fence in KEEPER.claims():
        mine = Run.objects.filter(pk=run_id, fence=fence, state=Run.State.RUNNING)
        try:
            release_run(mine, now=clock(), why=DESK_STOPPED)
        except Exception:  # the sweep will say so of this one, once its lease has lapsed
            log.exception("run %s cannot be released", run_id)
