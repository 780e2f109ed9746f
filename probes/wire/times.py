"""Reads the many ways in which an answer writes a moment or a span of time."""

import re
from datetime import UTC, datetime
from email.utils import parsedate_to_datetime

_SPAN_PART = re.compile(r"(\d+(?:\.\d+)?)\s*(ms|us|µs|ns|d|h|m|s)")
_SPAN = re.compile(rf"(?:{_SPAN_PART.pattern}\s*)+")
_UNITS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0, "ms": 1e-3, "us": 1e-6, "µs": 1e-6, "ns": 1e-9}
_LONGEST_SPAN = 64  # characters
_EARLIEST_EPOCH = 1e9  # 2001: a smaller number is a span, not a moment
_EPOCH_MS = 1e11  # as seconds this would be the year 5138
_EPOCH_US = 1e14
_LATEST_EPOCH = 253402300800.0  # the year 10000, where datetime ends


_NUMBERS = int | float | str


def number_of(value: object) -> float | None:
    """A finite number, also when it is written as text."""
    if isinstance(value, bool) or not isinstance(value, _NUMBERS):
        return None
    try:
        number = float(value)
    except (ValueError, OverflowError):
        return None
    return number if abs(number) < 1e300 else None  # also refuses nan


def moment_of(value: object) -> datetime | None:
    """An aware moment from epoch seconds to microseconds, ISO 8601 (no zone: UTC) or an HTTP date."""
    number = number_of(value)
    if number is not None:
        return _from_epoch(number)
    text = value.strip() if isinstance(value, str) else ""
    for parse in (datetime.fromisoformat, parsedate_to_datetime):
        try:
            moment = parse(text)
        except (ValueError, TypeError, IndexError, OverflowError):
            continue
        return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    return None


def iso_time(value: object) -> str:
    """The moment as ISO 8601, in UTC if it was an epoch; a local time without zone stays without one."""
    if number_of(value) is None and isinstance(value, str):
        try:
            return datetime.fromisoformat(value.strip()).isoformat()
        except ValueError:
            pass
    moment = moment_of(value)
    return moment.isoformat() if moment else ""


def span_of(value: object) -> float | None:
    """Seconds of a span such as "6m0s", "12ms", "1h2m3.5s", "17" or 17."""
    number = number_of(value)
    if number is not None:
        return number
    text = value.strip().lower() if isinstance(value, str) else ""
    if len(text) > _LONGEST_SPAN or not _SPAN.fullmatch(text):
        return None
    return sum(float(amount) * _UNITS[unit] for amount, unit in _SPAN_PART.findall(text))


def _from_epoch(number: float) -> datetime | None:
    if number < _EARLIEST_EPOCH:
        return None
    seconds = number / (1e6 if number >= _EPOCH_US else 1e3 if number >= _EPOCH_MS else 1)
    return datetime.fromtimestamp(seconds, UTC) if seconds < _LATEST_EPOCH else None
