"""Cases in, verdicts out: the labelled tickets, and what must hold for any case at all."""

import re
import time
from dataclasses import replace
from datetime import timedelta

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from probes.wire.facts import BodyKind, EndMode, Facts, Failure
from tests.cases.labelled import NOW, case_of, labelled_cases
from triage.charges.finding import ChargeCode, ChargeFinding
from triage.verdicts.case import Case, Confidence, Intake, Owner, Resend, Tri
from triage.verdicts.classify import classify
from triage.verdicts.codes import FACT_SUPPLIERS, ISSUES, SYMPTOMS

LABELLED = list(labelled_cases())
PUBLIC = [row for row in LABELLED if row["file"].startswith("public_threads")]
OURS = [row for row in LABELLED if row not in PUBLIC]
INTERNAL_ONLY = {  # only rows of a ledger can say it
    *("charge.single", "charge.refunded", "charge.conflict", "charge.no_rows", "charge.reexport"),
    *("charge.cannot_tell", "charge.failed_unrefunded"),
}

GOOD_CONTROL = Facts(
    step="control", status=200, body_kind=BodyKind.JSON_OK, content_chars=400, finish_reason="stop"
)
GOOD_STREAM = Facts(
    step="stream",
    status=200,
    body_kind=BodyKind.EVENTS,
    content_type="text/event-stream",
    events=80,
    content_chars=400,
    finish_reason="stop",
    done_seen=True,
    end_mode=EndMode.DONE,
)


def judged(*attempts: Facts, **declared):
    return classify(Case(intake=Intake(**declared), attempts=attempts, now=NOW))


@pytest.mark.parametrize("labelled", OURS, ids=[row["id"] for row in OURS])
def test_a_labelled_case_gets_its_class_and_owner(labelled):
    verdict = classify(case_of(labelled))

    assert verdict.code in labelled["expected"]["class"]
    assert verdict.owner in labelled["expected"]["owner"]


def test_tickets_from_public_threads_are_told_as_well_as_promised():
    verdicts = [(classify(case_of(row)), row["expected"]) for row in PUBLIC]

    assert sum(verdict.code in expected["class"] for verdict, expected in verdicts) >= 0.94 * len(verdicts)
    assert sum(verdict.owner in expected["owner"] for verdict, expected in verdicts) >= 0.92 * len(verdicts)


@pytest.mark.parametrize("labelled", LABELLED, ids=[row["id"] for row in LABELLED])
def test_no_resend_is_called_safe_where_it_is_dangerous(labelled):
    verdict = classify(case_of(labelled))

    assert not (labelled["expected"]["retry_dangerous"] and verdict.resend is Resend.SAFE)


def test_a_case_of_ours_reaches_every_class():
    reached = {classify(case_of(row)).code for row in LABELLED}

    assert set(ISSUES) - INTERNAL_ONLY <= reached


@pytest.mark.parametrize("labelled", LABELLED[::9], ids=[row["id"] for row in LABELLED[::9]])
def test_every_verdict_can_be_checked_and_overturned(labelled):
    verdict = classify(case_of(labelled))

    assert verdict.evidence
    assert verdict.overturned_by in FACT_SUPPLIERS
    assert set(verdict.alternatives) | set(verdict.findings) <= set(ISSUES)
    assert verdict.rules_version


def test_facts_alone_give_a_verdict():
    assert judged(GOOD_CONTROL, GOOD_STREAM).code == "ok.not_reproduced"
    assert classify(Case(intake=Intake(), attempts=(GOOD_CONTROL, GOOD_STREAM))).code == "ok.not_reproduced"


def test_nothing_at_all_is_inconclusive_and_says_why():
    verdict = classify(Case(intake=Intake(), not_probed="no_endpoint", now=NOW))

    assert (verdict.code, verdict.owner) == ("inconclusive", Owner.SUPPORT)
    assert [item.value for item in verdict.evidence] == ["no_endpoint"]


def test_a_failing_control_is_never_a_stream_problem():
    control = Facts(
        step="control",
        status=429,
        body_kind=BodyKind.JSON_ERROR,
        error_code="token_concurrency_limit_reached",
    )
    cut = replace(
        GOOD_STREAM, done_seen=False, finish_reason="", end_mode=EndMode.RESET, failure=Failure.RESET
    )

    assert judged(control, cut).code == "limit.concurrency"


def test_a_declared_401_and_a_working_desk_key_point_at_the_customers_key():
    verdict = judged(GOOD_CONTROL, GOOD_STREAM, status_code=401, error_text="invalid api key")

    assert (verdict.code, verdict.owner) == ("auth.key_unknown", Owner.CUSTOMER)
    assert {item.where for item in verdict.counter_evidence} == {"control", "stream"}


