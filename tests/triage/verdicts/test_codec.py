"""Stored verdicts are read back, those of older rules too."""

from tests.cases.labelled import NOW
from triage.verdicts.case import Case, Intake, Resend
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict, verdict_from_dict


def test_a_verdict_survives_its_row():
    verdict = classify(Case(intake=Intake(status_code=429, error_text="rate limit"), now=NOW))

    assert verdict_from_dict(verdict_as_dict(verdict)) == verdict


def test_a_row_of_older_rules_is_read_as_far_as_it_goes():
    row = {"code": "stream.cut", "confidence": "likely", "owner": "upstream", "severity": 3}

    verdict = verdict_from_dict(row)

    assert (verdict.code, verdict.resend, verdict.evidence) == ("stream.cut", Resend.UNKNOWN, ())
