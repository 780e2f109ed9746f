"""Ordinary sentences are no signs, and no words beat what the probe met itself."""

import pytest

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify

GOOD = Facts(
    step="control", sent=True, status=200, body_kind=BodyKind.JSON_OK, content_chars=90, finish_reason="stop"
)
REFUSED = Facts(
    step="control", sent=True, status=401, body_kind=BodyKind.JSON_ERROR, error_code="invalid_api_key"
)
CUT = Facts(
    step="stream",
    sent=True,
    status=200,
    body_kind=BodyKind.EVENTS,
    content_type="text/event-stream",
    events=9,
    content_chars=90,
    failure=Failure.RESET,
    end_mode=EndMode.RESET,
)
ORDINARY = [
    "Please answer at once, he is waiting.",
    "We saw a burst of traffic this morning.",
    "He uses gzip for his log files.",
    "The buffer of our ticket queue is full.",
    "The team uses postgres and redis on their side.",
    "The moderation team asked for this.",
    "客户说一次性付款可以吗",
    "客户在用 redis 做缓存",
    "客户数据库迁移完之后出现",
    "客户说服务器时间是北京时间",
    "客户一半的员工在用",
    "他问为什么模型回答不全面",
    "客户用的是压缩后的图片",
    "客户问单价",
]


def code(notes: str, *attempts: Facts) -> str:
    return classify(Case(intake=Intake(notes=notes, model="gpt-4o"), attempts=attempts, now=NOW)).code


@pytest.mark.parametrize("notes", ORDINARY)
def test_an_ordinary_sentence_names_no_fault(notes):
    assert code(notes) == "inconclusive"
    assert code(notes, GOOD) == "ok.not_reproduced"


@pytest.mark.parametrize("notes", [*ORDINARY, "很慢", "偶尔", "timeout", "all at once", "connection error"])
def test_words_do_not_beat_what_the_probe_met(notes):
    assert code(notes, REFUSED) == "auth.key_unknown"
    assert code(notes, GOOD, CUT) == "stream.cut"


def test_words_for_a_held_back_stream_still_name_it():
    assert code("the stream comes in bursts") == "stream.block_buffered"
    assert code("回答最后一次性出来") == "stream.fully_buffered"
