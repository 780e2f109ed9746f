"""Usual values: by the baselines of one model alone, in one query."""

from datetime import timedelta

import pytest
from django.utils import timezone

from probes.runs.actions.create_run import create_run
from probes.runs.baselines import plan_baseline
from probes.runs.models import Attempt, Run
from probes.runs.usual import spread_of, usual_of
from tests.probes.runs.builders import make_endpoint

pytestmark = pytest.mark.django_db
WELL = {
    "status": 200,
    "connect_ms": 20,
    "first_byte_ms": 200,
    "first_content_ms": 400,
    "last_byte_ms": 2400,
    "total_ms": 2401,
    "completion_tokens": 100,
    "body_bytes": 10_000,
}


def measure(endpoint, *, minutes_ago: float = 1, model: str = "glm-4", purpose=Run.Purpose.BASELINE, **facts):
    at = timezone.now() - timedelta(minutes=minutes_ago)
    plan = plan_baseline(endpoint, model)
    run = create_run(endpoint=endpoint, plan=plan, requested_by=None, now=at, purpose=purpose)
    Run.objects.filter(pk=run.pk).update(state=Run.State.FINISHED, finished_at=at)
    run.attempts.update(state=Attempt.State.DONE, facts={"step": "stream"} | WELL | facts)
    return run


def test_ranks_are_values_that_were_seen():
    spread = spread_of([*range(1, 101), None])

    assert (spread.p50, spread.p90, spread.p99) == (50, 90, 99)
    assert spread_of([None]) is None
    assert spread_of([7]).p99 == 7


def test_what_is_usual_is_told_by_the_baselines_of_that_model(django_assert_num_queries):
    endpoint = make_endpoint()
    for wait in (300, 400, 500, 600, 1200):
        measure(endpoint, first_content_ms=wait)
    measure(endpoint, first_content_ms=99_000, model="other")
    measure(endpoint, first_content_ms=99_000, purpose=Run.Purpose.TICKET)
    measure(endpoint, first_content_ms=99_000, minutes_ago=8 * 24 * 60)

    with django_assert_num_queries(1):
        usual = usual_of(endpoint.pk, "glm-4", now=timezone.now())

    assert (usual.runs, usual.errors, usual.hints) == (5, 0, 0)
    assert (usual.first_content_ms.p50, usual.first_content_ms.p90) == (500, 1200)
    assert usual.connect_ms.p99 == 20
    assert usual.tokens_per_s.p50 == pytest.approx(100 / 1.9)
    assert usual.is_enough


def test_errors_count_and_spoil_no_times():
    endpoint = make_endpoint()
    measure(endpoint)
    measure(endpoint, status=429, first_content_ms=None, first_byte_ms=5, retry_after_s=20)
    measure(endpoint, failure="reset")

    usual = usual_of(endpoint.pk, "glm-4", now=timezone.now())

    assert (usual.runs, usual.errors, usual.hints, usual.error_percent) == (3, 2, 1, 67)
    assert usual.first_byte_ms.p50 == 200
    assert not usual.is_enough


def test_nothing_measured_is_nothing_usual():
    assert usual_of(make_endpoint().pk, "glm-4", now=timezone.now()) is None
