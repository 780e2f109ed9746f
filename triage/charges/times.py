"""Times as they stand in ledgers, read as aware moments."""

import re
from collections.abc import Callable, Sequence
from datetime import UTC, datetime, timedelta, timezone, tzinfo
from functools import lru_cache

from triage.charges.alike import Alike
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
_ZONE_OF_COLUMN = re.compile(
    r"[(（\[ _](?P<zone>(?:UTC|GMT)(?:[+-]\d{1,2}(?::?\d{2})?)?|北京时间)[)）\]]?\s*", re.A | re.I
)
_AFTERNOON = frozenset(("pm", "下午", "晚上"))


def read_time(text: str, zone: tzinfo) -> datetime:
    """An aware time; `zone` is meant where none is written. Raises Refused unless it is sure."""
    at = _iso(text) or _epoch(text) or _written_out(plain(text))
    if not FIRST_YEAR <= at.year <= LAST_YEAR:
        raise Refused(Refusal.TIME_OUT_OF_RANGE, "occurred_at")
    if abs(at.utcoffset() or _NO_OFFSET) > _FARTHEST_ZONE:
        raise Refused(Refusal.NO_TIME, "occurred_at")
    return at if at.tzinfo else at.replace(tzinfo=zone)


def zone_of_column(header: str) -> tzinfo | None:
    """The zone that a header ends with, as in "Created (UTC)"; None where it names none."""
    found = next((found for found in _ZONE_OF_COLUMN.finditer(header) if found.end() == len(header)), None)
    return _zone(found["zone"].replace("北京时间", "+8")) if found else None


_CLOCK = r"(?:[01]\d|2[0-3]):[0-5]\d(?::[0-5]\d(?:\.\d{1,6}+)?)?"
_DAY = (
    r"20(?:1[5-9]|[2-6]\d|7[0-8])-(?:(?:0[1-9]|1[0-2])-(?:0[1-9]|1\d|2[0-8])|"
    r"(?:0[13-9]|1[0-2])-(?:29|30)|(?:0[13578]|1[02])-31)"
)
_ISO = rf"{_DAY}[ T]{_CLOCK}"
_LOCAL = Alike(_ISO)
_AWARE = Alike(rf"{_ISO}(?:Z|[+-](?:0\d|1[0-3]):?[0-5]\d)")
_SECONDS = Alike(r"(?:1[5-9]|2\d|3[0-3])\d{8}")
_MILLISECONDS = Alike(r"(?:1[5-9]|2\d|3[0-3])\d{11}")
_TO_THE_HOUR, _TO_THE_SECOND = len("2026-01-01T00"), len("2026-01-01T00:00:00")
_HOUR_ENDS = ":00:00", ":59:59"


class Clock:
    """Reads many times at once; `zone` is meant where none is written."""

    def __init__(self, zone: tzinfo) -> None:
        self._zone = zone
        self._offset = lru_cache(maxsize=100_000)(self._offset_in)
        self._shapes = ((_AWARE, None), (_LOCAL, self._local), (_SECONDS, _utc), (_MILLISECONDS, _utc_ms))

    def read(self, texts: Sequence[str]) -> tuple[Sequence[str], Sequence[int]]:
        """Aware ISO times of texts that are mostly written alike, and the places of those that are not."""
        for shape, write in self._shapes:
            others = shape.others(texts[:1]) or shape.others(texts)
            if 0 not in others:
                return self._written(texts, others, write), others
        return texts, range(len(texts))

    def _written(
        self, texts: Sequence[str], others: Sequence[int], write: Callable[[str], str] | None
    ) -> Sequence[str]:
        if write is None:
            return texts
        places = {*others}
        return [text if place in places else write(text) for place, text in enumerate(texts)]

    def _local(self, text: str) -> str:
        """An hour has one offset, unless clocks are changed in it."""
        offset = self._offset(text[:_TO_THE_HOUR])
        return text + offset if offset else read_time(text, self._zone).isoformat()

    def _offset_in(self, hour: str) -> str:
        """Of all times in one hour, as in "+08:00"; empty when it changes within."""
        first, last = (datetime.fromisoformat(hour + end).replace(tzinfo=self._zone) for end in _HOUR_ENDS)
        return first.isoformat()[_TO_THE_SECOND:] if first.utcoffset() == last.utcoffset() else ""


def _utc(seconds: str) -> str:
    return datetime.fromtimestamp(int(seconds), UTC).isoformat()


def _utc_ms(milliseconds: str) -> str:
    return f"{_utc(milliseconds[:-3])[:_TO_THE_SECOND]}.{milliseconds[-3:]}Z"


def _iso(text: str) -> datetime | None:
    if len(text) < 16 or text[4] != "-":
        return None
    try:
        return datetime.fromisoformat(text)
    except ValueError:
        return None


def _epoch(text: str) -> datetime | None:
    found = _EPOCH_TEXT.fullmatch(plain(text))
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
    day = list(map(int, re.findall(r"\d+", found["date"])))
    if found["hour"] is None:
        _moment(*day)  # 31 February is no day at all
        raise Refused(Refusal.NO_TIME_OF_DAY, "occurred_at")
    clock = _hour(int(found["hour"]), (found["half"] or found["half_after"] or "").lower())
    microsecond = int((found["fraction"] or "0")[:6].ljust(6, "0"))
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
