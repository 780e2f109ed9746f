"""What an engineer's word changes of a verdict, and what it cannot prove."""

from datetime import UTC, datetime

import pytest

from probes.wire.facts import Facts
from triage.verdicts.case import Case, Confidence, Evidence, Intake, Owner, Resend, Tri, Verdict
from triage.verdicts.correcting import as_corrected

NOW = datetime(2026, 11, 21, 6, 0, tzinfo=UTC)
ANSWERED = Facts(step="stream", sent=True, status=200, body_kind="events")


def verdict(**said) -> Verdict:
    given = {
        "code": "stream.cut",
        "confidence": Confidence.LIKELY,
        "owner": Owner.UPSTREAM,
        "resend": Resend.UNSAFE,
        "findings": ("charge.single",),
        "alternatives": ("stream.truncated",),
        "rules_version": "1",
    }
    return Verdict(**given | said)


def corrected(code: str, case: Case | None, **said) -> Verdict:
    return as_corrected(verdict(**said), case, code=code, owner=Owner.CUSTOMER)


def test_class_owner_and_deciding_fact_are_the_persons_and_the_rules_stay():
    found = corrected("client.wrong_base_url", Case(intake=Intake()))

    assert (found.code, found.owner, found.overturned_by) == (
        "client.wrong_base_url",
        Owner.CUSTOMER,
        "base_url",
    )
    assert (found.alternatives, found.evidence, found.rules_version) == ((), (), "1")


def test_a_finding_that_now_leads_does_not_stand_beside_itself():
    assert corrected("charge.single", Case(intake=Intake())).findings == ()


def test_another_class_than_the_incidents_is_no_part_of_it():
    params = {"incident": "I-00007", "status": 503}

    assert corrected("stream.cut", Case(intake=Intake()), params=params).params == params
    assert corrected("client.wrong_base_url", Case(intake=Intake()), params=params).params == {"status": 503}


@pytest.mark.parametrize(
    ("case", "light"),
    [
        (Case(intake=Intake()), Resend.SAFE),
        (Case(intake=Intake(charged=Tri.YES)), Resend.UNSAFE),
        (Case(intake=Intake(workload="video")), Resend.UNSAFE),
        (Case(intake=Intake(task_id="task_1")), Resend.UNKNOWN),
    ],
)
def test_the_facts_decide_the_light_of_the_new_class(case, light):
    assert corrected("client.wrong_base_url", case, findings=()).resend is light


def test_an_attempt_that_was_answered_makes_no_light_green():
    case = Case(intake=Intake(), attempts=(ANSWERED,))
    seen = (Evidence("stream", "status", 200),)

    assert corrected("client.wrong_base_url", case, findings=(), evidence=seen).resend is Resend.UNKNOWN


def test_a_limit_brings_its_clock():
    case = Case(intake=Intake(error_text="429, retry after 30 s"), now=NOW)

    assert corrected("limit.gateway_rate", case).retry_not_before is not None
    assert corrected("stream.truncated", case).retry_not_before is None


@pytest.mark.parametrize(
    ("code", "was", "light"),
    [
        ("client.wrong_base_url", Resend.UNKNOWN, Resend.UNKNOWN),
        ("timeout.client", Resend.UNKNOWN, Resend.UNSAFE),
        ("client.wrong_base_url", Resend.UNSAFE, Resend.UNSAFE),
        ("a.class.of.old", Resend.UNKNOWN, Resend.UNKNOWN),
    ],
)
def test_without_a_case_the_light_gets_no_better(code, was, light):
    assert corrected(code, None, resend=was).resend is light
