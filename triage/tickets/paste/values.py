"""The value behind a label, as the form would take it; empty when it is no such value."""

import re
from collections.abc import Callable, Mapping
from typing import Final

from probes.wire.dialects.table import DIALECTS
from triage.tickets.paste.urls import URL, without_query
from triage.verdicts.case import Tri
from triage.verdicts.figures import seconds_in
from triage.verdicts.intake import read_count, read_ids, read_tri
from triage.verdicts.texts import plain

NOTHING: Final = frozenset(
    {
        "",
        "-",
        "--",
        "/",
        "n/a",
        "na",
        "none",
        "null",
        "nil",
        "undefined",
        "unknown",
        "?",
        "？",
        "_no response_",
        "no response",
        "未知",
        "不知道",
        "不确定",
        "unsure",
        "not sure",
        "不清楚",
        "不详",
        "无",
        "没有",
        "暂无",
        "…",
        "...",
    }
)
"""Answers that say nothing, whatever was asked."""
_WRAPPED = re.compile(r"^[\s\"'`*“”‘’「」『』【】\[(（<]+|[\s\"'`*“”‘’「」『』【】\])）>,，;；。]+$")
_MODEL = re.compile(r"(?:[A-Za-z0-9][\w.-]*/){0,3}@?[A-Za-z0-9][\w.:@+-]{1,90}$")
_ID = re.compile(r"[\w.:-]{4,128}$")
_STATUS = re.compile(r"(?<![\d.\w])([1-5]\d\d)(?![\d.]|\w)")
_VERSION = re.compile(r"v?\d[\w.+-]{0,30}")
_MASKED_KEY = re.compile(r"[A-Za-z][\w-]{0,14}(?:…|\.{2,6}|\*{2,60})[A-Za-z0-9]{2,8}|[A-Za-z][\w-]{1,14}…")
_MASKED_END = re.compile(r"(?:^|[\s\"'`(（])(?:…|\.{3,6}|\*{2,60})([A-Za-z0-9]{2,8})[\s\"'`)）,，。.]*$")
_KEY_END = re.compile(r"[A-Za-z0-9]{2,8}")
_NO_MODEL = re.compile(
    r"^(?:\d+|true|false|null|none|string|object|list|error|invalid|not|is|does|was|the|and|for|name|id)$",
    re.IGNORECASE,
)
_LONGEST_LINE = 140


def bare(value: str) -> str:
    """Without quotes, brackets and marks around it."""
    return _WRAPPED.sub("", _WRAPPED.sub("", value.strip()))


def read_value(field: str, value: str) -> str:
    """What the form's field would hold; empty when the text says nothing of the kind."""
    text = value.strip()
    if bare(text).lower() in NOTHING and field not in ("via_proxy", "charged", "retried", "stream"):
        return ""
    return _READERS.get(field, _line)(text)


def _line(value: str) -> str:
    return bare(value)[:_LONGEST_LINE]


def _text(value: str) -> str:
    return value.strip()


def model(value: str) -> str:
    first = bare(re.split(r"[\s,，;；、（(|]", bare(value), maxsplit=1)[0])
    if f"{first}(" in value:  # a call, not a name
        return ""
    return first if _MODEL.match(first) and not _NO_MODEL.match(first) and "://" not in first else ""


def status(value: str) -> str:
    text = bare(value)
    if re.fullmatch(r"[A-Za-z_]{4,60}", text):
        return ""
    match = _STATUS.match(text) or _STATUS.search(text[:60])
    return match[1] if match else ""


def _code(value: str) -> str:
    text = bare(value)
    return text if re.fullmatch(r"[A-Za-z][\w.:-]{2,80}", text) or re.fullmatch(r"\d{4,8}", text) else ""


def _kind(value: str) -> str:
    text = bare(value)
    return (
        text
        if re.fullmatch(
            r"[A-Za-z][\w.]*_[\w.]{1,60}|[a-z]+(?:[A-Z][a-z]+)+|[A-Z]\w+(?:Error|Exception)"
            r"|[A-Z][A-Z_]{3,40}",
            text,
        )
        else ""
    )


