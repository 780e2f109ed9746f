"""What a playbook must keep to: all that is shipped does, and each rule finds what breaks it."""

import re
from dataclasses import asdict, replace

import pytest

from probes.redaction.engine import builtin_redactor
from triage.playbooks.checks import (
    FOR_HELP,
    FOR_SUPPORT,
    MOST_WORDS,
    Problem,
    problems_of,
    words_in,
)
from triage.playbooks.standing import Playbook
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import LANGUAGES, shipped_playbooks

EVERY = [(code, language) for code in shipped_playbooks() for language in LANGUAGES]


def changed(code: str, language: str, **texts: str) -> Playbook:
    shipped = shipped_playbooks()[code]
    return {**shipped, language: replace(shipped[language], **texts)}


def found(playbook: Playbook, code: str = "stream.cut") -> list[tuple[str, str, str]]:
    return [(problem.language, problem.name, problem.code) for problem in problems_of(code, playbook)]


# --- what is shipped


@pytest.mark.parametrize("code", shipped_playbooks())
def test_what_is_shipped_breaks_no_rule(code):
    assert problems_of(code, shipped_playbooks()[code]) == []


@pytest.mark.parametrize(("code", "language"), EVERY)
def test_what_is_shipped_is_read_in_ten_seconds(code, language):
    words = asdict(shipped_playbooks()[code][language])

    for names in (FOR_SUPPORT, ("reply",), FOR_HELP):
        assert words_in(" ".join(words[name] for name in names)) <= MOST_WORDS
    assert words_in(words["engineer"]) <= 60


def test_nothing_shipped_looks_like_a_secret():
    texts = [
        text for code, language in EVERY for text in asdict(shipped_playbooks()[code][language]).values()
    ]

    assert [text for text in texts if builtin_redactor().redact(text).findings] == []


_TYPOGRAPHY = re.compile(
    r"[\u4e00-\u9fff][A-Za-z0-9]|[A-Za-z0-9][\u4e00-\u9fff]|[\u4e00-\u9fff][,.;:?!()]|\{\w+\}(?<!again\})[\u4e00-\u9fff]"
)


@pytest.mark.parametrize("code", shipped_playbooks())
def test_chinese_words_are_set_as_chinese_is(code):
    for text in asdict(shipped_playbooks()[code]["zh"]).values():
        assert not _TYPOGRAPHY.search(text)


@pytest.mark.parametrize("code", ISSUES)
def test_support_finds_an_actor_and_a_stopping_point(code):
    english, chinese = shipped_playbooks()[code]["en"], shipped_playbooks()[code]["zh"]

    assert any(actor in english.next_action.lower() for actor in ACTORS_EN)
    assert any(actor in chinese.next_action for actor in ACTORS_ZH)


ACTORS_EN = ("customer", "engineer", "support", "billing", "owner", "on-call", "manages the key")
ACTORS_ZH = ("客户", "工程师", "客服", "计费", "负责人", "值班", "管理者")


# --- each rule


@pytest.mark.parametrize(
    ("language", "name", "text", "rule"),
    [
        ("zh", "do_not", "  ", "missing"),
        ("en", "happened", "It broke after {secnds} s. It is over.", "unknown_parameter"),
        ("en", "happened", "It broke {here. It is over.", "stray_brace"),
        ("en", "title", "流断了", "other_language"),
        ("zh", "title", "Cut", "other_language"),
        ("en", "overturn", "The log of {request_id}.", "may_vanish"),
        ("zh", "reply", "您好，我们会把请求切换到备用渠道。", "internal"),
        ("en", "reply", "Hello, our host gw-3.prod.internal was down.", "internal"),
        ("en", "reply", "Hello, please read https://status.example/7.", "internal"),
        ("en", "help_send", "Write to ops@example.com.", "internal"),
        ("en", "reply", "Hello, please send us your full API key.", "asks_for_secret"),
        ("zh", "reply", "您好，请把您的 Key 发给我们。", "asks_for_secret"),
        ("zh", "help_send", "请提供完整的请求头。", "asks_for_secret"),
        ("en", "reply", "Hello, please try the request again.", "blind_resend"),
        ("zh", "reply", "您好，请重新提交。", "blind_resend"),
        ("en", "next_action", "Customer: retry at once.", "blind_resend"),
        ("en", "reply", "Hello, " + "word " * 119, "too_long"),
        ("zh", "happened", "字" * 190, "too_long"),
    ],
)
def test_a_rule_finds_what_breaks_it(language, name, text, rule):
    assert (language, name, rule) in found(changed("stream.cut", language, **{name: text}))


@pytest.mark.parametrize(
    ("code", "language", "name", "text"),
    [
        ("stream.cut", "en", "reply", "Hello, please do not try it again yet. It broke after {seconds} s."),
        ("stream.cut", "en", "reply", "Hello, it broke. {again}Please try it again after {clock}."),
        ("stream.cut", "en", "reply", "Hello, please tell us the key's name or last 4 characters."),
        ("stream.cut", "zh", "reply", "您好，请提供 Key 的名称或末 4 位，不要把完整的 Key 发给我们。"),
        ("stream.cut", "en", "engineer", "Look at the channel, then call the owner."),
        ("auth.key_expired", "en", "reply", "Hello, please extend the key and try again."),
    ],
)
def test_a_rule_leaves_alone_what_is_meant(code, language, name, text):
    assert problems_of(code, changed(code, language, **{name: text})) == []


def test_a_problem_quotes_what_breaks_the_rule():
    asked = problems_of("stream.cut", changed("stream.cut", "en", reply="Hello. Please retry now. Thanks."))

    assert asked == [Problem("en", "reply", "blind_resend", "Please retry now.")]


@pytest.mark.parametrize(
    ("text", "words"),
    [
        ("", 0),
        ("Set max_retries=0 and stream=true.", 4),
        ("断开发生在第 {seconds} 秒", 6),
        ("设置 proxy_buffering off。", 4),
        ("{again}请在 {clock} 之后再试。", 5),
        ("三个字", 2),
        ("OpenAI/Anthropic 协议", 4),
    ],
)
def test_three_chinese_characters_count_as_two_words(text, words):
    assert words_in(text) == words
