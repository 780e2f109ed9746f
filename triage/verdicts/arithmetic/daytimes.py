"""Hours of the day as people name them: "resets at 3pm (PT)", "明天 0 点恢复", "midnight UTC"."""

import re
from collections.abc import Iterator
from datetime import datetime, time, timedelta, timezone, tzinfo
from functools import cache
from typing import Final
from zoneinfo import ZoneInfo, available_timezones

import re2

from triage.verdicts.arithmetic.nearby import near

_ENDS = r"(?:reset(?:s|ting)?|again|retry|renews?|refresh(?:es)?|available|refill(?:s|ed)?|until)\b"
_ENDS_ZH = r"(?:重置|恢复|刷新|再试|重试|可用|解封|解除|更新|清零)"
_MONTHS: Final = ("jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec")
_ZONE = (
    r"(?:\s*[(（]?\s*(?P<zone>[a-z]+/[a-z_]+(?:/[a-z_]+)?|(?:utc|gmt)\s?[+-]\s?\d{1,2}(?::\d\d)?|utc|gmt"
    r"|[pmce][sd]?t\b|jst\b|pacific(?: time)?|eastern(?: time)?|beijing(?: time)?"
    r"|北京时间|太平洋时间|美西时间|美东时间|东京时间|新加坡时间))?"
)
_ENGLISH = re.compile(
    rf"{_ENDS}[^\d\n.;]{{0,24}}?"
    rf"(?:(?P<month>{'|'.join(_MONTHS)})[a-z]*\.? (?P<day>\d{{1,2}})(?:st|nd|rd|th)?"
    r"(?:,? \d{4})?,? (?:at )?"
    r"|(?P<when>today|tomorrow|tonight)(?: at)? )?"
    r"(?P<hour>\d{1,2})(?::(?P<minute>\d\d))?\s?(?P<half>am|pm|a\.m\.|p\.m\.)?(?![\d:%-]|\.\d)" + _ZONE
)
_WHEN_ZH = (
    r"(?:(?P<month>\d{1,2})\s?月\s?(?P<day>\d{1,2})\s?[日号]\s?"
    r"|(?P<when>今天|今日|今晚|明天|明日|明早|明晚|次日|第二天|翌日|后天|每天|每日)\s?的?\s?)?"
)
_HOUR_ZH = (
    r"(?<!第)(?<!第 )(?<![\d:])(?<!\d[-/]\d\d[t ])"
    r"(?P<part>凌晨|早上|上午|中午|下午|傍晚|晚上|晚)?\s?(?P<hour>\d{1,2}|零)\s?"
    r"(?:[点时]\s?(?:(?P<minute>\d\d)\s?分?)?|:(?P<clock>\d\d)(?::\d\d)?)(?![\d:])"
)
_ZONE_ZH = r"(?P<zone>北京时间|太平洋时间|美西时间|美东时间|东京时间|新加坡时间|utc|gmt)?\s?"
_CHINESE = (
    re.compile(_ZONE_ZH + _WHEN_ZH + _HOUR_ZH + rf"[^\d\n。;；]{{0,12}}?{_ENDS_ZH}"),
    re.compile(rf"{_ENDS_ZH}[^\d\n。;；]{{0,8}}?" + _ZONE_ZH + _WHEN_ZH + _HOUR_ZH),
)
_MIDNIGHT = re.compile(rf"{_ENDS}[^\d\n.;]{{0,24}}?midnight(?: at| in)?" + _ZONE)
_NEXT_MONTH = re.compile(
    rf"(?:下个?月|次月)(?:\s?初|\s?1\s?[日号])?[^\d\n。;]{{0,8}}?{_ENDS_ZH}"
    rf"|{_ENDS}[^\d\n.;]{{0,24}}?next month"
)
_ANY_END = re2.compile(f"{_ENDS}|{_ENDS_ZH}")
"""Most texts hold no such word, which one pass tells."""

_END_WORDS = re.compile(f"{_ENDS}|{_ENDS_ZH}")

_DAYS_AHEAD: Final = {
    "明天": 1, "明日": 1, "明早": 1, "明晚": 1, "次日": 1, "第二天": 1, "翌日": 1, "后天": 2, "tomorrow": 1,
}  # fmt: skip
_NIGHTS = ("今晚", "明晚", "tonight")
_AFTERNOONS = ("pm", "p.m.", "下午", "傍晚", "晚上", "晚")


