"""Every class has its words in both languages, and no sentence shows a hole."""

import re
from dataclasses import astuple, replace
from datetime import date, timedelta

import pytest

from triage.verdicts.case import Confidence, Evidence, Owner, Resend, Verdict
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import (
    FOR_CUSTOMERS,
    HELD_BACK_WORDS,
    LANGUAGES,
    PARAMETERS,
    fill,
    shipped_origins,
    shipped_playbooks,
    title_of,
    words_for,
)

EVERY = [(code, language) for code in ISSUES for language in LANGUAGES]


def verdict(code: str, **params) -> Verdict:
    return Verdict(code=code, confidence=Confidence.LIKELY, owner=Owner.SUPPORT, params=params)


def test_no_class_is_without_words_and_no_words_without_a_class():
    assert set(shipped_playbooks()) == {*ISSUES, HELD_BACK_WORDS}


@pytest.mark.parametrize(("code", "language"), EVERY)
def test_every_text_reads_well_without_any_value(code, language):
    for text in astuple(words_for(verdict(code), language)):
        assert text
        assert "{" not in text


@pytest.mark.parametrize(("code", "language"), EVERY)
def test_every_text_takes_every_value(code, language):
    filled = replace(verdict(code), params=dict(PARAMETERS))

    assert not any("{" in text for text in astuple(words_for(filled, language)))


INTERNALS = (
    *("channel:no_available_key", "gw-3.prod.internal", "10.4.0.7", "http://relay.example/v1"),
    *("ops@example.com", "sk-" + "a1B2" * 12, "渠道 7"),
    *("get_channel_failed", "relay7.eu.example.com"),
)


@pytest.mark.parametrize("internal", INTERNALS)
def test_no_value_brings_anything_internal_into_what_a_customer_reads(internal):
    values = dict.fromkeys(PARAMETERS, internal)
    told = [
        getattr(words_for(replace(verdict(code), params=values), language), name)
        for code, language in EVERY
        for name in FOR_CUSTOMERS
    ]

    assert not [text for text in told if internal in text]
    assert all(told)


@pytest.mark.parametrize("code", shipped_playbooks())
def test_every_class_says_where_its_words_come_from_and_when_to_check_them(code):
    origin = shipped_origins()[code]

    assert origin.source
    assert date(2026, 11, 1) <= origin.reviewed < origin.recheck <= origin.reviewed + timedelta(days=200)


@pytest.mark.parametrize(
    ("text", "values", "filled"),
    [
        ("It broke. Status {status}. Wait.", {"status": 429}, "It broke. Status 429. Wait."),
        ("It broke. Status {status}. Wait.", {}, "It broke. Wait."),
        ("断了。状态码 {status}。请稍候。", {}, "断了。请稍候。"),
        ("断了。状态码 {status}。请稍候。", {"status": 429}, "断了。状态码 429。请稍候。"),
        ("Set timeout to 1.5 s. Then try.", {}, "Set timeout to 1.5 s. Then try."),
        (
            "Model {model} is not offered",
            {"model": "gpt-4.1. Then {x}"},
            "Model gpt-4.1. Then {x} is not offered",
        ),
    ],
)
def test_a_sentence_without_its_value_is_left_out(text, values, filled):
    assert fill(text, values) == filled


def test_the_clock_of_a_429_reaches_the_customer():
    for language in LANGUAGES:
        assert "14:05" in words_for(verdict("limit.gateway_rate", clock="14:05"), language).reply


def test_an_old_verdict_reads_in_either_language():
    assert title_of("stream.cut", "zh-hans") != title_of("stream.cut", "en")


@pytest.mark.parametrize("language", LANGUAGES)
def test_what_only_the_ticket_says_is_not_told_as_measured(language):
    told = replace(verdict("stream.cut"), evidence=(Evidence("declared", "words", "cut"),))
    seen = replace(verdict("stream.cut"), evidence=(Evidence("stream", "failure", "reset"),))

    told_words, seen_words = words_for(told, language), words_for(seen, language)

    assert told_words.reply.startswith(seen_words.reply)
    assert len(told_words.reply) > len(seen_words.reply)
    assert told_words.happened.endswith(seen_words.happened)


