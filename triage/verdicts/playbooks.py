"""The words of every class, in both languages: wording/*.toml filled with a verdict's own values."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from datetime import date
from functools import cache
from pathlib import Path
from typing import Any, Final

from probes.runs.kinds import KINDS
from triage.verdicts.case import Owner, Resend, Verdict
from triage.verdicts.codes import HELD_BACK, ISSUES, may_have_run
from triage.verdicts.zones import clock_in_chinese

FOLDER: Final = Path(__file__).parent / "wording"
LANGUAGES: Final = ("zh", "en")

_SENTENCE = re.compile(r"[^。！？]*[。！？]+|.+?[.!?]+(?=\s|$)\s*|.+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


HELD_BACK_WORDS: Final = "inconclusive.held_back"
"""Stands in for "inconclusive" while the desk's own probe is missing: the customer is not asked for that."""


@dataclass(frozen=True, slots=True)
class Words:
    """One class in one language: for support, for the customer (FOR_CUSTOMERS), for the engineer."""

    title: str
    happened: str
    next_action: str
    stopping_point: str
    do_not: str
    overturn: str
    reply: str
    engineer: str
    help_title: str  # of the public help page, as all that follow
    help_means: str
    help_do: str
    help_avoid: str
    help_send: str


FOR_CUSTOMERS: Final = ("reply", "help_title", "help_means", "help_do", "help_avoid", "help_send")
"""The texts that leave the desk: nothing internal may stand in them."""

PARAMETERS: Final[Mapping[str, str]] = {
    "again": "",
    "amount": "0.9 USD",
    "attempts": "5",
    "bytes": "1830",
    "client": "openai-python",
    "clock": "14:05:30 (Asia/Shanghai)",
    "code": "rate_limit_exceeded",
    "failed": "2",
    "failed_as": "502 ×1, stream.cut ×1",
    "holder": "nginx",
    "incident": "I-00007",
    "kilobytes": "16",
    "limit_of": "nginx",
    "minutes": "12",
    "model": "gpt-4.1",
    "nearest": "gpt-4.1, gpt-4.1-mini",
    "param": "max_tokens",
    "request_id": "req_7Hk2Qp",
    "requests": "3",
    "seconds": "60",
    "status": "429",
    "task_id": "task_9f31",
    "timeout": "20",
}
"""What a text may name in braces, each with a value as real verdicts have it; {again} shows nothing."""

_INTERNAL = re.compile(
    r"渠道|(?<![a-z])channels?(?![a-z])|\bkey pool\b|\w://|\bwww\.|\b\d{1,3}(?:\.\d{1,3}){3}\b|\blocalhost\b"
    r"|\b[\w-]+(?:\.[\w-]+)*\.(?:internal|local|lan|corp|svc|intranet|cluster)\b"
    r"|\b(?:[\w-]+\.)+(?:com|cn|net|org|io|ai|dev|app|cloud|top|xyz|cc|vip)\b"
    r"|[\w.+-]+@[\w-]+\.\w|\b(?:sk|pk|rk)-[\w-]{4}|\bBearer\s+[\w-]{8}",
    re.IGNORECASE,
)


def shows_internals(text: str) -> str:
    """The first thing in a text that no customer may read: host, channel, key, e-mail or URL. Else empty."""
    found = _INTERNAL.search(text)
    return found[0] if found else ""


Playbooks = Mapping[str, Mapping[str, Words]]
"""By code, then by language ("zh", "en")."""


def words_for(verdict: Verdict, language: str, *, playbooks: Playbooks | None = None) -> Words:
    """The playbook of this verdict; a sentence whose {value} is not known is left out.

    `language` is a code such as "zh-hans" or "en"; another language reads English. Without `playbooks`
    (those of playbooks_in_force) the shipped words are used.
    """
    words = _playbook(words_code(verdict), language, playbooks)
    inside, outside = (values_for(verdict, text, language) for text in ("engineer", "reply"))
    filled = Words(
        **{
            f.name: fill(getattr(words, f.name), outside if f.name in FOR_CUSTOMERS else inside)
            for f in fields(Words)
        }
    )
    told = _known_fault(_not_yet(filled, verdict, language), verdict, language)
    return told if is_measured(verdict) else _hedged(told, verdict, language)


