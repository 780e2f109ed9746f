"""What a verdict makes of a finding in the ledger: rows outweigh words, and missing rows prove nothing."""

from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest

from probes.wire.facts import Facts
from tests.cases.labelled import NOW
from tests.triage.charges.stories import event, story
from triage.charges.finding import ChargeCode, ChargeFinding, Outcome, Remark
from triage.verdicts.case import Case, Confidence, Intake, Owner, Tri, Verdict
from triage.verdicts.classify import classify
from triage.verdicts.codes import ISSUES
from triage.verdicts.playbooks import LANGUAGES, words_for

REACH = datetime(2026, 3, 1, tzinfo=UTC)
CUT = {"status_code": 200, "error_text": "connection reset in the middle of the stream", "stream": Tri.YES}
WELL = Facts(step="control", sent=True, status=200, body_kind="json", content_chars=2, finish_reason="stop")
FAILED_TASK = Facts(step="status", status=200, task_status="failed", sent=True)


def found(code: str, *rows, net: str = "1", **fields) -> ChargeFinding:
    told = story(*(rows or (event("c1"),)))
    given = {
        "task_ids": ("t1",),
        "charge_ids": tuple(row.charge_id for row in told.events),
        "story": (told,),
        "net": {"USD": Decimal(net)},
        "covered_until": REACH,
    }
    return ChargeFinding(code=ChargeCode(code), **given | fields)


def judged(finding: ChargeFinding | None, *attempts: Facts, **declared) -> Verdict:
    return classify(Case(intake=Intake(**declared), attempts=attempts, charges=finding, now=NOW))


@pytest.mark.parametrize(
    ("finding", "verdict"),
    [
        ("charge.duplicate", "charge.duplicate"),
        ("charge.hold_and_settle", "charge.hold_and_settle"),
        ("charge.double_submit", "charge.double_submit"),
        ("charge.undelivered", "charge.undelivered"),
        ("charge.failed_unrefunded", "charge.failed_unrefunded"),
        ("charge.double_logged", "charge.double_logged"),
        ("charge.probe_cost", "charge.probe_cost"),
        ("charge.conflict", "charge.conflict"),
        ("charge.single", "charge.single"),
        ("charge.refunded", "charge.refunded"),
    ],
)
def test_who_asks_was_i_charged_twice_is_answered_by_the_rows(finding, verdict):
    answer = judged(found(finding), symptom="charged_twice")

    assert answer.code == verdict
    assert answer.owner in (Owner.BILLING, Owner.CUSTOMER, Owner.GATEWAY)
    assert any(item.where == "ledger" for item in answer.evidence)


@pytest.mark.parametrize(
    "finding",
    [
        found("charge.single", covered_until=None),
        found("charge.single", remarks=(Remark.BEYOND_COVERAGE,)),
        found("charge.single", remarks=(Remark.ACCOUNT_UNKNOWN,)),
        found("charge.cannot_tell"),
        ChargeFinding(code=ChargeCode.NO_ROWS, covered_until=REACH),
    ],
)
def test_rows_that_may_be_missing_refute_nothing(finding):
    answer = judged(finding, symptom="charged_twice", notes="扣了两次")

    assert (answer.code, answer.confidence) == ("charge.duplicate", Confidence.POSSIBLE)


@pytest.mark.parametrize("remark", [Remark.BY_AMOUNT, Remark.TASK_UNKNOWN, Remark.ID_AMBIGUOUS])
def test_a_finding_with_a_doubt_is_not_told_as_certain(remark):
    sure, doubtful = found("charge.double_submit"), found("charge.double_submit", remarks=(remark,))

    assert judged(sure, symptom="charged_twice").confidence is Confidence.CERTAIN
    assert judged(doubtful, symptom="charged_twice").confidence is Confidence.LIKELY


def test_a_charge_stands_beside_the_fault_that_spoilt_the_answer():
    answer = judged(found("charge.single"), **CUT)

    assert answer.code == "stream.cut"
    assert answer.findings == ("charge.single", "charge.undelivered")


@pytest.mark.parametrize(
    "finding",
    [
        found("charge.refunded", net="0"),
        found("charge.single", event("c1", outcome=Outcome.SUCCEEDED)),
        found("charge.probe_cost"),
    ],
)
def test_what_came_back_or_succeeded_is_not_paid_for_nothing(finding):
    assert "charge.undelivered" not in judged(finding, charged=Tri.YES, **CUT).findings