def test_a_class_that_the_rules_no_longer_know_is_shown_by_its_code():
    assert title_of("stream.of_old", "en") == "stream.of_old"
    assert (
        words_for(verdict("stream.of_old"), "zh-hans").reply == words_for(verdict("inconclusive"), "zh").reply
    )


def test_a_chinese_reply_names_beijing_and_no_database_zone():
    limited = verdict("limit.gateway_rate", clock="14:05:30 (Asia/Shanghai)")

    chinese, english = words_for(limited, "zh-hans"), words_for(limited, "en")

    assert "14:05:30（北京时间）" in chinese.reply + chinese.next_action
    assert "14:05:30 (Asia/Shanghai)" in english.reply + english.next_action


# --- while a submission is unsettled

RETRY_ADVICE = re.compile(r"try again|try once|wait 60 seconds|之后再试|再试|重试，最多")
NOT_TO = re.compile(r"not|no need|before another try|another try soon|不|暂停|关闭|先停止|调整表述")


def unsettled(code: str, **said) -> Verdict:
    given = {"findings": ("charge.single",), "resend": Resend.UNSAFE, "look_first": ("usage_records",)}
    return replace(verdict(code, clock="14:05"), **given | said)


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ISSUES)
def test_nobody_is_told_to_try_again_while_a_submission_is_unsettled(code, language):
    words = words_for(unsettled(code), language)
    sentences = re.split(r"[。.!?！？]", f"{words.reply} {words.stopping_point}")

    advice = [sentence for sentence in sentences if RETRY_ADVICE.search(sentence)]

    assert not [sentence for sentence in advice if not NOT_TO.search(sentence)]


@pytest.mark.parametrize(
    ("place", "says"),
    [
        ("task_status", ("按任务 ID 查询", "by task ID")),
        ("task_list", ("任务列表", "task list")),
        ("usage_records", ("用量记录", "usage records")),
    ],
)
def test_what_to_look_at_first_is_told_instead(place, says):
    for language, words in zip(LANGUAGES, says, strict=True):
        reply = words_for(unsettled("gateway.misconfigured", look_first=(place,)), language).reply

        assert words in reply


@pytest.mark.parametrize("language", LANGUAGES)
@pytest.mark.parametrize("code", ISSUES)
def test_every_text_stands_without_the_sentences_about_trying_again(code, language):
    assert all(astuple(words_for(unsettled(code), language)))


def test_support_is_told_to_find_out_first():
    words = words_for(unsettled("upstream.overloaded"), "en")

    assert words.next_action.startswith("Support: first find out whether this request ran")
    assert "back off" not in words.next_action


def test_a_class_that_warns_by_itself_is_not_made_to_warn_twice():
    alone, beside = verdict("timeout.client"), unsettled("timeout.client")

    assert words_for(beside, "en").reply == words_for(alone, "en").reply


def test_missing_rows_settle_nothing_and_forbid_nothing():
    limited = replace(unsettled("limit.gateway_rate"), findings=("charge.no_rows",))

    assert "14:05" in words_for(limited, "en").reply


# --- an open incident


@pytest.mark.parametrize("language", LANGUAGES)
def test_a_fault_that_an_incident_explains_is_told_as_known(language):
    alone = replace(verdict("edge.gateway_down"), owner=Owner.EDGE)
    led = replace(alone, params={"incident": "I-00007"})

    words, known = words_for(alone, language), words_for(led, language)

    assert "I-00007" in known.next_action
    assert "I-00007" not in known.reply
    assert known.next_action.endswith(words.next_action)
    assert known.reply.startswith(words.reply) and known.reply != words.reply


def test_what_the_customer_must_mend_is_no_known_fault_of_ours():
    led = replace(verdict("client.wrong_base_url", incident="I-00007"), owner=Owner.CUSTOMER)

    assert words_for(led, "en").reply == words_for(replace(led, params={}), "en").reply
