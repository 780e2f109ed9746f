"""Every fact that a verdict rests on is shown in words, never as a name of ours."""

import json
import re
from dataclasses import replace
from datetime import UTC, datetime
from decimal import Decimal

import pytest
from django.utils import translation

from probes.wire.facts import BodyKind, EndMode, Failure
from tests.cases.labelled import case_of, labelled_cases
from triage.charges.finding import ChargeCode, ChargeFinding
from triage.people.clock import clock_text
from triage.tickets.relevance import SYMPTOM_WORDS
from triage.tickets.wording import facts, values
from triage.verdicts.classify import classify
from triage.verdicts.codec import verdict_as_dict


@pytest.fixture(autouse=True)
def _in_english():
    with translation.override("en"):
        yield


def every_evidence() -> set[tuple[str, str, str]]:
    """(where, fact, value as stored) of all that any rule rests on, over all labelled cases."""
    cases = [case_of(labelled) for labelled in labelled_cases()]
    cases += [
        replace(case, charges=finding) for case in cases for finding in FINDINGS if case.intake.charged_text
    ]
    verdicts = [verdict_as_dict(classify(case)) for case in cases]
    said = (item for verdict in verdicts for item in (*verdict["evidence"], *verdict["counter_evidence"]))
    return {(item["where"], item["fact"], json.dumps(item["value"])) for item in said}


FINDINGS = (
    ChargeFinding(
        code=ChargeCode.DUPLICATE,
        task_ids=("task_7",),
        charge_ids=("ch_1", "ch_2"),
        excess={"USD": Decimal("0.9000000000")},
        covered_until=datetime(2026, 11, 21, 1, 11, 23, 353574, tzinfo=UTC),
    ),
    ChargeFinding(code=ChargeCode.SINGLE, charge_ids=("ch_1",)),
    ChargeFinding(code=ChargeCode.NO_ROWS),
)
PROGRAM_VALUE = re.compile(r"[{\[]|\d{4}-\d\d-\d\dT|\.\d{7,}|^(charge|task)\.|^None$")
CODES = {*BodyKind, *EndMode, *Failure, *SYMPTOM_WORDS, "no_attempt"}


def test_every_evidence_is_told_in_words():
    raw = [
        (where, fact, text)
        for where, fact, value in every_evidence()
        for text in [values.fact_text(fact, json.loads(value), step=where)]
        if fact not in facts.facts_of(where)
        or (fact not in ("error_message", "words") and PROGRAM_VALUE.search(text))
        or text in CODES - {"empty"}
    ]

    assert raw == []


@pytest.mark.parametrize("step", ["declared", "control", "ledger"])
def test_every_evidence_has_a_chinese_name(step):
    own_names = {"TLS"}
    with translation.override("zh-hans"):
        names = {facts.fact_label(fact, step=step) for fact in facts.facts_of(step)}

    assert not [name for name in names - own_names if not re.search("[一-鿿]", name)]


@pytest.mark.parametrize(
    ("where", "fact", "value", "says"),
    [
        ("ledger", "excess", {"USD": "0.9000000000"}, "0.90 USD"),
        (
            "ledger",
            "covered_until",
            "2026-11-21T01:11:23.353574+00:00",
            "2026-11-21 09:11:23 (Asia/Shanghai)",
        ),
        ("ledger", "charge_ids", [], "none"),
        ("ledger", "finding", "charge.single", "Charged once"),
        ("declared", "symptom", "task_missing", "An image or video task never finishes"),
        ("declared", "words", "扣了两次", "“扣了两次”"),
        ("declared", "words", "charged_twice", "Charged twice, or charged for nothing"),
        ("declared", "elapsed_s", 60.0, "60"),
        ("status", "task_submitted_at", "yesterday", "yesterday"),
    ],
)
def test_evidence_is_told_as_a_person_would(where, fact, value, says):
    assert values.fact_text(fact, value, step=where) == says


def test_a_time_in_chinese_names_beijing():
    with translation.override("zh-hans"):
        assert clock_text(datetime(2026, 11, 21, 1, 11, 23, tzinfo=UTC)) == (
            "2026-11-21 09:11:23（北京时间）"
        )
