"""The redactor in force: built-in rules and the enabled rules of the database."""

import logging
from functools import lru_cache
from typing import NamedTuple

from probes.redaction.catalogue import RULES
from probes.redaction.engine import Redactor
from probes.redaction.models import RedactionRule
from probes.redaction.rule import Rule
from probes.redaction.search import RuleError

logger = logging.getLogger(__name__)


def current_redactor(field: str = "") -> Redactor:
    """Built-in rules and the enabled ones of the database, compiled anew only when one has changed.

    Rules that name fields apply only when `field` is among them; of two rules, the one with the smaller order
    names what both find. A change binds at the next call, in every process: nothing is told, all ask.
    A stored rule that does not compile, which validation prevents, makes one that withholds everything.
    """
    state = RedactionRule.objects.state()
    return _compiled(state, field if field in _rules(state).own_fields else "")


class _Rules(NamedTuple):
    """The enabled rules in their order, each with the fields that it is kept to, and all these fields."""

    rows: tuple[tuple[Rule, frozenset[str]], ...]
    own_fields: frozenset[str]


@lru_cache(maxsize=2)
def _rules(state: tuple[int, int]) -> _Rules:
    stored = RedactionRule.objects.enabled().order_by("order", "name") if state[0] else ()
    rows = tuple((rule.as_rule(), frozenset(rule.only_in)) for rule in stored)
    return _Rules(rows, frozenset().union(*(fields for _, fields in rows)))


@lru_cache(maxsize=16)
def _compiled(state: tuple[int, int], field: str) -> Redactor:
    added = [rule for rule, fields in _rules(state).rows if not fields or field in fields]
    try:
        return Redactor((*added, *RULES))
    except RuleError as error:
        logger.error(
            "the stored redaction rules do not compile; every text is withheld until then: %s", error
        )
        return Redactor.withholding()
