"""How an endpoint has been of late, by the desk's own runs."""

from datetime import timedelta

import orjson
import pytest
from django.utils import timezone

from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.actions.perform_run import perform_run
from probes.runs.models import Run
from probes.runs.plan import plan_chat
from tests.probes.runs.builders import answering, make_endpoint, moments
from tests.triage.tickets.builders import make_investigation
from triage.incidents.recent_runs import MOST_RUNS, health_of, in_a_row, recent_runs

pytestmark = pytest.mark.django_db
OVERLOADED = moments(
    529, "application/json", orjson.dumps({"error": {"message": "busy", "type": "overloaded_error"}})
)


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def endpoint():
    return make_endpoint()


def ended(endpoint, *, minutes_ago: float, now, model: str = "glm-4", answer=()) -> Run:
    """A run that was carried out then; without an answer of its own, all went well."""
    at = now - timedelta(minutes=minutes_ago)
    plan = plan_chat(terms_of(endpoint), model=model)
    run = create_run(endpoint=endpoint, plan=plan, requested_by=None, now=at)
    perform_run(run.pk, clock=lambda: at, send=answering([], control=answer))
    return run


def test_an_endpoint_that_broke_names_how_long_and_since_when(endpoint, now):
    ended(endpoint, minutes_ago=30, now=now)
    for minutes_ago in (20, 10, 5):
        ended(endpoint, minutes_ago=minutes_ago, now=now, answer=OVERLOADED)

    runs = recent_runs(endpoint.pk, "glm-4", since=now - timedelta(hours=6))
    health = health_of(runs, since=now - timedelta(hours=6))

    assert (health.runs, health.well, health.failing) == (4, 1, 3)
    assert health.last_well_at == now - timedelta(minutes=30)
    assert health.codes == {"ok.not_reproduced": 1, "upstream.overloaded": 3}
    assert health.first_content_ms == 40
    assert len(in_a_row(runs, "upstream.overloaded", since=now - timedelta(minutes=15))) == 2
    assert not in_a_row(runs, "reach.connect", since=now - timedelta(hours=1))


def test_what_is_older_of_another_model_or_endpoint_or_of_this_ticket_is_left_out(endpoint, now):
    ended(endpoint, minutes_ago=500, now=now)
    ended(endpoint, minutes_ago=5, now=now, model="other")
    ended(make_endpoint(slug="second"), minutes_ago=5, now=now)
    own = make_investigation(endpoint=endpoint)
    Run.objects.filter(pk=own.run_id).update(model="glm-4")

    since = now - timedelta(hours=6)
    assert recent_runs(endpoint.pk, "glm-4", since=since, but_of_ticket=own.ticket_id) == []
    assert len(recent_runs(endpoint.pk, "", since=since, but_of_ticket=own.ticket_id)) == 1
    assert health_of([], since=since) is None


def test_of_very_many_runs_the_newest_tell_and_say_since_when(endpoint, now):
    for minutes_ago in range(MOST_RUNS + 3):
        ended(endpoint, minutes_ago=minutes_ago, now=now)

    health = health_of(
        recent_runs(endpoint.pk, "glm-4", since=now - timedelta(hours=6)), since=now - timedelta(hours=6)
    )

    assert health.runs == MOST_RUNS
    assert health.since == now - timedelta(minutes=MOST_RUNS - 1)


def test_a_run_that_called_no_model_says_nothing(endpoint, now):
    run = ended(endpoint, minutes_ago=1, now=now)
    run.attempts.update(step="status")

    assert recent_runs(endpoint.pk, "glm-4", since=now - timedelta(hours=1)) == []
