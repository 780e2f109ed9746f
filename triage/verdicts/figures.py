"""Figures in prose: statuses, error names and durations that a ticket quotes."""

import re
from collections.abc import Iterator
from functools import lru_cache
from typing import Final

from triage.verdicts.arithmetic.nearby import near
from triage.verdicts.texts import plain

_STATUS_NAMES: Final = {
    "unauthorized": 401, "payment required": 402, "forbidden": 403, "method not allowed": 405,
    "request entity too large": 413, "payload too large": 413, "unprocessable entity": 422,
    "too many requests": 429, "internal server error": 500, "bad gateway": 502, "service unavailable": 503,
    "service temporarily unavailable": 503, "gateway time-out": 504, "gateway timeout": 504,
}  # fmt: skip
_STATUS_WORD = re.compile(
    r"(?:status(?:[ _]?code)?|http(?:/\d(?:\.\d)?)?(?: error)?|error(?: code)?|code|错误码?|状态码?"
    r"|返回了?|报错?|got|returns?|answers?|gives?|always|receive[ds]?)"
    r"[\"']?\s*[:：=]?\s*(?:http )?([2345]\d\d)(?![\d.]|\s*(?:ms|s\b|秒|tokens?|k\b))"
)  # fmt: skip
_STATUS_BARE = re.compile(
    r"(?<![\d.\w-])(40[0-9]|41[0-9]|42[29]|50[0-4]|52[0-7]|529)(?![\d.\w-]|\s*(?:ms|s\b|秒|tokens?|k\b|times|次|个|条))"
)


_STATUS_LIKE = re.compile(r"[2345]\d\d")


def status_in(text: str) -> int | None:
    """An HTTP status that `plain` text names, best when a word says that it is one."""
    for pattern in (_STATUS_WORD, _STATUS_BARE):
        if match := next(near(pattern, text, _STATUS_LIKE), None):
            return int(match.group(1))
    return next((status for name, status in _STATUS_NAMES.items() if name in text), None)


_JSON_CODE = re.compile(r"[\"']code[\"']\s*:\s*[\"']?([\w:.-]+)")
_WORD_NUMBER = re.compile(r"(?:error[ _]?code|\bcode|错误码)[ :=：]+[\"']?(1[1-3]\d\d|100[0-4])(?!\d)")
"""Zhipu's; Cloudflare numbers its own pages from 1006 on."""

_JSON_TYPE = re.compile(r"[\"'](?:type|status)[\"']\s*:\s*[\"']([\w:.-]+)")
_WORD_CODE = re.compile(r"(?:error[ _]?code|\bcode|错误码|\btype)[ :=：]+[\"']?([a-z][\w:.-]*_[\w:.-]+)")


def error_names_in(text: str) -> tuple[str, str]:
    """(code, type) of an error object quoted in `plain` text; empty where not named."""
    if not any(word in text for word in _BEFORE_A_NAME):
        return "", ""
    kind = next((kind for kind in _JSON_TYPE.findall(text) if kind != "error"), "")
    named = next(filter(_is_a_name, _JSON_CODE.findall(text)), "")
    if not named and (found := _WORD_CODE.search(text) or _WORD_NUMBER.search(text)):
        named = found.group(1)
    return named, kind


_BEFORE_A_NAME = ("code", "错误码", "type", "status")


def _is_a_name(code: str) -> bool:
    """Many put the HTTP status where the code belongs; a number beyond those is a vendor's own."""
    return code not in ("null", "none") and not (code.isdigit() and int(code) < _VENDORS_NUMBERS)


_VENDORS_NUMBERS = 1000


_DURATION: Final = re.compile(
    r"(\d+(?:\.\d+)?)\s*(ms|毫秒|milliseconds?|s(?:ec(?:ond)?s?)?(?![a-z])|秒钟?|m(?:in(?:ute)?s?)?(?![a-z])|分钟?|h(?:(?:ou)?rs?)?(?![a-z])|个?小时|d(?:ays?)?(?![a-z])|天)?"
)
_UNITS: Final = (
    ("ms", 0.001), ("毫秒", 0.001), ("millisecond", 0.001), ("m", 60.0), ("分", 60.0),
    ("h", 3600.0), ("小时", 3600.0), ("个小时", 3600.0), ("d", 86400.0), ("天", 86400.0),
    ("s", 1.0), ("秒", 1.0),
)  # fmt: skip


def _unit_seconds(unit: str) -> float:
    if not unit:
        return 1.0
    return next(seconds for name, seconds in _UNITS if unit.startswith(name))


def seconds_in(text: str) -> float | None:
    """A duration such as "5 分钟", "6m30s", "1.5h" or a bare number of seconds."""
    parts = [(match.group(1), match.group(2) or "") for match in _DURATION.finditer(plain(text))]
    if not parts:
        return None
    measured = [part for part in parts if part[1]] or parts[:1]
    return sum(float(number) * _unit_seconds(unit) for number, unit in measured[:3])


_SPOKEN = re.compile(r"(?<!\d)(\d{1,9}(?:\.\d{1,9})?)\s*(s(?:ec(?:ond)?s?)?\b|秒|m(?:in(?:ute)?s?)?\b|分钟)")


_IN_WORDS = re.compile(
    r"\b(one|two|three|four|five|six|eight|ten|fifteen|twenty|thirty)[ -](second|minute|hour)s?\b"
    r"|([一两二三四五六八十]|十五|二十|三十)(?:个)?(秒|分钟|小时)"
)
_WORDS: Final = {
    "one": 1, "two": 2, "three": 3, "four": 4, "five": 5, "six": 6, "eight": 8, "ten": 10,
    "fifteen": 15, "twenty": 20, "thirty": 30,
    "一": 1, "两": 2, "二": 2, "三": 3, "四": 4, "五": 5, "六": 6, "八": 8, "十": 10,
    "十五": 15, "二十": 20, "三十": 30,
}  # fmt: skip

_STOPWATCH = re.compile(
    r"(?:超过|耗时|用时|longer than|more than|exceeds?|took|takes)[了到 ]*(\d{1,2}):([0-5]\d)(?![:\d])"
)
"""Minutes and seconds as a log shows them; without such a word it is a time of day."""


@lru_cache(maxsize=256)
def durations_in(text: str) -> tuple[float, ...]:
    """Every duration in seconds or minutes that prose names, in figures or in words, in seconds."""
    spoken = (float(match.group(1)) * _unit_seconds(match.group(2)) for match in _SPOKEN.finditer(text))
    shown = (60.0 * int(match.group(1)) + int(match.group(2)) for match in _STOPWATCH.finditer(text))
    return (*spoken, *shown, *_in_words(text))


def _in_words(text: str) -> Iterator[float]:
    for match in _IN_WORDS.finditer(text):
        number, unit = match.group(1) or match.group(3), match.group(2) or match.group(4)
        yield _WORDS[number] * _unit_seconds(unit)
