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
from triage.tickets import narration, paste_words, wording
from triage.tickets.fields import TRI_CHOICES
from triage.verdicts.case import Tri

register = template.Library()
_CODE_MARKS = re.compile(r"`([^`]+)`")

_TABLES: Mapping[str, Mapping[str, Any]] = {
    "step": wording.STEPS,
    "step_note": wording.STEP_NOTES,
    "owner": wording.OWNERS,
    "owner_short": wording.OWNERS_SHORT,
    "confidence": wording.CONFIDENCES,
    "grounds": wording.GROUNDS,
    "supplier": wording.SUPPLIERS,
    "resend": wording.RESENDS,
    "not_probed": wording.NOT_PROBED,
    "reason": wording.REASONS,
    "pick": wording.PICKS,
    "hindrance": wording.HINDRANCES,
    "plan_problem": wording.PLAN_PROBLEMS,
    "further_refusal": wording.FURTHER_REFUSALS,
    "correction_refusal": wording.CORRECTION_REFUSALS,
    "budget": wording.BUDGETS,
    "skip": wording.SKIPS,
    "failure": wording.FAILURES,
    "field": paste_words.FIELDS,
    "withheld": wording.WITHHELD_FOR,
    "charge": wording.CHARGES,
    "charge_mood": wording.CHARGE_MOODS,
    "charge_explained": wording.CHARGE_EXPLAINED,
    "remark": wording.REMARKS,
    "charge_or_remark": {**wording.CHARGES, **wording.REMARKS},
    "outcome": telling.OUTCOMES,
    "agreement": wording.AGREEMENTS,
    "look_first": wording.LOOK_FIRST,
    "paste_why": paste_words.LEFT_OUT,
    "paste_remark": paste_words.REMARKS,
    "paste_example": paste_words.EXAMPLES,
    "paste_named": paste_words.NAMED,
}


@register.filter
def words(code: str, table: str) -> str:
    return wording.in_words(_TABLES[table], code) if code else ""


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
    return wording.seconds_text(ms)


@register.filter
def moment(told: str) -> str:
    return wording.moment_text(told)


@register.filter
def finding_kind(kind: str) -> str:
    return wording.finding_kind(kind)


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
def code_marks(text: str) -> SafeString:
    """What stands between backticks as code."""
    return mark_safe(_CODE_MARKS.sub(r"<code>\1</code>", escape(text)))  # noqa: S308 - escaped before


@register.filter
def mood(code: str) -> str:
    """How a verdict card is coloured; the words beside it say the same."""
    if code.startswith("ok."):
        return "good"
    return "warn" if code in ("inconclusive", "intermittent") else "bad"
