"""The demo's endpoints offer every kind of step, and each of them works."""

import pytest
from django.utils import timezone

from probes.endpoints.models import Endpoint
from probes.lab.server import Lab
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.kinds import KINDS, parse_wishes
from probes.runs.plan import offered_kinds, plan_steps
from triage.demo import load_demo

pytestmark = pytest.mark.django_db


@pytest.mark.parametrize("slug", ["lab", "lab-anthropic"])
def test_a_newcomer_can_try_every_kind_of_step(slug, lab: Lab, tmp_path):
    load_demo(timezone.now(), lab_url=lab.base_url, passwords=tmp_path)
    endpoint = Endpoint.objects.get(slug=slug)
    plan = plan_steps(terms_of(endpoint), parse_wishes("route,models,balance,websocket"), model="ok")

    run = create_run(endpoint=endpoint, plan=plan, requested_by=None, now=timezone.now())
    perform_run(run.pk, clock=timezone.now)

    route, models, balance, door = (attempt.read_facts() for attempt in run.attempts.all())
    assert offered_kinds(terms_of(endpoint)) == KINDS
    assert (route.route, route.route_place, route.done_seen) == ("edge", "through_edge", True)
    assert (models.model_listed, balance.balance, door.websocket_accepted) == (True, "12.5", True)
