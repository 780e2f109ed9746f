"""What pages tell of baselines: which are on, what they cost, what keeps them, and what they measured."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from probes.endpoints.models import Endpoint
from probes.runs.admission import ENDPOINT_PAUSED, KILL_SWITCH, Refused, refuse_if_broken
from probes.runs.baselines import caps_for, cost_a_day, plan_baseline, times_a_day, why_held
from probes.runs.budget import Cap, left_of
from probes.runs.halts import present_stop
from probes.runs.models import Baseline, Run
from probes.runs.plan import NothingToProbe, Plan
from probes.runs.usual import Spread, Usual, usual_of
from probes.wire.facts import Facts
from triage.tickets.offer import Left
from triage.tickets.wording.values import seconds_text


@dataclass(frozen=True, slots=True)
class Price:
    """What a baseline would cost, before it is switched on."""

    once: Decimal
    a_day: Decimal
    currency: str
    requests_a_day: int
    left: list[Left]
    hindrance: str  # what would hold it back now


@dataclass(frozen=True, slots=True)
class Measured:
    """One baseline as its page lists it; `hindrance` is the code of what holds it back now."""

    baseline: Baseline
    a_day: Decimal
    currency: str
    last: Run | None
    hindrance: str


@dataclass(frozen=True, slots=True)
class UsualRow:
    """One quantity: its usual values in words, and this run's own where the page shows a run."""

    label: str
    p50: str
    p90: str
    p99: str
    own: str = ""
    is_beyond: bool = False  # this run's own is worse than nine in ten


@dataclass(frozen=True, slots=True)
class Beside:
    """What is usual for the endpoint and model of one run, with its own values."""

    usual: Usual
    rows: list[UsualRow]


def price_of(endpoint: Endpoint, model: str, every_minutes: int, *, now: datetime) -> Price:
    """Raises NothingToProbe for a model that makes media."""
    plan = plan_baseline(endpoint, model)
    return Price(
        once=plan.worst_case,
        a_day=cost_a_day(plan, every_minutes),
        currency=plan.currency,
        requests_a_day=times_a_day(every_minutes),
        left=_left(endpoint, plan, now=now),
        hindrance=why_held(endpoint, plan, now=now),
    )


def measured(*, now: datetime) -> list[Measured]:
    """Every baseline with its cost and its newest run, in so many queries however many there are."""
    newest = Run.objects.filter(
        endpoint=OuterRef("endpoint"), model=OuterRef("model"), purpose=Run.Purpose.BASELINE
    ).order_by("-queued_at")
    rows = list(
        Baseline.objects.select_related("endpoint", "created_by")
        .prefetch_related("endpoint__routes")
        .annotate(last_id=Subquery(newest.values("pk")[:1]))
        .order_by("endpoint__slug", "model")
    )
    last = Run.objects.in_bulk([row.last_id for row in rows if row.last_id])
    plans = [(row, _plan_or_why(row)) for row in rows]
    caps = {cap for row, plan in plans if isinstance(plan, Plan) for cap in caps_for(row.endpoint, plan)}
    left = dict(left_of(caps, day=now.date()))
    is_stopped = present_stop() is not None
    return [
        Measured(
            baseline=row,
            a_day=cost_a_day(plan, row.every_minutes) if isinstance(plan, Plan) else Decimal(0),
            currency=plan.currency if isinstance(plan, Plan) else row.endpoint.currency,
            last=last.get(row.last_id),
            hindrance=KILL_SWITCH if is_stopped else _why_held(row.endpoint, plan, left),
        )
        for row, plan in plans
    ]


def _plan_or_why(baseline: Baseline) -> Plan | str:
    """The code of why there is none: a model that is taken for a media one since."""
    try:
        return plan_baseline(baseline.endpoint, baseline.model)
    except NothingToProbe as nothing:
        return nothing.code


def _why_held(endpoint: Endpoint, plan: Plan | str, left: Mapping[Cap, Decimal]) -> str:
    """As `baselines.why_held` says it, by what was read for all of them at once."""
    if isinstance(plan, str):
        return plan
    if endpoint.paused:
        return ENDPOINT_PAUSED
    try:
        refuse_if_broken(endpoint, plan.steps[0])
    except Refused as refused:
        return refused.code
    short = (cap.refusal for cap in caps_for(endpoint, plan) if left[cap] < plan.worst_case)
    return next(short, "")


def usual_rows(usual: Usual, *, own: Facts | None = None) -> list[UsualRow]:
    """Durations first, then speeds; `own` is the stream of the run that the page shows."""
    times = (
        (_("Connected after"), usual.connect_ms, own.connect_ms if own else None),
        (_("First byte after"), usual.first_byte_ms, own.first_byte_ms if own else None),
        (_("First text after"), usual.first_content_ms, own.first_content_ms if own else None),
        (_("Over after, with its short answer"), usual.total_ms, None),
    )
    speeds = ((_("Tokens a second"), usual.tokens_per_s), (_("Answer bytes a second"), usual.bytes_per_s))
    return [
        *(_row(label, spread, seconds_text, seen) for label, spread, seen in times if spread),
        *(_row(label, spread, _rate_text, None) for label, spread in speeds if spread),
    ]


def usual_beside(run: Run) -> Beside | None:
    """As it was usual when the run was made; None where nothing had been measured by then."""
    usual = usual_of(run.endpoint_id, run.model, now=run.finished_at or run.queued_at)
    if usual is None:
        return None
    stream = next((one for one in run.attempts.all() if one.step == "stream"), None)
    return Beside(usual, usual_rows(usual, own=stream.read_facts() if stream else None))


def usual_at(endpoint: Endpoint, *, now: datetime) -> list[tuple[str, Usual | None, list[UsualRow]]]:
    """For every model of the endpoint that is or was measured."""
    models = Baseline.objects.filter(endpoint=endpoint).values_list("model", flat=True)
    found = [(model, usual_of(endpoint.pk, model, now=now)) for model in models]
    return [(model, usual, usual_rows(usual) if usual else []) for model, usual in found]


def active_probes(endpoint: Endpoint) -> int:
    """How many runs are under way there at this moment."""
    return Run.objects.filter(endpoint=endpoint, state=Run.State.RUNNING).count()


def _left(endpoint: Endpoint, plan: Plan, *, now: datetime) -> list[Left]:
    left = left_of(caps_for(endpoint, plan), day=now.date())
    return [Left(cap.refusal, amount, suffices=amount >= plan.worst_case) for cap, amount in left]


def _row(label: str, spread: Spread, told: Callable[[float], str], own: float | None) -> UsualRow:
    return UsualRow(
        label=label,
        p50=told(spread.p50),
        p90=told(spread.p90),
        p99=told(spread.p99),
        own=told(own) if own is not None else "",
        is_beyond=own is not None and own > spread.p90,
    )


def _rate_text(value: float) -> str:
    return f"{value:,.0f}" if value >= 10 else f"{value:.1f}"
