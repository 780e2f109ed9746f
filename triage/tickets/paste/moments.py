"""Times in every form in which people and programs write them, with the zone that they name."""

import re
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from typing import Final
from zoneinfo import ZoneInfo

from triage.tickets.paste.found import Remark

ZONES: Final = (
    "UTC",
    "Asia/Shanghai",
    "Asia/Tokyo",
    "Asia/Kolkata",
    "Europe/Berlin",
    "Europe/London",
    "America/New_York",
    "America/Los_Angeles",
)
"""Those that the form offers; an offset becomes the first of them that has it at that time."""

_EARLIEST_YEAR: Final = 2015
_MONTHS: Final = {
    name: number
    for number, name in enumerate(
        ["jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec"], 1
    )
}

_CLOCK = (
    r"(?P<hour>\d{1,2})\s?[:：时点]\s?(?P<minute>\d{1,2})"
    r"(?:\s?[:：分]\s?(?P<second>\d{1,2}))?(?:[.,]\d{1,9})?分?秒?"
)
_HALF = r"(?P<half>凌晨|早上|上午|中午|下午|晚上|晚|[AaPp]\.?[Mm]\.?\b)?"
_ZONE = (
    r"(?:\s{0,2}[\[(（]?\s?(?P<zone>Z\b|北京时间|(?:UTC|GMT)\s?[+-]\d{1,2}(?::?\d\d)?|[+-]\d\d:?\d\d(?!\d)"
    r"|UTC|GMT|[A-Z][a-z]+/[A-Z][A-Za-z_]+"
    r"|[PECJM][SD]?T\b|CEST|BST|IST)\s?[\])）]?)?"
)
_YEAR_FIRST = re.compile(
    rf"(?<!\d)(?P<year>20\d\d)\s?[-/.年]\s?(?P<month>\d{{1,2}})\s?[-/.月]\s?(?P<day>\d{{1,2}})\s?[日号]?"
    rf"\s{{0,3}}(?:[T\-]|星期.|周.|,)?\s{{0,3}}{_HALF}\s?{_CLOCK}\s?(?P<after>[AaPp][Mm]\b)?{_ZONE}"
)
_DAY_FIRST = re.compile(
    rf"(?<![\d])(?P<day>\d{{1,2}})[ /-](?P<name>[A-Z][a-z]{{2}})[a-z]{{0,6}}[ /-]"
    rf"(?P<year>20\d\d)[ :T,]\s?{_HALF}{_CLOCK}{_ZONE}"
)
_MONTH_FIRST = re.compile(
    rf"\b(?P<name>[A-Z][a-z]{{2}})[a-z]{{0,6}}\.? (?P<day>\d{{1,2}})(?:st|nd|rd"
    rf"|th)?,? (?P<year>20\d\d),?(?: at)? {_HALF}{_CLOCK}\s?(?P<after>[AaPp][Mm]\b)?{_ZONE}"
)
_SLASHED = re.compile(
    rf"(?<![\d/])(?P<month>\d{{1,2}})/(?P<day>\d{{1,2}})/(?P<year>20\d\d),?\s{{1,2}}{_CLOCK}\s?"
    rf"(?P<after>[AaPp][Mm]\b)?{_ZONE}"
)
_NO_YEAR = re.compile(
    rf"(?<![\d.\-/])(?P<month>\d{{1,2}})(?:-|/|月)(?P<day>\d{{1,2}})[日号]?\s{{0,3}}{_HALF}\s?{_CLOCK}{_ZONE}"
)
_TODAY = re.compile(
    rf"(?P<shift>今天|今日|昨天|昨晚|today|yesterday)(?: at)?\s?{_HALF}\s?{_CLOCK}"
    rf"\s?(?P<after>[AaPp][Mm]\b)?{_ZONE}"
)
_EPOCH = re.compile(r"(?<![\d.])(1[5-9]\d{8})(?:\d{3})?(?:\.\d{1,9})?(?![\d])")

_HTTP_DATE = re.compile(r"\b[A-Z][a-z]{2}, \d{2} [A-Z][a-z]{2} 20\d\d \d\d:\d\d:\d\d GMT")

_NAMED_ZONES: Final = {
    "Z": "UTC",
    "UTC": "UTC",
    "GMT": "UTC",
    "北京时间": "Asia/Shanghai",
    "JST": "Asia/Tokyo",
    "PST": "America/Los_Angeles",
    "PDT": "America/Los_Angeles",
    "PT": "America/Los_Angeles",
    "EST": "America/New_York",
    "EDT": "America/New_York",
    "ET": "America/New_York",
    "CET": "Europe/Berlin",
    "CEST": "Europe/Berlin",
    "BST": "Europe/London",
}
"""CST and IST are left out: each means several zones."""
_SPOKEN_ZONES: Final = (
    (("北京", "中国", "上海", "beijing", "shanghai", "china", "东八区", "cst"), "Asia/Shanghai"),
    (("tokyo", "japan", "东京", "日本"), "Asia/Tokyo"),
    (("india", "kolkata", "印度"), "Asia/Kolkata"),
    (("berlin", "paris", "madrid", "rome", "cet", "德国"), "Europe/Berlin"),
    (("london", "伦敦"), "Europe/London"),
    (("new york", "us east", "eastern", "纽约", "美东"), "America/New_York"),
    (("los angeles", "pacific", "us west", "洛杉矶", "美西"), "America/Los_Angeles"),
)


