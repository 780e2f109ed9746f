"""The desk's own regular measurements: which are due, what one sends, and what a day of them can cost."""

import logging
import math
from collections.abc import Callable
from dataclasses import replace
from datetime import datetime, timedelta
from decimal import Decimal
from typing import Final

from django.db import transaction

from probes.endpoints.models import Endpoint
from probes.runs.actions.create_run import create_run, terms_of
from probes.runs.admission import Refused, refuse_if_held
from probes.runs.budget import Cap, caps_of, left_of
from probes.runs.kinds import Wish
from probes.runs.models import Baseline, Run
from probes.runs.plan import NothingToProbe, Plan, plan_steps

log = logging.getLogger(__name__)

MEASURED_TOKENS: Final = 100  # enough to tell a speed by, and a quarter of what a probe usually asks for
DAY: Final = timedelta(days=1)
ALREADY_WAITING: Final = "already_waiting"


def plan_baseline(endpoint: Endpoint, model: str) -> Plan:
    """One short stream. Raises NothingToProbe for a model that makes media."""
    terms = terms_of(endpoint)
    short = replace(terms, output_tokens=min(terms.output_tokens, MEASURED_TOKENS))
    return plan_steps(short, [Wish(kind="stream")], model=model)


def times_a_day(every_minutes: int) -> int:
    return math.ceil(DAY / timedelta(minutes=every_minutes))


def cost_a_day(plan: Plan, every_minutes: int) -> Decimal:
    """The most that a day of them can cost, in the plan's currency."""
    return plan.worst_case * times_a_day(every_minutes)


def caps_for(endpoint: Endpoint, plan: Plan) -> tuple[Cap, ...]:
    """The budgets that a baseline is paid from."""
    return caps_of(Run(endpoint=endpoint, plan=plan.as_dict(), purpose=Run.Purpose.BASELINE))


def why_held(endpoint: Endpoint, plan: Plan, *, now: datetime) -> str:
    """The code of what would keep a baseline from being sent now; empty when nothing would."""
    try:
        refuse_if_held(endpoint, plan.steps[0])
    except Refused as refused:
        return refused.code
    left_today = left_of(caps_for(endpoint, plan), day=now.date())
    short = (cap.refusal for cap, left in left_today if left < plan.worst_case)
    return next(short, "")


def queue_due(*, now: datetime, enqueue: Callable[[int], object]) -> int:
    """Queue a run for each baseline whose time has come; returns how many.

    Each has at most one waiting, and its next turn counts from now: however long nobody looked, nothing is
    made up for. What is held back by a stop, a pause, the breaker or a budget loses its turn.
    """
    due = Baseline.objects.filter(is_on=True, next_at__lte=now).values_list("pk", flat=True)
    return sum(_queue(pk, now=now, enqueue=enqueue) for pk in due)


def _queue(pk: int, *, now: datetime, enqueue: Callable[[int], object]) -> bool:
    with transaction.atomic():
        baseline = _taken(pk, now=now)
        if baseline is None:
            return False
        Baseline.objects.filter(pk=pk).update(next_at=now + timedelta(minutes=baseline.every_minutes))
        try:
            plan = plan_baseline(baseline.endpoint, baseline.model)
        except NothingToProbe as nothing:
            log.warning("baseline %s cannot be planned: %s", pk, nothing.code)
            return False
        held = ALREADY_WAITING if _is_waiting(baseline) else why_held(baseline.endpoint, plan, now=now)
        if held:
            log.info("baseline %s is held back: %s", pk, held)
            return False
        run = create_run(
            endpoint=baseline.endpoint, plan=plan, requested_by=None, now=now, purpose=Run.Purpose.BASELINE
        )
        enqueue(run.pk)
    return True


def _taken(pk: int, *, now: datetime) -> Baseline | None:
    """Its row, if it is still due and nobody else looks at it: two beats make one run."""
    rows = Baseline.objects.select_related("endpoint").select_for_update(of=("self",), skip_locked=True)
    return rows.filter(pk=pk, is_on=True, next_at__lte=now).first()


def _is_waiting(baseline: Baseline) -> bool:
    """Only one turn of a baseline may be under way."""
    return Run.objects.filter(
        endpoint=baseline.endpoint_id,
        model=baseline.model,
        purpose=Run.Purpose.BASELINE,
        state__in=(Run.State.QUEUED, Run.State.RUNNING),
    ).exists()