def test_the_tickets_word_counts_only_where_there_are_no_rows():
    told = judged(None, charged=Tri.YES, **CUT)

    assert "charge.undelivered" in told.findings


@pytest.mark.parametrize("attempts", [(), (WELL,)])
@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("同一个任务扣了两次钱", "charge.duplicate"),
        ("I was charged twice for one video", "charge.duplicate"),
        ("生成失败了但是还是扣了钱", "charge.undelivered"),
        ("the video failed but credits were deducted", "charge.undelivered"),
    ],
)
def test_a_complaint_is_heard_also_where_the_error_belongs(words, code, attempts):
    assert judged(None, *attempts, error_text=words).code == code


@pytest.mark.parametrize(
    ("words", "code"),
    [
        ("预扣费额度失败, 用户剩余额度: 0.003, 需要预扣费额度: 0.06", "balance.below_hold"),
        ("Request timed out. You have not been charged.", "timeout.client"),
        ("Generation failed. Your credits have been refunded.", "inconclusive"),
    ],
)
def test_an_error_that_speaks_of_money_is_no_complaint(words, code):
    assert judged(None, error_text=words).code == code


@pytest.mark.parametrize(
    ("charged", "finding", "says"),
    [
        (Tri.NO, found("charge.single"), "denied_by_rows"),
        (Tri.YES, found("charge.refunded", net="0"), "came_back"),
        (Tri.YES, ChargeFinding(code=ChargeCode.NO_ROWS, covered_until=REACH), "not_found"),
    ],
)
def test_a_ticket_that_the_rows_contradict_is_told_so(charged, finding, says):
    counter = judged(finding, charged=charged, **CUT).counter_evidence

    assert [item.value for item in counter if item.fact == "agreement"] == [says]


def test_a_ticket_that_the_rows_confirm_is_not():
    counter = judged(found("charge.single"), charged=Tri.YES, **CUT).counter_evidence

    assert not [item for item in counter if item.fact == "agreement"]


# --- tasks


@pytest.mark.parametrize(
    ("finding", "code", "confidence"),
    [
        (found("charge.failed_unrefunded"), "task.failed_not_refunded", Confidence.CERTAIN),
        (
            found("charge.failed_unrefunded", remarks=(Remark.REFUND_MAY_FOLLOW,)),
            "task.failed_not_refunded",
            Confidence.LIKELY,
        ),
        (found("charge.refunded", net="0"), "task.failed_refunded", Confidence.CERTAIN),
        (found("charge.hold_and_settle", net="0"), "task.failed_refunded", Confidence.CERTAIN),
        (found("charge.hold_and_settle"), "task.failed_not_refunded", Confidence.LIKELY),
    ],
)
def test_a_failed_task_and_its_rows_are_one_story(finding, code, confidence):
    answer = judged(finding, FAILED_TASK, workload="video", task_id="t1")

    assert (answer.code, answer.confidence) == (code, confidence)


def test_a_failed_tasks_state_leads_where_it_was_charged_once():
    answer = judged(
        found("charge.failed_unrefunded"),
        FAILED_TASK,
        workload="video",
        task_id="t1",
        symptom="charged_twice",
        notes="扣了两次",
    )

    assert answer.code == "task.failed_not_refunded"
    assert "charge.failed_unrefunded" in answer.findings


def test_a_submission_that_the_ledger_knows_is_not_ambiguous():
    broken = {"workload": "video", "status_code": 524, "error_text": "error code 524"}
    unknown = judged(ChargeFinding(code=ChargeCode.NO_ROWS), **broken)
    known = judged(found("charge.hold_and_settle"), **broken)

    assert "task.submit_ambiguous" in (unknown.code, *unknown.findings)
    assert "task.submit_ambiguous" not in known.findings


# --- words


@pytest.mark.parametrize("code", [str(code) for code in ChargeCode])
def test_every_finding_has_an_owner_and_words_in_both_languages(code):
    verdict = replace(judged(None), code=code)

    assert ISSUES[code].owner
    for language in LANGUAGES:
        words = words_for(verdict, language)
        assert words.next_action and words.stopping_point and words.do_not and words.reply
