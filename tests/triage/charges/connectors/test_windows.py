"""Which span is asked for next."""

from datetime import timedelta
from typing import Any

from tests.triage.charges.connectors.setups import NOW, at
from triage.charges.connectors.windows import (
    LAG,
    LONGEST_STEP,
    SHORTEST_STEP,
    Next,
    advanced,
    next_window,
    shorter,
)

SETTLED = NOW - LAG


def upcoming(cursor: dict[str, Any]) -> Next | None:
    first_from = NOW - timedelta(days=1)
    return next_window(cursor, now=NOW, overlap=timedelta(minutes=10), first_from=first_from)


def test_the_first_window_begins_where_the_ledger_shall() -> None:
    window = upcoming({})

    assert window and window.window.start == NOW - timedelta(days=1)
    assert window.until == window.window.start + timedelta(hours=1)


def test_a_little_of_what_was_read_is_read_again() -> None:
    window = upcoming({"until": at(30).isoformat()})

    assert window and (window.window.start, window.until) == (at(40), SETTLED)


def test_what_has_not_settled_is_not_asked_for() -> None:
    assert upcoming({"until": SETTLED.isoformat()}) is None


def test_windows_shrink_in_a_busy_system_and_their_overlap_with_them() -> None:
    cursor: dict[str, Any] | None = {"until": at(30).isoformat()}
    while cursor:
        narrowest, cursor = cursor, shorter(cursor)
    window = upcoming(narrowest)

    assert narrowest["step_s"] == SHORTEST_STEP
    assert window and window.until - window.window.start == timedelta(seconds=SHORTEST_STEP * 5)


def test_windows_grow_in_a_quiet_system_up_to_a_day() -> None:
    cursor: dict[str, Any] = {}
    for _ in range(10):
        cursor = advanced(cursor, until=at(30), rows=0)

    assert cursor["step_s"] == LONGEST_STEP
