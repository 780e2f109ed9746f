"""Times are read for sure, or refused with a reason."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest

from triage.charges.refusals import Refusal, Refused
from triage.charges.times import read_time, zone_of_column

SHANGHAI = ZoneInfo("Asia/Shanghai")
EIGHT = datetime(2026, 1, 5, 0, 29, 43, tzinfo=UTC)


@pytest.mark.parametrize(
    "text",
    [
        "2026-01-05T00:29:43Z",
        "2026-01-05T08:29:43+08:00",
        "2026-01-05 08:29:43",
        "2026/1/5 8:29:43",
        "2026.1.5 8:29:43",
        "2026年1月5日 8:29:43",
        "2026年1月5日 8时29分43秒",
        "2026/1/5 上午 8:29:43",
        "2026/1/5 8:29:43 AM",
        "2026-1-5 8:29:43 UTC+8",
        "2026/1/5 0:29:43 GMT",
        "1767572983",
        "1767572983000",
        "1767572983000000",
        "1767572983.000",
        "20260105082943",
        "２０２６/１/５ ８:２９:４３",
    ],
)
def test_every_way_to_write_a_time(text: str) -> None:
    assert read_time(text, SHANGHAI) == EIGHT


def test_afternoon_noon_and_fractions() -> None:
    assert read_time("2026/1/5 下午 3:05", SHANGHAI) == datetime(2026, 1, 5, 15, 5, tzinfo=SHANGHAI)
    assert read_time("2026/1/5 12:05 AM", SHANGHAI) == datetime(2026, 1, 5, 0, 5, tzinfo=SHANGHAI)
    assert read_time("1767572983640", SHANGHAI) == EIGHT.replace(microsecond=640_000)


@pytest.mark.parametrize(
    ("text", "refusal"),
    [
        ("", Refusal.EMPTY),
        ("2026-13-40 99:00", Refusal.NO_TIME),
        ("0000-00-00 00:00:00", Refusal.NO_TIME),
        ("yesterday", Refusal.NO_TIME),
        ("46027.354", Refusal.NO_TIME),
        ("01/02/2026 08:00:00", Refusal.AMBIGUOUS_TIME),
        ("2026-01-05", Refusal.NO_TIME_OF_DAY),
        ("2026年13月45日", Refusal.NO_TIME),
        ("1970-01-01 00:00:00", Refusal.TIME_OUT_OF_RANGE),
        ("2099-01-01T00:00:00Z", Refusal.TIME_OUT_OF_RANGE),
        ("2026-01-05T08:00:00-23:00", Refusal.NO_TIME),
        ("2026/1/5 8:00:00 UTC+99", Refusal.NO_TIME),
        ("0000000000", Refusal.TIME_OUT_OF_RANGE),
    ],
)
def test_what_is_no_certain_time_is_refused(text: str, refusal: Refusal) -> None:
    with pytest.raises(Refused) as refused:
        read_time(text, SHANGHAI)
    assert refused.value.refusal is refusal


@pytest.mark.parametrize(
    ("header", "hours"),
    [
        ("Created (UTC)", 0),
        ("created_at_utc", 0),
        ("扣费时间（UTC+8）", 8),
        ("时间(北京时间)", 8),
        ("Time [GMT-05:00]", -5),
    ],
)
def test_a_header_may_name_the_zone_of_its_column(header: str, hours: int) -> None:
    zone = zone_of_column(header)
    assert zone and datetime(2026, 1, 5, tzinfo=zone).utcoffset() == timedelta(hours=hours)


@pytest.mark.parametrize("header", ["created_at", "时间(本地)", "UTC time", "nonutc", "=2026-01-05 00:00"])
def test_a_header_that_names_no_zone(header: str) -> None:
    assert zone_of_column(header) is None
