"""The light is green only where the request provably never ran."""

import pytest

from probes.wire.facts import BodyKind, Facts, Failure
from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Intake, Resend
from triage.verdicts.classify import classify


def light(*attempts: Facts, **declared):
    return classify(Case(intake=Intake(**declared), attempts=attempts, now=NOW)).resend


def refused(status: int, **facts) -> Facts:
    return Facts(step="control", sent=True, status=status, body_kind=BodyKind.JSON_ERROR, **facts)


def test_a_refusal_that_the_desk_met_itself_is_green():
    assert light(refused(401, error_code="invalid_api_key")) is Resend.SAFE


def test_an_answer_of_the_wrong_kind_was_carried_out_all_the_same():
    streamed = Facts(step="control", sent=True, status=200, body_kind=BodyKind.EVENTS, events=9)

    assert light(streamed) is Resend.UNKNOWN


@pytest.mark.parametrize("failure", [Failure.RESET, Failure.NO_RESPONSE, Failure.WRITE_FAILED])
def test_what_broke_after_the_first_byte_left_may_have_run(failure):
    assert light(Facts(step="control", failure=failure)) is Resend.UNKNOWN


@pytest.mark.parametrize(
    "words",
    ["openai.APIConnectionError: Connection error.", "连接超时", "Error: read ETIMEDOUT", "moved to ipv6"],
)
def test_words_for_any_broken_connection_prove_nothing(words):
    assert light(error_text=words) is not Resend.SAFE


@pytest.mark.parametrize("words", ["getaddrinfo ENOTFOUND", "ECONNREFUSED", "httpx.ConnectTimeout"])
def test_words_for_a_connection_that_never_stood_are_green(words):
    assert light(error_text=words) is Resend.SAFE


def test_a_symptom_alone_proves_nothing():
    assert light(symptom="key_refused") is not Resend.SAFE


def test_a_relays_522_is_not_cloudflares():
    ours = {"server": "cloudflare", "cf-ray": "8f"}

    assert light(refused(522)) is Resend.UNKNOWN
    assert light(refused(522, headers=ours)) is Resend.SAFE
    assert light(status_code=522, error_text="error code 522") is Resend.UNKNOWN
    assert light(status_code=522, error_text="Cloudflare error 522") is Resend.SAFE


def test_a_model_that_makes_media_is_never_sent_again_whatever_the_work_is_called():
    assert light(workload="chat", model="sora-2", status_code=400, error_text="bad size") is Resend.UNSAFE
