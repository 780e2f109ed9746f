"""Finds runs whose worker was lost and gives each its true end."""

import logging
from datetime import datetime

from probes.runs.actions.release_run import release_run
from probes.runs.models import Run

log = logging.getLogger(__name__)


def sweep_runs(*, now: datetime) -> None:
    """Release every run whose lease has lapsed; `now` is what its end is dated with."""
    for run_id in Run.objects.lost().values_list("pk", flat=True):
        try:
            release_run(Run.objects.lost().filter(pk=run_id), now=now, skip_locked=True)
        except Exception:  # one run that cannot be read must not leave all others without an end
            log.exception("run %s cannot be swept", run_id)
