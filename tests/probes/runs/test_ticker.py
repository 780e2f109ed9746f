"""What is held is looked after until it is let go, whatever one tick meets."""

import threading

import pytest

from probes.runs.ticker import Ticker

pytestmark = pytest.mark.django_db(transaction=True)


def test_a_tick_that_fails_is_followed_by_the_next():
    ticks, went_on = [], threading.Event()

    def tick(held: frozenset[str]) -> None:
        ticks.append(held)
        if len(ticks) == 1:
            raise ValueError
        went_on.set()

    with Ticker(tick, every_s=0.01, name="trial").holding("it"):
        assert went_on.wait(10)

    assert set(ticks) == {frozenset({"it"})}
