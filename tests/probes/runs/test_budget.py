"""No reservation passes a cap, however many arrive at once."""

from concurrent.futures import ThreadPoolExecutor
from datetime import date
from decimal import Decimal

import pytest
from django.db import connections

from probes.runs.budget import Cap, OverBudget, reserve, settle
from probes.runs.models import Spend

DAY = date(2026, 1, 5)
CAPS = (
    Cap("endpoint:1", Decimal(1), "over_endpoint_budget"),
    Cap("all:USD", Decimal(10), "over_daily_budget"),
)


def spent(scope: str = "endpoint:1") -> Decimal:
    return Spend.objects.get(scope=scope, day=DAY).amount


@pytest.mark.django_db
def test_a_reservation_counts_in_every_scope():
    reserve(Decimal("0.4"), caps=CAPS, day=DAY)

    assert (spent(), spent("all:USD")) == (Decimal("0.4"), Decimal("0.4"))


@pytest.mark.django_db
def test_a_refused_reservation_leaves_no_scope_changed():
    reserve(Decimal("0.9"), caps=CAPS, day=DAY)

    with pytest.raises(OverBudget) as refusal:
        reserve(Decimal("0.2"), caps=CAPS, day=DAY)

    assert refusal.value.code == "over_endpoint_budget"
    assert (spent(), spent("all:USD")) == (Decimal("0.9"), Decimal("0.9"))


@pytest.mark.django_db
def test_what_was_not_spent_is_given_back():
    reserve(Decimal("0.9"), caps=CAPS, day=DAY)

    settle(Decimal("0.9"), Decimal("0.1"), caps=CAPS, day=DAY)

    assert spent() == Decimal("0.1")


@pytest.mark.django_db
def test_another_day_has_its_own_money():
    reserve(Decimal(1), caps=CAPS, day=DAY)

    reserve(Decimal(1), caps=CAPS, day=date(2026, 1, 6))


@pytest.mark.django_db(transaction=True)
def test_racing_reservations_stop_at_the_cap():
    def try_once(_: int) -> bool:
        try:
            reserve(Decimal("0.03"), caps=CAPS, day=DAY)
        except OverBudget:
            return False
        finally:
            connections.close_all()
        return True

    with ThreadPoolExecutor(64) as pool:
        accepted = sum(pool.map(try_once, range(320)))

    assert accepted == 33
    assert spent() == Decimal("0.99")
