"""Sums beside a verdict: they reach its evidence, and never change its class by themselves."""

import json
from dataclasses import replace
from datetime import UTC, datetime

import pytest
from hypothesis import given

from probes.wire.facts import BodyKind
from tests.cases.labelled import NOW
from tests.triage.verdicts.steps import CONTROL, STREAM, judged
from tests.triage.verdicts.strategies import cases
from triage.charges.finding import ChargeCode, ChargeFinding, WireCount
from triage.verdicts.case import Case, Intake
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict, verdict_from_dict
from triage.verdicts.judging import judge_line


def told(**fields):
    return classify(Case(intake=Intake(**fields), now=NOW))


def sums(verdict):
    items = (*verdict.evidence, *verdict.counter_evidence)
    return {item.fact: item.value for item in items if item.where == "arithmetic"}


def against(verdict):
    return {item.fact for item in verdict.counter_evidence if item.where == "arithmetic"}


# --- whose limit


@pytest.mark.parametrize(
    ("fields", "code", "name", "whose"),
    [
        (
            {"elapsed_s": 600.4, "error_text": "openai.APITimeoutError", "client": "openai-python"},
            "timeout.client",
            "client_limit",
            "openai-python",
        ),
        (
            {"elapsed_s": 100.0, "symptom": "timeout", "client": "HttpClient .NET"},
            "timeout.client",
            "client_limit",
            "HttpClient (.NET)",
        ),
        (
            {
                "elapsed_s": 60.3,
                "notes": "504 Gateway Time-out，nginx 返回的，流式没有问题",
                "status_code": 504,
            },
            "timeout.our_proxy",
            "hop_limit",
            "nginx (proxy_read_timeout)",
        ),
        (
            {"elapsed_s": 60.0, "notes": "每次都是 60 秒整被断，走负载均衡超时，绕过就没事"},
            "timeout.customer_proxy",
            "round_limit",
            "nginx (proxy_read_timeout)",
        ),
    ],
)
def test_a_duration_that_ends_on_time_names_whose_limit_it_is(fields, code, name, whose):
    verdict = told(**fields)

    assert verdict.code == code
    assert sums(verdict)[name]["whose"][0] == whose


def test_the_timeout_that_the_ticket_names_comes_first():
    verdict = told(
        elapsed_s=60.2, client_timeout_s=60.0, error_text="APITimeoutError", client="openai-python"
    )

    assert sums(verdict) == {"own_limit": {"seconds": 60.2, "limit": 60.0}}


def test_a_time_that_is_no_limit_says_nothing():
    assert sums(told(elapsed_s=47.0, error_text="Request timed out", client="openai-python")) == {}


def test_a_setting_in_the_text_is_no_duration():
    assert "round_limit" not in sums(told(error_text="timeout, 我把 timeout 设成 60s 了"))


def test_a_client_that_waits_for_ever_did_not_give_up_by_itself():
    verdict = told(elapsed_s=60.1, symptom="timeout", client="curl")

    assert verdict.code == "timeout.client"
    assert against(verdict) == {"client_waits"}


def test_then_the_hop_that_the_ticket_names_has_cut():
    fields = {"elapsed_s": 60.1, "symptom": "timeout", "client": "curl", "via_proxy_text": "nginx"}
    verdict = told(**fields)

    assert verdict.code == "timeout.customer_proxy"
    assert sums(verdict)["hop_limit"]["whose"] == ["nginx (proxy_read_timeout)"]
    assert told(**fields | {"elapsed_s": 47.0}).code != "timeout.customer_proxy"
    assert told(**fields | {"client": "openai-python"}).code == "timeout.client"
    assert told(**fields | {"client_timeout_s": 60.0}).code == "timeout.client"
    assert told(**fields | {"error_text": "curl: (28) Operation timed out"}).code == "timeout.client"


def test_a_hop_that_is_named_speaks_against_a_client_that_gave_up():
    verdict = told(elapsed_s=60.1, error_text="APITimeoutError", client="openai-python", notes="走 nginx")

    assert verdict.code == "timeout.client"
    assert against(verdict) == {"hop_limit"}


# --- retries


def test_defaults_fill_in_what_the_ticket_leaves_open():
    verdict = told(elapsed_s=1801.0, error_text="Request timed out.", client="openai-python")

    assert (verdict.code, verdict.confidence) == ("timeout.retry_multiplied", "likely")
    assert sums(verdict)["requests_multiplied"] == {
        "requests": 3,
        "timeout": 600,
        "seconds": 1801.0,
        "client": "openai-python",
    }
    assert verdict.params["requests"] == 3


def test_a_client_that_sends_once_multiplies_nothing():
    assert told(elapsed_s=90.0, client_timeout_s=30.0, error_text="timed out", client="requests").code == (
        "timeout.client"
    )


def test_only_what_the_ticket_says_makes_it_certain():
    fields = {"elapsed_s": 91.0, "client_timeout_s": 30.0, "client": "openai-python"}

    assert told(**fields).confidence == "likely"
    assert told(**fields, retry_count=2).confidence == "certain"


# --- requests against rows


def charged(rows, **fields):
    count = WireCount(rows=rows, declared_retries=None, hidden_retries=2)
    finding = ChargeFinding(
        code=ChargeCode.HIDDEN_RETRY, charge_ids=tuple(map(str, range(rows))), wire_count=count
    )
    intake = Intake(charged_text=f"{rows} 次", **fields)
    return classify(Case(intake=intake, charges=finding, now=NOW))


