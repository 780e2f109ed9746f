"""What support typed becomes the fields: yes and no in words, numbers in prose, times in any form."""

import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import fields
from datetime import UTC, datetime, timedelta
from functools import cache
from typing import Any, Final
from zoneinfo import ZoneInfo, available_timezones

from triage.verdicts.case import Intake, Tri
from triage.verdicts.figures import seconds_in
from triage.verdicts.texts import plain

TYPED_ZONE: Final = ZoneInfo("Asia/Shanghai")
"""The zone of times that name none."""

LONGEST: Final[Mapping[str, int]] = {
    "endpoint": 500,
    "account_ref": 120,
    "key_hint": 80,
    "protocol": 60,
    "model": 200,
    "client": 200,
    "client_version": 80,
    "task_id": 200,
    "base_url": 500,
    "via_proxy_text": 300,
    "charged_text": 300,
    "control_text": 300,
    "symptom": 40,
    "error_text": 20_000,
    "notes": 20_000,
}
"""Characters that a field keeps; what is longer is cut with an ellipsis."""

_YES = frozenset(
    (
        "yes",
        "y",
        "true",
        "1",
        "on",
        "ok",
        "是",
        "是的",
        "有",
        "对",
        "真",
        "开",
        "已扣",
        "扣了",
        "已扣费",
        "扣费了",
        "流式",
    )
)
_NO = frozenset(
    (
        "no",
        "n",
        "false",
        "0",
        "off",
        "none",
        "never",
        "direct",
        "否",
        "不",
        "不是",
        "不是的",
        "没有",
        "没",
        "无",
        "未",
    )
) | frozenset(("假", "关", "直连", "未扣", "没扣", "没扣费", "未扣费", "非流式"))
_UNKNOWN = frozenset(
    (
        "",
        "unknown",
        "?",
        "？",
        "n/a",
        "na",
        "-",
        "null",
        "unsure",
        "not sure",
        "未知",
        "不知道",
        "不清楚",
        "不确定",
    )
) | frozenset(("不详", "待确认"))
_NO_BEGINS = ("no ", "no,", "not ", "没", "未", "不", "否", "none", "直连", "direct")


def read_intake(typed: Mapping[str, object], *, now: datetime | None = None) -> Intake:
    """The fields of a ticket as typed, as an `Intake`. Never raises: what cannot be read stays unknown.

    Unknown names are ignored; texts must be redacted before. Times far after `now` stay unknown.
    """
    values: dict[str, Any] = {name: _text(typed.get(name), name) for name in _TEXTS}
    values |= {name: read(typed.get(name)) for name, read in _READERS.items()}
    for name in ("via_proxy", "charged"):
        values[name] = read_tri(typed.get(name), said_otherwise=Tri.YES)
        values[f"{name}_text"] = _text(typed.get(f"{name}_text"), f"{name}_text") or _remark(
            typed.get(name), name
        )
    values["zone"] = read_zone(typed.get("zone"))
    values["occurred_at"] = read_time(typed.get("occurred_at"), now=now, zone=values["zone"])
    values["control_text"] = _first_text(
        typed, ("control_text", "control_stream_false", "stream_false"), "control_text"
    )
    values["request_ids"] = read_ids(typed.get("request_ids") or typed.get("request_id"))
    values["retried"] = _retried(values["retried"], values["retry_count"])
    values["workload"] = _workload(_text(typed.get("workload"), "workload"), values)
    _keep_long_symptom(values)
    return Intake(**values)


def read_tri(value: object, *, said_otherwise: Tri = Tri.UNKNOWN) -> Tri:
    """Yes, no or unknown; any other words give `said_otherwise`: "nginx" names a proxy, so there is one."""
    if value is None or isinstance(value, bool):
        return Tri.UNKNOWN if value is None else (Tri.YES if value else Tri.NO)
    word = plain(str(value)).strip(" .。!！")
    for words, answer in ((_YES, Tri.YES), (_NO, Tri.NO), (_UNKNOWN, Tri.UNKNOWN)):
        if word in words:
            return answer
    if word.startswith(_NO_BEGINS) and said_otherwise is Tri.YES:
        return Tri.UNKNOWN if word.startswith(("不清楚", "不知", "不确定", "not sure")) else Tri.NO
    if word.startswith(("yes", "true", "是", "有")):
        return Tri.YES
    return said_otherwise