@dataclass(frozen=True, slots=True)
class Moment:
    """A clock time as the form takes it, with its zone (an IANA name) where one is named."""

    local: datetime  # without zone
    zone: str = ""
    remark: str = ""

    @property
    def text(self) -> str:
        return self.local.strftime("%Y-%m-%dT%H:%M:%S")

    @property
    def aware(self) -> datetime | None:
        return self.local.replace(tzinfo=zone_named(self.zone)) if self.zone else None


def moments_in(line: str, *, now: datetime | None = None) -> Iterator[Moment]:
    """Every date with a clock in a line; one without a year counts only when `now` tells which."""
    patterns = (_YEAR_FIRST, _DAY_FIRST, _MONTH_FIRST, _SLASHED, *((_NO_YEAR, _TODAY) if now else ()))
    spans: list[tuple[int, int]] = []
    for pattern in patterns:
        for match in pattern.finditer(line):
            if any(start < match.end() and match.start() < end for start, end in spans):
                continue
            spans.append(match.span())
            if moment := _moment(match, now):
                is_servers = is_http_date(line[max(0, match.start() - 5) : match.end()])
                yield Moment(moment.local, "", Remark.SERVER_CLOCK) if is_servers else moment


def moment_said(value: str, *, now: datetime | None = None) -> Moment | None:
    """The time of a field that asks for one: as in a line, or an epoch."""
    found = next(moments_in(value, now=now), None)
    if found:
        return found
    epoch = _EPOCH.search(value)
    return Moment(datetime.fromtimestamp(int(epoch[1]), UTC).replace(tzinfo=None), "UTC") if epoch else None


def is_http_date(value: str) -> bool:
    """Written by a server for a machine (RFC 9110, 5.6.7): always in GMT, wherever the customer is."""
    return bool(_HTTP_DATE.search(value))


def zone_said(value: str) -> str:
    """The zone of the form that some words name, or empty."""
    word = value.strip()
    if word in ZONES:
        return word
    low = word.lower()
    for names, zone in _SPOKEN_ZONES:
        if any(name in low for name in names):
            return zone
    offset = re.search(r"(?:utc|gmt)?\s?([+-])\s?(\d{1,2})(?::?(\d\d))?(?!\d)", low)
    if offset:
        zone = _zone_of(_minutes(offset[1], offset[2], offset[3]), datetime(2026, 1, 1))
        return zone or ""
    return "UTC" if re.search(r"\b(?:utc|gmt)\b", low) else ""


def zone_named(name: str) -> ZoneInfo:
    return ZoneInfo(name)


def _moment(match: re.Match[str], now: datetime | None) -> Moment | None:
    parts = match.groupdict()
    day = _day(parts, now)
    hour = _hour(int(parts["hour"]), parts.get("half") or parts.get("after") or "")
    try:
        local = datetime(*day, hour, int(parts["minute"]), int(parts["second"] or 0))
    except (ValueError, TypeError):
        return None
    if local.year < _EARLIEST_YEAR:
        return None
    if not parts.get("year") and now and not parts.get("shift"):
        ahead = local > now.replace(tzinfo=None) + timedelta(days=2)
        local = local.replace(year=local.year - 1) if ahead and (local.month, local.day) != (2, 29) else local
        remark = Remark.NO_YEAR
    else:
        remark = None
    return _zoned(local, parts["zone"] or "", remark)


def _day(parts: dict[str, str | None], now: datetime | None) -> tuple[int, int, int]:
    """Year, month, day; month 0 (no such date) for a name that is no month."""
    if shift := parts.get("shift"):
        that = (now or datetime.now(UTC)).astimezone(ZoneInfo("Asia/Shanghai")) - timedelta(
            days=int(shift[0] in "昨y")
        )
        return that.year, that.month, that.day
    name = parts.get("name")
    month = _MONTHS.get(name.lower(), 0) if name else int(parts["month"] or 0)
    year = int(parts.get("year") or (now.year if now else 0))
    return year, month, int(parts["day"] or 0)


def _hour(hour: int, half: str) -> int:
    half = half.lower().replace(".", "")
    if half in ("下午", "晚上", "晚", "pm") and hour < 12:
        return hour + 12
    if half == "中午" and hour < 3:
        return hour + 12
    return 0 if half in ("am", "凌晨") and hour == 12 else hour


def _zoned(local: datetime, said: str, remark: str | None) -> Moment:
    """In the zone that was named; an offset that the form does not offer is turned into UTC."""
    if not said:
        return Moment(local, "", remark or Remark.NO_ZONE)
    zone = _NAMED_ZONES.get(said) or (said if said in ZONES else "")
    if zone:
        return Moment(local, zone, remark or "")
    offset = re.search(r"([+-])(\d{1,2}):?(\d\d)?", said)
    if not offset:
        return Moment(local, "", remark or Remark.NO_ZONE)
    minutes = _minutes(offset[1], offset[2], offset[3])
    if zone := _zone_of(minutes, local):
        return Moment(local, zone, remark or "")
    return Moment(local - timedelta(minutes=minutes), "UTC", remark or "")


def _minutes(sign: str, hours: str, minutes: str | None) -> int:
    return (int(hours) * 60 + int(minutes or 0)) * (-1 if sign == "-" else 1)


def _zone_of(minutes: int, local: datetime) -> str:
    offset = timedelta(minutes=minutes)
    return next((zone for zone in ZONES if ZoneInfo(zone).utcoffset(local) == offset), "")
