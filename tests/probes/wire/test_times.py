from datetime import UTC, datetime

import pytest

from probes.wire.times import iso_time, moment_of, number_of, span_of


@pytest.mark.parametrize(
    ("value", "moment"),
    [
        (1700000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (1700000000000, datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("1700000000000000", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("2023-11-14T22:13:20Z", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("2023-11-15 06:13:20+08:00", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("2023-11-14T22:13:20", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        ("Tue, 14 Nov 2023 22:13:20 GMT", datetime(2023, 11, 14, 22, 13, 20, tzinfo=UTC)),
        (30, None),
        (1e25, None),
        ("soon", None),
        (None, None),
        (True, None),
        ([], None),
    ],
)
def test_a_moment_is_read_in_any_dress(value, moment):
    assert moment_of(value) == moment


@pytest.mark.parametrize(
    ("value", "seconds"),
    [
        ("6m0s", 360),
        ("12ms", 0.012),
        ("1h2m3s", 3723),
        ("17", 17),
        (2.5, 2.5),
        ("1d", 86400),
        ("x", None),
        ("", None),
    ],
)
def test_a_span_is_read_in_any_dress(value, seconds):
    assert span_of(value) == (pytest.approx(seconds) if seconds else seconds)


@pytest.mark.parametrize("value", ["nan", "inf", float("nan"), 10**400, None, {}, True])
def test_what_is_no_finite_number_is_none(value):
    assert number_of(value) is None


def test_a_local_time_without_zone_gets_none():
    assert iso_time("2026-01-02 03:04:05") == "2026-01-02T03:04:05"
    assert iso_time(1700000000) == "2023-11-14T22:13:20+00:00"
    assert iso_time("yesterday") == ""
