import pytest
from django.utils import translation

from probes.redaction.catalogue import RULES
from probes.wire.facts import EndMode, Facts, Failure
from triage.charges.finding import ChargeCode, Remark
from triage.tickets import wording
from triage.verdicts.case import Confidence, Owner, Resend


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


@pytest.mark.parametrize(
    ("table", "codes"),
    [
        (wording.FAILURES, Failure),
        (wording.ENDS, EndMode),
        (wording.OWNERS, Owner),
        (wording.OWNERS_SHORT, Owner),
        (wording.CONFIDENCES, Confidence),
        (wording.RESENDS, Resend),
        (wording.CHARGES, ChargeCode),
        (wording.CHARGE_EXPLAINED, ChargeCode),
        (wording.REMARKS, Remark),
    ],
)
def test_every_code_has_its_words(table, codes):
    assert set(table) == set(codes)


def test_every_fact_of_the_wire_has_a_name():
    untold = {"step", "headers", "body_excerpt"}

    assert set(Facts.__dataclass_fields__) - untold <= set(wording.FACTS)


@pytest.mark.parametrize(
    ("ms", "text"), [(0, "0 ms"), (99.4, "99 ms"), (100, "0.10 s"), (9_999, "10.00 s"), (61_234, "61.2 s")]
)
def test_a_duration_is_told_as_precisely_as_it_can_be_used(ms, text):
    assert wording.seconds_text(ms).replace("\N{NO-BREAK SPACE}", " ") == text


def test_only_streams_have_an_end_marker_to_miss():
    assert wording.fact_text("end_mode", EndMode.CLEAN_EOF, step="control") == "answer complete"
    assert wording.fact_text("end_mode", EndMode.CLEAN_EOF, step="stream") == "closed without an end marker"


def test_whatever_a_rule_masks_is_told_in_words():
    told = {wording.finding_kind(rule.kind) for rule in RULES}

    assert "key (openai project key)" in told
    assert not any("_" in words for words in told)


def test_a_code_without_words_stands_for_itself():
    assert wording.in_words(wording.OWNERS, "somebody_new") == "somebody_new"