def words_code(verdict: Verdict) -> str:
    """Under which code the words of this verdict stand."""
    return HELD_BACK_WORDS if is_held_back(verdict) else verdict.code


def values_for(verdict: Verdict, text: str, language: str) -> Mapping[str, Any]:
    """What the text of this name may be filled with; a customer's never with anything internal."""
    values = {**_in_language(verdict.params, language), **({} if is_unsettled(verdict) else _MAY_TRY_AGAIN)}
    if text not in FOR_CUSTOMERS:
        return values
    return {name: value for name, value in values.items() if not shows_internals(str(value))}


# A sentence that begins with {again} speaks of trying again: it falls away while that is unwise.
_MAY_TRY_AGAIN: Mapping[str, Any] = {"again": ""}


def is_unsettled(verdict: Verdict) -> bool:
    """Whether the request ran, or may have, so that nobody is told to send it again.

    A finding says so, or the light is red although the class by itself is not: a media task, or a charge.
    """
    if verdict.resend is not Resend.UNSAFE:
        return False
    usual = ISSUES.get(verdict.code)
    by_itself = usual is None or usual.resend is Resend.UNSAFE or verdict.code.startswith(_SPEAK_OF_MONEY)
    return not by_itself or any(map(may_have_run, verdict.findings))


_SPEAK_OF_MONEY = ("charge.", "task.")  # their own replies say what to look up first


_LOOK_FIRST = {
    "task_status": ("请先按任务 ID 查询结果。", "Please look its result up by task ID first."),
    "task_list": (
        "请先在任务列表和用量记录里查看那段时间有没有新任务。",
        "Please look first for a new task of that time in your task list and usage records.",
    ),
    "usage_records": (
        "请先在用量记录里按请求时间核对。",
        "Please check your usage records for that time first.",
    ),
}
_NOT_YET = {
    "zh": (
        "请先不要再次发送这个请求：它可能已经执行并计费。",
        "客服：先查清这个请求有没有执行过，在此之前不重发。",
    ),
    "en": (
        " Please do not send this request again yet: it may have run and been billed. ",
        "Support: first find out whether this request ran; nobody sends it again before that. ",
    ),
}


def _not_yet(words: Words, verdict: Verdict, language: str) -> Words:
    """Classes that are dangerous by themselves say it in their own words; others are told here."""
    usual = ISSUES.get(verdict.code)
    if not is_unsettled(verdict) or usual is None or usual.resend is Resend.UNSAFE:
        return words
    to_customer, to_support = _NOT_YET[language_of(language)]
    side = LANGUAGES.index(language_of(language))
    places = [_LOOK_FIRST[place][side] for place in verdict.look_first if place in _LOOK_FIRST]
    reply = words.reply + to_customer + "".join(places)
    return replace(words, next_action=to_support + words.next_action, reply=reply)


_KNOWN_FAULT = {
    "zh": ("已归入事故 {incident}：照事故页处理，不单独排查。", "这是我们已知的故障，工程师正在处理。"),
    "en": (
        "Part of incident {incident}: follow its page, no separate search. ",
        " This is a known fault that our engineers are already working on.",
    ),
}


def _known_fault(words: Words, verdict: Verdict, language: str) -> Words:
    """What an open incident explains is told as such, where the fault is not the customer's to mend."""
    if "incident" not in verdict.params or verdict.owner not in _OURS:
        return words
    to_support, to_customer = _KNOWN_FAULT[language_of(language)]
    next_action = to_support.format(incident=verdict.params["incident"]) + words.next_action
    return replace(words, next_action=next_action, reply=words.reply + to_customer)


_OURS = (Owner.EDGE, Owner.GATEWAY, Owner.UPSTREAM)


def is_held_back(verdict: Verdict) -> bool:
    """Whether nothing could be told because the desk's own probe is missing, not because the ticket is."""
    if verdict.code != "inconclusive":
        return False
    return any(item.fact == "not_probed" and item.value in HELD_BACK for item in verdict.evidence)


