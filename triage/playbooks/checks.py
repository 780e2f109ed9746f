"""What a playbook must keep to, in each language: complete, short, safe to follow and safe to send."""

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import asdict, dataclass
from typing import Final

from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import (
    FOR_CUSTOMERS,
    LANGUAGES,
    PARAMETERS,
    Words,
    parameters_of,
    sentences_of,
    shows_internals,
)

FOR_SUPPORT: Final = ("title", "happened", "next_action", "stopping_point", "do_not", "overturn")
FOR_HELP: Final = ("help_title", "help_means", "help_do", "help_avoid", "help_send")
MOST_WORDS: Final = 119
"""Of what support reads, of a reply, of a help page; an engineer's note stays below it by far."""


@dataclass(frozen=True, slots=True)
class Problem:
    """One rule that one text breaks: `code` names the rule, `detail` what breaks it."""

    language: str
    name: str  # of the text, a field of Words
    code: str
    detail: str = ""


def problems_of(code: str, playbook: Mapping[str, Words]) -> list[Problem]:
    """All that keeps a playbook from being used, in the order of its texts."""
    return [problem for language in LANGUAGES for problem in _of_language(code, language, playbook[language])]


def _of_language(code: str, language: str, words: Words) -> Iterator[Problem]:
    for name, text in asdict(words).items():
        for rule, detail in _of_text(name, text, language=language):
            yield Problem(language, name, rule, detail)
        if name in _ADVICE:
            yield from _of_resend(code, language, name, text)
    yield from _too_long(language, words)


def _of_text(name: str, text: str, *, language: str) -> Iterator[tuple[str, str]]:
    if not text.strip():
        yield "missing", ""
        return
    for unknown in dict.fromkeys(parameters_of(text)):
        if unknown not in PARAMETERS:
            yield "unknown_parameter", "{" + unknown + "}"
    if _BRACE.search(_PARAMETER.sub("", text)):
        yield "stray_brace", ""
    if bool(_HAN.search(text)) != (language == "zh"):
        yield "other_language", ""
    if _never_shown_alone(text):
        yield "may_vanish", ""
    if name in FOR_CUSTOMERS:
        yield from _of_customers_text(text)


_HAN = re.compile(r"[\u3400-\u9fff]")
_BRACE = re.compile(r"[{}]")
_PARAMETER = re.compile(r"\{\w+\}")


def _never_shown_alone(text: str) -> bool:
    """Whether nothing is left of a text when no value is known."""
    return all(parameters_of(sentence) for sentence in sentences_of(text))


def _of_customers_text(text: str) -> Iterator[tuple[str, str]]:
    for internal in _internals(text):
        yield "internal", internal
    for asked in filter(_asks_for_secret, sentences_of(text)):
        yield "asks_for_secret", asked.strip()


def _internals(text: str) -> Iterator[str]:
    """Each of them once."""
    while internal := shows_internals(text):
        yield internal
        text = text.replace(internal, " ")


_ASKED_FOR = re.compile(
    r"\b(?:send|provide|tell|share|give|paste|attach|reply with)"
    r"(?: (?:us|me|the|your|full|complete|whole|api|bearer|secret|raw|all|also|a|copy|of|and))*"
    r" (?:keys?|passwords?|tokens?|headers|prompts?)\b(?!'s| name| ID)"
    r"|(?:提供|发送|发来|发给|告诉|附上|回复|贴出|贴上)(?:我们|客服|您的|你的|您|完整的?|API|原始的?|所用的|一下|\s)*"
    r"(?:Key|密钥|密码|口令|请求头|提示词)(?!\s*(?:的?名称|在|末|的末|后|前缀|编号))"
    r"|把\s*(?:您的|你的|完整的?|\s)*(?:Key|密钥|密码|口令|请求头|提示词)[^，。；]{0,6}(?:发(?!给?过)|贴|告诉)",
    re.IGNORECASE,
)
_REFUSED = re.compile(r"\b(?:not|never|no|nor|without|neither)\b|不|勿|无需|别", re.IGNORECASE)


def _asks_for_secret(sentence: str) -> bool:
    """Whether it asks for a key, password, headers or prompt, and not for a name or a part of one."""
    return any(
        not _REFUSED.search(sentence[max(0, found.start() - 20) : found.start()])
        for found in _ASKED_FOR.finditer(sentence)
    )


_ADVICE = ("next_action", "stopping_point", "reply", "help_do")
_SENDS_AGAIN = re.compile(
    r"\b(?:try|send|submit|run|call)(?: it| this| the(?: same)? (?:request|task|call))? (?:again|once more)\b"
    r"|\b(?:retry|resend|resubmit)\b(?! settings?| counts?| layer|,| twice by)"
    r"|再试|(?<!自动)(?<!控制)重试(?!设置|次数|间隔)|重发|再次(?:发送|提交)|重新(?:发送|提交|发起|生成)",
    re.IGNORECASE,
)
_OR_NOT = re.compile(
    r"\b(?:not|never|no|nobody|without|before|instead of|only after|avoid|stops?|until|unless|nor)\b"
    r"|\brather than\b"
    r"|不|勿|别|先|停|避免|之后|以免|关闭|禁止|若|如果",
    re.IGNORECASE,
)


def _of_resend(code: str, language: str, name: str, text: str) -> Iterator[Problem]:
    """Where a blind resend is dangerous, a sentence that speaks of one forbids it or begins with {again}."""
    issue = ISSUES.get(code)
    if issue is None or not issue.retry_dangerous:
        return
    for sentence in sentences_of(text):
        if _SENDS_AGAIN.search(sentence) and "{again}" not in sentence and not _OR_NOT.search(sentence):
            yield Problem(language, name, "blind_resend", sentence.strip())


def _too_long(language: str, words: Words) -> Iterator[Problem]:
    for names in (FOR_SUPPORT, ("reply",), FOR_HELP, ("engineer",)):
        counted = words_in(" ".join(getattr(words, name) for name in names))
        if counted > MOST_WORDS:
            yield Problem(language, longest_of(words, names), "too_long", str(counted))


def longest_of(words: Words, names: Sequence[str]) -> str:
    return max(names, key=lambda name: words_in(getattr(words, name)))


def words_in(text: str) -> int:
    """How many words a reader takes in: runs of letters and digits, and 2 for every 3 Chinese characters.

    1.5 characters a word is the usual ratio between a Chinese text and its English translation. What stands
    in braces counts as the one word that it becomes, {again} as none.
    """
    shown = text.replace("{again}", "")
    han = len(_HAN.findall(shown))
    return len(_RUN.findall(_HAN.sub(" ", shown))) + -(-han * 2 // 3)


_RUN = re.compile(r"[^\s，。；：、（）“”？！…·/]*\w[^\s，。；：、（）“”？！…·/]*")