def test_a_cut_that_only_the_customer_sees_is_on_the_way_to_us():
    verdict = judged(GOOD_CONTROL, GOOD_STREAM, stream=Tri.YES, error_text="connection reset by peer")

    assert (verdict.code, verdict.owner) == ("stream.cut", Owner.CUSTOMER_NETWORK)


def test_attempts_that_disagree_are_intermittent():
    failed = Facts(step="control", status=502, body_kind=BodyKind.HTML)

    verdict = judged(GOOD_CONTROL, failed, GOOD_STREAM)

    assert (verdict.code, verdict.confidence) == ("intermittent", Confidence.CERTAIN)


def test_a_429_names_the_clock_time_before_which_not_to_try_again():
    control = Facts(
        step="control",
        status=429,
        body_kind=BodyKind.JSON_ERROR,
        error_code="rate_limit_exceeded",
        retry_after_s=12.4,
    )

    verdict = judged(control)

    assert verdict.retry_not_before == NOW + timedelta(seconds=13)
    assert verdict.params["clock"] == "14:00:13 (Asia/Shanghai)"
    assert verdict.resend is Resend.UNSAFE


def test_a_daily_quota_is_not_retried_after_seconds():
    verdict = judged(status_code=429, error_text="requests per day (RPD): please try again in 27s")

    assert verdict.code == "limit.upstream_daily"
    assert verdict.retry_not_before >= NOW + timedelta(hours=1)


def test_three_timeouts_in_a_row_are_told_apart_from_one():
    once = judged(GOOD_CONTROL, client_timeout_s=30, elapsed_s=30.2, error_text="ReadTimeout")
    thrice = judged(
        GOOD_CONTROL, client_timeout_s=30, elapsed_s=91.4, retry_count=2, error_text="ReadTimeout"
    )

    assert (once.code, thrice.code) == ("timeout.client", "timeout.retry_multiplied")
    assert thrice.params["requests"] == 3


def test_rows_that_prove_a_second_charge_lead():
    finding = ChargeFinding(code=ChargeCode.DUPLICATE, task_ids=("t1",), charge_ids=("1", "2"))

    verdict = classify(Case(intake=Intake(charged=Tri.YES, notes="扣了两次"), charges=finding, now=NOW))

    assert (verdict.code, verdict.confidence, verdict.resend) == (
        "charge.duplicate",
        Confidence.CERTAIN,
        Resend.UNSAFE,
    )


def test_one_row_speaks_against_a_second_charge():
    finding = ChargeFinding(code=ChargeCode.SINGLE, task_ids=("t1",), charge_ids=("1",))

    verdict = classify(Case(intake=Intake(charged=Tri.YES, notes="扣了两次"), charges=finding, now=NOW))

    assert verdict.confidence is Confidence.POSSIBLE
    assert verdict.counter_evidence


def test_media_is_never_called_safe_to_send_again():
    verdict = judged(workload="video", status_code=400, error_text="invalid_parameter size")

    assert verdict.resend is Resend.UNSAFE


def test_a_connection_that_never_stood_is_safe_to_try_again():
    assert judged(Facts(step="control", failure=Failure.DNS)).resend is Resend.SAFE
    assert judged(Facts(step="control", failure=Failure.RESET, sent=True)).resend is not Resend.SAFE


@pytest.mark.parametrize("code", [code for code, issue in ISSUES.items() if issue.retry_dangerous])
def test_no_dangerous_class_starts_green(code):
    assert ISSUES[code].resend is not Resend.SAFE


TEXTS = st.text(max_size=300) | st.sampled_from([row["declared"].get("notes", "") for row in LABELLED])
NUMBERS = st.none() | st.floats(0, 1e6)
INTAKES = st.builds(
    Intake,
    error_text=TEXTS,
    notes=TEXTS,
    charged_text=TEXTS,
    status_code=st.none() | st.integers(100, 599),
    elapsed_s=NUMBERS,
    client_timeout_s=NUMBERS,
    retry_count=st.none() | st.integers(0, 10_000),
    workload=st.sampled_from(["chat", "video", "image", "batch"]),
    stream=st.sampled_from(Tri),
    charged=st.sampled_from(Tri),
)
ATTEMPTS = st.builds(
    Facts,
    step=st.sampled_from(["control", "stream", "status"]),
    status=st.none() | st.integers(100, 599),
    failure=st.none() | st.sampled_from(Failure),
    body_kind=st.none() | st.sampled_from(BodyKind),
    end_mode=st.none() | st.sampled_from(EndMode),
    error_code=TEXTS,
    error_message=TEXTS,
    first_event_ms=NUMBERS,
    last_byte_ms=NUMBERS,
    max_gap_ms=NUMBERS,
    events=st.integers(0, 5000),
    content_chars=st.integers(0, 5000),
    in_stream_error=st.booleans(),
    done_seen=st.booleans(),
    task_status=st.sampled_from(["", "running", "failed", "succeeded", "unknown"]),
    task_submitted_at=st.sampled_from(["", "2026-11-20T00:00:00+00:00", "yesterday"]),
)


