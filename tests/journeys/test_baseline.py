"""A baseline from the beat to the page: queued, carried out by a worker, and told as usual."""

import pytest
from django.utils import timezone

from probes.lab.server import Lab
from probes.runs.models import Baseline, Run
from probes.runs.usual import usual_of
from tests.journeys.desk import await_that, lab_endpoint
from tests.supervision.worker import Worker
from triage.history.tasks import queue_baselines

pytestmark = pytest.mark.slow


def test_a_due_baseline_is_measured_once(worker: Worker, lab: Lab):
    endpoint = lab_endpoint(lab)
    Baseline.objects.create(endpoint=endpoint, model="ok", next_at=timezone.now())

    for _ in range(2):
        queue_baselines.delay()
    await_that(lambda: Run.objects.filter(state=Run.State.FINISHED).exists(), "a finished run")

    usual = usual_of(endpoint.pk, "ok", now=timezone.now())
    assert Run.objects.count() == 1
    assert usual is not None
    assert (usual.runs, usual.errors) == (1, 0)
    assert usual.first_content_ms is not None
