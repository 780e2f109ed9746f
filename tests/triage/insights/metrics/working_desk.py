"""A desk that has seen a bit of everything, and what its /metrics then says."""

from collections.abc import Mapping

from django.conf import settings
from django.test import Client
from django.utils import timezone
from prometheus_client.parser import text_string_to_metric_families
from prometheus_client.samples import Sample

from probes.endpoints.models import Endpoint
from probes.lab.server import Lab
from probes.net.pacing import Outcome
from probes.runs.admission import pacer_at
from tests.journeys.desk import file_ticket, lab_endpoint
from triage.heartbeat import note_beat
from triage.tickets.actions.run_investigation import run_investigation

TOKEN = "a token for the tests alone"
BREAKS = 5  # failures that open a breaker


def work_a_little(lab: Lab) -> Endpoint:
    """A good probe, one that is told to wait, one that is refused, a masked secret, and an open breaker."""
    endpoint = lab_endpoint(lab)
    probe(model="ok", error_text="my key is sk-" + "a1B2" * 12)
    probe(model="rate_limit")
    Endpoint.objects.update(paused=True)
    probe(model="ok")
    Endpoint.objects.update(paused=False)
    open_a_breaker(endpoint)
    for queue in settings.CELERY_TASK_QUEUES:
        note_beat(queue)
    return endpoint


def probe(**typed: str) -> None:
    investigation = file_ticket(enqueue=lambda pk: None, **typed)
    run_investigation(investigation.pk, clock=timezone.now)


def open_a_breaker(endpoint: Endpoint) -> None:
    pacer = pacer_at(settings.REDIS_URL)
    for _ in range(BREAKS):
        circuit = f"{endpoint.pk}:elsewhere:"
        pacer.report(pacer.take_permit([circuit], permit_s=1), circuit, Outcome.FAILED)


def scraped() -> list[Sample]:
    answer = Client().get("/metrics", headers={"authorization": f"Bearer {TOKEN}"})
    assert answer.status_code == 200
    families = text_string_to_metric_families(answer.content.decode())
    return [sample for family in families for sample in family.samples]


def figure(samples: list[Sample], name: str, **labels: str) -> float:
    """The one figure of that name with these labels; several are added up."""
    found = [sample.value for sample in samples if sample.name == name and _has(sample.labels, labels)]
    assert found, f"no {name} with {labels}"
    return sum(found)


def _has(labels: Mapping[str, str], wanted: Mapping[str, str]) -> bool:
    return wanted.items() <= labels.items()
