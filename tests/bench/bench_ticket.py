"""From filing a ticket to its verdict, against the wall time of the probe itself: at most 0.5 s more."""

import tempfile
import time
from pathlib import Path
from statistics import median

from probes.lab.server import Lab
from tests.journeys.desk import await_that, file_ticket, lab_endpoint
from tests.supervision.worker import Worker
from triage.tickets.models import Investigation

TICKETS = 10
LIMIT_S = 0.5


def main() -> None:
    with tempfile.TemporaryDirectory() as folder, Lab() as lab:
        worker = Worker(Path(folder, "worker.log"))
        worker.ensure_running()
        try:
            lab_endpoint(lab)
            _file_and_wait()  # the first ticket also pays for imports and compiled rules
            pairs = [_file_and_wait() for _ in range(TICKETS)]
        finally:
            worker.stop()
    waited, probed = median(pair[0] for pair in pairs), median(pair[1] for pair in pairs)
    print(f"submit to verdict, lab model ok: median {waited:.2f} s; the probe alone {probed:.2f} s")
    more = [waited - probed for waited, probed in pairs]
    print(f"more than the probe: median {median(more):.2f} s, worst {max(more):.2f} s; limit {LIMIT_S} s")


def _file_and_wait() -> tuple[float, float]:
    """Seconds from the call to the stored verdict, and the seconds of both exchanges."""
    started = time.perf_counter()
    investigation = file_ticket(model="ok")
    await_that(lambda: Investigation.objects.get(pk=investigation.pk).is_concluded, "a verdict")
    waited = time.perf_counter() - started
    attempts = Investigation.objects.get(pk=investigation.pk).run.attempts.all()
    return waited, sum(attempt.read_facts().total_ms for attempt in attempts) / 1000
