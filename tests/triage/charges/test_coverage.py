"""What the imports of a ledger cover together, and where it has nothing."""

from datetime import UTC, datetime, timedelta

import pytest

from triage.charges.coverage import Coverage, Reach, Span, coverage_of

DAY = datetime(2026, 3, 1, tzinfo=UTC)


def at(hours: float) -> datetime:
    return DAY + timedelta(hours=hours)


def span(start: float, end: float) -> Span:
    return at(start), at(end)


@pytest.mark.parametrize(
    ("spans", "union"),
    [
        ([], []),
        ([(0, 9), (9, 20)], [(0, 20)]),
        ([(9, 20), (0, 12)], [(0, 20)]),
        ([(0, 24), (3, 4)], [(0, 24)]),
        ([(0, 9), (9.2, 20)], [(0, 20)]),  # an export ends with its last row, not with its last second
        ([(0, 9), (10, 20)], [(0, 9), (10, 20)]),
    ],
)
def test_imports_cover_together(spans, union):
    assert coverage_of([span(*each) for each in spans]).spans == tuple(span(*each) for each in union)


def test_a_ledger_with_few_rows_has_long_pauses():
    spans = [span(0, 24), span(28, 48)]

    assert not coverage_of(spans, rows=50).gaps  # a row every hour: four hours are a usual pause
    assert coverage_of(spans, rows=5000).gaps == (span(24, 28),)
    assert coverage_of([span(0, 24), span(33, 48)], rows=5).gaps == (span(24, 33),)


@pytest.mark.parametrize(
    ("hours", "reach"),
    [
        (-1, Reach.BEFORE),
        (0, Reach.COVERED),
        (9, Reach.COVERED),
        (9.5, Reach.GAP),
        (12, Reach.COVERED),
        (20.1, Reach.BEYOND),
    ],
)
def test_a_moment_lies(hours, reach):
    assert coverage_of([span(0, 9), span(10, 20)]).at(at(hours)) is reach


def test_without_imports_nothing_is_covered():
    assert Coverage().at(DAY) is Reach.NOTHING
    assert Coverage().until is None


def test_a_gap_takes_away_from_the_time_that_it_touches():
    coverage = coverage_of([span(0, 9), span(10, 20)])

    assert coverage.gaps_within(at(8), at(9.5)) == (span(9, 10),)
    assert coverage.gaps_within(at(2), at(8)) == ()
    assert coverage.holds(at(2), at(8)) and not coverage.holds(at(8), at(11))
