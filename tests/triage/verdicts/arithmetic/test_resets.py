"""Reset times in every form that errors and people use."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from triage.verdicts.arithmetic.resets import reset_named, span_s
from triage.verdicts.texts import plain

CHINA = ZoneInfo("Asia/Shanghai")
NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)  # Saturday, 14:00 in China, 22:00 on Friday in California


def told(text, zone=CHINA):
    at = reset_named(plain(text), now=NOW, zone=zone)
    return at and f"{at.astimezone(CHINA):%m-%d %H:%M:%S}"


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("x-ratelimit-reset: 1795246800", "11-21 15:40:00"),
        ("reset_at=1795246800000", "11-21 15:40:00"),
        ('{"resetAt":"2026-11-21T16:00:00+08:00"}', "11-21 16:00:00"),
        ("resets at 2026-11-21 16:00", "11-21 16:00:00"),
        ("您的限额将在 2026-11-21 15:17:17 重置。", "11-21 15:17:17"),
        ("额度将于 2026/11/22 3:00 恢复", "11-22 03:00:00"),
        ("下次重置时间：2026年11月22日 08:00:00", "11-22 08:00:00"),
        ("请在 2026-11-21 14:30:05 之后再试", "11-21 14:30:05"),
        ("quota reset time: 2026-11-21T10:00:00Z", "11-21 18:00:00"),
        ("Retry-After: Sat, 21 Nov 2026 08:00:00 GMT", "11-21 16:00:00"),
    ],
)
def test_moments(text, at):
    assert told(text) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("x-ratelimit-reset-requests: 6m0s", "11-21 14:06:00"),
        ("x-ratelimit-reset-tokens: 1h2m", "11-21 15:02:00"),
        ("Please retry in 27s.", "11-21 14:00:27"),
        ('"retryDelay": "27s"', "11-21 14:00:27"),
        ("Retry-After: 120", "11-21 14:02:00"),
        ("retry-after-ms: 90000", "11-21 14:01:30"),
        ("try again in 20 minutes", "11-21 14:20:00"),
        ("try again in 2 days 3 hours 5 minutes", "11-23 17:05:00"),
        ("Your quota will reset after 11h30m15s.", "11-22 01:30:15"),
        ("请在 30 秒后重试", "11-21 14:00:30"),
        ("额度 5 小时后重置", "11-21 19:00:00"),
        ("1 分钟内最多 60 次，请等待 45 秒", "11-21 14:00:45"),
    ],
)
def test_spans(text, at):
    assert told(text) == at


@pytest.mark.parametrize(
    ("text", "at"),
    [
        ("明天 0 点恢复", "11-22 00:00:00"),
        ("额度将于明天零点刷新", "11-22 00:00:00"),
        ("次日 0 点重置", "11-22 00:00:00"),
        ("今晚 12 点重置", "11-22 00:00:00"),
        ("每天 8:00 重置", "11-22 08:00:00"),
        ("下午 3 点恢复", "11-21 15:00:00"),
        ("北京时间 23:30 恢复", "11-21 23:30:00"),
        ("12 月 3 日 10 点恢复", "12-03 10:00:00"),
        ("下个月 1 号恢复", "12-01 00:00:00"),
        ("resets at 3pm (PT)", "11-22 07:00:00"),
        ("5-hour limit reached ∙ resets 3pm", "11-21 15:00:00"),
        ("Your limit will reset at 3pm (America/Santiago).", "11-22 02:00:00"),
        ("You've hit your limit · resets Dec 3, 10am (UTC)", "12-03 18:00:00"),
        ("try again at 3:45 PM.", "11-21 15:45:00"),
        ("limit resets tomorrow at 8am", "11-22 08:00:00"),
        ("resets at midnight UTC", "11-22 08:00:00"),
        ("reset at 00:00 UTC+8", "11-22 00:00:00"),
    ],
)
def test_hours_of_the_day(text, at):
    assert told(text) == at


def test_an_hour_without_a_zone_is_the_customers():
    assert told("resets 3pm", zone=ZoneInfo("America/Los_Angeles")) == "11-22 07:00:00"


@pytest.mark.parametrize(
    "text",
    [
        "",
        "try again later",
        "You can try again 3 times",
        "again after 5 retries",
        "resetAt: 2026-11-20T00:00:00Z",  # has passed
        "您的限额将在 2026-11-20 15:17:17 重置",
        "reset in 400 days",
        "reset_at=9999999999999",
        "resets at 99pm",
        "13 月 40 日 10 点恢复",
        "第 3 点请求恢复正常了吗",
        "model gpt-4o resets context",
    ],
)
def test_what_names_no_time(text):
    assert told(text) is None


@given(st.text(max_size=300))
def test_any_text_is_read(text):
    at = reset_named(plain(f"reset {text} 恢复"), now=NOW, zone=CHINA)

    assert at is None or NOW < at < NOW + timedelta(days=32)


@given(st.integers(0, 23), st.integers(0, 59), st.integers(0, 59))
def test_go_spans_are_read_to_the_second(hours, minutes, seconds):
    assert span_s(f"{hours}h{minutes}m{seconds}s") == 3600 * hours + 60 * minutes + seconds