@settings(max_examples=200, deadline=None)
@given(INTAKES, st.lists(ATTEMPTS, max_size=3))
def test_whatever_is_known_there_is_a_verdict(intake, attempts):
    case = Case(intake=intake, attempts=tuple(attempts), now=NOW)

    verdict = classify(case)

    assert verdict.code in ISSUES
    assert verdict == classify(case)


@settings(max_examples=100, deadline=None)
@given(INTAKES, st.lists(ATTEMPTS, max_size=2), st.text(max_size=20))
def test_fields_that_say_nothing_about_the_fault_change_nothing(intake, attempts, words):
    case = Case(intake=intake, attempts=tuple(attempts), now=NOW)
    other = replace(
        case, intake=replace(intake, account_ref=words, key_hint=words, endpoint=words, concurrency=7)
    )

    assert classify(case) == classify(other)


def test_a_verdict_takes_well_under_a_millisecond():
    cases = [case_of(row) for row in LABELLED]
    began = time.thread_time()  # a busy machine included

    for case in cases:
        classify(case)

    assert (time.thread_time() - began) / len(cases) < 0.001


def test_a_huge_body_is_read_at_its_ends():
    text = "x" * 1_000_000 + " insufficient_user_quota 余额不足"

    assert judged(status_code=403, error_text=text).code == "balance.empty"


def test_parameters_hold_nothing_internal():
    control = Facts(
        step="control",
        status=503,
        body_kind=BodyKind.JSON_ERROR,
        error_message="channel 12 at http://10.0.0.3",
        error_code="x",
    )

    params = judged(control, model="gpt-4o").params

    assert not re.search(r"10\.0\.0\.3|channel 12", str(params))


def test_a_choice_in_the_form_alone_proves_nothing():
    for symptom, suggested in SYMPTOMS.items():
        verdict = judged(symptom=symptom)

        assert (verdict.code, verdict.alternatives) == ("inconclusive", (suggested,))


def test_a_complaint_about_money_does_not_hide_what_the_probe_met():
    refused = Facts(
        step="control",
        status=402,
        sent=True,
        body_kind=BodyKind.JSON_ERROR,
        error_message="Insufficient Balance",
    )

    verdict = judged(refused, charged=Tri.YES, charged_text="两次")

    assert verdict.code == "charge.duplicate"
    assert "balance.empty" in verdict.alternatives


@pytest.mark.parametrize(
    ("failure", "end_mode", "other"),
    [
        (Failure.INCOMPLETE_BODY, EndMode.INCOMPLETE, "stream.cut"),
        (None, EndMode.CLEAN_EOF, "stream.truncated"),
    ],
)
def test_a_long_silence_is_the_fault_whoever_ends_it(failure, end_mode, other):
    stream = replace(
        GOOD_STREAM, failure=failure, end_mode=end_mode, done_seen=False, finish_reason="",
        last_byte_ms=50.0, total_ms=8090.0,
    )  # fmt: skip

    verdict = judged(GOOD_CONTROL, stream)

    assert (verdict.code, verdict.params["seconds"]) == ("stream.stalled", 8.0)
    assert other in verdict.alternatives


def test_a_look_up_that_cannot_reach_the_endpoint_says_so():
    verdict = judged(
        Facts(step="status", failure=Failure.DNS, total_ms=40.0), workload="video", task_id="task_1"
    )

    assert verdict.code == "reach.connect"
    assert ("failure", Failure.DNS) in [(item.fact, item.value) for item in verdict.evidence]


def test_a_probe_whose_worker_was_lost_proves_no_health():
    case = Case(intake=Intake(), attempts=(GOOD_CONTROL,), not_probed="worker_lost", now=NOW)

    verdict = classify(case)

    assert verdict.code == "inconclusive"
    assert [(item.fact, item.value) for item in verdict.evidence] == [("not_probed", "worker_lost")]
