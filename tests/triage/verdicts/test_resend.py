"""The light is green only where the request provably never ran."""

import json
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from probes.wire.facts import BodyKind, Facts, Failure
from tests.cases.labelled import NOW
from tests.triage.charges.stories import event, story
from tests.triage.verdicts.steps import CONTROL, STREAM
from triage.charges.finding import ChargeCode, ChargeFinding, Event, Remark
from triage.verdicts.case import Case, Intake, Resend, Tri, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict, verdict_from_dict


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


# --- beside the ledger

REACH = datetime(2026, 3, 1, tzinfo=UTC)
UNKNOWN_KEY = {"status_code": 401, "error_text": "invalid_api_key: incorrect API key provided"}


def beside(finding: ChargeFinding, **declared) -> Verdict:
    attempt = refused(401, error_code="invalid_api_key")
    return classify(Case(intake=Intake(**declared), attempts=(attempt,), charges=finding, now=NOW))


def rows_of(code: str, *rows: Event, net: str = "1") -> ChargeFinding:
    told = story(*(rows or (event("c1"),)), task_id="")
    return ChargeFinding(
        code=ChargeCode(code),
        charge_ids=tuple(row.charge_id for row in told.events),
        story=(told,),
        net={"USD": Decimal(net)},
        covered_until=REACH,
    )


@pytest.mark.parametrize("code", sorted({*ChargeCode} - {ChargeCode.NO_ROWS, ChargeCode.PROBE_COST}))
def test_a_row_of_the_ledger_is_never_green_whatever_the_probe_met(code):
    assert beside(rows_of(code)).resend is Resend.UNSAFE


def test_rows_of_our_own_probes_and_missing_rows_change_nothing():
    assert beside(rows_of("charge.probe_cost")).resend is Resend.SAFE
    assert beside(ChargeFinding(code=ChargeCode.NO_ROWS, covered_until=REACH)).resend is Resend.SAFE


def test_an_id_that_another_account_has_ran_for_somebody():
    stranger = ChargeFinding(code=ChargeCode.NO_ROWS, covered_until=REACH, remarks=(Remark.OTHER_ACCOUNT,))

    assert beside(stranger).resend is Resend.UNKNOWN


HELD, RELEASED = event("h", "hold"), event("r", "release", "-1", 2, of="h")


def test_a_hold_that_was_released_is_green_only_for_a_request_that_was_refused():
    refused_first = rows_of("charge.hold_and_settle", HELD, RELEASED, net="0")

    assert beside(refused_first).resend is Resend.SAFE
    assert beside(refused_first, task_id="t1").resend is Resend.UNKNOWN
    assert light_of(refused_first, error_text="502 bad gateway", status_code=502) is not Resend.SAFE
    assert light_of(refused_first, error_text="read timeout") is Resend.UNSAFE


@pytest.mark.parametrize(
    ("events", "net"),
    [
        ((HELD,), "1"),
        ((HELD, event("s", "settlement", "-0.4", 2, of="h")), "0.6"),
        ((HELD, event("s", "settlement", "-1", 2, of="h")), "0"),
        ((HELD, event("r", "release", "-0.5", 2, of="h")), "0.5"),
    ],
)
def test_a_hold_that_was_settled_or_stands_open_is_red(events, net):
    assert beside(rows_of("charge.hold_and_settle", *events, net=net)).resend is Resend.UNSAFE


def light_of(finding: ChargeFinding, **declared) -> Resend:
    return classify(Case(intake=Intake(**declared), charges=finding, now=NOW)).resend


# --- where to look first


def places(finding: ChargeFinding | None, **declared) -> tuple[str, ...]:
    return classify(Case(intake=Intake(**declared), charges=finding, now=NOW)).look_first


@pytest.mark.parametrize(
    ("finding", "declared", "first"),
    [
        (None, {"error_text": "read timeout"}, ("usage_records",)),
        (None, {"error_text": "read timeout", "task_id": "t1"}, ("task_status",)),
        (None, {"error_text": "read timeout", "workload": "video"}, ("task_list",)),
        (rows_of("charge.single"), {"error_text": "read timeout"}, ("ledger_rows", "usage_records")),
        (
            rows_of("charge.single"),
            {"error_text": "read timeout", "task_id": "t1", "workload": "video"},
            ("ledger_rows", "task_status"),
        ),
        (None, {"status_code": 429, "error_text": "rate limit reached for requests"}, ()),
        (None, UNKNOWN_KEY, ()),
        (rows_of("charge.single"), UNKNOWN_KEY, ("ledger_rows", "usage_records")),
    ],
)
def test_a_light_that_is_not_green_says_where_to_look_first(finding, declared, first):
    assert places(finding, **declared) == first


def test_a_stored_verdict_keeps_where_to_look():
    verdict = classify(Case(intake=Intake(error_text="read timeout"), now=NOW))

    assert verdict_from_dict(json.loads(json.dumps(verdict_as_dict(verdict)))).look_first == (
        "usage_records",
    )


@pytest.mark.parametrize("attempts", [(), (CONTROL, STREAM)])
@pytest.mark.parametrize("words", ["Incorrect API key provided", "invalid_api_key", "API key expired"])
def test_a_key_that_a_401_refused_ran_nothing_whichever_it_was(words, attempts):
    assert light(*attempts, status_code=401, error_text=words) is Resend.SAFE


def test_a_401_under_a_task_or_a_charge_stays_in_doubt():
    refused_key = {"status_code": 401, "error_text": "Incorrect API key provided"}

    assert light(**refused_key, task_id="task_1") is not Resend.SAFE
    assert light(**refused_key, charged=Tri.YES) is Resend.UNSAFE