_NUMBER = re.compile(r"\d+(?:\.\d+)?")
_NUMERALS = dict(zip("一二三四五六七八九十", range(1, 11), strict=True)) | {
    "两": 2,
    "once": 1,
    "twice": 2,
    "thrice": 3,
}


def read_count(value: object) -> int | None:
    """A whole number from a number, digits in text, or a numeral such as "两次"."""
    if isinstance(value, bool) or value is None:
        return None
    if isinstance(value, int | float):
        return int(value) if 0 <= value < 1_000_000 else None
    word = plain(str(value))
    if match := _NUMBER.search(word):
        return read_count(float(match.group()))
    return next((number for name, number in _NUMERALS.items() if name in word), None)


def read_seconds(value: object) -> float | None:
    """Seconds from a number or from text such as "5 分钟"; a bare number in text is seconds."""
    if isinstance(value, bool) or value is None:
        return None
    seconds = value if isinstance(value, int | float) else seconds_in(str(value))
    return float(seconds) if seconds is not None and 0 <= seconds <= 864_000 else None


def read_status(value: object) -> int | None:
    """An HTTP status, wherever it stands in the text."""
    if isinstance(value, bool) or value is None:
        return None
    match = re.search(r"(?<!\d)[1-5]\d\d(?!\d)", str(value))
    return int(match.group()) if match else None


_DATE = re.compile(r"(\d{4})[-/.年](\d{1,2})[-/.月](\d{1,2})日?")
_CLOCK = re.compile(r"(\d{1,2})[:：时点](\d{1,2})(?:[:：分](\d{1,2}))?(?:\.\d+)?")
_OFFSET = re.compile(r"(?:utc|gmt)?\s*([+-])(\d{1,2}):?(\d{2})?\s*$|(z|utc|gmt)\s*$")
_FUTURE = timedelta(days=2)


def read_zone(value: object) -> str:
    """The IANA name of a time zone, or empty for anything else."""
    name = str(value or "").strip()
    return name if name and name in _zones() else ""


@cache
def _zones() -> frozenset[str]:
    return frozenset(available_timezones())  # asks the disk


def read_time(value: object, *, now: datetime | None = None, zone: str = "") -> datetime | None:
    """Aware UTC from ISO 8601, an epoch in s or ms, or a date and time.

    What names no zone is meant in `zone`, an IANA name, or in Asia/Shanghai.
    """
    try:
        at = _time(value, now, ZoneInfo(zone) if zone else TYPED_ZONE)
    except OverflowError:  # at either end of the calendar a zone can lead out of it
        return None
    if at is None or (now is not None and at > now + _FUTURE) or at.year < 2000:
        return None
    return at


def _time(value: object, now: datetime | None, zone: ZoneInfo) -> datetime | None:
    if isinstance(value, datetime):
        return (value if value.tzinfo else value.replace(tzinfo=zone)).astimezone(UTC)
    if value is None or isinstance(value, bool):
        return None
    text = str(value).strip()
    if re.fullmatch(r"\d{10}(\d{3})?(\.\d+)?", text):
        number = float(text)
        return datetime.fromtimestamp(number / 1000 if number > 1e11 else number, UTC)
    return _iso(text, zone) or _spelled(plain(text), now, zone)


def _iso(text: str, zone: ZoneInfo) -> datetime | None:
    try:
        at = datetime.fromisoformat(re.sub(r"\s+(?=[+-]\d\d:?\d\d$)", "", text))
    except ValueError:
        return None
    return (at if at.tzinfo else at.replace(tzinfo=zone)).astimezone(UTC)


def _spelled(text: str, now: datetime | None, zone: ZoneInfo) -> datetime | None:
    """A date and a clock somewhere in the text; a clock alone is today's."""
    date, clock = _DATE.search(text), _CLOCK.search(text)
    if clock is None or (date is None and now is None):
        return None
    hour, minute, second = (int(part or 0) for part in clock.groups())
    today = now.astimezone(zone) if now else None
    year, month, day = (
        map(int, date.groups()) if date else (today.year, today.month, today.day) if today else (0, 0, 0)
    )
    try:
        local = datetime(year, month, day, hour, minute, second, tzinfo=zone)
    except ValueError:
        return None
    return _at_offset(local, text).astimezone(UTC)


