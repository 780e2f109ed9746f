"""Further steps: charged to whoever asks, judged with all that was seen before, asked for once."""

from concurrent.futures import ThreadPoolExecutor
from decimal import Decimal

import pytest
from django.db import connection
from django.utils import timezone

from probes.runs.actions.create_run import terms_of
from probes.runs.kinds import Wish
from probes.runs.models import Run, Spend
from probes.runs.plan import Plan, plan_steps
from tests.probes.runs.builders import answering, moments
from tests.triage.people.builders import make_person
from tests.triage.tickets.test_run_investigation import filed, make_endpoint
from triage.people.roles import Role
from triage.tickets.actions.probe_further import FurtherRefused, probe_further
from triage.tickets.actions.run_investigation import run_investigation
from triage.tickets.models import Investigation

BROKEN = moments(502, "text/html", b"<html>502 Bad Gateway</html>")


def probed(**typed) -> Investigation:
    """A ticket whose two requests went well."""
    make_endpoint(slug="shop")
    investigation = filed(endpoint="shop", **typed)
    run_investigation(investigation.pk, clock=timezone.now, send=answering([]))
    return Investigation.objects.get(pk=investigation.pk)


def plan_of(investigation: Investigation, *wishes: Wish) -> Plan:
    return plan_steps(terms_of(investigation.ticket.endpoint), wishes or [Wish(kind="repeat", times=3)])


def asked(investigation: Investigation, plan: Plan, engineer, **changed) -> Investigation:
    given = {
        "ticket_id": investigation.ticket_id,
        "builds_on": investigation.pk,
        "plan": plan,
        "at_most": plan.worst_case,
        "asked_by": engineer,
        "now": timezone.now(),
        "enqueue": lambda _: None,
    }
    return probe_further(**given | changed)


@pytest.mark.django_db
def test_the_verdict_rests_on_everything_seen_so_far():
    before = probed(notes="it fails sometimes")
    further = asked(before, plan_of(before), make_person(Role.ENGINEER))

    run_investigation(further.pk, clock=timezone.now, send=answering([], stream=BROKEN))

    further.refresh_from_db()
    assert further.verdict_code == "intermittent"
    assert {"stream", "repeat"} & {item["where"] for item in further.verdict["evidence"]}
    assert Investigation.objects.get(pk=before.pk).verdict == before.verdict


@pytest.mark.django_db
def test_whoever_asks_pays():
    before, engineer = probed(), make_person(Role.ENGINEER)
    further = asked(before, plan_of(before), engineer)

    run_investigation(further.pk, clock=timezone.now, send=answering([]))

    assert Spend.objects.get(scope=f"user:{engineer.pk}:USD").amount > 0


@pytest.mark.django_db
def test_steps_that_a_budget_refused_leave_the_earlier_reading_as_it_was(settings):
    before = probed()
    settings.PROBE_BUDGET_PER_USER_DAY = Decimal(0)
    further = asked(before, plan_of(before), make_person(Role.ENGINEER))

    run_investigation(further.pk, clock=timezone.now, send=answering([]))

    further.refresh_from_db()
    assert further.run.state == Run.State.REFUSED
    assert further.verdict_code == before.verdict_code


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("changed", "code"), [({"builds_on": 4711}, "newer_verdict"), ({"at_most": Decimal(0)}, "costs_more")]
)
def test_what_was_not_agreed_to_is_refused(changed, code):
    before = probed()

    with pytest.raises(FurtherRefused, match=code):
        asked(before, plan_of(before), make_person(Role.ENGINEER), **changed)


@pytest.mark.django_db
def test_another_plan_waits_for_the_one_that_runs():
    before, engineer = probed(), make_person(Role.ENGINEER)
    asked(before, plan_of(before), engineer)

    with pytest.raises(FurtherRefused, match="still_running"):
        asked(before, plan_of(before, Wish(kind="gzip")), engineer)


@pytest.mark.django_db(transaction=True)
def test_two_clicks_at_once_make_one_run():
    before, engineer = probed(), make_person(Role.ENGINEER)
    plan = plan_of(before)

    def click(_number: int) -> int:
        try:
            return asked(before, plan, engineer).pk
        finally:
            connection.close()

    with ThreadPoolExecutor(4) as pool:
        made = set(pool.map(click, range(4)))

    assert len(made) == 1
    assert Investigation.objects.filter(builds_on=before).count() == 1
