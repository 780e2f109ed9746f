"""Baselines: one at a time, never a crowd, held back by whatever holds back a probe."""

from datetime import timedelta
from decimal import Decimal

import pytest
from django.conf import settings
from django.utils import timezone

from probes.net.pacing import Outcome
from probes.runs.actions.perform_run import perform_run
from probes.runs.admission import pacer_at
from probes.runs.baselines import MEASURED_TOKENS, cost_a_day, plan_baseline, queue_due, why_held
from probes.runs.circuits import circuits_of
from probes.runs.models import Baseline, Halt, Run, Spend
from probes.runs.plan import NothingToProbe
from tests.probes.runs.builders import answering, make_endpoint

pytestmark = pytest.mark.django_db


@pytest.fixture
def now():
    return timezone.now()


@pytest.fixture
def baseline(now) -> Baseline:
    return Baseline.objects.create(endpoint=make_endpoint(), model="glm-4", every_minutes=30, next_at=now)


def queued(now) -> list[int]:
    rung: list[int] = []
    queue_due(now=now, enqueue=rung.append)
    return rung


def test_one_short_stream_is_sent_and_its_next_turn_is_an_interval_away(baseline, now):
    [run_id] = queued(now)
    requests = []
    perform_run(run_id, clock=lambda: now, send=answering(requests))

    run = Run.objects.get(pk=run_id)
    baseline.refresh_from_db()
    assert (run.purpose, run.model, run.state) == (Run.Purpose.BASELINE, "glm-4", Run.State.FINISHED)
    assert [(step.kind, step.max_tokens) for step in run.read_plan().steps] == [("stream", MEASURED_TOKENS)]
    assert len(requests) == 1
    assert baseline.next_at == now + timedelta(minutes=30)
    assert queued(now) == []


def test_what_was_down_for_a_day_does_not_make_up_for_it(baseline, now):
    tomorrow = now + timedelta(days=1)

    assert len(queued(tomorrow)) == 1
    assert queued(tomorrow) == []


def test_while_one_waits_for_a_worker_no_other_joins_it(baseline, now):
    first = queued(now)

    later = [run for hours in range(1, 9) for run in queued(now + timedelta(hours=hours))]

    assert len(first) == 1
    assert later == []


def stop_all(baseline: Baseline) -> str:
    Halt.objects.create(since=timezone.now())
    return "kill_switch"


def pause(baseline: Baseline) -> str:
    baseline.endpoint.paused = True
    baseline.endpoint.save()
    return "endpoint_paused"


def open_breaker(baseline: Baseline) -> str:
    endpoint = baseline.endpoint
    [step] = plan_baseline(endpoint, baseline.model).steps
    circuits = circuits_of(endpoint.pk, endpoint.base_url, step)
    pacer = pacer_at(settings.REDIS_URL)
    for _ in range(5):
        permit = pacer.take_permit(circuits, permit_s=5)
        pacer.report(permit, circuits[1], Outcome.FAILED)
    return "breaker_open"


def spend_all(baseline: Baseline) -> str:
    Spend.objects.create(scope="baselines:USD", day=timezone.now().date(), amount=Decimal("1.9999"))
    return "over_baseline_budget"


@pytest.mark.parametrize("hold", [stop_all, pause, open_breaker, spend_all])
def test_what_holds_back_probes_holds_back_baselines(baseline, now, hold):
    code = hold(baseline)

    assert why_held(baseline.endpoint, plan_baseline(baseline.endpoint, "glm-4"), now=now) == code
    assert queued(now) == []
    assert not Run.objects.exists()


def test_one_that_is_off_sends_nothing(baseline, now):
    Baseline.objects.update(is_on=False)

    assert queued(now) == []


def test_a_day_costs_its_worst_case_as_often_as_it_is_sent():
    plan = plan_baseline(make_endpoint(), "glm-4")

    assert cost_a_day(plan, 60) == 24 * plan.worst_case
    assert cost_a_day(plan, 7) == 206 * plan.worst_case


def test_models_that_make_media_are_never_measured():
    with pytest.raises(NothingToProbe, match="media_model"):
        plan_baseline(make_endpoint(), "sora-2")


def test_baselines_are_paid_from_a_budget_of_their_own(baseline, now):
    [run_id] = queued(now)

    perform_run(run_id, clock=lambda: now, send=answering([]))

    assert Spend.objects.filter(scope="baselines:USD").exists()