def seconds(value: str, *, bare_ms_from: float = 10_000) -> str:
    """Seconds as digits. A bare number too large for a wait is in milliseconds."""
    text = bare(value)[:80]
    if not re.match(r"[^\d]{0,12}\d", text):
        return ""
    if re.fullmatch(r"\d{1,9}(?:\.\d{1,9})?", text):
        number = float(text)
        return number_text(number / 1000 if number >= bare_ms_from else number)
    found = seconds_in(text)
    return number_text(found) if found is not None and 0 < found <= 86_400 else ""


def number_text(number: float) -> str:
    return f"{round(number, 3):g}" if number < 1e6 else ""


def _count(value: str) -> str:
    text = bare(value)
    if re.match(r"(?:否|没|无|no\b|none|未)", text, re.IGNORECASE):
        return "0"
    found = read_count(text[:60])
    return str(found) if found is not None and found <= 100_000 else ""


def _tri(value: str) -> str:
    found = read_tri(bare(value)[:60])
    return "" if found is Tri.UNKNOWN else found.value


def _tri_or_words(value: str) -> str:
    """Any words that name something mean yes: "nginx", "twice"."""
    found = read_tri(bare(value)[:200], said_otherwise=Tri.YES)
    return "" if found is Tri.UNKNOWN else found.value


def _retried(value: str) -> str:
    found = read_tri(bare(value)[:60])
    if found is Tri.UNKNOWN and (count := _count(value)):
        return "no" if count == "0" else "yes"
    return "" if found is Tri.UNKNOWN else found.value


def _ids(value: str) -> str:
    """Identifiers with commas between; words that are none are left out."""
    ids = [bare(one) for one in read_ids(value)]
    return ", ".join(one for one in ids if _ID.match(one) and re.search(r"\d", one))


def _one_id(value: str) -> str:
    return _ids(value).partition(",")[0]


def _base_url(value: str) -> str:
    match = URL.search(value)
    if match:
        return without_query(bare(match.group()))
    host = bare(value)
    return (
        without_query(host)
        if re.fullmatch(r"[\w-]{1,63}(?:\.[\w-]{1,63}){1,5}(?::\d{2,5})?(?:/[\w./-]{0,120})?", host)
        else ""
    )


def _account(value: str) -> str:
    match = re.match(r"[\w.@+-]{1,80}", bare(value))
    return match.group() if match else ""


def _key_hint(value: str) -> str:
    if match := _MASKED_KEY.search(value):
        return match.group()
    ending = _MASKED_END.search(value)
    return f"…{ending[1]}" if ending else ""


def _key_last(value: str) -> str:
    """The last characters alone: only where nothing but these was asked for."""
    text = bare(value)
    return f"…{text}" if _KEY_END.fullmatch(text) else _key_hint(value)


def masked_keys(text: str) -> list[str]:
    return [
        match.group() for match in _MASKED_KEY.finditer(text) if match.group().lower().startswith(_KEY_BEGINS)
    ]


_KEY_BEGINS = (
    "sk-",
    "sk…",
    "sk*",
    "sk.",
    "ak-",
    "fk-",
    "xai-",
    "gsk_",
    "aiza",
    "pplx-",
    "app-",
    "r8_",
    "hf_",
    "rk-",
    "nvapi-",
)


def _protocol(value: str) -> str:
    text = plain(value)
    if text in DIALECTS:
        return text
    for words, protocol in (
        (("anthropic", "claude", "/messages"), "anthropic"),
        (("responses",), "openai_responses"),
        (("openai", "chat/completions", "chat completions", "chat_completions"), "openai_chat"),
    ):
        if any(word in text for word in words):
            return protocol
    return ""


def _version(value: str) -> str:
    match = _VERSION.search(bare(value)[:60])
    return match.group().removeprefix("v") if match else ""


_READERS: Final[Mapping[str, Callable[[str], str]]] = {
    "model": model,
    "status_code": status,
    "error_code": _code,
    "error_type": _kind,
    "error_text": _text,
    "notes": _text,
    "elapsed_s": seconds,
    "first_output_s": seconds,
    "client_timeout_s": seconds,
    "retry_count": _count,
    "concurrency": lambda value: "" if _count(value) == "0" else _count(value),
    "stream": _tri,
    "retried": _retried,
    "via_proxy": _tri_or_words,
    "charged": _tri_or_words,
    "request_ids": _ids,
    "task_id": _one_id,
    "base_url": _base_url,
    "account_ref": _account,
    "key_hint": _key_hint,
    "key_last": _key_last,
    "protocol": _protocol,
    "client_version": _version,
}
