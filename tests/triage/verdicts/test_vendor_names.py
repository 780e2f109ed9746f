"""Each vendor's own name of a fault gives its class: met by the desk, or only quoted in a ticket."""

import pytest

from tests.cases.labelled import NOW
from tests.triage.verdicts.steps import CONTROL, STREAM
from tests.triage.verdicts.vendor_answers import VendorAnswer, vendor_answers
from triage.verdicts.case import Case, Confidence, Intake
from triage.verdicts.classify import classify

ANSWERS = tuple(vendor_answers())
TELLING = tuple(answer for answer in ANSWERS if answer.body)
every_answer = pytest.mark.parametrize("answer", ANSWERS, ids=[answer.name for answer in ANSWERS])


def _quoting(answer: VendorAnswer) -> Intake:
    return Intake(status_code=answer.status, error_text=answer.body)


@every_answer
def test_the_desks_own_attempt_is_read_by_the_vendors_name(answer):
    verdict = classify(Case(intake=Intake(), attempts=(answer.facts(),), now=NOW))

    assert verdict.code == answer.code


@every_answer
def test_a_ticket_that_quotes_the_answer_gets_the_same_class(answer):
    verdict = classify(Case(intake=_quoting(answer), now=NOW))

    assert verdict.code == answer.told
    assert verdict.confidence is not Confidence.CERTAIN


@pytest.mark.parametrize("answer", TELLING, ids=[answer.name for answer in TELLING])
def test_a_quoted_answer_is_known_without_its_status(answer):
    verdict = classify(Case(intake=Intake(error_text=answer.body), now=NOW))

    assert verdict.code == answer.told


@every_answer
def test_our_good_attempts_speak_against_a_quoted_refusal(answer):
    verdict = classify(Case(intake=_quoting(answer), attempts=(CONTROL, STREAM), now=NOW))

    assert verdict.code == answer.told
    assert {item.where for item in verdict.counter_evidence} >= {"control", "stream"}