def hours_named(text: str, here: datetime) -> Iterator[datetime]:
    """The moments at which `plain` text says that a limit ends by an hour of the day, or by midnight.

    `here` is now in the customer's zone, which counts where the text names none. An hour without a day is
    the next that comes.
    """
    if not _ANY_END.search(text):
        return
    for pattern in (_ENGLISH, *_CHINESE):
        for match in near(pattern, text, _END_WORDS):
            if _is_hour(match) and (moment := _moment(match.groupdict(), here)):
                yield moment
    for match in _MIDNIGHT.finditer(text):
        yield _next(time(), _in_zone(here, match["zone"]))
    if _NEXT_MONTH.search(text):
        yield _first_of_next_month(here)


def _is_hour(match: re.Match[str]) -> bool:
    """A bare number after "again" is none: there must be a half of the day, minutes, a day or a zone."""
    told = match.groupdict()
    return match.re is not _ENGLISH or any(told[name] for name in ("half", "minute", "month", "when", "zone"))


def _moment(told: dict[str, str | None], here: datetime) -> datetime | None:
    there = _in_zone(here, told["zone"])
    minute = int(told["minute"] or told.get("clock") or 0)
    half = told.get("half") or told.get("part") or ("晚上" if told["when"] in _NIGHTS else "")
    hour, days = _hour(0 if told["hour"] == "零" else int(told["hour"] or 0), half)
    if hour > 23 or minute > 59:
        return None
    clock = time(hour, minute)
    if told["month"]:
        return _on(there, told["month"], int(told["day"] or 0), clock)
    days += _DAYS_AHEAD.get(told["when"] or "", 0)
    return _next(clock, there) if not days else _after(there, days, clock)


def _hour(hour: int, half: str) -> tuple[int, int]:
    """(hour, days later): 12 at night, and 24, are the next day's first hour."""
    late = half in _AFTERNOONS
    if hour == 24 or (hour == 12 and half in ("晚上", "晚")):
        return 0, 1
    if hour == 12:
        return (12 if late or half in ("", "中午", "上午") else 0), 0
    return hour + (12 if late and hour < 12 else 0), 0


def _next(clock: time, there: datetime) -> datetime:
    today = _after(there, 0, clock)
    return today if today > there else _after(there, 1, clock)


def _after(there: datetime, days: int, clock: time) -> datetime:
    return datetime.combine(there.date() + timedelta(days=days), clock, there.tzinfo)


def _on(there: datetime, month: str, day: int, clock: time) -> datetime | None:
    """A day of this year, or of the next one when it has long passed."""
    number = int(month) if month.isdigit() else 1 + _MONTHS.index(month)
    try:
        told = datetime.combine(there.date().replace(month=number, day=day), clock, there.tzinfo)
        return told if told > there - timedelta(days=180) else told.replace(year=told.year + 1)
    except ValueError:
        return None


def _first_of_next_month(here: datetime) -> datetime:
    later = here.date().replace(day=28) + timedelta(days=4)
    return datetime.combine(later.replace(day=1), time(), here.tzinfo)


# --- zones

_ZONES: Final = {
    "pt": "America/Los_Angeles", "pst": "America/Los_Angeles", "pdt": "America/Los_Angeles",
    "pacific": "America/Los_Angeles", "太平洋时间": "America/Los_Angeles", "美西时间": "America/Los_Angeles",
    "mt": "America/Denver", "mst": "America/Denver", "mdt": "America/Denver",
    "ct": "America/Chicago", "cdt": "America/Chicago",
    "et": "America/New_York", "est": "America/New_York", "edt": "America/New_York",
    "eastern": "America/New_York", "美东时间": "America/New_York",
    "cst": "Asia/Shanghai", "beijing": "Asia/Shanghai", "北京时间": "Asia/Shanghai",
    "jst": "Asia/Tokyo", "东京时间": "Asia/Tokyo", "新加坡时间": "Asia/Singapore", "utc": "UTC", "gmt": "UTC",
}  # fmt: skip
_OFFSET = re.compile(r"(?:utc|gmt)\s?([+-])\s?(\d{1,2})(?::(\d\d))?")


def _in_zone(here: datetime, name: str | None) -> datetime:
    zone = zone_told(name or "")
    return here.astimezone(zone) if zone else here


def zone_told(name: str) -> tzinfo | None:
    """The zone of "PT", "utc+8", "北京时间" or "asia/shanghai" in `plain` text; CST is China's here."""
    if match := _OFFSET.fullmatch(name):
        minutes = 60 * int(match[2]) + int(match[3] or 0)
        ahead = timedelta(minutes=minutes if match[1] == "+" else -minutes)
        return timezone(ahead) if abs(ahead) < timedelta(hours=24) else None
    known = _ZONES.get(name.removesuffix(" time")) or _spelled().get(name)
    return ZoneInfo(known) if known else None


@cache
def _spelled() -> dict[str, str]:
    return {name.lower(): name for name in available_timezones()}
