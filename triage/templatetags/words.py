"""Codes in words, inside templates: `{{ verdict.owner|words:"owner" }}`."""

import json
import re
from collections.abc import Mapping
from decimal import Decimal
from typing import Any

from django import template
from django.utils.html import escape
from django.utils.safestring import SafeString, mark_safe

from probes.wire.facts import Facts
from triage.charges import telling
from triage.charges.money import amount_text, sums_text
from triage.tickets import narration
from triage.tickets.fields import TRI_CHOICES
from triage.tickets.waterfall import Lump
from triage.tickets.wording import charges, codes, masked, outcomes, paste, refusals, steps, values, verdicts
from triage.verdicts.case import Tri

register = template.Library()
_CODE_MARKS = re.compile(r"`([^`]+)`")

_TABLES: Mapping[str, Mapping[str, Any]] = {
    "step": steps.STEPS,
    "step_note": steps.STEP_NOTES,
    "owner": verdicts.OWNERS,
    "owner_short": verdicts.OWNERS_SHORT,
    "confidence": verdicts.CONFIDENCES,
    "grounds": verdicts.GROUNDS,
    "supplier": verdicts.SUPPLIERS,
    "resend": verdicts.RESENDS,
    "not_probed": refusals.NOT_PROBED,
    "reason": steps.REASONS,
    "pick": steps.PICKS,
    "hindrance": steps.HINDRANCES,
    "plan_problem": refusals.PLAN_PROBLEMS,
    "further_refusal": refusals.FURTHER_REFUSALS,
    "replay_hindrance": {**refusals.PLAN_PROBLEMS, **steps.HINDRANCES},
    "replay_refusal": {**refusals.NOT_PROBED, **refusals.REPLAY_REFUSALS},
    "correction_refusal": refusals.CORRECTION_REFUSALS,
    "budget": refusals.BUDGETS,
    "skip": refusals.SKIPS,
    "failure": outcomes.FAILURES,
    "field": paste.FIELDS,
    "withheld": masked.WITHHELD_FOR,
    "charge": charges.CHARGES,
    "charge_mood": charges.CHARGE_MOODS,
    "charge_explained": charges.CHARGE_EXPLAINED,
    "remark": charges.REMARKS,
    "charge_or_remark": {**charges.CHARGES, **charges.REMARKS},
    "outcome": telling.OUTCOMES,
    "agreement": charges.AGREEMENTS,
    "look_first": verdicts.LOOK_FIRST,
    "paste_why": paste.LEFT_OUT,
    "paste_remark": paste.REMARKS,
    "paste_example": paste.EXAMPLES,
    "paste_named": paste.NAMED,
}


@register.filter
def words(code: str, table: str) -> str:
    return codes.in_words(_TABLES[table], code) if code else ""


@register.filter
def typed_word(answer: str) -> str:
    """An answer that the form offers as its label; anything else as it is."""
    return str(dict(TRI_CHOICES).get(Tri(answer), answer)) if answer in set(Tri) else answer


@register.filter
def as_json(value: Any) -> str:
    """For a hidden field; templates escape it."""
    return json.dumps(value, separators=(",", ":"))


@register.filter
def duration(ms: float | None) -> str:
    return values.seconds_text(ms)


@register.filter
def moment(told: str) -> str:
    return values.moment_text(told)


@register.filter
def finding_kind(kind: str) -> str:
    return masked.finding_kind(kind)


@register.filter
def amount(value: Decimal) -> str:
    return amount_text(value)


@register.filter
def sums(amounts: Mapping[str, Decimal], quota_per_unit: int | None = None) -> str:
    return sums_text(amounts, quota_per_unit=quota_per_unit)


@register.filter
def ending(facts: Facts) -> str:
    return narration.ending(facts)


@register.filter
def lump(lump: Lump) -> str:
    return narration.lump_text(lump)


@register.filter
def code_marks(text: str) -> SafeString:
    """What stands between backticks as code."""
    return mark_safe(_CODE_MARKS.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped before


@register.filter
def mood(code: str) -> str:
    """How a verdict card is coloured; the words beside it say the same."""
    if code.startswith("ok."):
        return "good"
    return "warn" if code in ("inconclusive", "intermittent") else "bad"
