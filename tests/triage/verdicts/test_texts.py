"""Phrases, denials and figures in prose."""

import pytest

from triage.verdicts.figures import durations_in, error_names_in, seconds_in, status_in
from triage.verdicts.texts import Lead, plain, without_denials


@pytest.mark.parametrize(
    ("phrase", "text", "found"),
    [
        ("余额不足", "提示余额不足了", True),
        ("charged*twice", "it was charged, i think, twice", True),
        ("charged*twice", "twice charged", False),
        ("charged*twice", "charged" + " " * 60 + "twice", False),
        ("|rpm|", "max rpm: 3", True),
        ("|rpm|", "a trumpet", False),
        ("|api_error|", "new_api_error", False),
    ],
)
def test_a_lead_finds_its_phrases(phrase, text, found):
    assert bool(Lead(phrase).found_in(text)) is found


def test_text_is_compared_in_plain_form():
    assert plain("  ＨＴＴＰ　５０２\n Bad  Gateway ") == "http 502 bad gateway"


@pytest.mark.parametrize(
    "denied",
    ["余额充足", "balance is fine", "key 没问题", "not a rate limit", "没有超时", "no errors were raised"],
)
def test_what_the_writer_rules_out_is_no_sign(denied):
    assert without_denials(plain(f"429 {denied} 还是报错")) == "429  ,  还是报错"


@pytest.mark.parametrize(
    ("text", "status"),
    [
        ("error code: 429", 429),
        ("返回了 503", 503),
        ("http 401 unauthorized", 401),
        ("502 bad gateway", 502),
        ("forbidden", 403),
        ("waited 500 ms for 429 tokens", None),
        ("推理超过 600 秒", None),
        ("gpt-4.1 at port 8080", None),
    ],
)
def test_a_status_is_read_from_prose(text, status):
    assert status_in(text) == status


@pytest.mark.parametrize(
    ("text", "names"),
    [
        (
            '{"error":{"message":"x","type":"new_api_error","code":"model_not_found"}}',
            ("model_not_found", "new_api_error"),
        ),
        ("{'error': {'code': 500, 'message': 'x'}}", ("", "")),
        ("code ip_restricted, only for one model", ("ip_restricted", "")),
        ("no code here", ("", "")),
    ],
)
def test_error_names_are_read_from_quotes(text, names):
    assert error_names_in(text) == names


def test_durations():
    assert durations_in("set timeout 30s but waits 1.5 minutes, 91.6 秒") == (30.0, 90.0, 91.6)
    assert seconds_in("6m0s") == 360
    assert seconds_in("soon") is None
