"""When to try again: the time that an answer names, or a cautious one where it names none."""

import re
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import UTC, datetime, time, timedelta
from email.utils import parsedate_to_datetime
from typing import Final, TypeGuard
from zoneinfo import ZoneInfo

from triage.verdicts.arithmetic.resets import reset_named
from triage.verdicts.reading import Conclusion, Reading
from triage.verdicts.texts import plain
from triage.verdicts.zones import CUSTOMERS_ZONE, zone_of

PROVIDERS_ZONE: Final = ZoneInfo("America/Los_Angeles")
"""Google's quotas per day end at midnight Pacific time."""

_WITHOUT_HINT = timedelta(seconds=60)
_DAILY = ("limit.daily_key_quota", "limit.upstream_daily")
_HINT_TOO_SHORT_FOR_A_DAY = timedelta(hours=1)
_LONGEST = timedelta(days=32)
"""A wait that is named longer is a mistake, and may not even be a date."""

_REFUSING = (429, 503, 529)
_DATE_HEADER = re.compile(
    r"(?<![-\w])date: ?((?:mon|tue|wed|thu|fri|sat|sun), \d{1,2} [a-z]{3} \d{4} [\d:]{8} gmt)"
)


def retry_not_before(conclusion: Conclusion, reading: Reading) -> tuple[datetime, bool] | None:
    """(time in UTC, whether an answer named it) for faults that waiting may cure; None without a clock.

    It counts from the failure. A wait that is over by the case's `now` is no clock either.
    """
    now = reading.case.now
    waits = conclusion.code.startswith("limit.")
    if now is None or not (waits or conclusion.code in ("upstream.overloaded", "quota.subscription")):
        return None
    clock = _clock(conclusion.code, _refused_us(reading, now) or _refused_them(reading, now), waits=waits)
    return clock if clock and clock[0] > now else None


@dataclass(frozen=True, slots=True)
class _Refusal:
    """When a request failed, and when its answer said that the wait ends."""

    at: datetime
    ends: datetime | None


def _clock(code: str, refusal: _Refusal, *, waits: bool) -> tuple[datetime, bool] | None:
    at, ends = refusal.at, refusal.ends
    if ends and not (code in _DAILY and ends - at < _HINT_TOO_SHORT_FOR_A_DAY):
        return _whole_second(ends), True
    return (_whole_second(_assumed(code, at)), False) if waits else None


def _refused_us(reading: Reading, now: datetime) -> _Refusal | None:
    """The desk's own attempts are as old as the case; one that names no time adds nothing to the ticket's."""
    hints = [facts.retry_after_s for facts in reading.probed if _is_believable(facts.retry_after_s)]
    if hints:
        return _Refusal(now, now + timedelta(seconds=max(0.0, *hints)))
    refusals = [plain(facts.error_message) for facts in reading.probed if facts.error_message]
    ends = _first_reset(refusals, now, reading)
    met = any(facts.status in _REFUSING for facts in reading.probed)
    if ends is None and met and (told := _refused_them(reading, now)).ends and told.ends > now:
        return told
    return _Refusal(now, ends) if ends or met else None


def _refused_them(reading: Reading, now: datetime) -> _Refusal:
    """What the ticket quotes is as old as the failure that it tells of, where that is known."""
    known = reading.intake.occurred_at or _date_quoted(reading.told) or now
    at = min(known, now)
    return _Refusal(at, _first_reset([reading.told], at, reading))


def _first_reset(texts: Iterable[str], at: datetime, reading: Reading) -> datetime | None:
    zone = zone_of(reading.intake.zone)
    return next(filter(None, (reset_named(text, now=at, zone=zone) for text in texts)), None)


def _date_quoted(told: str) -> datetime | None:
    """The moment of a quoted answer by its own Date header (RFC 9110, 6.6.1)."""
    found = _DATE_HEADER.search(told)
    try:
        return parsedate_to_datetime(found[1]) if found else None
    except ValueError:
        return None


def _is_believable(seconds: float | None) -> TypeGuard[float]:
    return seconds is not None and abs(seconds) < _LONGEST.total_seconds()


def _assumed(code: str, at: datetime) -> datetime:
    if code not in _DAILY:
        return at + _WITHOUT_HINT
    zone = PROVIDERS_ZONE if code == "limit.upstream_daily" else CUSTOMERS_ZONE
    tomorrow = at.astimezone(zone).date() + timedelta(days=1)
    return datetime.combine(tomorrow, time(), zone)


def _whole_second(at: datetime) -> datetime:
    """Rounded up, so that nobody is a fraction too early."""
    at = at.astimezone(UTC)
    return at if not at.microsecond else at.replace(microsecond=0) + timedelta(seconds=1)


def in_words(at: datetime, now: datetime, zone: str = "") -> str:
    """The clock time in the customer's `zone` with its name, and with the date when it is not today there."""
    there = zone_of(zone)
    local = at.astimezone(there)
    same_day = local.date() == now.astimezone(there).date()
    return f"{local:%H:%M:%S} ({there.key})" if same_day else f"{local:%Y-%m-%d %H:%M:%S} ({there.key})"
