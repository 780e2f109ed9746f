"""One ticket, followed from the browser's request into a worker's log by its ids alone."""

import json
from collections.abc import Iterator
from pathlib import Path

import pytest

from probes.lab.server import Lab
from tests.journeys.desk import concluded, lab_endpoint
from tests.supervision.worker import Worker
from tests.triage.insights.metrics.working_desk import TOKEN, scraped
from tests.triage.people.builders import client_of
from triage.tickets.models import Investigation

pytestmark = pytest.mark.slow


@pytest.fixture
def json_worker(worker: Worker, tmp_path: Path) -> Iterator[Worker]:
    """A worker that logs for programs, in the place of the usual one."""
    worker.stop()
    listener = Worker(tmp_path / "json.log", LOG_FORMAT="json")
    listener.ensure_running()
    yield listener
    listener.stop()


def test_a_tickets_lines_carry_its_ids_and_its_probe_is_counted(json_worker: Worker, lab: Lab, settings):
    settings.METRICS_TOKEN = TOKEN
    lab_endpoint(lab)
    before = probes_counted()

    sent = client_of().post("/tickets/new/", {"endpoint": "lab", "model": "ok", "symptom": "timeout"})
    investigation = concluded(Investigation.objects.get())
    json_worker.stop()

    lines = [json.loads(line) for line in json_worker.log.read_text().splitlines() if line.startswith("{")]
    (told,) = [
        line for line in lines if "triage.investigate" in line["message"] and "succeeded" in line["message"]
    ]
    assert told["ticket"] == investigation.ticket.ref
    assert told["run"] == str(investigation.run_id)
    assert told["request"] == sent["X-Request-Id"]
    assert told["task"] in told["message"]
    assert not any("ticket" in line for line in lines if line is not told)
    # The worker added up in Redis, before it ended, what this process shows.
    assert probes_counted() == before + 1


def probes_counted() -> float:
    """Since midnight, of all tests that asked this endpoint."""
    wanted = {"endpoint": "lab", "step": "stream", "outcome": "ok"}
    return sum(
        sample.value
        for sample in scraped()
        if sample.name == "desk_probe_attempts_total" and wanted.items() <= sample.labels.items()
    )
