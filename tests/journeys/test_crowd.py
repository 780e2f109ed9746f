"""Hundreds of stalled streams hold up neither a healthy probe nor the end of their worker."""

import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from probes.lab.server import Lab
from probes.runs.models import Attempt, Run
from tests.journeys.crowd import HEALTHY, crowd_worker, database_connections, gather, open_endpoints
from tests.journeys.desk import concluded, file_ticket
from tests.supervision.worker import Worker
from triage.tickets.models import Investigation

pytestmark = pytest.mark.slow

CROWD = 300
STOPS_WITHIN_S = 90  # on a loaded machine; `make bench` has the figures
ANSWERS_WITHIN_S = 20


@pytest.fixture
def crowded(worker: Worker, lab: Lab, tmp_path: Path) -> Iterator[Worker]:
    """A worker that holds a crowd. The session's own would take a part of it."""
    worker.stop()
    crowded = crowd_worker(tmp_path / "crowd.log", CROWD)
    crowded.ensure_running()
    open_endpoints(lab)
    gather(CROWD, lab)
    yield crowded
    crowded.stop()


def test_a_crowd_of_stalled_streams_delays_no_healthy_probe_and_ends_in_truth(crowded: Worker):
    assert database_connections() < 50

    began = time.monotonic()
    healthy = concluded(file_ticket(endpoint="healthy", model=HEALTHY))
    assert healthy.run.state == Run.State.FINISHED
    assert time.monotonic() - began < ANSWERS_WITHIN_S
    assert Attempt.objects.filter(step="stream", state=Attempt.State.SENDING).count() == CROWD

    took = crowded.stop(within_s=STOPS_WITHIN_S)

    assert took < STOPS_WITHIN_S
    assert not Investigation.objects.open().exists()
    ends = Attempt.objects.filter(run__endpoint__slug="silent", step="stream")
    assert {attempt.state for attempt in ends} == {Attempt.State.UNKNOWN}
    assert {attempt.read_facts().skipped for attempt in ends} == {"desk_stopped"}
    assert not Run.objects.filter(state=Run.State.RUNNING).exists()
