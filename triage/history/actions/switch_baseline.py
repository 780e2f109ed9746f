"""Switches the regular measurement of an endpoint's model on or off; the trail says who did."""

from datetime import datetime
from decimal import Decimal

from django.contrib.auth.models import User
from django.db import transaction

from probes.endpoints.models import Endpoint
from probes.runs.baselines import cost_a_day, plan_baseline
from probes.runs.models import Baseline
from triage.people.audit import record


class BaselineRefused(Exception):
    """Not switched on; `code` is costs_more."""

    def __init__(self, code: str) -> None:
        super().__init__(code)
        self.code = code


def switch_on(
    *, endpoint: Endpoint, model: str, every_minutes: int, at_most: Decimal, by: User, now: datetime
) -> Baseline:
    """Measure this model so often, from now on; one that is on already gets the new interval.

    `at_most` is what the person agreed to for a day. Raises BaselineRefused, and NothingToProbe for a model
    that makes media.
    """
    plan = plan_baseline(endpoint, model)
    if cost_a_day(plan, every_minutes) > at_most:
        raise BaselineRefused("costs_more")
    with transaction.atomic():
        wanted = {"every_minutes": every_minutes, "is_on": True, "next_at": now, "created_by": by}
        baseline, _made = Baseline.objects.update_or_create(endpoint=endpoint, model=model, defaults=wanted)
        record(
            "baseline.switched_on",
            actor=by,
            subject=f"endpoint {endpoint.slug}",
            at=now,
            detail={"baseline": baseline.pk, "every_minutes": every_minutes},
        )
    return baseline


def switch_off(baseline_id: int, *, by: User, now: datetime) -> None:
    """Raises Baseline.DoesNotExist. One that is off stays so, without a word in the trail."""
    with transaction.atomic():
        baseline = Baseline.objects.select_related("endpoint").get(pk=baseline_id)
        if not Baseline.objects.filter(pk=baseline_id, is_on=True).update(is_on=False):
            return
        record(
            "baseline.switched_off",
            actor=by,
            subject=f"endpoint {baseline.endpoint.slug}",
            at=now,
            detail={"baseline": baseline_id},
        )
