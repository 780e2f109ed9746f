"""The words of every class, in both languages: wording/*.toml filled with a verdict's own values."""

import re
import tomllib
from collections.abc import Mapping
from dataclasses import dataclass, fields, replace
from functools import cache
from pathlib import Path
from typing import Any, Final

from triage.verdicts.case import Resend, Verdict
from triage.verdicts.codes import HELD_BACK, ISSUES, may_have_run

FOLDER: Final = Path(__file__).parent / "wording"
LANGUAGES: Final = ("zh", "en")

_SENTENCE = re.compile(r"[^。！？]*[。！？]+|.+?[.!?]+(?=\s|$)\s*|.+")
_PLACEHOLDER = re.compile(r"\{(\w+)\}")


HELD_BACK_WORDS: Final = "inconclusive.held_back"
"""Stands in for "inconclusive" while the desk's own probe is missing: the customer is not asked for that."""


@dataclass(frozen=True, slots=True)
class Words:
    """One class in one language. `reply` goes to the customer, `engineer` stays inside."""

    title: str
    happened: str
    next_action: str
    stopping_point: str
    do_not: str
    overturn: str
    reply: str
    engineer: str


Playbooks = Mapping[str, Mapping[str, Words]]
"""By code, then by language ("zh", "en")."""


def words_for(verdict: Verdict, language: str, *, playbooks: Playbooks | None = None) -> Words:
    """The playbook of this verdict; a sentence whose {value} is not known is left out.

    `language` is a code such as "zh-hans" or "en"; another language reads English. Without `playbooks`
    (those of playbooks_in_force) the shipped words are used.
    """
    code = HELD_BACK_WORDS if is_held_back(verdict) else verdict.code
    words = _playbook(code, language, playbooks)
    values = {**_in_language(verdict.params, language), **({} if is_unsettled(verdict) else _MAY_TRY_AGAIN)}
    filled = Words(**{f.name: fill(getattr(words, f.name), values) for f in fields(Words)})
    settled = _not_yet(filled, verdict, language)
    return settled if is_measured(verdict) else _hedged(settled, language)


# A sentence that begins with {again} speaks of trying again: it falls away while that is unwise.
_MAY_TRY_AGAIN: Mapping[str, Any] = {"again": ""}


def is_unsettled(verdict: Verdict) -> bool:
    """Whether a finding says that the request ran, or may have, so that nobody is told to send it again."""
    return verdict.resend is Resend.UNSAFE and any(map(may_have_run, verdict.findings))


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
    to_customer, to_support = _NOT_YET[_language(language)]
    side = LANGUAGES.index(_language(language))
    places = [_LOOK_FIRST[place][side] for place in verdict.look_first if place in _LOOK_FIRST]
    reply = words.reply + to_customer + "".join(places)
    return replace(words, next_action=to_support + words.next_action, reply=reply)


def is_held_back(verdict: Verdict) -> bool:
    """Whether nothing could be told because the desk's own probe is missing, not because the ticket is."""
    if verdict.code != "inconclusive":
        return False
    return any(item.fact == "not_probed" and item.value in HELD_BACK for item in verdict.evidence)


def _in_language(values: Mapping[str, Any], language: str) -> Mapping[str, Any]:
    """A clock time names its zone as the reader does."""
    if _language(language) != "zh":
        return values
    return {name: str(value).replace(" (Asia/Shanghai)", "（北京时间）") for name, value in values.items()}


def is_measured(verdict: Verdict) -> bool:
    """Whether anything but the ticket's own words speaks for the verdict."""
    told = bool(verdict.evidence) and all(item.where == "declared" for item in verdict.evidence)
    return not told or verdict.code.startswith(_CLAIMS_NOTHING)


_CLAIMS_NOTHING = ("inconclusive", "ok.")
_HEDGES = {
    "zh": ("仅据工单描述，尚未实测：", "以上是根据您的描述作出的初步判断，我们尚未实测。"),
    "en": (
        "By the ticket's words, not measured: ",
        " This is a first reading of what you describe; we have not measured it ourselves.",
    ),
}


def _hedged(words: Words, language: str) -> Words:
    """What nobody has checked is not told as if somebody had."""
    before, after = _HEDGES[_language(language)]
    return replace(words, happened=before + words.happened, reply=words.reply + after)


def title_of(code: str, language: str, *, playbooks: Playbooks | None = None) -> str:
    """What a class is called, for lists."""
    return fill(_playbook(code, language, playbooks).title, {})


def fill(text: str, values: Mapping[str, Any]) -> str:
    """The sentences of `text` whose values are all known, with these values in their places."""
    known = [sentence for sentence in _SENTENCE.findall(text) if _is_known(sentence, values)]
    filled = (_PLACEHOLDER.sub(lambda found: str(values[found[1]]), sentence) for sentence in known)
    return "".join(filled).strip()


def _is_known(sentence: str, values: Mapping[str, Any]) -> bool:
    return all(name in values for name in _PLACEHOLDER.findall(sentence))


def _playbook(code: str, language: str, playbooks: Playbooks | None) -> Words:
    """Of a class that a stored verdict names and today's rules no longer know: its code, and no claims."""
    known = shipped_playbooks() if playbooks is None else playbooks
    words = known.get(code)
    if words is None:
        return replace(known["inconclusive"][_language(language)], title=code)
    return words[_language(language)]


def _language(code: str) -> str:
    return "zh" if code.startswith("zh") else "en"


@cache
def shipped_playbooks() -> Playbooks:
    """Every playbook by code and language as shipped, with the one of HELD_BACK_WORDS beside the classes."""
    return {
        str(table["code"]): {language: Words(**table[language]) for language in LANGUAGES}
        for file in sorted(FOLDER.glob("*.toml"))
        for table in tomllib.loads(file.read_text("utf-8")).values()
    }
