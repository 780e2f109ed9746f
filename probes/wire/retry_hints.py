"""When the endpoint says to come back: every way of saying it, resolved to one answer.

Order of precedence, and why:

1. A reset named in the body (`resetAt` and kin) speaks of the very limit that was hit, as a moment, and
   survives proxies that drop or rewrite headers.
2. The headers `retry-after-ms`, `x-ms-retry-after-ms`, `retry-after` and LiteLLM's `reset_at`: meant for this
   refusal, most exact first; SDKs obey the same order. They come second because an edge may put a fixed
   number there.
3. A delay in the body (`retryDelay`, `retry_after`): the same, but Gemini says seconds for a daily limit too.
4. The error text, written for people and rounded.
5. Window headers (`x-ratelimit-reset-*`, `anthropic-ratelimit-*-reset`): they come with every answer and say
   when a bucket is full again, so only exhausted ones count, and of those the last to refill.

What a gateway hands on of its provider's headers (`llm_provider-retry-after`) comes after its own of the same
kind: the limit was its provider's, and its own word may count more than that.

A hint in the past means "now", but a later source that still asks for patience wins over it: a 429 makes
retries slower, not faster.
"""

import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta

from probes.wire.documents import mapping_of
from probes.wire.request_ids import PASSED_ON
from probes.wire.times import moment_of, number_of, span_of

LONGEST_S = 30 * 86400.0
_SAME_CLOCK = timedelta(seconds=2)
_DEEPEST = 5
_TEXT_CHARS = 4096

_BODY_RESETS = frozenset(
    {"resetat", "reset_at", "resetsat", "resets_at", "resettime", "reset_time", "x-ratelimit-reset"}
)
_BODY_DELAYS = frozenset({"retrydelay", "retry_delay", "retryafter", "retry_after", "resets_in_seconds"})
_BODY_DELAYS_MS = frozenset({"retryafterms", "retry_after_ms"})
_PLAIN_WINDOWS = ("x-ratelimit-reset", "x-rate-limit-reset", "ratelimit-reset")

_UNIT = r"(?:ms|milliseconds?|h(?:ours?|rs?)?|d(?:ays?)?|m(?:in(?:ute)?s?)?|s(?:ec(?:ond)?s?)?)(?![a-z])"
_AMOUNT = r"\d+(?:\.\d+)?"
_ENGLISH = re.compile(
    rf"\b(?:again|retry(?:ing)?|wait|resets?)\b[^\d\n]{{0,30}}((?:{_AMOUNT}\s*{_UNIT}\s*)+)", re.IGNORECASE
)
_ENGLISH_PART = re.compile(rf"({_AMOUNT})\s*({_UNIT})")
_ENGLISH_SECONDS = {"d": 86400.0, "h": 3600.0, "m": 60.0, "s": 1.0}
_ENGLISH_AT = re.compile(
    r"\b(?:again|retry|resets?)\b[^\d\n]{0,20}(\d{4}-\d\d-\d\d[T ]\d\d:\d\d(?::\d\d(?:\.\d+)?)?)"
    r" ?(Z|UTC|[+-]\d\d:?\d\d)",
    re.IGNORECASE,
)
_CHINESE_UNIT = r"(毫秒|秒|分|小时|天)钟?"
_CHINESE = re.compile(
    rf"({_AMOUNT})\s*个?\s*{_CHINESE_UNIT}\s*[之以]?后|等待?\s*({_AMOUNT})\s*个?\s*{_CHINESE_UNIT}"
)
_CHINESE_SECONDS = {"毫秒": 1e-3, "秒": 1.0, "分": 60.0, "小时": 3600.0, "天": 86400.0}


@dataclass(frozen=True, slots=True)
class RetryHint:
    """The one answer; `rejected` names sources that asked for more than 30 days and were dropped."""

    seconds: float | None = None  # from `now` on, never negative
    at: datetime | None = None
    source: str = ""  # the header's name, "body.<field>" or "text"
    rejected: tuple[str, ...] = ()


def resolve_retry(
    headers: Mapping[str, str], document: object, *, text: str = "", now: datetime
) -> RetryHint:
    """The hint of a refusal: headers (lower-case names), parsed body, error text; `now` is when it came."""
    hints = list(_hints(headers, document, text, _their_clock(moment_of(headers.get("date")), now)))
    rejected = tuple(source for source, seconds in hints if seconds > LONGEST_S)
    usable = [(source, max(seconds, 0.0)) for source, seconds in hints if seconds <= LONGEST_S]
    if not usable:
        return RetryHint(rejected=rejected)
    source, seconds = next((hint for hint in usable if hint[1] > 0), usable[0])
    return RetryHint(seconds, now + timedelta(seconds=seconds), source, rejected)


