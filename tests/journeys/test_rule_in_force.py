"""A rule that two admins have published binds a worker that was running before, without a restart."""

import re

import pytest

from probes.lab.server import Lab
from probes.redaction.models import RedactionRule
from probes.runs.models import Attempt
from tests.journeys.desk import concluded, file_ticket, lab_endpoint
from tests.supervision.worker import Worker
from tests.triage.rules.builders import admin, make_draft, published, removal_of
from triage.tickets.models import Investigation

pytestmark = pytest.mark.slow


def what_the_endpoint_said(investigation: Investigation) -> str:
    attempts = Attempt.objects.filter(run=concluded(investigation).run)
    return "\n".join(attempt.read_facts().error_message for attempt in attempts)


def test_the_worker_masks_by_a_new_rule_and_stops_when_it_is_removed(worker: Worker, lab: Lab):
    lab_endpoint(lab)
    pid = worker.pid
    before = what_the_endpoint_said(file_ticket(model="auth_401"))
    word = max(re.findall("[A-Za-z]+", before), key=len)
    ann, bob = admin("ann"), admin("bob")

    published(
        make_draft(ann, kind="lab_word", pattern=word, positive_samples=word, negative_samples="no"), bob
    )
    under_the_rule = what_the_endpoint_said(file_ticket(model="auth_401"))
    published(removal_of(RedactionRule.objects.get(), ann), bob)
    after = what_the_endpoint_said(file_ticket(model="auth_401"))

    assert (word in before, word in under_the_rule, word in after) == (True, False, True)
    assert "[lab_word]" in under_the_rule
    assert worker.pid == pid
