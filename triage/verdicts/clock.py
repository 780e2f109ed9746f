"""When to try again: the time that an answer names, or a cautious one where it names none."""

import re
from datetime import UTC, datetime, time, timedelta
from typing import Final, TypeGuard
from zoneinfo import ZoneInfo

from triage.verdicts.figures import seconds_in
from triage.verdicts.reading import Conclusion, Reading

CUSTOMERS_ZONE: Final = ZoneInfo("Asia/Shanghai")
PROVIDERS_ZONE: Final = ZoneInfo("America/Los_Angeles")
"""Google's quotas per day end at midnight Pacific time."""

_WITHOUT_HINT = timedelta(seconds=60)
_DAILY = ("limit.daily_key_quota", "limit.upstream_daily")
_HINT_TOO_SHORT_FOR_A_DAY = timedelta(hours=1)
_LONGEST = timedelta(days=32)
"""A wait that is named longer is a mistake, and may not even be a date."""

_RESET = r"reset\w*[\"']?\s*[:=]\s*[\"']?"
_EPOCH = re.compile(_RESET + r"(\d{13}|\d{10})\b")
_ISO = re.compile(_RESET + r"(\d{4}-\d\d-\d\d[t ]\d\d:\d\d(?::\d\d)?(?:\.\d+)?(?:z|[+-]\d\d:?\d\d)?)")
_WAIT = re.compile(
    r"(?:retry[-_ ]?after(?:-ms)?[\"']?\s*[:=]?|try again (?:in|after)|retry in|retrydelay[\"']?\s*[:=]"
    r"|wait(?: for)?|reset(?:s|ting)? (?:in|after)|请在|等待)"
    r"\s*[\"']?(\d[\d.]*\s*[a-z秒分小时]*(?:\s*\d+\s*[ms秒])?)"
)


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
    return _told(reading.told, now)


def _told(text: str, now: datetime) -> datetime | None:
    """The time that the quoted error names; times that have passed say nothing."""
    told = None
    if match := _EPOCH.search(text):
        told = datetime.fromtimestamp(int(match.group(1)[:10]), UTC)
    elif match := _ISO.search(text):
        told = _iso(match.group(1))
    elif (match := _WAIT.search(text)) and _is_believable(seconds := seconds_in(match.group(1))):
        told = now + timedelta(seconds=seconds / 1000 if "-ms" in match.group() else seconds)
    return told if told and now < told < now + _LONGEST else None


def _is_believable(seconds: float | None) -> TypeGuard[float]:
    return seconds is not None and abs(seconds) < _LONGEST.total_seconds()


def _iso(text: str) -> datetime | None:
    try:
        told = datetime.fromisoformat(text.upper().replace(" ", "T"))
    except ValueError:
        return None
    return told if told.tzinfo else told.replace(tzinfo=CUSTOMERS_ZONE)


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


def in_words(at: datetime, now: datetime) -> str:
    """The clock time in the customers' zone, with the date when it is not today."""
    local = at.astimezone(CUSTOMERS_ZONE)
    same_day = local.date() == now.astimezone(CUSTOMERS_ZONE).date()
    return f"{local:%H:%M:%S} (Asia/Shanghai)" if same_day else f"{local:%Y-%m-%d %H:%M:%S} (Asia/Shanghai)"
