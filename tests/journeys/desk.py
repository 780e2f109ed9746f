"""What every journey needs: the lab as an endpoint, a filed ticket, and patience with a limit."""

import time
from collections.abc import Callable
from typing import Any

from django.utils import timezone

from probes.endpoints.actions import seal_probe_key
from probes.endpoints.models import Endpoint
from probes.lab.server import Lab
from probes.redaction.actions import current_redactor
from probes.runs.models import Run
from triage.charges.models import ChargeImport, ImportState
from triage.tickets.actions.submit_ticket import submit_ticket
from triage.tickets.models import Investigation
from triage.tickets.tasks import ring

PATIENCE_S = 60.0  # a worker that lost its broker tries again after 2, 4, 6 … s


def lab_endpoint(lab: Lab, **columns: Any) -> Endpoint:
    """The lab, registered as an admin would."""
    given = {
        "slug": "lab",
        "base_url": f"{lab.base_url}/v1",
        "protocol": "openai_chat",
        "probe_model": "ok",
        "allow_addresses": [f"127.0.0.1:{lab.port}"],
    }
    endpoint = Endpoint.objects.create(**given | columns)
    seal_probe_key(endpoint, "sk-lab-journey")
    return endpoint


def file_ticket(*, enqueue: Callable[[int], object] = ring, **typed: Any) -> Investigation:
    """File a ticket for the lab; a real worker picks it up."""
    ticket = submit_ticket(
        fields_typed={"endpoint": "lab"} | typed,
        author=None,
        now=timezone.now(),
        redactor=current_redactor(),
        enqueue=enqueue,
    )
    return ticket.investigations.get()


def concluded(investigation: Investigation) -> Investigation:
    """The investigation once it has its verdict."""
    await_that(lambda: Investigation.objects.get(pk=investigation.pk).is_concluded, "a verdict")
    return Investigation.objects.select_related("run", "ticket").get(pk=investigation.pk)


def is_idle() -> bool:
    """No worker has anything left to write: no run is held, none that ended waits for its verdict, and no
    file is read or taken in.
    """
    waiting = Investigation.objects.open().exclude(run__state=Run.State.QUEUED)
    running = Run.objects.filter(state=Run.State.RUNNING)
    importing = ChargeImport.objects.filter(state__in=(ImportState.READING, ImportState.COMMITTING))
    return not (running.exists() or waiting.exists() or importing.exists())


def await_that(holds: Callable[[], bool], what: str, *, within_s: float = PATIENCE_S) -> None:
    deadline = time.monotonic() + within_s
    while not holds():
        assert time.monotonic() < deadline, f"waited {within_s:.0f} s in vain for {what}"
        time.sleep(0.05)
