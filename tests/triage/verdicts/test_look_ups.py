"""The list of models and the balance, beside a refusal or alone."""

import pytest

from probes.wire.facts import BodyKind
from tests.triage.verdicts.steps import REFUSED, judged, look_up, seen, step
from triage.verdicts.case import Confidence, Owner
from triage.verdicts.playbooks import words_for

REFUSED_JSON = REFUSED | {"body_kind": BodyKind.JSON_ERROR, "content_type": "application/json"}
NO_CHANNEL = step(
    "control", **REFUSED_JSON, status=503, error_message="当前分组 default 下对于模型 gpt-4o1 无可用渠道"
)
NOT_FOUND = step("control", **REFUSED_JSON, status=404, error_code="model_not_found")
LISTED = look_up("models", models_listed=40, model_listed=True)
NOT_LISTED = look_up("models", models_listed=40, model_listed=False)
MISTYPED = look_up("models", models_listed=40, model_listed=False, models_nearest=("gpt-4o", "gpt-4.1"))
HOLD = step("control", **REFUSED_JSON, status=403, error_code="insufficient_user_quota")
BROKE = step("control", **REFUSED_JSON, status=402, error_message="Insufficient Balance")


@pytest.mark.parametrize(
    ("refusal", "models", "code"),
    [
        (NO_CHANNEL, NOT_LISTED, "model.unknown"),
        (NO_CHANNEL, LISTED, "model.no_channel"),
        (NOT_FOUND, NOT_LISTED, "model.unknown"),
        (NOT_FOUND, LISTED, "model.no_channel"),
    ],
)
def test_the_list_tells_a_wrong_name_from_a_missing_channel(refusal, models, code):
    verdict = judged(refusal, models)

    assert (verdict.code, verdict.confidence) == (code, Confidence.CERTAIN)
    assert seen(verdict, "models")["model_listed"] is models.model_listed


def test_a_name_that_resembles_one_on_the_list_is_mistyped():
    verdict = judged(NO_CHANNEL, MISTYPED)

    assert (verdict.code, verdict.owner) == ("model.unknown", Owner.CUSTOMER)
    assert "Similar names on the list: gpt-4o, gpt-4.1." in words_for(verdict, "en").next_action


def test_a_list_alone_answers_a_ticket_about_a_model():
    assert judged(MISTYPED).code == "model.unknown"
    assert judged(MISTYPED, error_text="503 无可用渠道", status_code=503).code == "model.unknown"


@pytest.mark.parametrize("balance", ["0", "-0.2", "0.00"])
def test_an_account_without_a_cent_is_empty_for_certain(balance):
    verdict = judged(BROKE, look_up("balance", balance=balance, balance_currency="USD"))

    assert (verdict.code, verdict.confidence) == ("balance.empty", Confidence.CERTAIN)
    assert seen(verdict, "balance")["balance"] == balance


def test_money_that_is_there_is_less_than_the_hold():
    assert judged(HOLD, look_up("balance", balance="3.2")).code == "balance.below_hold"


def test_money_that_is_there_contradicts_an_empty_account():
    verdict = judged(BROKE, look_up("balance", balance="12.5", balance_currency="CNY"))

    assert (verdict.code, verdict.confidence) == ("balance.empty", Confidence.POSSIBLE)
    assert {item.fact for item in verdict.counter_evidence} >= {"balance"}
    assert "balance.upstream_empty" in verdict.alternatives


def test_the_desks_own_balance_says_nothing_of_the_customers():
    verdict = judged(look_up("balance", balance="99"), error_text="402 Insufficient Balance", status_code=402)

    assert verdict.code == "balance.empty"
    assert not verdict.counter_evidence


@pytest.mark.parametrize("text", ["", "unlimited", "NaN"])
def test_a_balance_that_is_no_number_decides_nothing(text):
    assert judged(BROKE, look_up("balance", balance=text)).code == "balance.empty"
