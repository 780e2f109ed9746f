"""Errors that only those who know the client can read."""

import pytest

from tests.cases.labelled import NOW
from tests.triage.verdicts.steps import CONTROL, STREAM, judged
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify


def told(text, **fields):
    return classify(Case(intake=Intake(error_text=text, **fields), now=NOW))


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("stream error: stream has sent too many empty messages", "stream.keepalive_breaks_client"),
        (
            "stream disconnected before completion: idle timeout waiting for SSE",
            "timeout.client",
        ),
        ("No streaming chunk received for 120.0s (model=glm-4, chunks_received=3).", "timeout.client"),
        ("TypeError: terminated { code: 'UND_ERR_BODY_TIMEOUT' }", "timeout.client"),
    ],
)
def test_sentences_that_one_client_writes(text, code):
    assert (told(text).code, told(text).confidence) == (code, "likely")


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("curl: (28) 报错了", "timeout.client"),
        ("aiohttp.client_exceptions.ClientPayloadError", "stream.cut"),
        ("Response payload is not completed", "stream.cut"),
        ("httpx.ConnectError", "reach.connect"),
        ("reqwest::Error { kind: Request }", "reach.connect"),
        ("AI_JSONParseError", "stream.client_parser"),
    ],
)
def test_a_name_alone_is_a_guess(text, code):
    verdict = told(text)

    assert (verdict.code, verdict.confidence) == (code, "possible")
    assert [item.fact for item in verdict.evidence] == ["words"]


@pytest.mark.parametrize("text", ["AI_RetryError: Failed after 3 attempts", "something else broke"])
def test_a_name_that_says_nothing_of_the_cause_decides_nothing(text):
    assert told(text).code == "inconclusive"


def test_what_the_error_names_itself_comes_first():
    text = "aiohttp.client_exceptions.ClientPayloadError: 429 Too Many Requests, rate limit reached"

    assert told(text, status_code=429).code.startswith("limit.")


def test_our_own_stream_speaks_against_it():
    verdict = judged(CONTROL, STREAM, error_text="Response payload is not completed")

    assert verdict.code == "stream.cut"
    assert verdict.counter_evidence