def _in_language(values: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """A clock time names its zone as the reader does."""
    if language_of(language) != "zh" or "clock" not in values:
        return values
    return {**values, "clock": clock_in_chinese(str(values["clock"]))}


def is_measured(verdict: Verdict) -> bool:
    """Whether anything but the ticket's own words speaks for the verdict."""
    told = bool(verdict.evidence) and {item.where for item in verdict.evidence} <= _TOLD
    return not told or verdict.code.startswith(_CLAIMS_NOTHING)


def our_test_went_well(verdict: Verdict) -> bool:
    """Whether attempts of the desk speak against the verdict by having passed, and in no other way."""
    ours = [item for item in verdict.counter_evidence if item.where in KINDS]
    return any((item.fact, item.value) == ("status", 200) for item in ours) and all(
        item.fact in _OF_A_TEST_THAT_PASSED for item in ours
    )


_OF_A_TEST_THAT_PASSED = ("status", "attempts", "passed", "body_bytes", "reads", "burst_count")
_TOLD = frozenset({"declared", "arithmetic"})  # what is worked out of the ticket's words is no measurement
_CLAIMS_NOTHING = ("inconclusive", "ok.")
_HEDGES = {
    "zh": ("仅据工单描述，尚未实测：", "以上是根据您的描述作出的初步判断，我们尚未实测。"),
    "en": (
        "By the ticket's words, not measured: ",
        " This is a first reading of what you describe; we have not measured it ourselves.",
    ),
}
_HEDGES_BESIDE_OURS = {
    "zh": (
        "仅据工单描述，我们自己的测试正常：",
        "以上是根据您的描述作出的初步判断；我们自己的测试一切正常，未遇到这个问题。",
    ),
    "en": (
        "By the ticket's words; our own test went well: ",
        " This is a first reading of what you describe; our own test went well and did not meet it.",
    ),
}


def _hedged(words: Words, verdict: Verdict, language: str) -> Words:
    """What nobody has checked is not told as if somebody had."""
    hedges = _HEDGES_BESIDE_OURS if our_test_went_well(verdict) else _HEDGES
    before, after = hedges[language_of(language)]
    return replace(words, happened=before + words.happened, reply=words.reply + after)


def title_of(code: str, language: str, *, playbooks: Playbooks | None = None) -> str:
    """What a class is called, for lists."""
    return fill(_playbook(code, language, playbooks).title, {})


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The sentences of `text` whose values are all known, with these values in their places."""
    known = [sentence for sentence in _SENTENCE.findall(text) if _is_known(sentence, values)]
    filled = (_PLACEHOLDER.sub(lambda found: str(values[found[1]]), sentence) for sentence in known)
    return "".join(filled).strip()


def left_out(text: str, values: Mapping[str, Any]) -> list[str]:
    """The sentences that `fill` leaves out, as they are written."""
    return [sentence for sentence in _SENTENCE.findall(text) if not _is_known(sentence, values)]


def sentences_of(text: str) -> list[str]:
    return _SENTENCE.findall(text)


def parameters_of(text: str) -> list[str]:
    """The names in braces, in order."""
    return _PLACEHOLDER.findall(text)


def _is_known(sentence: str, values: Mapping[str, Any]) -> bool:
    return all(name in values for name in parameters_of(sentence))


def _playbook(code: str, language: str, playbooks: Playbooks | None) -> Words:
    """Of a class that a stored verdict names and today's rules no longer know: its code, and no claims."""
    known = shipped_playbooks() if playbooks is None else playbooks
    words = known.get(code)
    if words is None:
        return replace(known["inconclusive"][language_of(language)], title=code)
    return words[language_of(language)]


def language_of(code: str) -> str:
    """The playbook's language for a reader's, such as "zh-hans"."""
    return "zh" if code.startswith("zh") else "en"


@dataclass(frozen=True, slots=True)
class Origin:
    """Where shipped words come from, and until when they are taken to be right."""

    source: str
    reviewed: date
    recheck: date


@cache
def shipped_playbooks() -> Playbooks:
    """Every playbook by code and language as shipped, with the one of HELD_BACK_WORDS beside the classes."""
    return {
        code: {language: Words(**table[language]) for language in LANGUAGES}
        for code, table in _tables().items()
    }


@cache
def shipped_origins() -> Mapping[str, Origin]:
    """By code, the same codes as in shipped_playbooks."""
    return {
        code: Origin(table["source"], table["reviewed"], table["recheck"])
        for code, table in _tables().items()
    }


@cache
def _tables() -> Mapping[str, Mapping[str, Any]]:
    return {
        table["code"]: table
        for file in sorted(FOLDER.glob("*.toml"))
        for table in tomllib.loads(file.read_text("utf-8")).values()
    }
