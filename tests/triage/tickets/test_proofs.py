"""Every fact that a verdict rests on is shown in words, never as a name of ours."""

import pytest

from tests.cases.labelled import case_of, labelled_cases
from triage.charges.finding import ChargeCode
from triage.tickets.wording import CHARGES, DECLARED, FACTS, NOT_PROBED, SIGNS, fact_text
from triage.verdicts.classify import classify

HEADERS = {"cf-mitigated", "cf-ray", "server", "retry-after"}


def test_every_name_in_the_evidence_of_the_labelled_cases_has_a_label():
    verdicts = [classify(case_of(row)) for row in labelled_cases()]

    named = {item.fact for verdict in verdicts for item in verdict.evidence + verdict.counter_evidence}

    assert named <= {*FACTS, *DECLARED, *SIGNS, *HEADERS}


@pytest.mark.parametrize(
    ("name", "value", "words"),
    [
        ("not_probed", "no_attempt", NOT_PROBED["no_attempt"]),
        ("finding", "charge.single", CHARGES[ChargeCode.SINGLE]),
        ("symptom", "timeout", "Timeout"),
        ("excess", {"USD": "0.9"}, "0.9 USD"),
    ],
)
def test_a_value_is_told_in_words(name, value, words):
    assert fact_text(name, value, step="ledger") == words
