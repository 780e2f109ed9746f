"""The answers to free look-ups, read into facts; what is asked is in dialects/look_up.py."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from typing import Any

from probes.wire.balance import left_of, read_balance
from probes.wire.dialects.base import BALANCE, MODELS, WEBSOCKET, WireRequest
from probes.wire.facts import Facts
from probes.wire.model_list import read_models
from probes.wire.moments import Headers
from probes.wire.websocket import KEY_HEADER, is_accepted


@dataclass(frozen=True, slots=True)
class LookUp:
    """What was asked for by `request`; `model` is the one whose name is looked for in a list of models."""

    step: str
    request: WireRequest
    model: str = ""

    def head_facts(self, headers: Headers) -> dict[str, Any]:
        """What status and headers alone say."""
        if self.step != WEBSOCKET:
            return {}
        key = dict(self.request.headers).get(KEY_HEADER, "")
        accepted = is_accepted(key, status=headers.status, fields=headers.fields)
        return {"websocket_accepted": accepted}

    def body_facts(self, document: object) -> dict[str, Any]:
        """What a JSON body says, by the names of Facts; empty when it is in no shape that is known."""
        if self.step == MODELS and (models := read_models(document)):
            listed = models.holds(self.model)
            return {
                "models_listed": len(models.names),
                "model_listed": listed,
                "models_nearest": () if listed or not self.model else models.nearest(self.model),
            }
        if self.step == BALANCE and (seen := read_balance(document)):
            return {
                "balance": seen.left,
                "balance_currency": seen.currency,
                "credit_limit": seen.limit,
                "credit_used": seen.used,
            }
        return {}


def with_balance(facts: Facts, earlier: Sequence[Facts]) -> Facts:
    """The same facts with what is left, when two look-ups together say it: the limit in one, what is used in
    the other."""
    if facts.step != BALANCE or facts.balance:
        return facts
    told = [facts, *(other for other in earlier if other.step == BALANCE)]
    limit = next((other.credit_limit for other in told if other.credit_limit), "")
    used = next((other.credit_used for other in told if other.credit_used), "")
    return replace(facts, balance=left_of(limit, used))
