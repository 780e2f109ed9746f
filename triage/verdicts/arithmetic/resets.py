"""When a limit ends, in any of the forms in which errors and people say it, as one moment."""

import re
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, tzinfo
from email.utils import parsedate_to_datetime
from typing import Final

from probes.wire.times import moment_of
from triage.verdicts.arithmetic.daytimes import hours_named
from triage.verdicts.arithmetic.nearby import near

_LONGEST: Final = timedelta(days=32)
"""A wait that is named longer is a mistake, and may not even be a date."""


def reset_named(text: str, *, now: datetime, zone: tzinfo) -> datetime | None:
    """The moment at which `plain` text says that a limit ends, aware; None where none is to come.

    A clock without a zone is read in `zone`, the customer's. What has passed, or lies more than a month
    ahead, says nothing. Moments come before spans, and spans before hours of the day.
    """
    here = now.astimezone(zone)
    found = (moment for read in _READERS for moment in read(text, here))
    return next((moment for moment in found if now < moment < now + _LONGEST), None)


_EPOCH = re.compile(
    r"(?:reset[-\w]*|retry[-_ ]?after|retry[-_ ]?at)[\"']?\s*(?:[:=]|\bat\b)\s*[\"']?(\d{16}|\d{13}|\d{10})\b"
)
_DATED = (
    r"(\d{4})[-/年](\d\d?)[-/月](\d\d?)[t日 ] ?(\d\d?)(:\d\d(?::\d\d)?)(?:\.\d+)?"
    r" ?(z|utc|gmt|[+-]\d\d:?\d\d)?"
)
_DATES = (
    re.compile(rf"(?:reset|retry|again|until|恢复|重置|刷新)[^\d\n]{{0,24}}{_DATED}"),
    re.compile(rf"{_DATED}[^\d\n。;；]{{0,12}}?(?:恢复|重置|刷新|解除|解封|后再试|后重试)"),
)
_HTTP_DATE = re.compile(
    r"(?:reset|retry|again|until)[^\d\n]{0,24}?"
    r"((?:mon|tue|wed|thu|fri|sat|sun)[a-z]*,? \d{1,2} [a-z]{3} \d{4} \d\d:\d\d:\d\d gmt)"
)


def _epochs(text: str, now: datetime) -> Iterator[datetime]:
    yield from filter(None, (moment_of(match[1]) for match in _EPOCH.finditer(text)))


def _dates(text: str, now: datetime) -> Iterator[datetime]:
    for match in (match for pattern in _DATES for match in pattern.finditer(text)):
        year, month, day, hour, minutes, zone = match.groups()
        offset = "+00:00" if zone in ("z", "utc", "gmt") else zone or ""
        try:
            told = datetime.fromisoformat(f"{year}-{month:0>2}-{day:0>2}T{hour:0>2}{minutes}{offset}")
        except ValueError:
            continue
        yield told if told.tzinfo else told.replace(tzinfo=now.tzinfo)


def _http_dates(text: str, now: datetime) -> Iterator[datetime]:
    for match in _HTTP_DATE.finditer(text):
        try:
            yield parsedate_to_datetime(match[1])
        except ValueError:
            continue


_UNITS: Final = (
    ("ms", 1e-3), ("毫秒", 1e-3), ("milli", 1e-3), ("s", 1.0), ("秒", 1.0), ("m", 60.0), ("分", 60.0),
    ("h", 3600.0), ("小时", 3600.0), ("个", 3600.0), ("d", 86400.0), ("天", 86400.0),
    ("w", 604800.0), ("周", 604800.0),
)  # fmt: skip
_UNIT = (
    r"(?:ms|毫秒|milliseconds?|s(?:ec(?:ond)?s?)?|秒钟?|m(?:in(?:ute)?s?)?|分钟?|h(?:(?:ou)?rs?)?|个?小时"
    r"|d(?:ays?)?|天|w(?:eeks?)?|周)(?![a-z])"
)
_AMOUNT = r"\d{1,9}(?:\.\d{1,9})?"
_SPAN = rf"{_AMOUNT}\s*{_UNIT}(?:[ ,]*(?:and )?{_AMOUNT}\s*{_UNIT}){{0,3}}"
_PART = re.compile(rf"({_AMOUNT})\s*({_UNIT})")
_SPANS: Final = tuple(
    re.compile(pattern)
    for pattern in (
        rf"(?:retry[-_]?delay|retry[-_ ]?after(?:[-_]ms)?|reset-(?:requests|tokens)|quotaresetdelay"
        rf"|resets?_in_seconds|x-ratelimit-reset)[\"']?\s*[:=]\s*[\"']?({_SPAN}|{_AMOUNT})",
        rf"(?:retry[-_ ]after|(?:try|retry) again (?:in|after)|retry in|reset(?:s|ting)? (?:in|after))"
        rf"\s*({_SPAN}|{_AMOUNT})",
        rf"\b(?:again|retry(?:ing)?|wait|resets?|resetting|available)\b[^\d\n.;]{{0,30}}?({_SPAN})",
        rf"(?:请在|请等待?|等待|再等)\s*(?:约|大约)?\s*({_SPAN}|{_AMOUNT})",
        rf"({_SPAN})\s*[之以]?后?\s*(?:再|才|会|可|将|自动)*\s*(?:重试|再试|恢复|重置|刷新|解除|解封|可用)",
    )
)
_SPAN_WORDS: Final = re.compile(
    r"re(?:try|set)|again|wait|available|请在|等待|请等|再等|重试|再试|恢复|重置|刷新|解除|解封|可用"
)


def _spans(text: str, now: datetime) -> Iterator[datetime]:
    for pattern in _SPANS:
        for match in near(pattern, text, _SPAN_WORDS):
            seconds = span_s(match[1]) * (1e-3 if re.search(r"[-_]ms[\"']?\s*[:=]", match[0]) else 1)
            if seconds < _LONGEST.total_seconds():
                yield now.astimezone(UTC) + timedelta(seconds=seconds)


def span_s(span: str) -> float:
    """Seconds of "6m0s", "1 小时 2 分", "2 days 3 hours" in `plain` text, or of a bare number."""
    parts = _PART.findall(span)
    return sum(float(amount) * _seconds_of(unit) for amount, unit in parts) if parts else float(span)


def _seconds_of(unit: str) -> float:
    return next(seconds for name, seconds in _UNITS if unit.startswith(name))


_READERS: Final = (_epochs, _dates, _http_dates, _spans, hours_named)
