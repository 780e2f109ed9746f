"""Questions exist for everything that can be missing, in both languages, and never ask for a key."""

import re
from dataclasses import fields

import pytest

from triage.verdicts.case import Intake, Tri
from triage.verdicts.codes import FACT_SUPPLIERS
from triage.verdicts.questions import (
    STEP_THAT_TELLS,
    fact_name,
    in_reply,
    may_ask_customer,
    missing_fields,
    question_for,
    questions,
)

FIELDS = {field.name for field in fields(Intake)}
_CHINESE = re.compile(r"[\u4e00-\u9fff]")


def test_every_fact_and_every_field_has_its_question():
    assert set(questions()) == set(FACT_SUPPLIERS) | FIELDS


@pytest.mark.parametrize("name", questions())
def test_a_question_is_said_in_both_languages(name):
    zh, en = question_for(name, "zh-hans"), question_for(name, "en")

    assert _CHINESE.search(zh)
    assert zh.endswith(("。", "？"))
    assert not _CHINESE.search(en)
    assert en.endswith((".", "?"))


@pytest.mark.parametrize("fact", FACT_SUPPLIERS)
def test_a_fact_has_a_name_in_both_languages(fact):
    assert _CHINESE.search(fact_name(fact, "zh-hans"))
    assert not _CHINESE.search(fact_name(fact, "en"))


def test_a_fact_that_nobody_knows_any_more_stands_for_itself():
    assert fact_name("tea_leaves", "en") == "tea_leaves"


@pytest.mark.parametrize("name", list(filter(may_ask_customer, questions())))
@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_what_a_customer_is_asked_names_nothing_of_ours_and_repeats_nothing(name, language):
    asked = question_for(name, language)

    assert not re.search(r"channel|渠道|upstream|上游|(again|once more) (with|the) (same|original)", asked)
    if "send one" in asked or "try once" in asked:
        assert "new, short" in asked


@pytest.mark.parametrize("language", ["zh-hans", "en"])
def test_a_list_of_questions_is_numbered_and_ends_with_never_a_key(language):
    text = in_reply(("error_text", "occurred_at"), language)

    lines = text.splitlines()
    assert [line[:2] for line in lines[:2]] == ["1.", "2."]
    assert re.search(r"never send us a full API key|请不要发送完整的 API Key", lines[-1])


def test_a_single_question_needs_no_number_and_none_no_closing():
    assert in_reply(("zone",), "en").splitlines()[0] == question_for("zone", "en")
    assert in_reply((), "en") == ""


def test_only_what_the_customer_has_is_asked_of_them():
    asked = set(filter(may_ask_customer, questions()))

    assert asked == FIELDS | {fact for fact, supplier in FACT_SUPPLIERS.items() if supplier == "customer"}
    assert not may_ask_customer("tea_leaves")
    assert not may_ask_customer("closing")


def test_what_the_ticket_says_is_not_asked_again():
    bare, told = Intake(), Intake(error_text="504", stream=Tri.YES, request_ids=("req_1",))

    assert missing_fields(bare)[:2] == ("error_text", "status_code")
    assert not {"error_text", "stream", "request_ids"} & set(missing_fields(told))


def test_a_task_is_asked_for_its_id_first():
    assert missing_fields(Intake(workload="video"))[0] == "task_id"
    assert "task_id" not in missing_fields(Intake())


def test_every_fact_of_the_desk_is_supplied_by_a_step():
    desk = {fact for fact, supplier in FACT_SUPPLIERS.items() if supplier == "desk"}

    assert desk <= set(STEP_THAT_TELLS)