def _at_offset(local: datetime, text: str) -> datetime:
    match = _OFFSET.search(text)
    if match is None:
        return local
    if match.group(4):
        return local.replace(tzinfo=UTC)
    minutes = int(match.group(2)) * 60 + int(match.group(3) or 0)
    shift = timedelta(minutes=minutes if match.group(1) == "+" else -minutes)
    return (local.replace(tzinfo=UTC)) - shift


def read_ids(value: object) -> tuple[str, ...]:
    """Identifiers from a list, or from text with commas, spaces or lines between."""
    parts: Iterable[object] = (
        value if isinstance(value, list | tuple) else re.split(r"[,，;；\s]+", str(value or ""))
    )
    return tuple(dict.fromkeys(str(part).strip()[:200] for part in parts if str(part).strip()))[:20]


def _text(value: object, name: str) -> str:
    text = "" if value is None or isinstance(value, bool) else _joined(value)
    longest = LONGEST.get(name, 200)
    return text if len(text) <= longest else f"{text[: longest - 1]}…"


def _joined(value: object) -> str:
    if isinstance(value, Mapping):
        return ", ".join(f"{name}: {_joined(item)}" for name, item in value.items())
    if isinstance(value, list | tuple):
        return ", ".join(map(_joined, value))
    return str(value).replace("\x00", "").strip()


def _first_text(typed: Mapping[str, object], names: tuple[str, ...], limit: str) -> str:
    for name in names:
        value = typed.get(name)
        if isinstance(value, bool):
            return "ok" if value else "fails"
        if text := _text(value, limit):
            return text
    return ""


def _remark(value: object, name: str) -> str:
    """The words of a field that were more than yes, no or unknown."""
    if value is None or isinstance(value, bool):
        return ""
    word = plain(str(value)).strip(" .。!！")
    return "" if word in _YES | _NO | _UNKNOWN else _text(value, f"{name}_text")


def _retried(told: Tri, count: int | None) -> Tri:
    if told is not Tri.UNKNOWN or count is None:
        return told
    return Tri.YES if count else Tri.NO


_VIDEO = tuple(
    "video 视频 sora veo kling 可灵 runway hailuo wanx wan2 seedance vidu pika luma gen-3 gen3 suno".split()  # noqa: SIM905
)
_VIDEO += ("数字人",)
_IMAGE = tuple(
    "gpt-image dall-e dalle midjourney image 图片 flux stable-diffusion sdxl seedream imagen".split()  # noqa: SIM905
)
_IMAGE += ("ideogram", "banana", "生图")
_BATCH = ("batch", "批量", "批处理")
_WORKLOADS = {"chat", "batch", "image", "video", "shared_key"}


def _workload(told: str, values: Mapping[str, Any]) -> str:
    """As told, else guessed from model, client, address and task id; prose is too loose a sign."""
    word = plain(told).replace(" ", "_").replace("-", "_")
    if word in _WORKLOADS:
        return word
    signs = plain(
        " ".join((told, values["model"] or values["client"], values["base_url"], values["task_id"]))
    )
    for workload, names in (("video", _VIDEO), ("image", _IMAGE)):
        if any(name in signs for name in names) and not _only_reads_media(signs):
            return workload
    return "batch" if any(name in signs for name in _BATCH) else "chat"


def _only_reads_media(signs: str) -> bool:
    """Models that look at pictures, and tools that write captions: text comes out."""
    return any(name in signs for name in ("vision", "-vl", "understanding", "caption", "subtitle", "字幕"))


def _keep_long_symptom(values: dict[str, Any]) -> None:
    """The form offers codes; prose in their place is a remark like any other."""
    if " " in values["symptom"] or len(values["symptom"]) >= LONGEST["symptom"]:
        values["notes"] = _text(f"{values['symptom']}\n{values['notes']}", "notes")
        values["symptom"] = ""


_READ_APART = frozenset({"workload", "via_proxy_text", "charged_text", "control_text", "zone"})
_TEXTS = tuple(f.name for f in fields(Intake) if f.type in ("str", str) and f.name not in _READ_APART)
_READERS: Final[Mapping[str, Callable[[object], Any]]] = {
    "stream": read_tri,
    "retried": read_tri,
    "elapsed_s": read_seconds,
    "first_output_s": read_seconds,
    "client_timeout_s": read_seconds,
    "status_code": read_status,
    "retry_count": read_count,
    "concurrency": read_count,
}
