"""The time in an id against the time in the ticket."""

from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.verdicts.arithmetic.made import disagreement, is_zone_apart, made_at

CHINA = timedelta(hours=8)
TOLD = datetime(2026, 11, 21, 4, 2, tzinfo=UTC)  # 12:02 on a wall in China


def apart(request_id, told=TOLD, wall=CHINA):
    return disagreement(made_at(request_id), told, wall=wall)


@pytest.mark.parametrize(
    ("request_id", "at"),
    [
        ("20261121140203123456789abcdEFGH", datetime(2026, 11, 21, 14, 2, 3)),
        ("2026112114020312345678", datetime(2026, 11, 21, 14, 2, 3)),
        ("019aa4e8-5000-7abc-8def-0123456789ab", datetime(2025, 11, 21, 5, 34, 39, tzinfo=UTC)),
        ("1-69200000-abcdefabcdefabcdefabcdef", datetime(2025, 11, 21, 6, 0, 16, tzinfo=UTC)),
    ],
)
def test_ids_that_carry_a_time(request_id, at):
    assert abs((made_at(request_id).at - at).total_seconds()) < 60


@pytest.mark.parametrize(
    "request_id",
    ["req_7Hk2Qp", "", "chatcmpl-123", "20269999999999123456", "550e8400-e29b-41d4-a716-446655440000"],
)
def test_ids_that_carry_none(request_id):
    assert made_at(request_id) is None


def test_two_hours_off_may_be_another_zone_or_another_request():
    found = apart("20261121140203123456789abcdEFGH")

    assert found.may_be_zone
    assert round(found.apart / timedelta(hours=1)) == 2


def test_forty_minutes_off_are_no_zone():
    assert apart("20261121124203123456789abcdEFGH").may_be_zone is False


def test_another_day_is_another_request():
    assert apart("20261119120203123456789abcdEFGH").may_be_zone is False


def test_minutes_are_no_disagreement():
    assert apart("20261121121203123456789abcdEFGH") is None
    assert apart("20261121114803123456789abcdEFGH") is None


def test_an_id_in_utc_leaves_no_room_for_zones():
    found = apart("1-69200000-abcdefabcdefabcdefabcdef")

    assert found.may_be_zone is False


@given(st.integers(-28, 28), st.integers(-5, 5))
def test_zones_differ_by_whole_and_half_hours(half_hours, minutes):
    assert is_zone_apart(timedelta(minutes=30 * half_hours + minutes))


@given(st.integers(-27, 27), st.integers(8, 22))
def test_other_minutes_do_not_pass_for_a_zone(half_hours, minutes):
    assert not is_zone_apart(timedelta(minutes=30 * half_hours + minutes))