def test_three_rows_are_three_requests_of_one_call():
    verdict = charged(3, client="openai-python")

    assert sums(verdict)["wire_requests"] == {
        "rows": 3,
        "at_least": 1,
        "at_most": 3,
        "client": "openai-python",
    }
    assert against(verdict) == set()


def test_more_rows_than_requests_speak_against_a_retry():
    assert against(charged(4, client="openai-python")) == {"wire_requests"}


def test_nothing_is_counted_for_a_client_that_nobody_described():
    assert sums(charged(3, client="自研")) == {}


# --- bursts and clocks


def test_pieces_of_four_kilobytes_name_the_buffer():
    bursts = tuple((1000.0 * n, 4096) for n in range(6))
    verdict = judged(CONTROL, replace(STREAM, bursts=bursts, burst_count=6, reads=6, last_byte_ms=5000))

    assert verdict.code == "stream.block_buffered"
    assert sums(verdict)["block_size"]["bytes"] == 4096


@pytest.mark.parametrize(
    ("text", "seconds"),
    [
        ("Token used too early, 1632434353 < 1632434389. Check that your clock is set correctly.", 36.0),
        ("Signature expired: 20261121T000000Z is now earlier than 20261121T001500Z", 900.0),
        ("JWT expired, a difference of 10351 milliseconds, allowed clock skew is 0", 10.351),
    ],
)
def test_two_moments_in_an_error_tell_how_far_the_clocks_are_apart(text, seconds):
    verdict = told(error_text=text, status_code=401)

    assert verdict.code == "client.clock_skew"
    assert sums(verdict)["clock_apart"]["seconds"] == pytest.approx(seconds)


def test_a_server_whose_clock_is_wrong_speaks_against_the_customers():
    skewed = [replace(facts, clock_skew_s=-420.0) for facts in (CONTROL, STREAM)]
    verdict = judged(*skewed, error_text="token not yet valid", status_code=401)

    assert verdict.code == "client.clock_skew"
    assert against(verdict) == {"server_clock"}


def test_a_server_whose_clock_is_wrong_speaks_against_an_expired_key():
    refused = replace(CONTROL, **REFUSED_KEY)

    assert against(judged(replace(refused, clock_skew_s=420.0))) == {"server_clock"}
    assert against(judged(replace(refused, clock_skew_s=2.0))) == set()


REFUSED_KEY = {
    "status": 401,
    "body_kind": BodyKind.JSON_ERROR,
    "error_message": "该令牌已过期",
    "error_type": "new_api_error",
}
NOON = datetime(2026, 11, 21, 4, 2, tzinfo=UTC)  # 12:02 in China


@pytest.mark.parametrize(
    ("request_id", "name"),
    [
        ("20261121140203123456789abcdEFGH", "id_of_another_zone"),
        ("20261121124203123456789abcdEFGH", "id_of_another_time"),
        ("20261119120203123456789abcdEFGH", "id_of_another_time"),
    ],
)
def test_an_id_from_another_time_is_told(request_id, name):
    verdict = told(request_ids=(request_id,), occurred_at=NOON, status_code=500)

    assert against(verdict) == {name}
    assert sums(verdict)[name]["told"] == "2026-11-21T12:02"


def test_an_id_of_the_same_minutes_is_not():
    assert not sums(told(request_ids=("20261121120503123456789a",), occurred_at=NOON, status_code=500))


def test_an_id_of_our_own_tells_the_servers_zone():
    ours = ("x-oneapi-request-id", "20261121060003123456789a", "2026-11-21T06:00:03+00:00")
    fields = {"request_ids": ("20261121140203123456789a",), "occurred_at": NOON, "status_code": 500}

    assert against(judged(CONTROL, **fields)) == {"id_of_another_zone"}
    assert against(judged(replace(CONTROL, id_chain=(ours,)), **fields)) == {"id_of_another_time"}


def test_the_clock_on_the_customers_wall_counts():
    berlin = told(
        request_ids=("20261121050203123456789a",), occurred_at=NOON, zone="Europe/Berlin", status_code=500
    )

    assert not sums(berlin)


# --- the retry clock in the customer's zone


@pytest.mark.parametrize(
    ("zone", "clock"),
    [
        ("", "14:30:00 (Asia/Shanghai)"),
        ("America/New_York", "01:30:00 (America/New_York)"),
        ("nowhere", "14:30:00 (Asia/Shanghai)"),
    ],
)
def test_the_retry_clock_stands_on_the_customers_wall(zone, clock):
    now = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
    intake = Intake(status_code=429, error_text="Rate limit reached, try again in 30 minutes", zone=zone)

    assert classify(Case(intake=intake, now=now)).params["clock"] == clock


# --- on their way out


def test_sums_reach_judge_files_and_come_back_from_rows():
    line = {"declared": {"elapsed_s": 600.4, "error_text": "APITimeoutError", "client": "openai-python"}}
    verdict = judge_line(line, now=NOW)["verdict"]

    item = next(item for item in verdict["evidence"] if item["where"] == "arithmetic")
    assert (item["fact"], item["value"]["limit"]) == ("client_limit", 600)
    assert verdict_as_dict(verdict_from_dict(json.loads(json.dumps(verdict)))) == verdict


@given(cases())
def test_no_sum_changes_what_a_verdict_says(case):
    for verdict in (classify(case),):
        values = [item.value for item in verdict.evidence if item.where == "arithmetic"]
        assert all(isinstance(value, dict) and value for value in values)
        assert len({item.fact for item in verdict.evidence if item.where == "arithmetic"}) == len(values)
