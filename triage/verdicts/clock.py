"""When to try again: the time that an answer names, or a cautious one where it names none."""

from datetime import UTC, datetime, time, timedelta
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


def retry_not_before(conclusion: Conclusion, reading: Reading) -> tuple[datetime, bool] | None:
    """(time in UTC, whether an answer named it) for faults that waiting may cure; None without a clock."""
    now = reading.case.now
    waits = conclusion.code.startswith("limit.")
    if now is None or not (waits or conclusion.code in ("upstream.overloaded", "quota.subscription")):
        return None
    named = _named(reading, now)
    if named and not (conclusion.code in _DAILY and named - now < _HINT_TOO_SHORT_FOR_A_DAY):
        return _whole_second(named), True
    if not waits:
        return None
    return _whole_second(_assumed(conclusion.code, now)), False


def _named(reading: Reading, now: datetime) -> datetime | None:
    hints = [facts.retry_after_s for facts in reading.probed if _is_believable(facts.retry_after_s)]
    if hints:
        return now + timedelta(seconds=max(0.0, *hints))
    refusals = (plain(facts.error_message) for facts in reading.probed if facts.error_message)
    moments = (
        reset_named(text, now=now, zone=zone_of(reading.intake.zone)) for text in (reading.told, *refusals)
    )
    return next(filter(None, moments), None)


def _is_believable(seconds: float | None) -> TypeGuard[float]:
    return seconds is not None and abs(seconds) < _LONGEST.total_seconds()


def _assumed(code: str, now: datetime) -> datetime:
    if code not in _DAILY:
        return now + _WITHOUT_HINT
    zone = PROVIDERS_ZONE if code == "limit.upstream_daily" else CUSTOMERS_ZONE
    tomorrow = now.astimezone(zone).date() + timedelta(days=1)
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
