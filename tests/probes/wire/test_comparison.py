from dataclasses import replace

import pytest
from hypothesis import given, settings

from probes.wire.comparison import Difference, Shortfall, compare
from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from tests.probes.wire.test_facts import ANY_FACTS

CONTROL = Facts(
    step="control",
    status=200,
    body_kind=BodyKind.JSON_OK,
    content_chars=2700,
    finish_reason="stop",
    completion_tokens=570,
    model_reported="m-1",
    total_ms=4000,
    headers={"server": "nginx"},
    address="192.0.2.1",
)
STREAM = replace(
    CONTROL,
    step="stream",
    body_kind=BodyKind.EVENTS,
    content_chars=2650,
    first_content_ms=300,
    done_seen=True,
    end_mode=EndMode.DONE,
)


def differences(**changes):
    return compare(CONTROL, replace(STREAM, **changes)).differences


def test_two_answers_of_one_model_are_alike_though_not_equal():
    comparison = compare(CONTROL, STREAM)

    assert comparison.differences == ()
    assert (comparison.same_length, comparison.control_chars, comparison.stream_chars) == (True, 2700, 2650)
    assert (comparison.control_total_ms, comparison.stream_first_content_ms) == (4000, 300)


@pytest.mark.parametrize(
    ("changes", "difference"),
    [
        ({"content_chars": 900}, Difference.STREAM_SHORTER),
        ({"content_chars": 5400}, Difference.STREAM_LONGER),
        ({"in_stream_error": True}, Difference.ERROR_IN_STREAM),
        ({"status": 502}, Difference.ERROR_IN_STREAM),
        ({"finish_reason": "length"}, Difference.FINISH_REASON),
        ({"completion_tokens": 90}, Difference.TOKENS),
        ({"model_reported": "m-1-mini"}, Difference.MODEL),
        ({"first_content_ms": 3900}, Difference.NO_SOONER),
        ({"headers": {"server": "nginx", "x-cache": "HIT"}}, Difference.HOPS),
        ({"address": "192.0.2.9"}, Difference.ADDRESS),
    ],
)
def test_each_difference_has_its_code(changes, difference):
    assert differences(**changes) == (difference,)


def test_a_stream_without_a_word_is_empty_and_shorter():
    assert differences(content_chars=0) == (Difference.STREAM_EMPTY, Difference.STREAM_SHORTER)
    assert Difference.STREAM_EMPTY not in differences(content_chars=0, tool_calls=1)


def test_an_error_that_only_the_control_shows_was_hidden_by_the_stream():
    control = replace(CONTROL, status=500, error_type="upstream_error", content_chars=0)

    comparison = compare(control, replace(STREAM, content_chars=0))

    assert comparison.differences[0] is Difference.ERROR_HIDDEN
    assert comparison.same_length is None


@pytest.mark.parametrize(
    ("ending", "shortfall"),
    [
        ({"end_mode": EndMode.INCOMPLETE, "finish_reason": ""}, Shortfall.CUT),
        ({"end_mode": EndMode.IDLE_TIMEOUT, "finish_reason": ""}, Shortfall.SILENT),
        ({"end_mode": EndMode.CLEAN_EOF, "finish_reason": ""}, Shortfall.UNFINISHED),
        ({"finish_reason": "length"}, Shortfall.LIMITED),
        ({}, Shortfall.COMPLETE),
    ],
)
def test_a_shorter_stream_tells_how_it_ended(ending, shortfall):
    assert compare(CONTROL, replace(STREAM, content_chars=500, **ending)).shortfall is shortfall


def test_a_header_that_only_one_of_them_has_names_the_hop():
    comparison = compare(CONTROL, replace(STREAM, headers={"server": "cloudflare", "content-encoding": "br"}))

    assert comparison.hops == (("server", "nginx", "cloudflare"), ("content-encoding", "", "br"))


def test_an_attempt_without_an_answer_compares_with_nothing():
    silent = Facts(step="stream", failure=Failure.FIRST_BYTE_TIMEOUT, sent=True)

    assert compare(CONTROL, silent).as_dict() == {}


@settings(max_examples=30)
@given(ANY_FACTS, ANY_FACTS)
def test_any_two_attempts_can_be_compared(one, other):
    assert compare(one, other) == compare(one, other)
