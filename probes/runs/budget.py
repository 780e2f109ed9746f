"""No run starts before its worst case is set aside, in every scope that pays for it."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from decimal import Decimal

from django.conf import settings
from django.db import transaction
from django.db.models import F

from probes.runs.models import Run, Spend


@dataclass(frozen=True, slots=True)
class Cap:
    """How much one scope may spend, and the code of the refusal when it may not."""

    scope: str
    limit: Decimal
    refusal: str


class OverBudget(Exception):
    """The reservation would pass a cap; nothing was reserved."""

    def __init__(self, cap: Cap) -> None:
        super().__init__(cap.refusal)
        self.code = cap.refusal


def caps_of(run: Run) -> tuple[Cap, ...]:
    """Amounts of different currencies are never added up, so scopes wider than an endpoint name theirs.

    The currency is the plan's: an admin may change the endpoint's between reserving and settling.
    """
    endpoint, currency = run.endpoint, run.read_plan().currency
    caps = [
        Cap(f"endpoint:{endpoint.pk}", endpoint.daily_budget, "over_endpoint_budget"),
        Cap(f"all:{currency}", settings.PROBE_BUDGET_PER_DAY, "over_daily_budget"),
    ]
    if run.requested_by_id:
        scope = f"user:{run.requested_by_id}:{currency}"
        caps.append(Cap(scope, settings.PROBE_BUDGET_PER_USER_DAY, "over_user_budget"))
    if run.purpose == Run.Purpose.BASELINE:  # nobody asks for one, so nobody would notice what they cost
        scope = f"baselines:{currency}"
        caps.append(Cap(scope, settings.PROBE_BUDGET_BASELINES_PER_DAY, "over_baseline_budget"))
    return tuple(caps)


def own_cap_of(run: Run) -> Cap:
    """What a single run may cost."""
    return Cap(f"run:{run.pk}", settings.PROBE_BUDGET_PER_RUN, "over_run_budget")


def reserve_for(run: Run, amount: Decimal) -> None:
    """Set `amount` aside for a claimed run. Raises OverBudget.

    A run reserves once, so its own cap needs no count. It comes last: a day without money says so first.
    """
    own = own_cap_of(run)
    with transaction.atomic():
        reserve(amount, caps=caps_of(run), day=_day_of(run))
        if amount > own.limit:
            raise OverBudget(own)


def settle_for(run: Run, spent: Decimal) -> None:
    """Give back what the run reserved and did not spend."""
    settle(run.reserved, spent, caps=caps_of(run), day=_day_of(run))


def _day_of(run: Run) -> date:
    """The day that pays, in UTC: that of the claim, however long the run goes on after midnight."""
    return (run.started_at or run.queued_at).date()


def reserve(amount: Decimal, *, caps: Iterable[Cap], day: date) -> None:
    """Set `amount` aside in all scopes or in none. Raises OverBudget.

    Rows are taken in the order of their scopes, so that two reservations cannot wait for each other.
    """
    with transaction.atomic():
        for cap in sorted(caps, key=lambda cap: cap.scope):
            Spend.objects.get_or_create(scope=cap.scope, day=day)
            room = Spend.objects.filter(scope=cap.scope, day=day, amount__lte=cap.limit - amount)
            if not room.update(amount=F("amount") + amount):
                raise OverBudget(cap)


def settle(reserved: Decimal, spent: Decimal, *, caps: Iterable[Cap], day: date) -> None:
    """Give back what was set aside and not spent."""
    unspent = reserved - spent
    if not unspent:
        return
    with transaction.atomic():
        for cap in sorted(caps, key=lambda cap: cap.scope):
            Spend.objects.filter(scope=cap.scope, day=day).update(amount=F("amount") - unspent)


def left_of(caps: Iterable[Cap], *, day: date) -> list[tuple[Cap, Decimal]]:
    """What each scope may still spend that day, never below zero: a cap may have been lowered meanwhile."""
    caps = list(caps)
    spent = Spend.objects.filter(scope__in=[cap.scope for cap in caps], day=day)
    amounts = dict(spent.values_list("scope", "amount"))
    return [(cap, max(cap.limit - amounts.get(cap.scope, Decimal(0)), Decimal(0))) for cap in caps]
