"""A fault that several customers meet is told once: through a real worker, with probes that really leave."""

import pytest
from django.utils import timezone

from probes.lab.server import Lab
from tests.journeys.desk import concluded, file_ticket, lab_endpoint
from tests.supervision.worker import Worker
from tests.triage.people.builders import client_of, make_person
from triage.incidents.actions.close_incident import close_incident
from triage.incidents.models import Incident
from triage.people.roles import Role
from triage.tickets.models import Investigation

pytestmark = pytest.mark.slow
BUSY = "overloaded_503"
FINE = "ok"


def test_three_tickets_of_two_accounts_spare_the_fourth_its_probe(worker: Worker, lab: Lab):
    lab_endpoint(lab)
    three = [file_ticket(model=BUSY, account_ref=account) for account in ("acme", "acme", "globex")]
    for one in three:
        concluded(one)

    incident = Incident.objects.get()
    assert (incident.verdict_code, incident.model) == ("upstream.overloaded", BUSY)
    assert Investigation.objects.filter(incident=incident).count() == 3

    before, before_busy = lab.counters.posts(), lab.counters.posts(model=BUSY)
    fourth = concluded(file_ticket(model=BUSY, account_ref="initech", status_code="503"))
    assert lab.counters.posts() == before
    assert (fourth.not_probed, fourth.verdict_code) == ("incident", incident.verdict_code)
    shown = client_of(Role.SUPPORT).get(fourth.ticket.get_absolute_url()).content.decode()
    assert "An open incident explains the ticket, so nothing was sent." in shown
    assert f'href="{incident.get_absolute_url()}"' in shown

    assert concluded(file_ticket(model=FINE)).run is not None

    close_incident(incident, by=make_person(Role.ENGINEER), now=timezone.now())
    again = concluded(file_ticket(model=BUSY, account_ref="initech", status_code="503"))
    assert again.run is not None
    assert lab.counters.posts(model=BUSY) > before_busy
    assert not Incident.objects.open().exists()
