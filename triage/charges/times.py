"""Times as they stand in ledgers, read as aware moments."""

import re
from datetime import UTC, datetime, timedelta, timezone, tzinfo

from triage.charges.normalise import plain
from triage.charges.refusals import Refusal, Refused

# No gateway of this kind billed before the first or bills after the last: such dates are slips of an export.
FIRST_YEAR, LAST_YEAR = 2015, 2079

_NO_OFFSET, _FARTHEST_ZONE = timedelta(), timedelta(hours=14)  # Kiribati

_EPOCH = datetime(1970, 1, 1, tzinfo=UTC)
_EPOCH_TEXT = re.compile(r"(\d{10}|\d{13}|\d{16})(?:\.(\d{1,9}))?", re.A)
_EPOCH_UNIT = {10: 1, 13: 1_000, 16: 1_000_000}
_COMPACT = re.compile(r"(\d{4})(\d{2})(\d{2})[T ]?(\d{2})(\d{2})(\d{2})", re.A)
_LOOSE = re.compile(
    r"(?P<date>\d{4}[-/.年]\d{1,2}[-/.月]\d{1,2}日?)"
    r"(?:[T ]*(?P<half>AM|PM|上午|下午|凌晨|中午|晚上)?[ ]*(?P<hour>\d{1,2})[:时点](?P<minute>\d{1,2})"
    r"(?:[:分](?P<second>\d{1,2})(?:[.,](?P<fraction>\d{1,9}))?秒?)?分?[ ]*(?P<half_after>AM|PM)?"
    r"[ ]*(?P<zone>Z|UTC|GMT|(?:UTC|GMT)?[+-]\d{1,2}(?::?\d{2})?)?)?",
    re.A | re.I,
)
_DAY_OR_MONTH_FIRST = re.compile(r"\d{1,2}[-/.]\d{1,2}[-/.]\d{2,4}\b.*", re.A | re.S)
_AFTERNOON = frozenset(("pm", "下午", "晚上"))


def read_time(text: str, zone: tzinfo) -> datetime:
    """An aware time; `zone` is meant where none is written. Raises Refused unless it is sure."""
    at = _iso(text) or _epoch(text) or _written_out(plain(text))
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Refused(Refusal.TIME_OUT_OF_RANGE, "occurred_at")
    if abs(at.utcoffset() or _NO_OFFSET) > _FARTHEST_ZONE:
        raise Refused(Refusal.NO_TIME, "occurred_at")
    return at if at.tzinfo else at.replace(tzinfo=zone)


def _iso(text: str) -> datetime | None:
    if len(text) < 16 or text[4] != "-":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    found = _EPOCH_TEXT.fullmatch(text.strip())
    if not found:
        return None
    whole, fraction = found.groups(default="")
    unit = _EPOCH_UNIT[len(whole)]
    microseconds = int(whole) * (1_000_000 // unit)
    if unit == 1:
        microseconds += int(fraction[:6].ljust(6, "0"))
    return _EPOCH + timedelta(microseconds=microseconds)


def _written_out(text: str) -> datetime:
    if not text:
        raise Refused(Refusal.EMPTY, "occurred_at")
    found = _LOOSE.fullmatch(text)
    if not found:
        return _compact(text)
    if found["hour"] is None:
        raise Refused(Refusal.NO_TIME_OF_DAY, "occurred_at")
    clock = _hour(int(found["hour"]), (found["half"] or found["half_after"] or "").lower())
    microsecond = int((found["fraction"] or "0")[:6].ljust(6, "0"))
    day = map(int, re.findall(r"\d+", found["date"]))
    return _moment(
        *(*day, clock, int(found["minute"]), int(found["second"] or 0), microsecond), zone=found["zone"]
    )


def _compact(text: str) -> datetime:
    if found := _COMPACT.fullmatch(text):
        return _moment(*map(int, found.groups()))
    refusal = Refusal.AMBIGUOUS_TIME if _DAY_OR_MONTH_FIRST.fullmatch(text) else Refusal.NO_TIME
    raise Refused(refusal, "occurred_at")


def _hour(hour: int, half: str) -> int:
    if not half or hour > 12:
        return hour
    return hour % 12 + (12 if half in _AFTERNOON or half == "中午" else 0)


def _moment(*parts: int, zone: str | None = None) -> datetime:
    try:
        return datetime(*parts, tzinfo=_zone(zone))  # type: ignore[misc, arg-type]  # at most microseconds
    except ValueError:
        raise Refused(Refusal.NO_TIME, "occurred_at") from None


def _zone(text: str | None) -> tzinfo | None:
    if not text:
        return None
    digits = re.sub(r"\D", "", text)
    hours, minutes = (digits[:-2], digits[-2:]) if len(digits) > 2 else (digits, "")
    offset = timedelta(hours=int(hours or 0), minutes=int(minutes or 0))
    return timezone(-offset if "-" in text else offset)