def _their_clock(date: datetime | None, now: datetime) -> datetime:
    """A moment is meant by the clock that named it, and Date shows it, in whole seconds only."""
    return date if date and abs(date - now) > _SAME_CLOCK else now


def _hints(
    headers: Mapping[str, str], document: object, text: str, now: datetime
) -> Iterator[tuple[str, float]]:
    fields = list(_fields(document))
    yield from _body_resets(fields, now)
    yield from _headers_for_this_refusal(headers, now)
    yield from _body_delays(fields)
    yield from _text(text[:_TEXT_CHARS], now)
    yield from _windows(headers, now)


def _headers_for_this_refusal(headers: Mapping[str, str], now: datetime) -> Iterator[tuple[str, float]]:
    for speaker in ("", PASSED_ON):
        for name in (f"{speaker}retry-after-ms", f"{speaker}x-ms-retry-after-ms"):
            if (number := number_of(headers.get(name))) is not None:
                yield name, number / 1000
        for name in (f"{speaker}retry-after", f"{speaker}reset_at"):
            if (seconds := _from_now(headers.get(name), now)) is not None:
                yield name, seconds


def _body_resets(fields: list[tuple[str, object]], now: datetime) -> Iterator[tuple[str, float]]:
    for name, value in fields:
        if name.lower() in _BODY_RESETS and (seconds := _from_now(value, now)) is not None:
            yield f"body.{name}", seconds


def _body_delays(fields: list[tuple[str, object]]) -> Iterator[tuple[str, float]]:
    for name, value in fields:
        if name.lower() in _BODY_DELAYS_MS and (number := number_of(value)) is not None:
            yield f"body.{name}", number / 1000
        elif name.lower() in _BODY_DELAYS:
            seconds = span_of(mapping_of(value).get("seconds", value))
            if seconds is not None:
                yield f"body.{name}", seconds


def _text(text: str, now: datetime) -> Iterator[tuple[str, float]]:
    if at := _ENGLISH_AT.search(text):
        moment = moment_of(at[1] + ("+00:00" if at[2].upper() in ("Z", "UTC") else at[2]))
        if moment:
            yield "text", (moment - now).total_seconds()
    if delay := _ENGLISH.search(text):
        parts = _ENGLISH_PART.findall(delay[1].lower())
        yield "text", sum(float(amount) * _seconds_in(unit) for amount, unit in parts)
    if delay := _CHINESE.search(text):
        amount, unit = delay[1] or delay[3], delay[2] or delay[4]
        yield "text", float(amount) * _CHINESE_SECONDS[unit]


def _seconds_in(unit: str) -> float:
    return 1e-3 if unit.startswith(("ms", "milli")) else _ENGLISH_SECONDS[unit[0]]


def _windows(headers: Mapping[str, str], now: datetime) -> Iterator[tuple[str, float]]:
    """Exhausted windows, the last to refill first. Azure's negative numbers mean nothing."""
    found = []
    for name, value in headers.items():
        remaining = _remaining(name, headers)
        seconds = _from_now(value, now) if remaining is not None else None
        if seconds is not None and seconds >= 0 and remaining in ("", "0"):
            found.append((name, seconds))
    yield from sorted(found, key=lambda hint: (hint[0].startswith(PASSED_ON), -hint[1]))


def _remaining(name: str, headers: Mapping[str, str]) -> str | None:
    """What a window header says is left: "" when it says nothing, None when this is no window's reset."""
    bare = name.removeprefix(PASSED_ON)
    if bare in _PLAIN_WINDOWS or bare.startswith("x-ratelimit-reset-"):
        return headers.get(name.replace("-reset", "-remaining"), "").strip()
    if bare.startswith("anthropic-ratelimit-") and bare.endswith("-reset"):
        return headers.get(name.removesuffix("reset") + "remaining", "").strip()
    return None


def _from_now(value: object, now: datetime) -> float | None:
    """Seconds until a moment, or of a span: a small number is a span, a large one an epoch."""
    moment = moment_of(value)
    return (moment - now).total_seconds() if moment else span_of(value)


def _fields(value: object, depth: int = _DEEPEST) -> Iterator[tuple[str, object]]:
    """Every named value of a document, outermost first."""
    if not depth:
        return
    nested = value if isinstance(value, list) else list(mapping_of(value).values())
    yield from mapping_of(value).items()
    for item in nested:
        yield from _fields(item, depth - 1)
