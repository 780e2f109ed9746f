"""What free look-ups add: the list of models, and what the desk's own account has left."""

from collections.abc import Mapping
from dataclasses import replace
from decimal import Decimal, InvalidOperation
from typing import Any

from probes.wire.facts import Facts
from triage.verdicts.case import Confidence, Evidence, Owner
from triage.verdicts.reading import Conclusion, Reading, shown

_ABOUT_THE_NAME = ("model.unknown", "model.no_channel")
_ABOUT_MONEY = ("balance.empty", "balance.below_hold")
_HELD_BACK_NAMES = ("insufficient_user_quota", "insufficient_quota")


def informed(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """The conclusion as the look-ups leave it."""
    return _by_balance(_by_list(conclusion, reading), reading)


def alone(reading: Reading) -> Conclusion | None:
    """What the look-ups say where no model was called."""
    models, balance = _models(reading), _balance(reading)
    if models is not None and models.model_listed is False:
        return _not_listed(Conclusion(code="model.unknown"), models)
    if balance is not None and _left(balance) <= 0:
        return Conclusion(
            code="balance.empty", evidence=_account(balance), alternatives=("quota.key_used_up",)
        )
    return None


def _models(reading: Reading) -> Facts | None:
    facts = reading.case.attempt("models")
    return facts if facts is not None and facts.model_listed is not None else None


def _by_list(conclusion: Conclusion, reading: Reading) -> Conclusion:
    models = _models(reading)
    if models is None or conclusion.code not in _ABOUT_THE_NAME:
        return conclusion
    return _listed(conclusion, models) if models.model_listed else _not_listed(conclusion, models)


def _not_listed(conclusion: Conclusion, models: Facts) -> Conclusion:
    """A name that the gateway does not have: mistyped when it resembles one that it has."""
    return replace(
        conclusion,
        code="model.unknown",
        confidence=Confidence.CERTAIN if conclusion.evidence else Confidence.LIKELY,
        owner=Owner.CUSTOMER if models.models_nearest else conclusion.owner,
        evidence=(*conclusion.evidence, *shown(models, "model_listed", "models_listed"), *_nearest(models)),
        alternatives=("model.no_channel", "model.not_permitted"),
        params={**conclusion.params, **_spelled(models)},
    )


def _listed(conclusion: Conclusion, models: Facts) -> Conclusion:
    """The name is right, and still nobody serves it."""
    return replace(
        conclusion,
        code="model.no_channel",
        confidence=Confidence.CERTAIN,
        evidence=(*conclusion.evidence, *shown(models, "model_listed", "models_listed")),
        alternatives=("model.not_permitted",),
    )


def _nearest(models: Facts) -> tuple[Evidence, ...]:
    return shown(models, "models_nearest") if models.models_nearest else ()


def _spelled(models: Facts) -> Mapping[str, Any]:
    return {"nearest": ", ".join(models.models_nearest)} if models.models_nearest else {}


def _balance(reading: Reading) -> Facts | None:
    facts = reading.case.attempt("balance")
    return facts if facts is not None and facts.balance else None


def _by_balance(conclusion: Conclusion, reading: Reading) -> Conclusion:
    """Only a refusal of the desk's own request: the account that was looked up is not the customer's."""
    facts, answer = _balance(reading), conclusion.answer
    if facts is None or answer is None or answer.is_declared or conclusion.code not in _ABOUT_MONEY:
        return conclusion
    if _left(facts) <= 0:
        return replace(
            conclusion,
            code="balance.empty",
            confidence=Confidence.CERTAIN,
            evidence=(*conclusion.evidence, *_account(facts)),
        )
    return _contradicted(conclusion, facts, names=(answer.code, answer.kind))


def _contradicted(conclusion: Conclusion, facts: Facts, *, names: tuple[str, str]) -> Conclusion:
    """There is money: it is too little for this call's hold, or it is another purse that is empty."""
    below_hold = conclusion.code == "balance.below_hold" or any(name in _HELD_BACK_NAMES for name in names)
    return replace(
        conclusion,
        code="balance.below_hold" if below_hold else conclusion.code,
        confidence=Confidence.LIKELY if below_hold else Confidence.POSSIBLE,
        evidence=(*conclusion.evidence, *_account(facts)) if below_hold else conclusion.evidence,
        counter=conclusion.counter if below_hold else (*conclusion.counter, *_account(facts)),
        alternatives=("balance.upstream_empty", "quota.key_used_up", "balance.below_hold"),
    )


def _account(facts: Facts) -> tuple[Evidence, ...]:
    return shown(facts, "balance", "balance_currency") if facts.balance_currency else shown(facts, "balance")


def _left(facts: Facts) -> Decimal:
    try:
        left = Decimal(facts.balance)
    except InvalidOperation:
        return Decimal(1)  # whatever it says, it does not say that nothing is left
    return left if left.is_finite() else Decimal(1)
