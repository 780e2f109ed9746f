"""Beside a run on its page: its chain of replays (`{% chain_of run as chain %}`) and what is usual."""

from collections.abc import Mapping
from typing import Any

from django import template

from probes.runs.models import Run
from triage.history.baselines import Beside, usual_beside
from triage.history.replay import Chain, chain_of
from triage.history.replay_plan import Difference
from triage.history.replay_words import CHANGES, CHANGES_WHY, DIFFERS
from triage.tickets.wording.codes import in_words
from triage.tickets.wording.steps import STEPS

register = template.Library()
_TABLES: Mapping[str, Mapping[str, Any]] = {"change": CHANGES, "why": CHANGES_WHY, "differs": DIFFERS}


@register.filter
def replay_word(code: str, table: str) -> str:
    return in_words(_TABLES[table], code)


@register.filter
def difference_was(difference: Difference) -> str:
    return _told(difference.what, difference.was)


@register.filter
def difference_now(difference: Difference) -> str:
    return _told(difference.what, difference.now)


@register.simple_tag(name="usual_beside")
def usual(run: Run) -> Beside | None:
    return usual_beside(run)


@register.simple_tag(name="chain_of")
def chain(run: Run) -> Chain:
    return chain_of(run)


def _told(what: str, values: tuple[str, ...]) -> str:
    told = [in_words(STEPS, value) for value in values] if what == "steps" else values
    return ", ".join(told) or "–"
