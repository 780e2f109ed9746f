import pytest
from django.utils import translation

from probes.wire.facts import EndMode, Facts, Failure
from triage.charges.finding import ChargeCode, Remark
from triage.tickets.wording import charges, codes, facts, outcomes, verdicts
from triage.verdicts.case import Confidence, Owner, Resend


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("table", "all_codes"),
    [
        (outcomes.FAILURES, Failure),
        (outcomes.ENDS, EndMode),
        (verdicts.OWNERS, Owner),
        (verdicts.OWNERS_SHORT, Owner),
        (verdicts.CONFIDENCES, Confidence),
        (verdicts.RESENDS, Resend),
        (charges.CHARGES, ChargeCode),
        (charges.CHARGE_EXPLAINED, ChargeCode),
        (charges.REMARKS, Remark),
    ],
)
def test_every_code_has_its_words(table, all_codes):
    assert set(table) == set(all_codes)


def test_every_fact_of_the_wire_has_a_name():
    untold = {"step", "headers", "body_excerpt"}

    assert set(Facts.__dataclass_fields__) - untold <= set(facts.FACTS)


def test_a_code_without_words_stands_for_itself():
    assert codes.in_words(verdicts.OWNERS, "somebody_new") == "somebody_new"
